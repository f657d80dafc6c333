//! A preparation for people: what holds the release first, then who is asked for what.

use gantry_api::readiness::view::{ItemView, ListView, View};
use gantry_readiness::{
    gate::Answer,
    item::Standing,
    poll::{Answered, Decision, Stand, Word},
};

use super::{plan::BOLD, table};

/// Draws how a preparation stands.
pub(crate) fn draw(view: &View) -> String {
    let mut text = format!(
        "{BOLD}{}{BOLD:#}  {}, presented by {} at {}\n",
        view.release,
        view.environment,
        view.presented_by,
        view.presented_at.format("%Y-%m-%d %H:%M:%SZ"),
    );
    if let Some(link) = &view.link {
        text += &format!("{link}\n");
    }
    text.extend(view.gates.iter().map(gate));
    text.extend(view.lists.iter().map(list));
    text.extend(view.polls.iter().map(poll));
    text + &corrections(view)
}

fn gate(answer: &Answer) -> String {
    let before = answer.stage.words();
    let mut text = if answer.is_go() {
        format!("✓ nothing holds it before {before}\n")
    } else {
        format!("✗ it is held before {before}:\n")
    };
    text.extend(answer.reasons.iter().map(|reason| format!("  {reason}\n")));
    let wish = answer.what_would_make_it_go.iter();
    text.extend(wish.map(|sentence| format!("  {sentence}\n")));
    let overridden = answer.overridden.iter();
    text.extend(overridden.map(|sentence| format!("  OVERRIDDEN: {sentence}\n")));
    text
}

fn list(list: &ListView) -> String {
    let when = match &list.before {
        Some(stage) => format!("before {}", stage.words()),
        None => "when it is rolled back".into(),
    };
    let rows = list.items.iter().map(row);
    let head = ["result", "item", "owner", "what", "why"];
    format!(
        "\n{BOLD}{}{BOLD:#}, {when}\n{}",
        list.name,
        table::draw(head, rows)
    )
}

fn row(item: &ItemView) -> [String; 5] {
    let icon = match item.result {
        Standing::Pass => "✓",
        Standing::Fail => "✗",
        Standing::NotTested => "◌",
        Standing::Waived => "≈",
    };
    let need = if item.required { "" } else { " (optional)" };
    let id = item
        .id
        .split_once('/')
        .map_or(item.id.as_str(), |(_, id)| id);
    let who = item.assignee.as_ref().map(|name| format!("→ {name}"));
    let owner = [item.owner.clone(), who].into_iter().flatten();
    [
        format!("{icon} {}", item.result.word()),
        format!("{id}{need}"),
        owner.collect::<Vec<_>>().join(" "),
        item.item.clone(),
        item.why.clone(),
    ]
}

fn poll(stand: &Stand) -> String {
    let word = match stand.decision {
        Decision::Go => "go",
        Decision::NoGo => "no-go",
        Decision::Open => "open",
        Decision::Held => "held",
    };
    let rows = stand.positions.iter().map(position);
    let deadline = stand.deadline;
    let until = deadline.map(|at| format!(", until {}", at.format("%Y-%m-%d %H:%M:%SZ")));
    let wish = stand.what_would_make_it_go.as_ref();
    let wish = wish.map(|sentence| format!("{sentence}\n"));
    format!(
        "\n{BOLD}poll before {}{BOLD:#}: {word}{}\n{}{}",
        stand.stage.words(),
        until.unwrap_or_default(),
        wish.unwrap_or_default(),
        table::draw(["vote", "role", "voters", "sentence"], rows)
    )
}

fn position(answered: &Answered) -> [String; 4] {
    let word = match answered.word {
        Word::Go => "✓ go",
        Word::NoGo => "✗ no-go",
        Word::ConditionMet => "✓ go, condition holds",
        Word::ConditionOpen => "◌ go with condition",
        Word::Absent => "– absent",
        Word::Delegated => "◌ delegated",
        Word::Silent => "◌ silent",
    };
    let advisory = if answered.advisory { " (advisory)" } else { "" };
    [
        word.to_owned(),
        format!("{}{advisory}", answered.role),
        answered.voters.join(", "),
        answered.sentence.clone(),
    ]
}

fn corrections(view: &View) -> String {
    let rows: Vec<[String; 5]> = view
        .assessments
        .iter()
        .flat_map(|assessed| {
            assessed.corrected.iter().map(|corrected| {
                let question = serde_json::to_value(corrected.question).unwrap_or_default();
                [
                    assessed.node.to_string(),
                    question.as_str().unwrap_or_default().to_owned(),
                    corrected.answer.clone(),
                    corrected.by.clone(),
                    corrected.reason.clone(),
                ]
            })
        })
        .collect();
    if rows.is_empty() {
        return String::new();
    }
    let head = ["node", "question", "corrected to", "by", "because"];
    format!("\n{}", table::draw(head, rows))
}

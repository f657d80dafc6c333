//! Header, summary and integrity.

use super::Material;
use crate::{
    account::{Account, Standing, nodes::NodeState, trigger::percent},
    clock::lasting,
    document::{Fact, Line, Sources, Text},
};

/// Says who, when and where.
pub(super) fn facts(material: &Material<'_>) -> Vec<Fact> {
    let Material { account, clock, .. } = material;
    let first = Sources::of(account.started_by.as_ref().map(|_| 1));
    let end = || Sources::of(account.ended_seq);
    let mut facts = vec![
        Fact::new("Run", Text::code(&account.run)).from_entries(first.clone()),
        Fact::new("Environment", Text::plain(&account.environment)),
    ];
    if let Some(at) = account.started_at {
        facts.push(Fact::new("Started", clock.full(at)).from_entries(first.clone()));
    }
    match account.ended_at {
        Some(at) => facts.push(Fact::new("Ended", clock.full(at)).from_entries(end())),
        None => facts.push(Fact::new("Ended", "it has not ended")),
    }
    facts.push(Fact::new("Took", lasting(account.took_ms)));
    if let Some(by) = &account.started_by {
        facts.push(Fact::new("Started by", Text::plain(by)).from_entries(first));
    }
    if let Some(owner) = &account.owner {
        facts.push(Fact::new("Owner", Text::plain(owner)));
    }
    facts.push(Fact::new("Time zone", clock.name()));
    facts.push(Fact::new("Plan", Text::code(&account.plan)));
    facts
}

/// Says in five lines what somebody has to know who reads nothing else.
pub(crate) fn summary(account: &Account) -> Vec<Line> {
    if account.standing == Standing::NotRun {
        return vec![Line::new(Text::strong("Nothing ran. ").and(
            "The journal has no entry of this release; everything below is its plan.",
        ))];
    }
    let mut lines = vec![outcome(account)];
    lines.push(cause(account));
    lines.push(answer(account));
    lines.push(felt(account));
    lines.push(now(account));
    lines
}

fn outcome(account: &Account) -> Line {
    let last = account.ended_seq;
    let text = Text::strong("Outcome: ")
        .and_strong(account.standing.words())
        .and(format!(" after {}", lasting(account.took_ms)));
    let text = match account.sentence.is_empty() {
        true => text.and("."),
        false => text.and(format!("; {}.", account.sentence.trim_end_matches('.'))),
    };
    Line::new(text).from_entries(Sources::of(last))
}

fn cause(account: &Account) -> Line {
    let Some(trigger) = &account.trigger else {
        return Line::new(Text::strong("Cause: ").and("nothing set off a rollback."));
    };
    let text = Text::strong("Cause: ").and(trigger.kind.clone());
    let text = match &trigger.step {
        Some(step) => text.and(" at ").and_code(step),
        None => text,
    };
    Line::new(text.and(": ").and(sentence(&trigger.sentence)))
        .from_entries(Sources::one(trigger.seq))
}

fn answer(account: &Account) -> Line {
    let Some(decision) = &account.decision else {
        return Line::new(Text::strong("Answer: ").and("nothing was rolled back."));
    };
    let who = match &decision.by {
        Some(by) => format!("{by} decided"),
        None => "Gantry decided by the release's own policy".to_owned(),
    };
    let scope = match decision.nodes.is_empty() {
        true => "to roll the whole release back".to_owned(),
        false => format!("to roll {} back", decision.nodes.join(", ")),
    };
    let safe = account.timings.iter().find_map(|timing| {
        let reached = timing.moment == crate::account::timing::Moment::TrafficSafe;
        timing.since_first_ms.filter(|_| reached)
    });
    let safe = safe.map_or_else(String::new, |ms| {
        format!(
            "; traffic was safe {} after the first bad sign",
            lasting(ms)
        )
    });
    let text = Text::strong("Answer: ").and(format!("{who} {scope}{safe}."));
    Line::new(text).from_entries(Sources::one(decision.seq))
}

fn felt(account: &Account) -> Line {
    let node = account
        .trigger
        .as_ref()
        .and_then(|trigger| trigger.node.as_ref());
    let culprit = account
        .exposure
        .iter()
        .find(|exposure| Some(&exposure.node) == node);
    let widest = account
        .exposure
        .iter()
        .max_by_key(|exposure| exposure.highest_bp);
    let widest = culprit.or(widest);
    let Some(widest) = widest else {
        let text = Text::strong("Users: ").and("no new version was given any traffic.");
        return Line::new(text);
    };
    let text = Text::strong("Users: ").and("up to ").and(format!(
        "{} of the traffic of ",
        percent(f64::from(widest.highest_bp) / 10_000.0)
    ));
    let text = text.and_code(&widest.node).and(format!(
        " met a new version, for {}",
        lasting(widest.exposed_ms)
    ));
    let text = match (widest.bad, widest.counted) {
        (Some(bad), Some(counted)) => text.and(format!(
            "; {bad:.0} of {counted:.0} counted requests to it were bad."
        )),
        _ => text.and("."),
    };
    Line::new(text).from_entries(Sources::of(widest.shares.iter().map(|share| share.seq)))
}

fn now(account: &Account) -> Line {
    let open: Vec<&str> = account
        .nodes
        .iter()
        .filter(|node| match node.state {
            NodeState::LeftChanged | NodeState::Stuck | NodeState::Failed | NodeState::Unknown => {
                true
            }
            NodeState::NotRun
            | NodeState::UnderWay
            | NodeState::Done
            | NodeState::RollingBack
            | NodeState::RolledBack => false,
        })
        .map(|node| node.id.as_str())
        .collect();
    let states = crate::figure::graph::counted(&account.nodes, &|node| node.state);
    let text = Text::strong("Now: ").and(states);
    Line::new(match open.is_empty() {
        true => text,
        false => text
            .and(" Somebody must look at ")
            .and(open.join(", "))
            .and("."),
    })
}

/// Ends a sentence of the journal with one full stop.
pub(super) fn sentence(text: &str) -> String {
    let text = text.trim_end();
    match text.ends_with(['.', '!', '?']) {
        true => text.to_owned(),
        false => format!("{text}."),
    }
}

/// Says what proves the record behind the report.
pub(super) fn integrity(material: &Material<'_>) -> Vec<Fact> {
    let integrity = &material.account.integrity;
    let whole = match (&integrity.broken, integrity.whole) {
        (None, true) => Text::plain("verified: every entry matches its hash and the one before"),
        (Some(broken), _) => Text::strong("NOT WHOLE: ").and(broken.clone()),
        (None, false) => Text::strong("not verified"),
    };
    let mut facts = vec![
        Fact::new("Journal", whole),
        Fact::new("Entries", integrity.entries.to_string()),
        Fact::new("Head", Text::code(&integrity.head)),
        Fact::new(
            "Check",
            Text::code(format!(
                "gantry journal verify {} --head {}:{}",
                material.account.run, integrity.entries, integrity.head
            )),
        ),
    ];
    facts.extend(signed(material));
    if let Some(contradiction) = &material.account.contradiction {
        facts.push(Fact::new("Contradiction", Text::strong(contradiction)));
    }
    facts
}

/// How many signed heads are shown; a run that is held often has many.
const SIGNED: usize = 6;

/// Says who signed where the journal stood, the last ones.
fn signed(material: &Material<'_>) -> Vec<Fact> {
    let heads = &material.account.prepared.heads;
    let shown = heads.iter().skip(heads.len().saturating_sub(SIGNED));
    shown
        .map(|head| {
            let text = Text::plain(format!("entry {} by ", head.seq))
                .and_strong(&head.by)
                .and(format!(" at {} with key ", material.clock.full(head.at)))
                .and_code(head.key.get(..16).unwrap_or(&head.key));
            Fact::new("Signed", text)
        })
        .collect()
}

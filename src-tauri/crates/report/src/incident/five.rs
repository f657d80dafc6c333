//! The five steps of a rollback: identify, notify, execute, verify, document.

use gantry_model::command::Topic;
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    account::{Account, Standing, timing::Moment, undo::UndoWord},
    document::{Section, Sources, Table, Text, Tone},
};

/// A step of a rollback and how far it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Step {
    /// `identify`, `notify`, `execute`, `verify` or `document`.
    pub name: &'static str,
    /// How far it is.
    pub state: StepWord,
    /// What is so, in a sentence.
    pub text: String,
    /// The entries of the journal that it is known from.
    pub sources: Vec<u64>,
}

/// How far a step of a rollback is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StepWord {
    /// It is done.
    Done,
    /// It is under way, or only a part of it is done.
    UnderWay,
    /// Nobody has done it yet.
    Open,
    /// It was tried and did not succeed.
    Failed,
}

impl StepWord {
    fn words(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::UnderWay => "under way",
            Self::Open => "open",
            Self::Failed => "failed",
        }
    }

    fn tone(self) -> Tone {
        match self {
            Self::Done => Tone::Good,
            Self::UnderWay | Self::Open => Tone::Warn,
            Self::Failed => Tone::Bad,
        }
    }
}

/// Tells how far the five steps are; none where nobody went back.
pub fn steps(account: &Account) -> Vec<Step> {
    if account.decision.is_none() {
        return Vec::new();
    }
    vec![
        identify(account),
        notify(account),
        execute(account),
        verify(account),
        document(account),
    ]
}

/// Draws the five steps as a table.
pub(super) fn section(account: &Account) -> Section {
    let mut section = Section::new("five-steps", "The five steps");
    let mut table = Table::new(&[("Step", 2), ("State", 2), ("What is so", 10)]);
    for step in steps(account) {
        let cells = vec![
            Text::strong(step.name),
            Text::plain(step.state.words()),
            Text::plain(step.text),
        ];
        table.row(step.state.tone(), Sources::of(step.sources), cells);
    }
    section.table_or(table, "Nothing was rolled back.");
    section
}

fn identify(account: &Account) -> Step {
    let trigger = account.trigger.as_ref();
    let decided = account.decision.as_ref();
    let what = trigger.map_or("a person asked for it", |trigger| trigger.kind.as_str());
    let by = decided.and_then(|decision| decision.by.as_deref());
    let who = by.unwrap_or("the release's own policy");
    Step {
        name: "identify",
        state: StepWord::Done,
        text: format!("{what}; decided by {who}."),
        sources: trigger
            .map(|trigger| trigger.seq)
            .into_iter()
            .chain(decided.map(|decision| decision.seq))
            .collect(),
    }
}

fn notify(account: &Account) -> Step {
    let since = account.decision.as_ref().map(|decision| decision.at);
    let told = account.notices.iter().filter(|told| Some(told.at) >= since);
    let (mut arrived, mut waiting, mut failed) = (0, 0, 0);
    for notice in told {
        match notice.outcome.as_str() {
            "delivered" | "digested" => arrived += 1,
            "waiting" => waiting += 1,
            _ => failed += 1,
        }
    }
    let (state, text) = match (arrived, waiting, failed) {
        (0, 0, 0) => (StepWord::Open, "Gantry told nobody of it.".to_owned()),
        (arrived, 0, 0) => (StepWord::Done, format!("{}.", messages(arrived, "arrived"))),
        (0, 0, failed) => (StepWord::Failed, format!("{}.", messages(failed, "failed"))),
        (arrived, waiting, failed) => {
            let text = format!("{arrived} messages arrived, {waiting} wait, {failed} failed.");
            (StepWord::UnderWay, text)
        }
    };
    Step {
        name: "notify",
        state,
        text,
        sources: Vec::new(),
    }
}

fn messages(count: u32, how: &str) -> String {
    match count {
        1 => format!("1 message {how}"),
        count => format!("{count} messages {how}"),
    }
}

fn execute(account: &Account) -> Step {
    let all = account.undo.len();
    let is_over = |word: UndoWord| match word {
        UndoWord::Done | UndoWord::NotNeeded | UndoWord::Answered => true,
        UndoWord::NotRun | UndoWord::UnderWay | UndoWord::Stuck => false,
    };
    let over = account.undo.iter().filter(|undone| is_over(undone.state));
    let done = over.clone().count();
    let stuck = account
        .undo
        .iter()
        .any(|undone| undone.state == UndoWord::Stuck);
    let state = match (stuck, done == all) {
        (true, _) => StepWord::Failed,
        (false, true) => StepWord::Done,
        (false, false) => StepWord::UnderWay,
    };
    Step {
        name: "execute",
        state,
        text: format!("{done} of {all} undo actions are done."),
        sources: over.filter_map(|undone| undone.ended_seq).collect(),
    }
}

fn verify(account: &Account) -> Step {
    let timing = |moment| {
        let mut timings = account.timings.iter();
        timings.find(|timing| timing.moment == moment && timing.at.is_some())
    };
    let good = timing(Moment::DeclaredGood);
    let restored = timing(Moment::Restored);
    let (state, text) = match (good, restored, account.standing) {
        (Some(_), _, _) => (
            StepWord::Done,
            "The old versions run and were seen to be healthy.",
        ),
        (None, _, Standing::PartlyRolledBack | Standing::Failed) => (
            StepWord::Failed,
            "Not everything is back; a person must look.",
        ),
        (None, Some(_), _) => (
            StepWord::UnderWay,
            "Everything is back; nobody has declared it good.",
        ),
        (None, None, _) => (StepWord::Open, "Not everything is back yet."),
    };
    let seen = good.or(restored).and_then(|timing| timing.seq);
    Step {
        name: "verify",
        state,
        text: text.to_owned(),
        sources: seen.into_iter().collect(),
    }
}

fn document(account: &Account) -> Step {
    let of = |topic| {
        account
            .remarks
            .iter()
            .filter(move |remark| remark.part == topic)
    };
    let causes = of(Topic::Factor).count();
    let actions = of(Topic::Action).count();
    let owned = of(Topic::Action).all(|action| action.owner.is_some() && action.due.is_some());
    let (state, text) = match (causes, actions) {
        (0, 0) => (
            StepWord::Open,
            "Nobody has written what contributed and what is to be done.",
        ),
        (_, 0) => (StepWord::UnderWay, "No action has been agreed on yet."),
        (0, _) => (
            StepWord::UnderWay,
            "Nobody has written what contributed to it.",
        ),
        (_, _) if owned => (
            StepWord::Done,
            "Factors and actions are written, each action with owner and day.",
        ),
        (_, _) => (StepWord::UnderWay, "An action has no owner or no day."),
    };
    Step {
        name: "document",
        state,
        text: text.to_owned(),
        sources: of(Topic::Factor)
            .chain(of(Topic::Action))
            .map(|remark| remark.seq)
            .collect(),
    }
}

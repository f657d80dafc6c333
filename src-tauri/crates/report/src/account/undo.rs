//! The rollback, planned against done, and what it left.

use std::collections::BTreeMap;

use gantry_model::{
    event::{Happened, RunEvent},
    plan::Plan,
    rollback::{LeftReason, UndoAction, UndoKind},
    time::Timestamp,
};
use schemars::JsonSchema;
use serde::Serialize;

use crate::elapsed::Elapsed;

/// An undo action and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Undone {
    /// Its id.
    pub id: String,
    /// The node.
    pub node: String,
    /// What it does, in words.
    pub does: String,
    /// The entry that planned it.
    pub planned_seq: u64,
    /// How long it was expected to take.
    pub estimate_ms: u64,
    /// What became of it.
    pub state: UndoWord,
    /// When it began.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub began_at: Option<Timestamp>,
    /// When it was over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
    /// How long it took.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub took_ms: Option<u64>,
    /// How often it failed.
    pub failures: u32,
    /// What was said last.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub message: String,
    /// The entry that ended it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_seq: Option<u64>,
    #[serde(skip)]
    began_seq: Option<u64>,
}

/// What became of an undo action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum UndoWord {
    /// It has not begun.
    NotRun,
    /// It is under way.
    UnderWay,
    /// It was applied.
    Done,
    /// There was nothing to undo.
    NotNeeded,
    /// It waits for a person.
    Stuck,
    /// A person answered for it.
    Answered,
}

impl UndoWord {
    /// Gives the words that stand on paper.
    pub fn words(self) -> &'static str {
        match self {
            Self::NotRun => "not run",
            Self::UnderWay => "under way",
            Self::Done => "done",
            Self::NotNeeded => "nothing to undo",
            Self::Stuck => "stuck",
            Self::Answered => "answered by a person",
        }
    }
}

/// A step that nothing undid, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Left {
    /// The entry.
    pub seq: u64,
    /// The node.
    pub node: String,
    /// The step.
    pub step: String,
    /// Why, in words.
    pub why: String,
    /// Whether it stays by design.
    pub by_design: bool,
}

/// Gives what an undo action does, in words.
pub(crate) fn does(kind: UndoKind) -> &'static str {
    match kind {
        UndoKind::RestoreFlag => "put the flag back",
        UndoKind::RestageOld => "start the old version again",
        UndoKind::RestoreTraffic => "send all traffic to the old version",
        UndoKind::RestoreWorkload => "put the old instances back",
        UndoKind::UndoTask => "run the task's undo",
        UndoKind::VerifyOld => "verify the old version",
        UndoKind::RemoveNew => "remove the new version",
        UndoKind::RevertSchema => "revert the schema",
    }
}

/// Gives why a step stays, in words.
pub(crate) fn why(reason: LeftReason) -> &'static str {
    match reason {
        LeftReason::Compatible => "stays by design: the old version can live beside it",
        LeftReason::Irreversible => "cannot be undone",
        LeftReason::NoUndo => "nobody declared how it is undone",
    }
}

/// Lists the undo actions of all rollbacks of a run, in the order in which they were planned.
pub(crate) fn undone(plan: &Plan, events: &[RunEvent], elapsed: &Elapsed) -> Vec<Undone> {
    let mut all: Vec<Undone> = Vec::new();
    let mut latest: BTreeMap<String, usize> = BTreeMap::new();
    for event in events {
        if let Happened::RollbackStarted(turn) = &event.what {
            for action in &turn.actions {
                let id = action.id.to_string();
                let open = latest.get(&id).and_then(|place| all.get(*place));
                // A rollback that grows names again what is already planned.
                if open.is_none_or(|open| open.ended_at.is_some()) {
                    latest.insert(id, all.len());
                    all.push(planned(plan, event.seq, action));
                }
            }
            continue;
        }
        let place = crate::timeline::place(&event.what).map(|place| place.step.to_string());
        let known = place.and_then(|id| latest.get(&id).copied());
        if let Some(action) = known.and_then(|place| all.get_mut(place)) {
            action.take(event, elapsed);
        }
    }
    all
}

fn planned(plan: &Plan, seq: u64, action: &UndoAction) -> Undone {
    let node = plan.nodes.get(action.node.at());
    Undone {
        id: action.id.to_string(),
        node: node.map(|node| node.id.to_string()).unwrap_or_default(),
        does: does(action.kind).to_owned(),
        planned_seq: seq,
        estimate_ms: action.estimate.as_millis(),
        state: UndoWord::NotRun,
        began_at: None,
        ended_at: None,
        took_ms: None,
        failures: 0,
        message: String::new(),
        ended_seq: None,
        began_seq: None,
    }
}

impl Undone {
    fn take(&mut self, event: &RunEvent, elapsed: &Elapsed) {
        match &event.what {
            Happened::UndoStarted { .. } => {
                self.state = UndoWord::UnderWay;
                if self.began_at.is_none() {
                    self.began_at = Some(event.at);
                    self.began_seq = Some(event.seq);
                }
            }
            Happened::UndoSucceeded { evidence, .. } => {
                self.end(UndoWord::Done, event, elapsed, &evidence.summary);
            }
            Happened::UndoSkipped { message, .. } => {
                self.end(UndoWord::NotNeeded, event, elapsed, message);
            }
            Happened::UndoFailed { message, .. } => {
                self.failures += 1;
                self.message.clone_from(message);
            }
            Happened::UndoStuck { message, .. } => {
                self.state = UndoWord::Stuck;
                self.message.clone_from(message);
            }
            Happened::UndoRetried { .. } => self.state = UndoWord::UnderWay,
            Happened::Resolved { by, reason, .. } => {
                let said = format!("{by}: {reason}");
                self.end(UndoWord::Answered, event, elapsed, &said);
            }
            _ => {}
        }
    }

    fn end(&mut self, state: UndoWord, event: &RunEvent, elapsed: &Elapsed, message: &str) {
        self.state = state;
        self.ended_at = Some(event.at);
        self.ended_seq = Some(event.seq);
        let since = |began: u64| elapsed.at(event.seq).saturating_sub(elapsed.at(began));
        self.took_ms = self.began_seq.map(since);
        message.clone_into(&mut self.message);
    }
}

/// Lists what a rollback left as it was.
pub(crate) fn left(plan: &Plan, events: &[RunEvent]) -> Vec<Left> {
    let one = |event: &RunEvent| match &event.what {
        Happened::LeftInPlace { place, reason } => Some(Left {
            seq: event.seq,
            node: place.node.to_string(),
            step: place.step.to_string(),
            why: why(*reason).to_owned(),
            by_design: *reason == LeftReason::Compatible,
        }),
        Happened::Resolved {
            place,
            answer: gantry_model::command::Answer::Accepted,
            by,
            reason,
        } if plan.node(&place.node).is_some() => Some(Left {
            seq: event.seq,
            node: place.node.to_string(),
            step: place.step.to_string(),
            why: format!("accepted as it is by {by}: {reason}"),
            by_design: false,
        }),
        _ => None,
    };
    events.iter().filter_map(one).collect()
}

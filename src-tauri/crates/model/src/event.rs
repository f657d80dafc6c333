//! What happened to a run, in the past tense, one line of JSON each.
//!
//! A line's first keys are `seq`, `at` and `kind`, then `node` and `step` where there are any, then
//! the facts. Kinds and keys are only ever added: every journal ever written stays readable.
//! No event carries a secret.

mod detail;
mod fact;
#[cfg(test)]
mod golden;

pub use detail::*;
pub use fact::*;
use serde::{Deserialize, Serialize};

use crate::{
    command::{Answer, Remark},
    id::{GateName, NodeId, StepId},
    journal::NewEntry,
    measure::Bucket,
    operation::{Evidence, SampleHealth},
    rollback::LeftReason,
    time::Timestamp,
};

/// One event of a run with its number and time.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RunEvent {
    /// Its number in the run, from 1.
    pub seq: u64,
    /// When it happened, to the millisecond.
    pub at: Timestamp,
    /// What happened.
    #[serde(flatten)]
    pub what: Happened,
}

/// A line of a journal that is not an event of ours.
#[derive(Debug, thiserror::Error)]
#[error("journal entry {seq} cannot be read as an event")]
pub struct UnreadableEvent {
    /// The entry, as far as it is known.
    pub seq: u64,
    /// What is wrong with it.
    #[source]
    pub source: serde_json::Error,
}

#[derive(Deserialize)]
struct Front {
    seq: u64,
    at: Timestamp,
}

impl RunEvent {
    /// Writes the event as the journal stores it.
    ///
    /// # Errors
    /// Only if the event cannot be written as JSON, which no event that can be built does.
    pub fn to_entry(&self) -> Result<NewEntry, serde_json::Error> {
        let body = serde_json::to_string(self)?;
        let kind = body
            .split_once("\"kind\":\"")
            .and_then(|(_, rest)| rest.split_once('"'))
            .map(|(kind, _)| kind.to_owned())
            .unwrap_or_default();
        Ok(NewEntry {
            seq: self.seq,
            at: self.at,
            kind,
            body,
        })
    }

    /// Reads an event as the journal stores it; keys that it does not know are left out.
    ///
    /// # Errors
    /// If the line is not JSON, or its kind or a fact is not known.
    pub fn from_body(body: &str) -> Result<Self, UnreadableEvent> {
        let front: Front =
            serde_json::from_str(body).map_err(|source| UnreadableEvent { seq: 0, source })?;
        let what = serde_json::from_str(body).map_err(|source| UnreadableEvent {
            seq: front.seq,
            source,
        })?;
        Ok(Self {
            seq: front.seq,
            at: front.at,
            what,
        })
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Happened {
    /// The run began; nothing was changed yet.
    Started(Box<Started>),
    /// A driver took the run up again; what was in flight is looked at first.
    DriverStarted {
        /// Its epoch.
        epoch: u64,
        /// Who started it.
        by: String,
        /// The version of Gantry.
        gantry: String,
    },
    /// A node can be changed; this is what runs now.
    PreflightPassed {
        /// Which.
        #[serde(flatten)]
        place: Place,
        /// What was seen.
        #[serde(default)]
        evidence: Evidence,
    },
    /// A node cannot be changed.
    PreflightFailed {
        /// Which.
        #[serde(flatten)]
        place: Place,
        /// What is wrong.
        message: String,
    },
    /// A step is due later.
    StepScheduled {
        /// Which.
        #[serde(flatten)]
        place: Place,
        /// When it is due.
        until: Timestamp,
    },
    /// A step is about to be asked for, watched, or waited for.
    StepStarted {
        /// Which.
        #[serde(flatten)]
        place: Place,
        /// The round of its key.
        round: u32,
        /// Until when an answer, a watch or a person is waited for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Timestamp>,
    },
    /// A step was applied, or its watch ended well, or its person or people said so.
    StepSucceeded {
        /// Which.
        #[serde(flatten)]
        place: Place,
        /// The round of its key.
        round: u32,
        /// How it is known.
        #[serde(default, skip_serializing_if = "Knowledge::is_answer")]
        known: Knowledge,
        /// Who said so, where a person did.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<String>,
        /// What came of it.
        #[serde(default)]
        evidence: Evidence,
    },
    /// A step has definitely failed, and is not repeated by itself.
    StepFailed {
        /// Which.
        #[serde(flatten)]
        place: Place,
        /// The round of its key.
        round: u32,
        /// Why.
        cause: Cause,
        /// Whether it may have changed something.
        effect: Effect,
        /// Why, in a sentence.
        message: String,
    },
    /// A step is asked for again later.
    StepRetried {
        /// Which.
        #[serde(flatten)]
        place: Place,
        /// The round that it will have; a higher one only after a definite failure.
        round: u32,
        /// When.
        until: Timestamp,
        /// Whether the try before may have changed something.
        effect: Effect,
        /// Who asked for it, where a person did.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<String>,
        /// Why it is repeated.
        message: String,
    },
    /// Nobody knows what became of a step; it is looked at before anything else.
    StepLost {
        /// Which.
        #[serde(flatten)]
        place: Place,
        /// The round of its key.
        round: u32,
        /// What was heard last.
        message: String,
    },
    /// A lost step was looked at, and it was not simply there or failed.
    StepObserved {
        /// Which.
        #[serde(flatten)]
        place: Place,
        /// The round of its key.
        round: u32,
        /// What was seen.
        seen: Seen,
        /// When it is done about, in the case of `not-applied`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Timestamp>,
        /// The same in a sentence.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        message: String,
    },
    /// A step ended because the direction turned.
    StepCancelled {
        /// Which.
        #[serde(flatten)]
        place: Place,
        /// Whether it may have changed something.
        effect: Effect,
        /// Why.
        message: String,
    },
    /// A person left a step out.
    StepSkipped {
        /// Which.
        #[serde(flatten)]
        place: Place,
        /// Who.
        by: String,
        /// Why.
        reason: String,
    },
    /// A watch looked: recorded when what it sees changes, and once a minute.
    BakeSampled {
        /// Which.
        #[serde(flatten)]
        place: Place,
        /// What the last look said.
        health: SampleHealth,
        /// All looks so far.
        tally: Tally,
        /// The last look in a sentence.
        summary: String,
    },
    /// A watch goes on because it has seen too little to be a verdict.
    BakeExtended {
        /// Which.
        #[serde(flatten)]
        place: Place,
        /// Until when.
        until: Timestamp,
        /// Why.
        message: String,
    },
    /// A bucket of a judged bake is over, and this is what was measured in it.
    BakeMeasured {
        /// Which.
        #[serde(flatten)]
        place: Place,
        /// What was measured.
        bucket: Bucket,
    },
    /// Where the judge stands has changed, or the bake is over; with its numbers.
    BakeJudged(Box<Judged>),
    /// What an earlier run of the same release measured of the same change counts on.
    EvidenceCarried(Box<Carried>),
    /// A trigger tripped; what follows from it comes right after.
    TriggerTripped(Box<Trip>),
    /// What a trigger watches is fine again; it can trip anew.
    TriggerCleared {
        /// Its place among the plan's triggers.
        trigger: u32,
        /// What was seen.
        message: String,
    },
    /// Alerts are silenced while the release is under way.
    SilenceSet {
        /// Its place among the plan's silences.
        silence: u32,
        /// The alert source's id of it.
        id: String,
        /// When it ends by itself.
        until: Timestamp,
        /// What is silent, in a sentence.
        message: String,
    },
    /// A silence is over, or could not be set; nobody asks for it again.
    SilenceEnded {
        /// Its place among the plan's silences.
        silence: u32,
        /// Why, in a sentence.
        message: String,
    },
    /// Somebody said yes at a gate.
    Approved {
        /// The step that is the gate; the gate before the first change has none.
        #[serde(flatten)]
        place: Option<Place>,
        /// The gate.
        gate: GateName,
        /// Who.
        by: String,
        /// What they want to be read later.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<String>,
    },
    /// New steps stop, of the run or of one node.
    Held {
        /// The node; the whole run where there is none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        node: Option<NodeId>,
        /// The step that it is about.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        step: Option<StepId>,
        /// What holds it.
        reason: HoldReason,
        /// Who, where a person did.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<String>,
        /// Why, in a sentence.
        message: String,
    },
    /// A hold was lifted.
    Resumed {
        /// The node; the whole run where there is none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        node: Option<NodeId>,
        /// What is lifted.
        lifted: Lifted,
        /// Who, where a person did.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<String>,
        /// In a sentence.
        message: String,
    },
    /// The forward direction ended for good.
    AbortRequested {
        /// Who.
        by: String,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// The direction turned for some nodes or for all.
    RollbackStarted(Box<RollbackStarted>),
    /// A touched step stays as it is.
    LeftInPlace {
        /// Which.
        #[serde(flatten)]
        place: Place,
        /// Why.
        reason: LeftReason,
    },
    /// An undo is about to be asked for, or waited for.
    UndoStarted {
        /// Which.
        #[serde(flatten)]
        place: Place,
        /// The round of its key.
        round: u32,
        /// Until when an answer is waited for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Timestamp>,
    },
    /// An undo was applied.
    UndoSucceeded {
        /// Which.
        #[serde(flatten)]
        place: Place,
        /// The round of its key.
        round: u32,
        /// How it is known.
        #[serde(default, skip_serializing_if = "Knowledge::is_answer")]
        known: Knowledge,
        /// Who said so, where a person did.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<String>,
        /// What came of it.
        #[serde(default)]
        evidence: Evidence,
    },
    /// Nothing was left to undo: what it covers was never sent.
    UndoSkipped {
        /// Which.
        #[serde(flatten)]
        place: Place,
        /// Why.
        message: String,
    },
    /// An undo has failed and is asked for again later.
    UndoFailed {
        /// Which.
        #[serde(flatten)]
        place: Place,
        /// The round that it will have.
        round: u32,
        /// When it is repeated.
        until: Timestamp,
        /// What was said.
        message: String,
    },
    /// Nobody knows what became of an undo; it is looked at before anything else.
    UndoLost {
        /// Which.
        #[serde(flatten)]
        place: Place,
        /// The round of its key.
        round: u32,
        /// What was heard last.
        message: String,
    },
    /// A lost undo was looked at, and it was not simply there or failed.
    UndoObserved {
        /// Which.
        #[serde(flatten)]
        place: Place,
        /// The round of its key.
        round: u32,
        /// What was seen.
        seen: Seen,
        /// When it is done about, in the case of `not-applied`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Timestamp>,
        /// The same in a sentence.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        message: String,
    },
    /// An undo waits for a person; other branches go on.
    UndoStuck {
        /// Which.
        #[serde(flatten)]
        place: Place,
        /// The round of its key.
        round: u32,
        /// Why.
        message: String,
    },
    /// A person asked for a stuck undo again.
    UndoRetried {
        /// Which.
        #[serde(flatten)]
        place: Place,
        /// The round that it will have.
        round: u32,
        /// Who.
        by: String,
    },
    /// A person said what became of a step or undo.
    Resolved {
        /// Which.
        #[serde(flatten)]
        place: Place,
        /// What they said.
        #[serde(rename = "as")]
        answer: Answer,
        /// Who.
        by: String,
        /// Why.
        reason: String,
    },
    /// A command was taken or refused.
    Steered(Box<Steered>),
    /// A success criterion was looked at and holds, or a person accepted it.
    CriterionMet {
        /// Its id in the release's list.
        criterion: String,
        /// Who accepted it, where a person did.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<String>,
        /// What was seen or said.
        message: String,
    },
    /// A success criterion was looked at and does not hold, or could not be looked at.
    CriterionUnmet {
        /// Its id in the release's list.
        criterion: String,
        /// What was seen, or why nothing was.
        message: String,
    },
    /// The wall clock and the time awake drew apart: the machine slept or the clock was set.
    ClockJumped {
        /// By how much, forward or back.
        by_ms: i64,
    },
    /// Somebody put a sentence into the record.
    Note {
        /// Who.
        by: String,
        /// The sentence.
        text: String,
        /// What it says in a report, and whose task it is.
        #[serde(flatten, default)]
        remark: Remark,
    },
    /// The run ended.
    Finished {
        /// How.
        outcome: Outcome,
        /// The same in a sentence.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        message: String,
        /// The nodes that are left changed, where not all went as planned.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        changed: Vec<NodeId>,
    },
}

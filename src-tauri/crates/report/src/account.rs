//! What is known of a run, in numbers and words, before anybody decides how it looks.
//!
//! This is also the JSON form of a report: its schema has a version, and keys are only added.

pub mod exposure;
pub mod nodes;
pub mod notices;
pub mod people;
pub mod prepared;
pub mod timing;
pub mod trigger;
pub mod undo;
pub mod verdict;

mod folded;

use gantry_model::{
    digest::Digest,
    event::{Happened, RunEvent},
    journal::Head,
    plan::Plan,
    time::Timestamp,
    verify::Broken,
};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    elapsed::Elapsed,
    timeline::{self, Moment},
};
use folded::Folded;
pub use folded::Standing;

/// The version of the JSON form; higher only when a key changes its meaning.
pub const SCHEMA: u32 = 1;

/// A plan with the record of one of its runs.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// The events, in the order of the journal.
    pub events: &'a [RunEvent],
    /// What is known about the journal itself.
    pub integrity: &'a Integrity,
}

/// Whether the journal behind a report is whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Integrity {
    /// How many entries there are.
    pub entries: u64,
    /// The hash of the last one.
    pub head: String,
    /// Whether every entry matches its hash.
    pub whole: bool,
    /// Where it is broken, if it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub broken: Option<String>,
}

impl Integrity {
    /// Says what a look at all lines of the journal came to.
    pub fn of(entries: u64, last: Digest, looked: Result<Head, Broken>) -> Self {
        Self {
            entries,
            head: last.to_string(),
            whole: looked.is_ok(),
            broken: looked.err().map(|broken| broken.to_string()),
        }
    }
}

/// What is known of a run.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Account {
    /// The version of this form.
    pub schema: u32,
    /// The run; the release where it was never started.
    pub run: String,
    /// The release.
    pub release: String,
    /// Its title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Where it went.
    pub environment: String,
    /// The zone of the times that people read; the times of this form are UTC.
    pub zone: String,
    /// Who answers for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Who started it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started_by: Option<String>,
    /// When it started.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Timestamp>,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
    /// The entry that says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_seq: Option<u64>,
    /// How long it took, or has taken so far.
    pub took_ms: u64,
    /// How it stands.
    pub standing: Standing,
    /// The same in a sentence of the journal.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub sentence: String,
    /// The plan's hash.
    pub plan: String,
    /// The version of Gantry that started it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gantry: Option<String>,
    /// What set the rollback or the failure off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trigger: Option<trigger::Trigger>,
    /// Who or what decided to go back, and how far.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision: Option<trigger::Decision>,
    /// The moments from the first bad sample to "declared good".
    pub timings: Vec<timing::Timing>,
    /// The nodes.
    pub nodes: Vec<nodes::Node>,
    /// The undo actions, planned against done.
    pub undo: Vec<undo::Undone>,
    /// Steps that nothing undid, and why.
    pub left: Vec<undo::Left>,
    /// Who the new versions served.
    pub exposure: Vec<exposure::Exposure>,
    /// What the judge said last of each bake.
    pub verdicts: Vec<verdict::Verdict>,
    /// Who approved what.
    pub approvals: Vec<people::Approval>,
    /// What people wrote.
    pub remarks: Vec<people::Remarked>,
    /// What people did before and around it, where the record of that was at hand.
    #[serde(flatten)]
    pub prepared: prepared::Prepared,
    /// What people were told, where the ledger of it was at hand.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<notices::Told>,
    /// Everything that happened.
    pub timeline: Vec<Moment>,
    /// Why the record cannot be told in full, where it cannot.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contradiction: Option<String>,
    /// Whether the journal is whole.
    pub integrity: Integrity,
}

impl Account {
    /// Reads a record.
    pub fn of(record: &Record<'_>) -> Self {
        let Record {
            plan,
            events,
            integrity,
        } = *record;
        let elapsed = Elapsed::of(events);
        let folded = Folded::of(plan, events);
        let decision = trigger::decision(events);
        let trigger = trigger::trigger(plan, events, decision.as_ref());
        let at_trigger = decision.as_ref().map(|decision| decision.seq);
        let started = started(events);
        let finished = finished(events, &folded);
        Self {
            schema: SCHEMA,
            run: started.map_or_else(|| plan.release.to_string(), |s| s.run.to_string()),
            release: plan.release.to_string(),
            title: plan.title.clone(),
            environment: plan.environment.to_string(),
            zone: plan
                .window
                .as_ref()
                .map_or("UTC", |window| window.timezone.name())
                .to_owned(),
            owner: plan.owner.clone(),
            started_by: started.map(|started| started.by.clone()),
            started_at: events.first().map(|event| event.at),
            ended_at: finished.as_ref().map(|(event, _)| event.at),
            ended_seq: finished.as_ref().map(|(event, _)| event.seq),
            took_ms: elapsed.total(),
            standing: folded.standing(events),
            sentence: finished.map(|(_, sentence)| sentence).unwrap_or_default(),
            plan: plan.digest.to_string(),
            gantry: started.map(|started| started.gantry.clone()),
            timings: timing::timings(events, &elapsed, trigger.as_ref(), decision.as_ref()),
            nodes: nodes::nodes(plan, events, &folded, at_trigger),
            undo: undo::undone(plan, events, &elapsed),
            left: undo::left(plan, events),
            exposure: exposure::exposure(plan, events, &elapsed),
            verdicts: verdict::verdicts(plan, events),
            approvals: people::approvals(events),
            remarks: people::remarks(events),
            prepared: prepared::Prepared::default(),
            notices: Vec::new(),
            timeline: timeline::tell(plan, events, &elapsed),
            contradiction: folded.contradiction().map(str::to_owned),
            integrity: integrity.clone(),
            trigger,
            decision,
        }
    }

    /// Adds what people did before and around it; that is a record of its own.
    #[must_use]
    pub fn with_prepared(mut self, prepared: prepared::Prepared) -> Self {
        self.prepared = prepared;
        self
    }

    /// Adds what people were told; it is kept beside the journal.
    #[must_use]
    pub fn with_notices(mut self, notices: Vec<notices::Told>) -> Self {
        self.notices = notices;
        self
    }
}

fn started(events: &[RunEvent]) -> Option<&gantry_model::event::Started> {
    events.iter().find_map(|event| match &event.what {
        Happened::Started(started) => Some(&**started),
        _ => None,
    })
}

/// Finds the end, unless something happened after it that opened the run again.
fn finished<'a>(events: &'a [RunEvent], folded: &Folded) -> Option<(&'a RunEvent, String)> {
    let ended = folded.has_ended();
    let last = events.iter().rev().find_map(|event| match &event.what {
        Happened::Finished { message, .. } => Some((event, message.clone())),
        _ => None,
    });
    last.filter(|_| ended)
}

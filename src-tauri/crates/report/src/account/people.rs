//! What people approved and wrote.

use gantry_model::{
    command::Topic,
    event::{Happened, RunEvent},
    time::Timestamp,
};
use schemars::JsonSchema;
use serde::Serialize;

/// A yes at a gate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Approval {
    /// The entry.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// The gate.
    pub gate: String,
    /// The step that is the gate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    /// Who.
    pub by: String,
    /// What they wanted to be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A sentence that a person put into the record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Remarked {
    /// The entry.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: String,
    /// Which part of a report it belongs to.
    pub topic: String,
    /// The sentence.
    pub text: String,
    /// Words to find it by.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Who does it, where it is a task.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// By which day, where it is a task.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<chrono::NaiveDate>,
    #[serde(skip)]
    pub(crate) part: Topic,
}

/// Lists who approved what.
pub(crate) fn approvals(events: &[RunEvent]) -> Vec<Approval> {
    let approval = |event: &RunEvent| match &event.what {
        Happened::Approved {
            place,
            gate,
            by,
            note,
        } => Some(Approval {
            seq: event.seq,
            at: event.at,
            gate: gate.to_string(),
            step: place.as_ref().map(|place| place.step.to_string()),
            by: by.clone(),
            note: note.clone(),
        }),
        _ => None,
    };
    events.iter().filter_map(approval).collect()
}

/// Lists what people wrote.
pub(crate) fn remarks(events: &[RunEvent]) -> Vec<Remarked> {
    let remark = |event: &RunEvent| match &event.what {
        Happened::Note { by, text, remark } => Some(Remarked {
            seq: event.seq,
            at: event.at,
            by: by.clone(),
            topic: remark.topic.word().to_owned(),
            text: text.clone(),
            tags: remark.tags.clone(),
            owner: remark.owner.clone(),
            due: remark.due,
            part: remark.topic,
        }),
        _ => None,
    };
    events.iter().filter_map(remark).collect()
}

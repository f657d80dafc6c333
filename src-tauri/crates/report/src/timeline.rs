//! Everything that happened, a line each, in the order of the journal.
//!
//! Looks of one watch that say the same, one after another, become one line with all their
//! sources; nothing else is folded and nothing is left out.

mod steps;
mod undo;
mod whole;

use std::collections::BTreeMap;

use gantry_model::{
    event::{Happened, Place, RunEvent},
    operation::SampleHealth,
    plan::Plan,
    time::Timestamp,
};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{document::Tone, elapsed::Elapsed};

/// One line of the timeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Moment {
    /// The first entry that it comes from.
    pub seq: u64,
    /// The last entry that it comes from.
    pub last_seq: u64,
    /// How many entries it comes from.
    pub entries: u64,
    /// When, as it was recorded.
    pub at: Timestamp,
    /// How long after the start, on a clock that never goes back.
    pub elapsed_ms: u64,
    /// The kind of the entry.
    pub kind: String,
    /// The node, if it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub node: Option<String>,
    /// The step or undo action, if it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    /// Who, where a person did it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// What happened, in words.
    pub text: String,
    /// Whether the wall clock stood behind the line before.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub clock_went_back: bool,
    #[serde(skip)]
    pub(crate) tone: Tone,
    #[serde(skip)]
    pub(crate) sources: Vec<u64>,
}

/// What an event says.
pub(crate) struct Told {
    tone: Tone,
    by: Option<String>,
    text: String,
}

impl Told {
    fn new(tone: Tone, text: impl Into<String>) -> Self {
        Self {
            tone,
            by: None,
            text: text.into(),
        }
    }

    fn by(self, by: Option<&str>) -> Self {
        Self {
            by: by.map(str::to_owned),
            ..self
        }
    }
}

/// Tells all events.
pub(crate) fn tell(plan: &Plan, events: &[RunEvent], elapsed: &Elapsed) -> Vec<Moment> {
    let mut lines: Vec<Moment> = Vec::with_capacity(events.len());
    // The line that each watch is on, as long as nothing but looks came between.
    let mut open: BTreeMap<&str, (SampleHealth, usize)> = BTreeMap::new();
    let mut last: Option<Timestamp> = None;
    for event in events {
        let back = last.is_some_and(|last| event.at < last);
        last = Some(event.at);
        let Some((step, health)) = look(&event.what) else {
            open.clear();
            lines.push(line(plan, event, elapsed, back));
            continue;
        };
        let known = open
            .get(step)
            .filter(|(before, _)| *before == health && !back);
        match known.and_then(|(_, place)| lines.get_mut(*place)) {
            Some(line) => line.grow(plan, event),
            None => {
                open.insert(step, (health, lines.len()));
                lines.push(line(plan, event, elapsed, back));
            }
        }
    }
    lines
}

fn look(what: &Happened) -> Option<(&str, SampleHealth)> {
    match what {
        Happened::BakeSampled { place, health, .. } => Some((place.step.as_str(), *health)),
        _ => None,
    }
}

fn line(plan: &Plan, event: &RunEvent, elapsed: &Elapsed, back: bool) -> Moment {
    let told = words(plan, &event.what);
    let place = place(&event.what);
    let node = place
        .map(|place| &place.node)
        .or_else(|| whole::node(&event.what));
    Moment {
        seq: event.seq,
        last_seq: event.seq,
        entries: 1,
        at: event.at,
        elapsed_ms: elapsed.at(event.seq),
        kind: kind(event),
        node: node.map(ToString::to_string),
        step: place.map(|place| place.step.to_string()),
        by: told.by,
        text: told.text,
        clock_went_back: back,
        tone: told.tone,
        sources: vec![event.seq],
    }
}

impl Moment {
    /// Takes in one more look that says the same.
    fn grow(&mut self, plan: &Plan, event: &RunEvent) {
        self.entries += 1;
        self.last_seq = event.seq;
        self.sources.push(event.seq);
        let told = words(plan, &event.what);
        let until = event.at.format("%H:%M:%SZ");
        self.text = format!(
            "{} looks alike until {until}, the last: {}",
            self.entries, told.text
        );
    }
}

fn kind(event: &RunEvent) -> String {
    event.to_entry().map(|entry| entry.kind).unwrap_or_default()
}

/// Puts an event into words; forward, backward and the run as a whole each have their own part.
fn words(plan: &Plan, what: &Happened) -> Told {
    steps::tell(plan, what)
        .or_else(|| undo::tell(what))
        .unwrap_or_else(|| whole::tell(plan, what))
}

fn said(word: &str, summary: &str) -> String {
    match summary.is_empty() {
        true => word.to_owned(),
        false => format!("{word}: {summary}"),
    }
}

/// Gives the step or undo action that an event is about.
pub(crate) fn place(what: &Happened) -> Option<&Place> {
    match what {
        Happened::PreflightPassed { place, .. }
        | Happened::PreflightFailed { place, .. }
        | Happened::StepScheduled { place, .. }
        | Happened::StepStarted { place, .. }
        | Happened::StepSucceeded { place, .. }
        | Happened::StepFailed { place, .. }
        | Happened::StepRetried { place, .. }
        | Happened::StepLost { place, .. }
        | Happened::StepObserved { place, .. }
        | Happened::StepCancelled { place, .. }
        | Happened::StepSkipped { place, .. }
        | Happened::BakeSampled { place, .. }
        | Happened::BakeExtended { place, .. }
        | Happened::BakeMeasured { place, .. }
        | Happened::LeftInPlace { place, .. }
        | Happened::UndoStarted { place, .. }
        | Happened::UndoSucceeded { place, .. }
        | Happened::UndoSkipped { place, .. }
        | Happened::UndoFailed { place, .. }
        | Happened::UndoLost { place, .. }
        | Happened::UndoObserved { place, .. }
        | Happened::UndoStuck { place, .. }
        | Happened::UndoRetried { place, .. }
        | Happened::Resolved { place, .. } => Some(place),
        Happened::BakeJudged(judged) => Some(&judged.place),
        Happened::Approved { place, .. } => place.as_ref(),
        // The others are about a node or the run as a whole.
        _ => None,
    }
}

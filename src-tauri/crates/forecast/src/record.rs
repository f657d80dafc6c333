//! A finished run, taken apart into what each step took.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Timelike;
use gantry_model::{
    event::{Happened, Knowledge, Outcome, Place, RunEvent},
    id::StepId,
    plan::{Action, Plan, PlannedNode, Step},
    rollback::UndoKind,
    run::{Manner, manner},
    time::Timestamp,
    unit::Span,
};

use crate::{
    history::{Attempt, Course, Key},
    people::{START, Wait},
};

/// What is remembered of a finished run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RunRecord {
    /// Whether all of it went through.
    pub succeeded: bool,
    /// What its steps took.
    pub attempts: Vec<Attempt>,
    /// How long people took to answer.
    pub waits: Vec<Wait>,
}

/// Takes a run apart.
///
/// A step that was under way when the driver stopped or the clock jumped is left out: nobody
/// measured it. So is what a person said of a step that Gantry lost sight of.
pub fn record(plan: &Plan, events: &[RunEvent]) -> RunRecord {
    let mut reader = Reader {
        plan,
        began: None,
        starts: BTreeMap::new(),
        undos: BTreeMap::new(),
        repeated: BTreeSet::new(),
        record: RunRecord::default(),
    };
    for event in events {
        reader.take(event);
    }
    reader.record
}

/// Gives what of the past a step is compared with.
pub(crate) fn key(node: &PlannedNode, action: &Action) -> Key {
    Key {
        service: node.service.to_string(),
        kind: action.word(),
    }
}

/// Gives what of the past an undo is compared with.
pub(crate) fn undo_key(node: &PlannedNode, kind: UndoKind) -> Key {
    Key {
        service: node.service.to_string(),
        kind: match kind {
            UndoKind::RestoreFlag => "undo: flag",
            UndoKind::RestageOld => "undo: restage",
            UndoKind::RestoreTraffic => "undo: traffic",
            UndoKind::RestoreWorkload => "undo: restore",
            UndoKind::UndoTask => "undo: run",
            UndoKind::VerifyOld => "undo: verify-old",
            UndoKind::RemoveNew => "undo: remove-new",
            UndoKind::RevertSchema => "undo: revert",
        },
    }
}

/// Gives what a step takes in any case, because it was declared.
pub(crate) fn declared(plan: &Plan, step: &Step) -> Span {
    match (manner(plan, step), &step.action) {
        (Manner::Watch(duration), _) => duration,
        (_, Action::Retire { keep }) => *keep,
        (_, Action::Compare { window }) => *window,
        (Manner::Preflight | Manner::Call | Manner::Gate(_) | Manner::Hand, _) => Span::ZERO,
    }
}

/// Gives the seconds between two instants.
pub(crate) fn seconds(from: Timestamp, to: Timestamp) -> f64 {
    (to - from).num_milliseconds().max(0) as f64 / 1000.0
}

struct Reader<'a> {
    plan: &'a Plan,
    began: Option<Timestamp>,
    starts: BTreeMap<&'a StepId, Timestamp>,
    /// Undo actions have names of their own, and some of them are those of steps.
    undos: BTreeMap<&'a StepId, Timestamp>,
    repeated: BTreeSet<&'a StepId>,
    record: RunRecord,
}

impl<'a> Reader<'a> {
    fn take(&mut self, event: &'a RunEvent) {
        let at = event.at;
        match &event.what {
            Happened::Started(_) => self.began = Some(at),
            Happened::DriverStarted { .. } | Happened::ClockJumped { .. } => {
                self.starts.clear();
                self.undos.clear();
                self.began = None;
            }
            Happened::PreflightPassed { place, .. } => {
                if let Some(began) = self.began {
                    self.over(place, seconds(began, at), Course::Straight);
                }
            }
            Happened::StepStarted { place, .. } => {
                self.starts.entry(&place.step).or_insert(at);
            }
            Happened::StepRetried { place, .. } => {
                self.repeated.insert(&place.step);
            }
            Happened::UndoStarted { place, .. } => {
                self.undos.entry(&place.step).or_insert(at);
            }
            Happened::UndoSucceeded { place, known, .. } => self.undone(place, *known, at),
            Happened::StepSucceeded { place, known, .. } => self.succeeded(place, *known, at),
            Happened::StepFailed { place, .. } => {
                if let Some(start) = self.starts.remove(&place.step) {
                    self.over(place, seconds(start, at), Course::Failed);
                }
            }
            Happened::Approved { place: None, .. } => self.start_approved(at),
            Happened::Finished { outcome, .. } => {
                self.record.succeeded = *outcome == Outcome::Succeeded;
            }
            // Everything else is no beginning and no end of a step.
            _ => {}
        }
    }

    fn succeeded(&mut self, place: &'a Place, known: Knowledge, at: Timestamp) {
        let Some(start) = self.starts.remove(&place.step) else {
            return;
        };
        let Some(step) = self.step(place) else {
            return;
        };
        match manner(self.plan, step) {
            Manner::Gate(_) | Manner::Hand => self.record.waits.push(Wait {
                whom: whom(self.plan, step),
                hour: start.hour(),
                seconds: seconds(start, at),
            }),
            Manner::Preflight | Manner::Call if known != Knowledge::Person => {
                let course = if self.repeated.contains(&place.step) {
                    Course::Repeated
                } else {
                    Course::Straight
                };
                self.over(place, seconds(start, at), course);
            }
            // What a person had to look up, and what was declared, teaches nothing.
            Manner::Preflight | Manner::Call | Manner::Watch(_) => {}
        }
    }

    /// An undo that a person did by hand, or had to look up, teaches nothing.
    fn undone(&mut self, place: &'a Place, known: Knowledge, at: Timestamp) {
        let start = self.undos.remove(&place.step);
        let word = place.step.as_str().rsplit_once('/').map(|(_, word)| word);
        let (Some(start), Some(kind)) = (start, word.and_then(UndoKind::of_word)) else {
            return;
        };
        let node = self.plan.node(&place.node);
        let node = node.and_then(|node| self.plan.nodes.get(node.at()));
        if let Some(node) = node.filter(|_| known != Knowledge::Person) {
            self.record.attempts.push(Attempt {
                key: undo_key(node, kind),
                seconds: seconds(start, at),
                course: Course::Straight,
            });
        }
    }

    /// The last approval of the start is the one that counts.
    fn start_approved(&mut self, at: Timestamp) {
        let Some(began) = self.began else {
            return;
        };
        self.record.waits.retain(|wait| wait.whom != START);
        self.record.waits.push(Wait {
            whom: START.to_owned(),
            hour: began.hour(),
            seconds: seconds(began, at),
        });
    }

    fn over(&mut self, place: &Place, seconds: f64, course: Course) {
        let Some(step) = self.step(place) else {
            return;
        };
        let Some(node) = self.plan.nodes.get(step.node.at()) else {
            return;
        };
        let declared = declared(self.plan, step).as_millis() as f64 / 1000.0;
        self.record.attempts.push(Attempt {
            key: key(node, &step.action),
            seconds: (seconds - declared).max(0.0),
            course,
        });
    }

    fn step(&self, place: &Place) -> Option<&'a Step> {
        let plan = self.plan;
        plan.steps.get(plan.step(&place.step)?.at())
    }
}

/// Names whom a gate or a manual step waits for.
pub(crate) fn whom(plan: &Plan, step: &Step) -> String {
    match &step.action {
        Action::Approve { gate, .. } => gate.to_string(),
        other => {
            let node = plan.nodes.get(step.node.at());
            let owner = node.and_then(|node| node.run.as_ref()?.owner.clone());
            let by_hand = || format!("by hand: {}", other.word());
            owner.unwrap_or_else(by_hand)
        }
    }
}

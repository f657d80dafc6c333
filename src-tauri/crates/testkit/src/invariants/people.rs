//! People: what waits for them waits, and what they said holds.

use std::collections::{BTreeMap, BTreeSet};

use chrono::DateTime;
use gantry_model::{
    event::{Happened, HoldReason, Lifted, Place, RunEvent},
    id::NodeId,
    plan::{Action, Step},
    release::Window,
    run::{Manner, manner},
    time::Timestamp,
};

use super::{Case, Findings};

/// What people have said up to some event.
#[derive(Default)]
struct Said<'e> {
    author: &'e str,
    /// Who approved, by gate step; the gate before the first change has none.
    approved: BTreeMap<Option<&'e Place>, BTreeSet<&'e str>>,
    /// Whether a person holds the whole run.
    held: bool,
    /// Nodes that a person holds.
    held_nodes: BTreeSet<&'e NodeId>,
}

/// Walks the events and looks at each before it counts.
pub(super) fn check(case: &Case<'_>, events: &[RunEvent], findings: &mut Findings) {
    let mut said = Said::default();
    for event in events {
        said.look(case, event, findings);
        said.count(&event.what);
    }
}

impl<'e> Said<'e> {
    fn look(&self, case: &Case<'_>, event: &RunEvent, findings: &mut Findings) {
        match &event.what {
            Happened::StepStarted { place, .. } => self.look_at_start(case, event, place, findings),
            Happened::UndoStarted { place, .. } => {
                let found = &place.step;
                findings.expect(!self.held, "nothing starts while a person holds it", found);
            }
            Happened::StepSucceeded { place, .. } => self.look_at_gate(case, place, findings),
            Happened::Approved { by, .. } => {
                let strict = case.plan.policy.approvals.not_the_author;
                let fine = !strict || *by != self.author;
                findings.expect(fine, "the author never approves what another must", by);
            }
            Happened::StepSkipped { place, .. } => {
                let looks = step(case, place).is_some_and(|step| {
                    matches!(
                        step.action,
                        Action::Preflight
                            | Action::Verify
                            | Action::Bake { .. }
                            | Action::Approve { .. }
                    )
                });
                findings.expect(!looks, "health and people are never skipped", &place.step);
            }
            Happened::Steered(steered) => {
                let told = !steered.message.is_empty();
                findings.expect(told, "every command is answered", &steered.command);
            }
            _ => {}
        }
    }

    fn look_at_start(
        &self,
        case: &Case<'_>,
        event: &RunEvent,
        place: &Place,
        findings: &mut Findings,
    ) {
        let Some(step) = step(case, place) else {
            return;
        };
        // Whoever watches or waits for people changes nothing: a share that was given is watched
        // under a hold too.
        if !matches!(manner(case.plan, step), Manner::Call | Manner::Hand) {
            return;
        }
        let held = self.held || self.held_nodes.contains(&place.node);
        findings.expect(!held, "nothing starts while a person holds it", &place.step);
        let gates = &case.plan.policy.approvals.gates;
        let wanted = gates.iter().find(|(gate, _)| gate.as_str() == "start");
        let wanted = wanted.map_or(0, |(_, count)| *count as usize);
        let given = self.approved.get(&None).map_or(0, BTreeSet::len);
        let found = format!("{} after {given} of {wanted} approvals", place.step);
        findings.expect(given >= wanted, "nothing starts before its gate", found);
        let open = case
            .plan
            .window
            .as_ref()
            .is_none_or(|w| is_open(w, event.at));
        let found = format!("{} at {}", place.step, event.at);
        findings.expect(open, "nothing starts outside its window", found);
    }

    fn look_at_gate(&self, case: &Case<'_>, place: &Place, findings: &mut Findings) {
        let Some(Action::Approve { count, .. }) = step(case, place).map(|step| &step.action) else {
            return;
        };
        let given = self.approved.get(&Some(place)).map_or(0, BTreeSet::len);
        let found = format!("{} with {given} of {count}", place.step);
        findings.expect(given >= *count as usize, "silence is never a yes", found);
    }

    fn count(&mut self, what: &'e Happened) {
        match what {
            Happened::Started(started) => self.author = &started.by,
            Happened::Approved { place, by, .. } => {
                let gate = self.approved.entry(place.as_ref()).or_default();
                gate.insert(by);
            }
            Happened::Held { node, reason, .. } if *reason == HoldReason::Operator => match node {
                Some(node) => drop(self.held_nodes.insert(node)),
                None => self.held = true,
            },
            // A rollback goes on under a hold that was there before it.
            Happened::RollbackStarted(_) => {
                self.held = false;
                self.held_nodes.clear();
            }
            Happened::Resumed {
                node: Some(node), ..
            } => drop(self.held_nodes.remove(node)),
            Happened::Resumed {
                node: None, lifted, ..
            } if *lifted != Lifted::Window => {
                self.held = false;
                self.held_nodes.clear();
            }
            _ => {}
        }
    }
}

fn step<'c>(case: &Case<'c>, place: &Place) -> Option<&'c Step> {
    let index = case.plan.step(&place.step)?;
    case.plan.steps.get(index.at())
}

/// Whether a window whose times name their offset is open; the others are not judged here.
fn is_open(window: &Window, at: Timestamp) -> bool {
    let read = |text: &str| DateTime::parse_from_rfc3339(text).ok();
    match (read(&window.opens), read(&window.closes)) {
        (Some(opens), Some(closes)) => opens <= at && at < closes,
        _ => true,
    }
}

//! Limits: not more at once than the policy says, and no turning back of what goes back.

use std::collections::BTreeSet;

use gantry_model::{
    event::{Happened, Place, RunEvent},
    id::{NodeId, StepId},
    run::{Manner, is_undone_by_hand, manner},
};

use super::{Case, Findings};

/// What goes on at some event.
#[derive(Default)]
struct Going<'e> {
    /// Steps and undo actions that act; what is lost is looked at and acts no more.
    acting: BTreeSet<&'e StepId>,
    /// Nodes that go back.
    back: BTreeSet<&'e NodeId>,
    all_back: bool,
    /// Undo actions that a person does.
    by_hand: BTreeSet<&'e StepId>,
}

/// Walks the events and counts.
pub(super) fn check(case: &Case<'_>, events: &[RunEvent], findings: &mut Findings) {
    let mut going = Going::default();
    for event in events {
        going.count(case, &event.what, findings);
    }
}

impl<'e> Going<'e> {
    fn count(&mut self, case: &Case<'_>, what: &'e Happened, findings: &mut Findings) {
        match what {
            Happened::StepStarted { place, .. } => {
                let back = self.all_back || self.back.contains(&place.node);
                findings.expect(!back, "what goes back never goes on", &place.step);
                if is_call(case, place) {
                    self.begin(case, &place.step, findings);
                }
            }
            Happened::UndoStarted { place, .. } if self.by_hand.contains(&place.step) => {}
            Happened::UndoStarted { place, .. } => self.begin(case, &place.step, findings),
            Happened::StepSucceeded { place, .. }
            | Happened::StepFailed { place, .. }
            | Happened::StepRetried { place, .. }
            | Happened::StepLost { place, .. }
            | Happened::StepCancelled { place, .. }
            | Happened::StepSkipped { place, .. }
            | Happened::UndoSucceeded { place, .. }
            | Happened::UndoFailed { place, .. }
            | Happened::UndoLost { place, .. }
            | Happened::UndoStuck { place, .. }
            | Happened::UndoSkipped { place, .. }
            | Happened::UndoRetried { place, .. }
            | Happened::Resolved { place, .. } => {
                self.acting.remove(&place.step);
            }
            // Whoever drove has died: what was in flight is looked at.
            Happened::DriverStarted { .. } => self.acting.clear(),
            Happened::RollbackStarted(rollback) => {
                self.all_back |= rollback.nodes.is_empty();
                self.back.extend(&rollback.nodes);
                for action in &rollback.actions {
                    if is_undone_by_hand(case.plan, action) {
                        self.by_hand.insert(&action.id);
                    }
                }
            }
            _ => {}
        }
    }

    fn begin(&mut self, case: &Case<'_>, step: &'e StepId, findings: &mut Findings) {
        self.acting.insert(step);
        let most = case.plan.policy.max_parallel as usize;
        let found = format!("{} with {step}", self.acting.len());
        findings.expect(
            self.acting.len() <= most,
            "no more act at once than the policy says",
            found,
        );
    }
}

fn is_call(case: &Case<'_>, place: &Place) -> bool {
    let index = case.plan.step(&place.step);
    let step = index.and_then(|index| case.plan.steps.get(index.at()));
    step.is_some_and(|step| manner(case.plan, step) == Manner::Call)
}

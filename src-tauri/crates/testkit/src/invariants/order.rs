//! Order: needs before dependents forward, dependents before needs backward.

use std::collections::BTreeSet;

use gantry_model::{
    event::{Happened, Place, RunEvent},
    id::StepId,
    plan::{Action, StepIndex},
    rollback::UndoAction,
};

use super::{Case, Findings};

/// What has happened up to some event.
#[derive(Default)]
struct Progress {
    /// Steps that succeeded or were skipped, and may have been undone since.
    met: BTreeSet<StepId>,
    preflights: usize,
    /// Steps by id and round that were started.
    started: BTreeSet<(StepId, u32)>,
    /// Undo actions by id and round that were started.
    undone_from: BTreeSet<(StepId, u32)>,
    /// Undo actions that are over.
    over: BTreeSet<StepId>,
    /// The actions of the rollbacks so far; a later one of the same id replaces an earlier one.
    actions: Vec<Vec<UndoAction>>,
}

/// Walks the events and looks at each before it counts.
pub(super) fn check(case: &Case<'_>, events: &[RunEvent], findings: &mut Findings) {
    let mut progress = Progress::default();
    for event in events {
        progress.look(case, event, findings);
        progress.count(&event.what);
    }
}

impl Progress {
    fn look(&self, case: &Case<'_>, event: &RunEvent, findings: &mut Findings) {
        match &event.what {
            Happened::StepStarted { place, .. } => self.look_at_start(case, place, findings),
            Happened::StepSucceeded { place, round, .. } => {
                let ran = self.started.contains(&(place.step.clone(), *round));
                findings.expect(ran, "what never ran never succeeded", &place.step);
            }
            Happened::UndoSucceeded { place, round, .. } => {
                let ran = self.undone_from.contains(&(place.step.clone(), *round));
                findings.expect(ran, "what was never undone is not back", &place.step);
            }
            Happened::UndoStarted { place, .. } => self.look_at_undo(place, findings),
            _ => {}
        }
    }

    fn look_at_start(&self, case: &Case<'_>, place: &Place, findings: &mut Findings) {
        let Some(step) = case
            .plan
            .step(&place.step)
            .and_then(|i| case.plan.steps.get(i.at()))
        else {
            findings.add("only steps of the plan are started", &place.step);
            return;
        };
        let is_preflight = |index: &&StepIndex| {
            let needed = case.plan.steps.get(index.at());
            needed.is_some_and(|step| step.action == Action::Preflight)
        };
        for need in step.needs.iter().filter(|index| !is_preflight(index)) {
            let Some(needed) = case.plan.steps.get(need.at()) else {
                continue;
            };
            let met = self.met.contains(&needed.id);
            let found = format!("{} before {}", place.step, needed.id);
            findings.expect(met, "a step starts after everything that it needs", found);
        }
        let all = case.plan.nodes.len();
        let looked = step.action == Action::Preflight || self.preflights >= all;
        let found = format!(
            "{} after {} of {all} preflights",
            place.step, self.preflights
        );
        findings.expect(
            looked,
            "nothing is changed before everything was looked at",
            found,
        );
    }

    fn look_at_undo(&self, place: &Place, findings: &mut Findings) {
        let Some(actions) = self
            .actions
            .iter()
            .rev()
            .find(|actions| actions.iter().any(|action| action.id == place.step))
        else {
            findings.add("only what a rollback names is undone", &place.step);
            return;
        };
        let own = actions.iter().find(|action| action.id == place.step);
        for need in own.iter().flat_map(|action| &action.needs) {
            let Some(needed) = actions.get(*need as usize) else {
                continue;
            };
            let over = self.over.contains(&needed.id);
            let found = format!("{} before {}", place.step, needed.id);
            findings.expect(over, "what was built on top is undone first", found);
        }
    }

    fn count(&mut self, what: &Happened) {
        match what {
            Happened::PreflightPassed { place, .. } => {
                self.preflights += 1;
                self.met.insert(place.step.clone());
            }
            Happened::StepStarted { place, round, .. } => {
                self.started.insert((place.step.clone(), *round));
            }
            Happened::StepSucceeded { place, .. } | Happened::StepSkipped { place, .. } => {
                self.met.insert(place.step.clone());
            }
            Happened::UndoStarted { place, round, .. } => {
                self.undone_from.insert((place.step.clone(), *round));
            }
            Happened::UndoSucceeded { place, .. } | Happened::UndoSkipped { place, .. } => {
                self.over.insert(place.step.clone());
            }
            Happened::Resolved { place, .. } => {
                self.met.insert(place.step.clone());
                self.over.insert(place.step.clone());
            }
            Happened::RollbackStarted(rollback) => self.actions.push(rollback.actions.clone()),
            _ => {}
        }
    }
}

//! How far a run has come: what is over, and since when what is under way is so.

use std::collections::BTreeMap;

use gantry_model::{
    event::{Happened, RunEvent},
    plan::{Plan, StepIndex},
    time::Timestamp,
};

use crate::{project::State, record::seconds};

/// How far a run has come.
#[derive(Clone, Debug, PartialEq)]
pub struct Progress {
    /// When it began.
    pub began: Timestamp,
    /// Where each step of the plan stands.
    pub states: Vec<State>,
    /// What the steps took that are over and did nothing but run straight through, in seconds.
    pub took: BTreeMap<StepIndex, f64>,
    /// Which way it goes.
    pub course: Bearing,
}

/// Which way a run goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bearing {
    /// Forward.
    Forward,
    /// Back, or nowhere any more.
    Other,
}

impl Progress {
    /// Reads how far a run has come from its journal; `None` before its first event.
    pub fn of(plan: &Plan, events: &[RunEvent], now: Timestamp) -> Option<Self> {
        let mut steps = Steps {
            starts: BTreeMap::new(),
            progress: Self {
                began: events.first()?.at,
                states: vec![State::Ahead; plan.steps.len()],
                took: BTreeMap::new(),
                course: Bearing::Forward,
            },
        };
        for event in events {
            steps.take(plan, event);
        }
        for (step, (start, _)) in steps.starts {
            if let Some(state) = steps.progress.states.get_mut(step.at()) {
                *state = State::Begun(seconds(start, now));
            }
        }
        Some(steps.progress)
    }
}

struct Steps {
    /// Since when each step is under way, and whether it was repeated.
    starts: BTreeMap<StepIndex, (Timestamp, Tries)>,
    progress: Progress,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Tries {
    One,
    More,
}

impl Steps {
    fn take(&mut self, plan: &Plan, event: &RunEvent) {
        let at = event.at;
        match &event.what {
            Happened::StepStarted { place, .. } | Happened::StepScheduled { place, .. } => {
                if let Some(step) = plan.step(&place.step) {
                    self.starts.entry(step).or_insert((at, Tries::One));
                }
            }
            Happened::StepRetried { place, .. } => {
                if let Some(step) = plan.step(&place.step)
                    && let Some((_, tries)) = self.starts.get_mut(&step)
                {
                    *tries = Tries::More;
                }
            }
            Happened::PreflightPassed { place, .. }
            | Happened::StepSucceeded { place, .. }
            | Happened::StepSkipped { place, .. } => self.over(plan.step(&place.step), at),
            Happened::StepFailed { place, .. } => {
                if let Some(step) = plan.step(&place.step) {
                    // If it goes on at all, then by doing this again.
                    self.starts.remove(&step);
                }
            }
            Happened::RollbackStarted(_)
            | Happened::AbortRequested { .. }
            | Happened::Finished { .. } => self.progress.course = Bearing::Other,
            // Everything else moves no forward step.
            _ => {}
        }
    }

    fn over(&mut self, step: Option<StepIndex>, at: Timestamp) {
        let Some(step) = step else {
            return;
        };
        if let Some((start, Tries::One)) = self.starts.remove(&step) {
            self.progress.took.insert(step, seconds(start, at));
        }
        if let Some(state) = self.progress.states.get_mut(step.at()) {
            *state = State::Over;
        }
    }
}

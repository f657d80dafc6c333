//! From a plan and what was learnt to a project.

use std::collections::{BTreeMap, BTreeSet};

use gantry_model::{
    plan::{NodeIndex, Plan, PlannedNode, Step, StepIndex},
    run::{Manner, manner},
};

use super::{Project, Seat, State, Work};
use crate::{
    history::Key,
    learn::{Learned, Origin},
    progress::Progress,
    record::{declared, key},
};

/// A project, and what it stands on.
pub(crate) struct Compiled {
    pub(crate) project: Project,
    /// Every kind of step that takes time of its own.
    pub(crate) keys: Vec<Key>,
    /// Nodes of which no step was ever measured.
    pub(crate) unmeasured: Vec<NodeIndex>,
}

/// Builds the project of a plan, or of what is left of a run.
pub(crate) fn compile(plan: &Plan, learned: &Learned, progress: Option<&Progress>) -> Compiled {
    let mut laws = Laws {
        plan,
        learned,
        project: Project {
            seats: plan.policy.max_parallel,
            ..Project::default()
        },
        places: BTreeMap::new(),
        measured: BTreeSet::new(),
        timed: BTreeSet::new(),
    };
    for (place, step) in plan.steps.iter().enumerate() {
        let state = progress.and_then(|progress| progress.states.get(place));
        laws.add(step, state.copied().unwrap_or(State::Ahead));
    }
    laws.barrier();
    let shared = laws.slowness(progress);
    laws.project.shared = shared;
    Compiled {
        keys: laws.places.into_keys().collect(),
        unmeasured: laws.timed.difference(&laws.measured).copied().collect(),
        project: laws.project,
    }
}

struct Laws<'a> {
    plan: &'a Plan,
    learned: &'a Learned,
    project: Project,
    places: BTreeMap<Key, u32>,
    measured: BTreeSet<NodeIndex>,
    timed: BTreeSet<NodeIndex>,
}

impl Laws<'_> {
    fn add(&mut self, step: &Step, state: State) {
        let manner = manner(self.plan, step);
        let law = match manner {
            Manner::Preflight | Manner::Call => self.law(step),
            // What was declared takes what was declared; people are told apart.
            Manner::Watch(_) | Manner::Gate(_) | Manner::Hand => None,
        };
        self.project.works.push(Work {
            node: Some(step.node),
            needs: step.needs.iter().map(|need| need.0).collect(),
            fixed: declared(self.plan, step).as_millis() as f64 / 1000.0,
            law,
            seat: match manner {
                Manner::Call => Seat::Takes,
                Manner::Preflight | Manner::Watch(_) | Manner::Gate(_) | Manner::Hand => Seat::Free,
            },
            state,
        });
    }

    fn law(&mut self, step: &Step) -> Option<u32> {
        let node = self.plan.nodes.get(step.node.at())?;
        self.timed.insert(step.node);
        let key = key(node, &step.action);
        let (law, origin) = self.learned.law(&key, self.estimate(node, step));
        if origin == Origin::Own {
            self.measured.insert(step.node);
        }
        if let Some(place) = self.places.get(&key) {
            return Some(*place);
        }
        let place = u32::try_from(self.project.laws.len()).ok()?;
        self.project.laws.push(law);
        self.places.insert(key, place);
        Some(place)
    }

    /// Gives what somebody said that a step takes, in seconds.
    fn estimate(&self, node: &PlannedNode, step: &Step) -> Option<f64> {
        if let Some(estimate) = step.estimate {
            return Some(estimate.as_millis() as f64 / 1000.0);
        }
        if !node.estimate_known {
            return None;
        }
        let steps = node
            .steps()
            .filter_map(|step| self.plan.steps.get(step.at()));
        let (mut calls, mut fixed) = (0.0, 0.0);
        for step in steps {
            fixed += declared(self.plan, step).as_millis() as f64;
            calls += f64::from(u8::from(manner(self.plan, step) == Manner::Call));
        }
        let left = (node.estimate.as_millis() as f64 - fixed).max(0.0);
        Some(left / calls / 1000.0).filter(|seconds| seconds.is_finite())
    }

    /// Puts a point in front of all changes: every preflight has to be over first.
    fn barrier(&mut self) {
        let preflight = |step: &Step| manner(self.plan, step) == Manner::Preflight;
        let looks: Vec<u32> = (0_u32..)
            .zip(&self.plan.steps)
            .filter(|(_, step)| preflight(step))
            .map(|(place, _)| place)
            .collect();
        let Ok(barrier) = u32::try_from(self.project.works.len()) else {
            return;
        };
        for (work, step) in self.project.works.iter_mut().zip(&self.plan.steps) {
            let first = work
                .needs
                .iter()
                .all(|need| looks.binary_search(need).is_ok());
            if first && !preflight(step) {
                work.needs = vec![barrier];
            }
        }
        self.project.works.push(Work {
            node: None,
            needs: looks,
            fixed: 0.0,
            law: None,
            seat: Seat::Free,
            state: State::Ahead,
        });
    }

    /// Gives what all steps of the run share: a guess before the first one is over, and then
    /// what those that are over say.
    fn slowness(&self, progress: Option<&Progress>) -> (f64, f64) {
        let (mut precision, mut sum) = (1.0 / self.learned.shared, 0.0);
        let took = progress.map(|progress| progress.took.iter());
        for (step, seconds) in took.into_iter().flatten() {
            if let Some((mean, variance)) = self.believed(*step) {
                precision += 1.0 / variance;
                sum += (seconds.max(0.001).ln() - mean) / variance;
            }
        }
        (sum / precision, 1.0 / precision)
    }

    /// Gives what was believed of a step's duration, as a logarithm; nothing of what was declared.
    fn believed(&self, step: StepIndex) -> Option<(f64, f64)> {
        let work = self.project.works.get(step.at())?;
        let law = self.project.laws.get(work.law? as usize)?;
        (work.fixed == 0.0).then_some((law.mean, law.variance.max(1e-4)))
    }
}

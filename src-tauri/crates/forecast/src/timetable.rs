//! When each step of a plan begins and ends, and how long a way back takes.
//!
//! Both are played as a forecast is. Where too little is known of the past they stand on what was
//! declared and on the scatter that durations usually have, and say so: a plan has to show a way
//! back before it was ever run.

use gantry_model::{plan::Plan, rollback::RollbackPlan};
use serde::Serialize;

use crate::{
    history::{FEWEST_RUNS, History, Key},
    learn::{Learned, Origin},
    play::timed,
    progress::Progress,
    project::{Project, Seat, State, Work, compile::compile},
    record::undo_key,
};

/// What a time stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// What earlier runs took.
    History,
    /// What was declared, and how durations usually scatter.
    Estimates,
}

/// An instant in milliseconds from the start, as likely as not, in eight and in nine of ten cases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Instant {
    /// As likely as not, it is before this.
    pub p50_ms: u64,
    /// In eight of ten cases it is before this.
    pub p80_ms: u64,
    /// In nine of ten cases it is before this.
    pub p90_ms: u64,
}

/// When something begins and ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Slot {
    /// When it begins.
    pub begins: Instant,
    /// When it ends.
    pub ends: Instant,
}

/// When each step of a plan begins and ends, without waiting for people.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Timetable {
    /// What it stands on.
    pub basis: Basis,
    /// The steps, in the plan's places.
    pub steps: Vec<Slot>,
}

/// How long a way back takes.
#[derive(Clone, Debug, PartialEq)]
pub struct WayBack {
    /// What it stands on.
    pub basis: Basis,
    /// When all of it is over.
    pub ends: Instant,
    /// The actions, in the rollback plan's places.
    pub actions: Vec<Slot>,
}

/// Learns once from a history, for many questions.
#[derive(Clone, Debug)]
pub struct Teller<'a> {
    history: &'a History,
    learned: Learned,
}

impl<'a> Teller<'a> {
    /// Learns from a history; an empty one is fine.
    pub fn new(history: &'a History) -> Self {
        Self {
            history,
            learned: Learned::from(history),
        }
    }

    /// Tells when each step of a plan begins and ends, or of what is left of a run from now on.
    pub fn timetable(&self, plan: &Plan, progress: Option<&Progress>) -> Timetable {
        let compiled = compile(plan, &self.learned, progress);
        let times = timed(&compiled.project, *plan.digest.as_bytes());
        let steps = times.into_iter().take(plan.steps.len());
        Timetable {
            basis: self.basis(&compiled.keys),
            steps: steps.map(slot).collect(),
        }
    }

    /// Tells how long a way back takes.
    pub fn way_back(&self, plan: &Plan, rollback: &RollbackPlan) -> WayBack {
        let mut project = Project {
            seats: plan.policy.max_parallel,
            shared: (0.0, self.learned.shared),
            ..Project::default()
        };
        let mut own = 0;
        for action in &rollback.actions {
            let Some(node) = plan.nodes.get(action.node.at()) else {
                continue;
            };
            let estimate = action.estimate.as_millis() as f64 / 1000.0;
            let (law, origin) = self
                .learned
                .law(&undo_key(node, action.kind), Some(estimate));
            own += usize::from(origin != Origin::Assumed);
            project.works.push(Work {
                node: Some(action.node),
                needs: action.needs.clone(),
                fixed: 0.0,
                law: u32::try_from(project.laws.len()).ok(),
                seat: Seat::Takes,
                state: State::Ahead,
            });
            project.laws.push(law);
        }
        let times = timed(&project, *plan.digest.as_bytes());
        let draws = times.first().map_or(0, Vec::len);
        let end = |draw: usize| {
            times
                .iter()
                .filter_map(|work| work.get(draw))
                .map(|time| time.1)
                .max()
        };
        let ends = (0..draws).filter_map(end).collect();
        let known = !rollback.actions.is_empty() && 2 * own >= rollback.actions.len();
        WayBack {
            basis: if known {
                Basis::History
            } else {
                Basis::Estimates
            },
            ends: instant(ends),
            actions: times.into_iter().map(slot).collect(),
        }
    }

    fn basis(&self, keys: &[Key]) -> Basis {
        if self.history.similar(keys) < FEWEST_RUNS {
            Basis::Estimates
        } else {
            Basis::History
        }
    }
}

fn slot(times: Vec<(u64, u64)>) -> Slot {
    let (begins, ends) = times.into_iter().unzip();
    Slot {
        begins: instant(begins),
        ends: instant(ends),
    }
}

fn instant(mut draws: Vec<u64>) -> Instant {
    draws.sort_unstable();
    let at = |percent: usize| {
        let place = (draws.len() * percent).div_ceil(100).saturating_sub(1);
        draws.get(place).copied().unwrap_or(0)
    };
    Instant {
        p50_ms: at(50),
        p80_ms: at(80),
        p90_ms: at(90),
    }
}

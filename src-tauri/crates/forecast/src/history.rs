//! What is remembered of finished runs: the latest of one environment.

use std::collections::BTreeMap;

use crate::{people::Wait, record::RunRecord};

/// How many of the latest attempts of a kind of step count.
pub const ATTEMPTS: usize = 50;
/// After how many releases an attempt counts half.
pub const HALF_LIFE: f64 = 20.0;
/// How many runs are needed before anything is forecast.
pub const FEWEST_RUNS: usize = 3;

/// What of the past is comparable: a kind of step of a service in an environment.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// The service.
    pub service: String,
    /// The kind of step, for example `stage`.
    pub kind: &'static str,
}

/// What one step of one run took.
#[derive(Clone, Debug, PartialEq)]
pub struct Attempt {
    /// Which kind of step.
    pub key: Key,
    /// How long it took from its first start on, repetitions included.
    pub seconds: f64,
    /// How it went.
    pub course: Course,
}

/// How a step went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Course {
    /// At the first try.
    Straight,
    /// It was repeated, and then it went well.
    Repeated,
    /// It failed for good.
    Failed,
}

/// Finished runs of one environment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    /// The runs, oldest first.
    runs: Vec<RunRecord>,
}

/// An attempt with the run it belongs to, counted back from the latest.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Aged<'a> {
    pub(crate) attempt: &'a Attempt,
    pub(crate) age: usize,
}

impl Aged<'_> {
    pub(crate) fn weight(&self) -> f64 {
        (-(self.age as f64) / HALF_LIFE).exp2()
    }
}

impl History {
    /// Keeps some runs, oldest first.
    pub fn new(runs: Vec<RunRecord>) -> Self {
        Self { runs }
    }

    /// Gives how many runs are kept.
    pub fn runs(&self) -> usize {
        self.runs.len()
    }

    /// Gives how many runs did at least half of the steps that are asked for.
    pub fn similar(&self, keys: &[Key]) -> usize {
        let alike = |run: &&RunRecord| {
            let done = |key: &&Key| run.attempts.iter().any(|attempt| attempt.key == **key);
            2 * keys.iter().filter(done).count() >= keys.len().max(1)
        };
        self.runs.iter().filter(alike).count()
    }

    /// Gives how many of the similar runs went through to their end.
    pub fn went_through(&self, keys: &[Key]) -> usize {
        let succeeded = self.runs.iter().filter(|run| run.succeeded).cloned();
        Self::new(succeeded.collect()).similar(keys)
    }

    /// Gives the latest attempts of each kind of step, latest first.
    pub(crate) fn attempts(&self) -> BTreeMap<&Key, Vec<Aged<'_>>> {
        let mut all: BTreeMap<&Key, Vec<Aged<'_>>> = BTreeMap::new();
        for (age, run) in self.runs.iter().rev().enumerate() {
            for attempt in &run.attempts {
                let kept = all.entry(&attempt.key).or_default();
                if kept.len() < ATTEMPTS {
                    kept.push(Aged { attempt, age });
                }
            }
        }
        all
    }

    /// Gives how long people took to answer.
    pub(crate) fn waits(&self) -> impl Iterator<Item = &Wait> {
        self.runs.iter().flat_map(|run| &run.waits)
    }
}

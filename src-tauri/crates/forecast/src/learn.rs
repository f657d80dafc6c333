//! From what was seen to what is believed: a law for each kind of step, and what a whole run shares.

use std::collections::BTreeMap;

use crate::{
    history::{Aged, Course, History, Key},
    law::{Law, Seen},
};

/// The variance of a duration's logarithm where nothing is known (a scatter of about 40 %).
const VARIANCE: f64 = 0.16;
/// How many attempts that is worth.
const VARIANCE_WEIGHT: f64 = 4.0;
/// The variance of what all steps of a run share.
const SHARED: f64 = 0.02;
/// How many runs that is worth.
const SHARED_WEIGHT: f64 = 5.0;
/// How many attempts the rate of repetitions of all steps is worth for one of them.
const AGAIN_WEIGHT: f64 = 4.0;
/// How many repetitions it is worth that one doubles the time.
const LONGER_WEIGHT: f64 = 2.0;
/// What a step takes that nobody knows anything of, in seconds.
const UNKNOWN_SECONDS: f64 = 30.0;
/// The shortest duration that is told apart, in seconds.
const SHORTEST: f64 = 0.001;

/// What is believed after some runs.
#[derive(Clone, Debug)]
pub(crate) struct Learned {
    laws: BTreeMap<Key, Law>,
    /// By kind of step: the mean of the logarithm over services, and its variance between them.
    kinds: BTreeMap<&'static str, (f64, f64)>,
    /// The variance of what all steps of a run share.
    pub(crate) shared: f64,
}

impl Learned {
    pub(crate) fn from(history: &History) -> Self {
        let all = history.attempts();
        let straight: Series<'_> = all
            .iter()
            .map(|(key, aged)| (*key, logs(aged)))
            .filter(|(_, seen)| !seen.is_empty())
            .collect();
        let runs = Runs::of(&straight);
        let laws: BTreeMap<Key, Law> = straight
            .iter()
            .map(|(key, seen)| ((*key).clone(), runs.law(seen)))
            .collect();
        let mut learned = Self {
            kinds: kinds(&laws),
            shared: runs.shared * (1.0 + 1.0 / runs.count.max(1.0)),
            laws,
        };
        learned.repetitions(&all);
        learned
    }

    /// Gives the law of a kind of step and whether it comes from its own past; else from the same
    /// kind in other services, from an estimate in seconds, or from nothing at all.
    pub(crate) fn law(&self, key: &Key, estimate: Option<f64>) -> (Law, Origin) {
        if let Some(law) = self.laws.get(key) {
            return (law.clone(), Origin::Own);
        }
        if let Some((mean, between)) = self.kinds.get(key.kind) {
            return (Law::assumed(*mean, between + VARIANCE), Origin::Others);
        }
        let seconds = estimate.unwrap_or(UNKNOWN_SECONDS).max(SHORTEST);
        (Law::assumed(seconds.ln(), 2.0 * VARIANCE), Origin::Assumed)
    }

    fn repetitions(&mut self, all: &BTreeMap<&Key, Vec<Aged<'_>>>) {
        let repeated = |aged: &&Aged<'_>| aged.attempt.course != Course::Straight;
        let (mut some, mut tries, mut longer) = (0.0, 0.0, Vec::new());
        for (key, aged) in all {
            some += aged.iter().filter(repeated).count() as f64;
            tries += aged.len() as f64;
            let mean = self.laws.get(*key).map(|law| law.mean);
            let late = aged
                .iter()
                .filter(|aged| aged.attempt.course == Course::Repeated);
            longer.extend(late.filter_map(|aged| Some(log(aged) - mean?)));
        }
        let rate = (some + 0.5) / (tries + 1.0);
        let longer = (longer.iter().sum::<f64>() + LONGER_WEIGHT * std::f64::consts::LN_2)
            / (longer.len() as f64 + LONGER_WEIGHT);
        for (key, law) in &mut self.laws {
            let aged = all.get(key).map(Vec::as_slice).unwrap_or_default();
            let own = aged.iter().filter(repeated).count() as f64;
            law.again = (own + AGAIN_WEIGHT * rate) / (aged.len() as f64 + AGAIN_WEIGHT);
            law.longer = longer.max(0.0);
        }
    }
}

/// Where a law comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    Own,
    Others,
    Assumed,
}

/// The straight attempts of each kind of step with the age of their run.
type Series<'a> = BTreeMap<&'a Key, Vec<(usize, Seen)>>;

fn log(aged: &Aged<'_>) -> f64 {
    aged.attempt.seconds.max(SHORTEST).ln()
}

fn logs(aged: &[Aged<'_>]) -> Vec<(usize, Seen)> {
    aged.iter()
        .filter(|aged| aged.attempt.course == Course::Straight)
        .map(|aged| {
            let (log, weight) = (log(aged), aged.weight());
            (aged.age, Seen { log, weight })
        })
        .collect()
}

fn mean(seen: &[(usize, Seen)]) -> f64 {
    let whole: f64 = seen.iter().map(|(_, seen)| seen.weight).sum();
    seen.iter()
        .map(|(_, seen)| seen.weight * seen.log)
        .sum::<f64>()
        / whole
}

/// What the steps of each run had in common.
struct Runs {
    /// By age: how much slower the run was than usual, as a logarithm.
    slower: BTreeMap<usize, f64>,
    shared: f64,
    count: f64,
}

impl Runs {
    fn of(series: &Series<'_>) -> Self {
        let mut residuals: BTreeMap<usize, Vec<f64>> = BTreeMap::new();
        let mut squares = (0.0, 0.0);
        for seen in series.values().filter(|seen| seen.len() > 1) {
            let mean = mean(seen);
            for (age, seen) in seen {
                residuals.entry(*age).or_default().push(seen.log - mean);
                squares.0 += (seen.log - mean).powi(2);
            }
            squares.1 += seen.len() as f64 - 1.0;
        }
        let within = (squares.0 + VARIANCE_WEIGHT * VARIANCE) / (squares.1 + VARIANCE_WEIGHT);
        let means: BTreeMap<usize, (f64, f64)> = residuals
            .into_iter()
            .map(|(age, all)| {
                let count = all.len() as f64;
                (age, (all.iter().sum::<f64>() / count, within / count))
            })
            .collect();
        let count = means.len() as f64;
        let seen: f64 = means
            .values()
            .map(|(mean, noise)| mean * mean - noise)
            .sum();
        // The means were taken over the same runs, which hides a part of what they share.
        let seen = (seen / (count - 1.0).max(1.0)).max(0.0);
        let shared = (count * seen + SHARED_WEIGHT * SHARED) / (count + SHARED_WEIGHT);
        let slower = means
            .iter()
            .map(|(age, (mean, noise))| (*age, mean * shared / (shared + noise)))
            .collect();
        Self {
            slower,
            shared,
            count,
        }
    }

    /// Builds the law of a kind of step, without what its runs shared.
    fn law(&self, seen: &[(usize, Seen)]) -> Law {
        let alone: Vec<Seen> = seen
            .iter()
            .map(|(age, seen)| Seen {
                log: seen.log - self.slower.get(age).copied().unwrap_or(0.0),
                weight: seen.weight,
            })
            .collect();
        let count = alone.len() as f64;
        let whole: f64 = alone.iter().map(|seen| seen.weight).sum();
        let mean = alone.iter().map(|seen| seen.weight * seen.log).sum::<f64>() / whole;
        let around = alone
            .iter()
            .map(|seen| seen.weight * (seen.log - mean).powi(2))
            .sum::<f64>()
            / whole;
        // Past one attempt the mean itself takes a degree of freedom.
        let own = around * count;
        let assumed = VARIANCE_WEIGHT * (VARIANCE - SHARED);
        let variance = (own + assumed) / (count - 1.0 + VARIANCE_WEIGHT);
        Law::around(&alone, variance * (1.0 + 1.0 / count))
    }
}

fn kinds(laws: &BTreeMap<Key, Law>) -> BTreeMap<&'static str, (f64, f64)> {
    let mut means: BTreeMap<&'static str, Vec<f64>> = BTreeMap::new();
    for (key, law) in laws {
        means.entry(key.kind).or_default().push(law.mean);
    }
    let moments = |means: Vec<f64>| {
        let count = means.len() as f64;
        let mean = means.iter().sum::<f64>() / count;
        let squares: f64 = means.iter().map(|one| (one - mean).powi(2)).sum();
        (
            mean,
            (squares + VARIANCE_WEIGHT * VARIANCE) / (count + VARIANCE_WEIGHT),
        )
    };
    means
        .into_iter()
        .map(|(kind, means)| (kind, moments(means)))
        .collect()
}

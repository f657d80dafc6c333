//! Evidence from counts: errors, slow requests, restarts.
//!
//! Given how many events both arms saw together in a bucket, how they divide between the arms depends
//! on the ratio of the two rates alone, and on nothing that both arms share: not on the time of day, not
//! on an incident that hits both. The evidence is a likelihood ratio over a grid of worse ratios,
//! discounted so that noise between the arms is not taken for harm.
//!
//! The discount of every bucket depends on the noise that is estimated from all of them, so a new
//! bucket means work for those kept. [`KEPT`] buckets are kept; older ones are settled: their evidence
//! stays as it was discounted when they left. Up to [`KEPT`] buckets this is the reference to the
//! last digit that matters; beyond, it gives up that what is learnt of the noise later corrects
//! evidence that is older.

mod interval;
mod scatter;

use std::collections::VecDeque;

use crate::{
    hypothesis::{Hypothesis, Orientation, Restarts},
    logarithm,
    noise::Noise,
    sample::Count,
    starts::Starts,
};
use interval::{Likelihoods, Shape};
use scatter::Scatter;

/// How many buckets are kept as they came.
pub const KEPT: usize = 120;

/// How many worse ratios the evidence is averaged over.
const GRID: usize = 24;

type Logs = [f64; GRID];

/// Both arms of one bucket, whole.
#[derive(Clone, Copy, Debug)]
struct Pair {
    canary: Count,
    baseline: Count,
}

impl Pair {
    fn events(&self) -> f64 {
        self.canary.events + self.baseline.events
    }

    /// Gives the share of events that falls to the canary if the ratio of the rates is `theta`, and
    /// the rest; the rest is computed on its own, because one minus the share may be lost in rounding.
    fn shares(&self, theta: f64) -> (f64, f64) {
        let canary = theta * self.canary.of;
        let whole = canary + self.baseline.of;
        (canary / whole, self.baseline.of / whole)
    }

    fn variance(&self, theta: f64) -> f64 {
        let (share, rest) = self.shares(theta);
        self.events() * share * rest
    }

    fn seen_from(self, orientation: Orientation) -> Self {
        match orientation {
            Orientation::CanaryOverBaseline => self,
            Orientation::BaselineOverCanary => Self {
                canary: self.baseline,
                baseline: self.canary,
            },
        }
    }
}

/// What one bucket says to one test before any discount.
#[derive(Clone, Copy, Debug)]
struct Likelihood {
    logs: Logs,
    /// The variance of the canary's events if the claim is just true.
    variance: f64,
}

impl Likelihood {
    fn new(pair: Pair, hypothesis: &Hypothesis) -> Self {
        let seen = pair.seen_from(hypothesis.orientation);
        let events = seen.events();
        let claimed = hypothesis.theta * seen.canary.of + seen.baseline.of;
        let mut logs = [0.0; GRID];
        if events > 0.0 {
            for (step, log) in (1_u32..).zip(&mut logs) {
                let exponent = f64::from(step) / 4.0;
                let theta = hypothesis.theta * exponent.exp2();
                let both = (claimed / (theta * seen.canary.of + seen.baseline.of)).ln();
                *log = seen.canary.events * (exponent * std::f64::consts::LN_2) + events * both;
            }
        }
        Self {
            logs,
            variance: seen.variance(hypothesis.theta),
        }
    }

    fn add_to(&self, sums: &mut Logs, variance: f64, kappa: f64) {
        let discount = 1.0 / (1.0 + variance.max(self.variance) * kappa);
        for (sum, log) in sums.iter_mut().zip(&self.logs) {
            *sum += discount * log;
        }
    }
}

#[derive(Clone, Debug)]
struct Kept {
    pair: Pair,
    shape: Shape,
    likelihoods: Vec<Likelihood>,
}

/// What one start remembers.
#[derive(Clone, Debug)]
struct Memory {
    /// The number of the first whole bucket that belongs to it.
    from: u64,
    totals: Totals,
    scatter: Scatter,
    settled: Vec<Logs>,
    ratio: f64,
    kappa: f64,
}

/// Everything that both arms counted.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Totals {
    /// Events in the canary.
    pub canary_events: f64,
    /// What they were counted out of.
    pub canary_of: f64,
    /// Events in the baseline.
    pub baseline_events: f64,
    /// What they were counted out of.
    pub baseline_of: f64,
}

impl Totals {
    fn add(&mut self, pair: &Pair) {
        self.canary_events += pair.canary.events;
        self.canary_of += pair.canary.of;
        self.baseline_events += pair.baseline.events;
        self.baseline_of += pair.baseline.of;
    }

    /// Gives the ratio of the rates, drawn a little to one where there are few events.
    fn ratio(&self) -> f64 {
        let canary = (self.canary_events + 0.5) / self.canary_of.max(1.0);
        let baseline = (self.baseline_events + 0.5) / self.baseline_of.max(1.0);
        (canary / baseline).clamp(1e-3, 1e3)
    }
}

/// The tests of one metric that counts.
#[derive(Clone, Debug)]
pub struct Counts {
    noise: Noise,
    tests: Vec<Hypothesis>,
    window: VecDeque<Kept>,
    /// How many whole buckets there were.
    whole: u64,
    starts: Starts<Memory>,
    older: Likelihoods,
}

impl Counts {
    /// Begins the tests of some hypotheses on the same data.
    pub fn new(noise: Noise, tests: Vec<Hypothesis>) -> Self {
        Self {
            noise,
            window: VecDeque::new(),
            whole: 0,
            starts: Starts::new(tests.len()),
            older: Likelihoods::new(),
            tests,
        }
    }

    /// Takes the next bucket in; without both arms it only lets time pass.
    pub fn push(&mut self, canary: Option<Count>, baseline: Option<Count>) {
        let from = self.whole;
        let (tests, kappa) = (self.tests.len(), self.noise.kappa);
        self.starts.step(|| Memory::new(from, tests, kappa));
        if let (Some(canary), Some(baseline)) = (canary, baseline) {
            self.take(Pair { canary, baseline });
        }
    }

    /// Lets the next bucket begin a start, as after a change of the traffic weight.
    pub fn restart(&mut self) {
        self.starts.hasten();
    }

    /// Gives the logarithm of the e-value of a test, over all its starts.
    pub fn log_e(&self, test: usize) -> f64 {
        match self.tests.get(test).map(|test| test.restarts) {
            Some(Restarts::EveryFive) => self.starts.log_e(test),
            Some(Restarts::Never) | None => self.plain(test),
        }
    }

    /// Gives the logarithm of the e-value of a test from the first bucket on.
    pub fn plain(&self, test: usize) -> f64 {
        let first = self.starts.first();
        first.map_or(0.0, |start| start.log_e.get(test).copied().unwrap_or(0.0))
    }

    /// Gives the estimated ratio of canary to baseline, if there was a whole bucket.
    pub fn ratio(&self) -> Option<f64> {
        self.memory().map(|memory| memory.ratio)
    }

    /// Gives the estimated relative variance between the arms.
    pub fn kappa(&self) -> f64 {
        self.memory()
            .map_or(self.noise.kappa, |memory| memory.kappa)
    }

    /// Gives everything that was counted.
    pub fn totals(&self) -> Totals {
        self.memory()
            .map_or_else(Totals::default, |memory| memory.totals)
    }

    /// Gives the interval that holds the ratio of canary to baseline, at any time with a chance of
    /// at least `1 - alpha`; its ends are 0 and infinity where nothing bounds it.
    pub fn interval(&self, alpha: f64) -> (f64, f64) {
        let Some(memory) = self.memory() else {
            return (0.0, f64::INFINITY);
        };
        let mut logs = self.older.clone();
        for kept in &self.window {
            logs.add(&kept.shape, memory.discount(&kept.pair));
        }
        logs.ends(alpha)
    }

    fn memory(&self) -> Option<&Memory> {
        let first = self.starts.first().map(|start| &start.state);
        first.filter(|_| self.whole > 0)
    }

    fn take(&mut self, pair: Pair) {
        let likelihoods = self
            .tests
            .iter()
            .map(|test| Likelihood::new(pair, test))
            .collect();
        self.window.push_back(Kept {
            shape: Shape::new(&pair),
            pair,
            likelihoods,
        });
        self.whole += 1;
        if self.window.len() > KEPT {
            self.settle();
        }
        let oldest = self.whole - self.window.len() as u64;
        for (place, start) in self.starts.live().enumerate() {
            let memory = &mut start.state;
            memory.totals.add(&pair);
            let skipped = memory.from.saturating_sub(oldest);
            let own = self
                .window
                .iter()
                .skip(usize::try_from(skipped).unwrap_or(usize::MAX));
            let variances = memory.estimate(&self.noise, own.clone());
            for (number, (test, log_e)) in self.tests.iter().zip(&mut start.log_e).enumerate() {
                if place == 0 || test.restarts == Restarts::EveryFive {
                    *log_e = memory.evidence(number, own.clone(), &variances);
                }
            }
        }
    }

    fn settle(&mut self) {
        let number = self.whole - self.window.len() as u64;
        let Some(leaving) = self.window.pop_front() else {
            return;
        };
        if let Some(first) = self.starts.first() {
            let memory = &first.state;
            self.older
                .add(&leaving.shape, memory.discount(&leaving.pair));
        }
        for start in self.starts.live() {
            if start.state.from <= number {
                start.state.settle(&leaving);
            }
        }
    }
}

impl Memory {
    fn new(from: u64, tests: usize, kappa: f64) -> Self {
        Self {
            from,
            totals: Totals::default(),
            scatter: Scatter::default(),
            settled: vec![[0.0; GRID]; tests],
            ratio: 1.0,
            kappa,
        }
    }

    /// Gives how much a bucket counts in the interval.
    fn discount(&self, pair: &Pair) -> f64 {
        1.0 / (1.0 + scatter::Deviation::new(pair, self.ratio).variance * self.kappa)
    }

    /// Estimates ratio and noise, and gives the variance of each kept bucket.
    fn estimate<'a>(
        &mut self,
        noise: &Noise,
        kept: impl Iterator<Item = &'a Kept> + Clone,
    ) -> Vec<f64> {
        self.ratio = self.totals.ratio();
        let theta = self.ratio;
        let seen: Vec<scatter::Deviation> = kept
            .map(|kept| scatter::Deviation::new(&kept.pair, theta))
            .collect();
        self.kappa = self.scatter.kappa(noise, &seen);
        seen.iter().map(|seen| seen.variance).collect()
    }

    fn evidence<'a>(
        &self,
        test: usize,
        kept: impl Iterator<Item = &'a Kept>,
        variances: &[f64],
    ) -> f64 {
        let mut sums = self.settled.get(test).copied().unwrap_or([0.0; GRID]);
        for (kept, variance) in kept.zip(variances) {
            if let Some(likelihood) = kept.likelihoods.get(test) {
                likelihood.add_to(&mut sums, *variance, self.kappa);
            }
        }
        logarithm::mean_exp(&sums)
    }

    fn settle(&mut self, leaving: &Kept) {
        let deviation = scatter::Deviation::new(&leaving.pair, self.ratio);
        for (sums, likelihood) in self.settled.iter_mut().zip(&leaving.likelihoods) {
            likelihood.add_to(sums, deviation.variance, self.kappa);
        }
        self.scatter.settle(deviation);
    }
}

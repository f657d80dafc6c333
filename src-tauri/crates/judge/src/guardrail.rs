//! A share of bad events that no version may exceed, whatever the other version does.

use crate::{logarithm, sample::Count, starts::Starts};

/// How many worse shares the evidence is averaged over.
const GRID: u32 = 24;

/// Evidence, in one arm alone, that the share of bad events is above a limit.
///
/// A likelihood ratio over a grid of larger shares, discounted like the comparison of the arms, so
/// that one strange bucket is not enough, and begun again every five buckets, so that a long
/// healthy time does not weigh against what happens now: an incident that hits both arms has to
/// show in both at about the same time.
#[derive(Clone, Debug)]
pub(crate) struct Guardrail {
    limit: f64,
    kappa: f64,
    shares: Vec<f64>,
    starts: Starts<Vec<f64>>,
}

impl Guardrail {
    pub(crate) fn new(limit: f64, kappa: f64) -> Self {
        // From just above the limit towards one, evenly in the odds.
        let odds = limit / (1.0 - limit);
        let shares: Vec<f64> = (1..=GRID)
            .map(|step| odds * (f64::from(step) / 4.0).exp2())
            .map(|odds| odds / (1.0 + odds))
            .collect();
        Self {
            limit,
            kappa,
            starts: Starts::new(1),
            shares,
        }
    }

    pub(crate) fn push(&mut self, count: Option<Count>) {
        let grid = self.shares.len();
        self.starts.step(|| vec![0.0; grid]);
        let Some(count) = count else { return };
        let steps = self.steps(count);
        for start in self.starts.live() {
            for (sum, step) in start.state.iter_mut().zip(&steps) {
                *sum += step;
            }
            let log_e = logarithm::mean_exp(&start.state);
            start.log_e.fill(log_e);
        }
    }

    pub(crate) fn log_e(&self) -> f64 {
        self.starts.log_e(0)
    }

    /// Gives what a bucket says for each larger share.
    fn steps(&self, count: Count) -> Vec<f64> {
        let seen = (count.events / count.of).min(1.0);
        let expected = count.of * self.limit * (1.0 - self.limit);
        let variance = expected.max(count.of * seen * (1.0 - seen));
        let discount = 1.0 / (1.0 + variance * self.kappa);
        let good = (count.of - count.events).max(0.0);
        let step = |share: &f64| {
            let bad = count.events * (share / self.limit).ln();
            let fine = good * ((1.0 - share) / (1.0 - self.limit)).ln();
            discount * (bad + fine)
        };
        self.shares.iter().map(step).collect()
    }
}

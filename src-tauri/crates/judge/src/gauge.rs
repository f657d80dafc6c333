//! Evidence from gauges: latencies, processor time, memory, lag.
//!
//! What is looked at is the logarithm of canary over baseline, bucket by bucket, so that whatever moves
//! both arms alike cancels. Its scatter and its correlation from bucket to bucket are estimated and
//! blended with what is assumed of the service; the assumed scatter comes from how much the baseline
//! alone jumps from bucket to bucket, also before the release. Sums are enough for all of it, so
//! a new bucket costs the same work for ever; only the median of the jumps needs them kept, and
//! [`JUMPS`] of them are.

mod jumps;

use crate::{
    hypothesis::{Hypothesis, Orientation, Restarts},
    logarithm::normal_cdf,
    noise::Noise,
    starts::Starts,
};
use jumps::Jumps;

pub use jumps::JUMPS;

/// The variance of the prior on the standardised effect.
const PRIOR_VARIANCE: f64 = 0.25;
/// How many pairs it takes before there is any evidence.
const FEWEST: f64 = 3.0;
/// The highest correlation that is believed.
const MOST_CORRELATION: f64 = 0.95;
/// The smallest scatter that is believed.
const LEAST_SCATTER: f64 = 0.02;
/// Log ratios beyond this are cut off, so that no number overflows.
const FARTHEST: f64 = 300.0;

/// How the two arms of a gauge are compared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scale {
    /// By their ratio; both must be greater than zero.
    Ratio,
    /// By their difference in units of this size, for a gauge that may be zero, such as a queue's
    /// length.
    Difference(f64),
}

impl Scale {
    fn compare(self, canary: f64, baseline: f64) -> Option<f64> {
        match self {
            Self::Ratio => {
                let (canary, baseline) = (self.level(canary)?, self.level(baseline)?);
                Some((canary - baseline).clamp(-FARTHEST, FARTHEST))
            }
            Self::Difference(unit) => {
                let difference = (canary - baseline) / unit;
                Some(difference.clamp(-1e12, 1e12))
            }
        }
    }

    fn level(self, value: f64) -> Option<f64> {
        match self {
            Self::Ratio => (value > 0.0).then(|| value.ln()),
            Self::Difference(unit) => Some(value / unit),
        }
    }

    /// Gives the bound of a claim on this scale.
    fn bound(self, theta: f64) -> f64 {
        match self {
            Self::Ratio => theta.ln(),
            Self::Difference(_) => theta - 1.0,
        }
    }

    /// Gives what a place on this scale means as a ratio.
    fn ratio(self, place: f64) -> f64 {
        match self {
            Self::Ratio => place.exp(),
            Self::Difference(_) => 1.0 + place,
        }
    }
}

/// Sums over the pairs of one start, in relation to its first pair.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    pairs: f64,
    first: f64,
    last: f64,
    sum: f64,
    squares: f64,
    products: f64,
}

/// What the sums say about the pairs.
#[derive(Clone, Copy, Debug)]
struct Statistics {
    mean: f64,
    /// The variance that a sum grows by with each pair in the long run.
    long_run: f64,
    phi: f64,
}

impl Sums {
    fn add(&mut self, value: f64) {
        if self.pairs == 0.0 {
            self.first = value;
        }
        let this = value - self.first;
        if self.pairs > 0.0 {
            self.products += this * self.last;
        }
        self.pairs += 1.0;
        self.sum += this;
        self.squares += this * this;
        self.last = this;
    }

    /// Gives the statistics, once there are enough pairs.
    fn statistics(&self, noise: &Noise, scatter: f64) -> Option<Statistics> {
        let n = self.pairs;
        if n < FEWEST {
            return None;
        }
        let mean = self.sum / n;
        let around = (self.squares - n * mean * mean).max(0.0);
        // The first pair is zero in relation to itself, the last is left out once.
        let neighbours =
            self.products - mean * (2.0 * self.sum - self.last) + (n - 1.0) * mean * mean;
        let raw = (neighbours / around.max(1e-12)).clamp(-0.5, 0.99);
        let unbiased = raw + (1.0 + 3.0 * raw.max(0.0)) / n;
        let blended = (noise.phi_weight * noise.phi + n * unbiased) / (noise.phi_weight + n);
        let phi = blended.clamp(0.0, MOST_CORRELATION);
        let assumed = noise.scatter_weight * scatter * scatter;
        let variance = (assumed + around) / (noise.scatter_weight + n - 1.0);
        let variance = variance.max(LEAST_SCATTER * LEAST_SCATTER);
        Some(Statistics {
            mean: mean + self.first,
            long_run: variance * (1.0 + phi) / (1.0 - phi),
            phi,
        })
    }
}

impl Statistics {
    /// Gives the logarithm of the e-value against "the mean is at most `bound`".
    fn log_e(&self, pairs: f64, orientation: Orientation, bound: f64) -> f64 {
        let mean = match orientation {
            Orientation::CanaryOverBaseline => self.mean - bound,
            Orientation::BaselineOverCanary => -self.mean - bound,
        };
        let sum = pairs * mean / self.long_run.sqrt();
        let spread = pairs + 1.0 / PRIOR_VARIANCE;
        std::f64::consts::LN_2 - 0.5 * (spread * PRIOR_VARIANCE).ln()
            + sum * sum / (2.0 * spread)
            + normal_cdf(sum / spread.sqrt())
    }

    /// Gives how far the mean may be from the truth, at any time, with a chance of `alpha` to err.
    fn radius(&self, pairs: f64, alpha: f64) -> f64 {
        let spread = pairs + 1.0 / PRIOR_VARIANCE;
        let bound = (1.0 / alpha).ln() + 0.5 * (spread * PRIOR_VARIANCE).ln();
        (2.0 * spread * bound).sqrt() * self.long_run.sqrt() / pairs
    }
}

/// The tests of one gauge.
#[derive(Clone, Debug)]
pub struct Gauge {
    noise: Noise,
    scale: Scale,
    tests: Vec<Hypothesis>,
    jumps: Jumps,
    starts: Starts<Sums>,
}

impl Gauge {
    /// Begins the tests of some hypotheses on the same data; `history` is what the baseline was
    /// before the release, oldest first.
    pub fn new(noise: Noise, scale: Scale, tests: Vec<Hypothesis>, history: &[f64]) -> Self {
        let mut gauge = Self {
            noise,
            scale,
            jumps: Jumps::default(),
            starts: Starts::new(tests.len()),
            tests,
        };
        gauge.remember(history);
        gauge
    }

    /// Takes in what the baseline was before the first bucket, oldest first.
    pub fn remember(&mut self, history: &[f64]) {
        for level in history.iter().filter_map(|value| self.scale.level(*value)) {
            self.jumps.add(level);
        }
    }

    /// Takes the next bucket in; without both arms it only lets time pass.
    pub fn push(&mut self, canary: Option<f64>, baseline: Option<f64>) {
        self.starts.step(Sums::default);
        if let Some(level) = baseline.and_then(|value| self.scale.level(value)) {
            self.jumps.add(level);
        }
        let both = canary.zip(baseline);
        let compared = both.and_then(|(canary, baseline)| self.scale.compare(canary, baseline));
        let scatter = self.jumps.scatter();
        for (place, start) in self.starts.live().enumerate() {
            if let Some(compared) = compared {
                start.state.add(compared);
            }
            let Some(statistics) = start.state.statistics(&self.noise, scatter) else {
                continue;
            };
            for (test, log_e) in self.tests.iter().zip(&mut start.log_e) {
                if place == 0 || test.restarts == Restarts::EveryFive {
                    let bound = self.scale.bound(test.theta);
                    *log_e = statistics.log_e(start.state.pairs, test.orientation, bound);
                }
            }
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

    /// Gives how many buckets brought both arms in a form that can be compared.
    pub fn pairs(&self) -> f64 {
        self.starts.first().map_or(0.0, |start| start.state.pairs)
    }

    /// Gives the estimated ratio of canary to baseline, once there are three pairs.
    pub fn ratio(&self) -> Option<f64> {
        let (_, statistics) = self.statistics()?;
        Some(self.scale.ratio(statistics.mean))
    }

    /// Gives the correlation from bucket to bucket that is reckoned with.
    pub fn phi(&self) -> f64 {
        self.statistics()
            .map_or(self.noise.phi, |(_, statistics)| statistics.phi)
    }

    /// Gives the scatter that is assumed, as the jumps of the baseline show it.
    pub fn scatter(&self) -> f64 {
        self.jumps.scatter()
    }

    /// Gives the interval that holds the ratio of canary to baseline, at any time with a chance of
    /// at least `1 - alpha`.
    pub fn interval(&self, alpha: f64) -> (f64, f64) {
        let Some((pairs, statistics)) = self.statistics() else {
            return (0.0, f64::INFINITY);
        };
        let radius = statistics.radius(pairs, alpha);
        let low = self.scale.ratio((statistics.mean - radius).max(-FARTHEST));
        let high = self.scale.ratio((statistics.mean + radius).min(FARTHEST));
        (low, high)
    }

    fn statistics(&self) -> Option<(f64, Statistics)> {
        let sums = self.starts.first()?.state;
        let statistics = sums.statistics(&self.noise, self.jumps.scatter())?;
        Some((sums.pairs, statistics))
    }
}

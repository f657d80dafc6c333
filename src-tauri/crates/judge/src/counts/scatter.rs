//! How far the buckets scatter around the estimated ratio, beyond what chance explains.

use super::Pair;
use crate::noise::{Learning, Noise};

/// How many buckets the scatter may be correlated over.
const LAGS: usize = 5;

/// How many buckets the assumption about the noise is worth.
const PRIOR: f64 = 10.0;

/// How far the canary's events of a bucket are from what the ratio makes expected.
#[derive(Clone, Copy, Debug)]
pub(super) struct Deviation {
    pub(super) variance: f64,
    error: f64,
}

impl Deviation {
    pub(super) fn new(pair: &Pair, theta: f64) -> Self {
        let (share, rest) = pair.shares(theta);
        let events = pair.events();
        Self {
            variance: events * share * rest,
            error: pair.canary.events - events * share,
        }
    }
}

/// Sums over the buckets that are no longer kept.
#[derive(Clone, Debug, Default)]
pub(super) struct Scatter {
    sums: Sums,
    buckets: usize,
    /// The last settled buckets, newest last: the kept ones are correlated with them.
    last: Vec<Deviation>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    informative: f64,
    excess: f64,
    squares: f64,
    products: [Product; LAGS],
}

/// Sums of products of buckets that lie some buckets apart.
#[derive(Clone, Copy, Debug, Default)]
struct Product {
    errors: f64,
    variances: f64,
}

impl Sums {
    /// Adds a bucket, given those before it, newest last.
    fn add(&mut self, this: Deviation, before: &[Deviation]) {
        if this.variance > 1.0 {
            self.informative += 1.0;
        }
        self.excess += this.error * this.error - this.variance;
        self.squares += this.variance * this.variance;
        for (product, earlier) in self.products.iter_mut().zip(before.iter().rev()) {
            product.errors += this.error * earlier.error;
            product.variances += this.variance * earlier.variance;
        }
    }
}

impl Scatter {
    /// Estimates the relative variance between the arms, never below what is assumed.
    pub(super) fn kappa(&self, noise: &Noise, kept: &[Deviation]) -> f64 {
        let buckets = self.buckets + kept.len();
        if buckets < 3 || noise.learning == Learning::Off {
            return noise.kappa;
        }
        let mut sums = self.sums;
        let all: Vec<Deviation> = self.last.iter().chain(kept).copied().collect();
        for (place, this) in all.iter().enumerate().skip(self.last.len()) {
            sums.add(*this, all.get(..place).unwrap_or_default());
        }
        let excess = sums.relative(LAGS.min((buckets - 1) / 2));
        let blended =
            (PRIOR * noise.kappa + sums.informative * excess.max(0.0)) / (PRIOR + sums.informative);
        noise.kappa.max(blended)
    }

    pub(super) fn settle(&mut self, leaving: Deviation) {
        self.sums.add(leaving, &self.last);
        self.buckets += 1;
        if self.last.len() == LAGS {
            self.last.remove(0);
        }
        self.last.push(leaving);
    }
}

impl Sums {
    /// Gives the excess scatter in relation to the squared variances, with correlation over `lags`.
    fn relative(&self, lags: usize) -> f64 {
        let own = self.excess / self.squares.max(1e-9);
        let width = lags as f64 + 1.0;
        let lagged = self.products.iter().take(lags).zip(1_u32..);
        lagged.fold(own, |sum, (product, lag)| {
            let weight = 1.0 - f64::from(lag) / width;
            sum + 2.0 * weight * product.errors / product.variances.max(1e-9)
        })
    }
}

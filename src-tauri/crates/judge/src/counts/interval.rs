//! The interval that holds the ratio at any time.

use std::sync::LazyLock;

use super::Pair;
use crate::logarithm;

/// The grid that is inverted: 1/128 to 128 in steps of a sixteenth of a doubling.
const POINTS: usize = 225;

/// Gives the exponent of two of each point.
fn exponents() -> impl Iterator<Item = f64> {
    (-112_i32..=112).map(|step| f64::from(step) / 16.0)
}

/// What one bucket says at each point of the grid, before any discount.
///
/// It depends on nothing that is learnt later, so it is computed once and kept with the bucket: an
/// interval then costs no logarithms.
#[derive(Clone, Debug)]
pub(super) struct Shape(Box<[f64]>);

impl Shape {
    /// Factors that are the same at every point are left out: only differences are used.
    pub(super) fn new(pair: &Pair) -> Self {
        static GRID: LazyLock<Vec<(f64, f64)>> = LazyLock::new(|| {
            exponents()
                .map(|exponent| (exponent, exponent.exp2()))
                .collect()
        });
        let events = pair.events();
        if events == 0.0 {
            return Self(Box::default());
        }
        let whole = pair.canary.of + pair.baseline.of;
        let at = |(exponent, ratio): &(f64, f64)| {
            let both = ((ratio * pair.canary.of + pair.baseline.of) / whole).ln();
            let canary = pair.canary.events * exponent * std::f64::consts::LN_2;
            canary - events * both
        };
        Self(GRID.iter().map(at).collect())
    }
}

/// The discounted log likelihood at each point of the grid, up to a constant.
#[derive(Clone, Debug)]
pub(super) struct Likelihoods(Vec<f64>);

impl Likelihoods {
    pub(super) fn new() -> Self {
        Self(vec![0.0; POINTS])
    }

    /// Adds a bucket, discounted.
    pub(super) fn add(&mut self, shape: &Shape, discount: f64) {
        for (log, own) in self.0.iter_mut().zip(&shape.0) {
            *log += discount * own;
        }
    }

    /// Gives the ends of the interval at the level `alpha`: all points that are not improbable
    /// against the mixture of all.
    pub(super) fn ends(&self, alpha: f64) -> (f64, f64) {
        let mixture = logarithm::mean_exp(&self.0);
        let bound = (1.0 / alpha).ln();
        let inside = |log: &f64| mixture - log < bound;
        let point = |place: usize| exponents().nth(place).map_or(1.0, f64::exp2);
        let low = match self.0.iter().position(inside) {
            Some(0) | None => 0.0,
            Some(place) => point(place),
        };
        let high = match self.0.iter().rposition(inside) {
            Some(place) if place + 1 < POINTS => point(place),
            Some(_) | None => f64::INFINITY,
        };
        (low, high)
    }
}

//! What a step may take: a distribution of durations, ready to be drawn from.

use std::sync::LazyLock;

use crate::random::{Random, unit};

/// How many durations a law keeps to draw from.
const PLACES: usize = 1024;
/// How far apart, in places, two neighbours of the normal curve lie; odd, and far from a simple share
/// of all places, so that past durations and how far they are moved go evenly through each other.
const STRIDE: usize = 619;
/// How much the lengthening by a repetition scatters, as a logarithm.
const LONGER_SCATTER: f64 = 0.3;
/// A logarithm of seconds beyond which nothing is told apart (some years).
const LONGEST: f64 = 19.0;

/// A duration that was seen, as a logarithm of seconds, and how much it counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Seen {
    pub(crate) log: f64,
    pub(crate) weight: f64,
}

/// What a step may take.
///
/// A draw picks one of the past durations and moves it a little (a smoothed bootstrap). Past durations are drawn
/// together or moved further, so that the whole has the variance that is believed.
#[derive(Clone, Debug, PartialEq)]
pub struct Law {
    /// Durations in seconds, each as likely as the others.
    places: Vec<f64>,
    /// The mean of the logarithm of the duration, in seconds.
    pub mean: f64,
    /// The variance of that logarithm, apart from what all steps of a run share.
    pub variance: f64,
    /// The chance that it has to be repeated.
    pub again: f64,
    /// By what a repetition lengthens it, as a logarithm.
    pub longer: f64,
}

impl Law {
    /// Builds the law of a step of which nothing of its own is known.
    pub fn assumed(mean: f64, variance: f64) -> Self {
        Self::smoothed(&[mean; PLACES], (mean, variance), variance.sqrt())
    }

    /// Builds a law around past durations; there must be some. `variance` is what is believed of
    /// it, with what is not known of the mean.
    pub(crate) fn around(seen: &[Seen], variance: f64) -> Self {
        let whole: f64 = seen.iter().map(|seen| seen.weight).sum();
        let moment = |of: &dyn Fn(f64) -> f64| {
            seen.iter()
                .map(|seen| seen.weight * of(seen.log))
                .sum::<f64>()
                / whole
        };
        let mean = moment(&|log| log);
        let own = moment(&|log| (log - mean).powi(2));
        let squares: f64 = seen.iter().map(|seen| seen.weight * seen.weight).sum();
        let count = whole * whole / squares;
        let smoothing = 1.06 * count.powf(-0.2);
        let kernel = (smoothing * smoothing * variance).max(variance - own);
        let kernel = kernel.min(variance);
        let pull = if own > 0.0 {
            ((variance - kernel) / own).sqrt()
        } else {
            0.0
        };
        let picked: Vec<f64> = places(seen, whole)
            .map(|log| mean + pull * (log - mean))
            .collect();
        Self::smoothed(&picked, (mean, variance), kernel.sqrt())
    }

    /// Moves each of many logarithms a little, and all of them together evenly.
    fn smoothed(picked: &[f64], (mean, variance): (f64, f64), kernel: f64) -> Self {
        let curve = normal_curve();
        let moved = picked.iter().enumerate().map(|(place, log)| {
            let move_by = curve.get(place * STRIDE % PLACES).copied();
            (log + kernel * move_by.unwrap_or(0.0)).min(LONGEST).exp()
        });
        Self {
            places: moved.collect(),
            mean,
            variance,
            again: 0.0,
            longer: 0.0,
        }
    }

    /// Draws a duration in seconds, without what all steps of a run share.
    pub(crate) fn draw(&self, random: &mut Random) -> f64 {
        let bits = random.bits();
        let place = (bits as usize) % PLACES;
        let once = self.places.get(place).copied().unwrap_or(0.0);
        // The upper bits say whether it is repeated; what they leave over is not used again.
        if unit(bits) < self.again {
            let longer = self.longer + LONGER_SCATTER * random.normal();
            return once * longer.max(0.0).exp();
        }
        once
    }
}

/// Gives the quantiles of the standard normal distribution, evenly spread.
fn normal_curve() -> &'static [f64] {
    static CURVE: LazyLock<Vec<f64>> = LazyLock::new(|| {
        let chance = |place: usize| (place as f64 + 0.5) / PLACES as f64;
        (0..PLACES).map(|place| quantile(chance(place))).collect()
    });
    &CURVE
}

/// Gives a quantile of the standard normal distribution, by halving.
fn quantile(chance: f64) -> f64 {
    let (mut low, mut high) = (-8.0, 8.0);
    for _ in 0..50 {
        let middle = f64::midpoint(low, high);
        if 0.5 * libm::erfc(-middle / std::f64::consts::SQRT_2) < chance {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::midpoint(low, high)
}

/// Gives past durations as often as they count.
fn places(seen: &[Seen], whole: f64) -> impl Iterator<Item = f64> + '_ {
    let step = whole / PLACES as f64;
    let mut left = seen.iter().peekable();
    let mut passed = 0.0;
    (0..PLACES).filter_map(move |place| {
        let wanted = (place as f64 + 0.5) * step;
        while let Some(next) = left.next_if(|next| passed + next.weight < wanted) {
            passed += next.weight;
        }
        let picked = left.peek().copied().or(seen.last());
        picked.map(|seen| seen.log)
    })
}

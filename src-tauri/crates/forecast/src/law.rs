//! What a step may take: a distribution of durations, ready to be drawn from.

use crate::random::{Random, nearly_normal};

/// How many places a law keeps for past durations.
const PLACES: usize = 256;
/// How much the lengthening by a repetition scatters, as a logarithm.
const LONGER_SCATTER: f64 = 0.3;

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
    places: Vec<f64>,
    kernel: f64,
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
        Self {
            places: vec![mean; PLACES],
            kernel: variance.sqrt(),
            mean,
            variance,
            again: 0.0,
            longer: 0.0,
        }
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
        Self {
            places: places(seen, whole)
                .map(|log| mean + pull * (log - mean))
                .collect(),
            kernel: kernel.sqrt(),
            mean,
            variance,
            again: 0.0,
            longer: 0.0,
        }
    }

    /// Draws the logarithm of a duration in seconds, without what all steps of a run share.
    pub(crate) fn draw(&self, random: &mut Random) -> f64 {
        let bits = random.bits();
        let place = (bits as usize) % PLACES;
        let picked = self.places.get(place).copied().unwrap_or(self.mean);
        let once = picked + self.kernel * nearly_normal(bits >> 8);
        if self.again > 0.0 && random.unit() < self.again {
            let scatter = LONGER_SCATTER * nearly_normal(random.bits());
            return once + (self.longer + scatter).max(0.0);
        }
        once
    }
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

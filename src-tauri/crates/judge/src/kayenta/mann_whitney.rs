//! The shift between two samples by ranks: the estimate of Hodges and Lehmann and its interval.

use super::statistics::sorted;

/// How close roots are found where the unit is not looked at.
const TOLERANCE: f64 = 1e-4;
/// How often a root is improved at most.
const ROUNDS: u32 = 1000;
/// How far apart values are set that are all the same.
const SPREAD: f64 = 1e-5;

/// Two samples.
#[derive(Clone, Debug, PartialEq)]
pub struct Sides {
    /// The canary.
    pub canary: Vec<f64>,
    /// The baseline.
    pub baseline: Vec<f64>,
}

impl Sides {
    /// Sets values a little apart in an arm whose values are all the same.
    ///
    /// Kayenta adds random noise for this; here it is spread evenly like a normal sample would be,
    /// so that the same data give the same class.
    pub fn untied(canary: &[f64], baseline: &[f64]) -> Self {
        Self {
            canary: untied(canary),
            baseline: untied(baseline),
        }
    }
}

/// Where the canary lies in relation to the baseline.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The lower end of the interval.
    pub low: f64,
    /// The upper end of the interval.
    pub high: f64,
    /// The shift.
    pub shift: f64,
}

/// Estimates the shift with an interval of some confidence; `None` where all values are tied.
pub fn shift(sides: &Sides, confidence: f64, relative: bool) -> Option<Estimate> {
    let (canary, baseline) = (sorted(&sides.canary), sorted(&sides.baseline));
    let lowest = canary.first()? - baseline.last()?;
    let highest = canary.last()? - baseline.first()?;
    let quantile = normal_quantile((1.0 - confidence) / 2.0);
    let tolerance = if relative {
        TOLERANCE * (highest - lowest)
    } else {
        TOLERANCE
    };
    let ends = |quantile: f64| -> Option<f64> {
        let at = |shift: f64| standardised(sides, shift, quantile).unwrap_or(f64::NAN);
        let (low, high) = (at(lowest), at(highest));
        if low.is_nan() || high.is_nan() {
            None
        } else if low <= 0.0 {
            Some(lowest)
        } else if high >= 0.0 {
            Some(highest)
        } else {
            Some(root(at, (lowest, low), (highest, high), tolerance))
        }
    };
    Some(Estimate {
        low: ends(-quantile)?,
        high: ends(quantile)?,
        shift: ends(0.0)?,
    })
}

/// Gives the rank sum of the shifted canary in standard deviations, less a quantile; `None` where all
/// values are tied.
pub fn standardised(sides: &Sides, shift: f64, quantile: f64) -> Option<f64> {
    let (n, m) = (sides.canary.len() as f64, sides.baseline.len() as f64);
    let shifted = sides.canary.iter().map(|value| (value - shift, true));
    let mut all: Vec<(f64, bool)> = shifted
        .chain(sides.baseline.iter().map(|value| (*value, false)))
        .collect();
    all.sort_by(|(one, _), (other, _)| one.total_cmp(other));
    let (mut sum, mut ties, mut before) = (0.0, 0.0, 0.0);
    // -0.0 and 0.0 are the same value, so groups are made by equality and not by the order's bits.
    for group in all.chunk_by(|(one, _), (other, _)| one == other) {
        let count = group.len() as f64;
        let own = group.iter().filter(|(_, canary)| *canary).count() as f64;
        sum += own * (before + (count + 1.0) / 2.0);
        ties += count.powi(3) - count;
        before += count;
    }
    let centred = sum - n * (n + 1.0) / 2.0 - n * m / 2.0;
    let correction = if centred == 0.0 {
        0.0
    } else {
        0.5 * centred.signum()
    };
    let all = n + m;
    let variance = n * m / 12.0 * (all + 1.0 - ties / (all * (all - 1.0)));
    let spread = variance.max(0.0).sqrt();
    (spread > 0.0).then(|| (centred - correction) / spread - quantile)
}

/// Gives the quantile of the standard normal distribution, by halving: it is asked for rarely.
pub fn normal_quantile(chance: f64) -> f64 {
    let (mut low, mut high) = (-40.0, 40.0);
    for _ in 0..200 {
        let middle = f64::midpoint(low, high);
        if 0.5 * libm::erfc(-middle / std::f64::consts::SQRT_2) < chance {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::midpoint(low, high)
}

fn untied(values: &[f64]) -> Vec<f64> {
    let tied = values.windows(2).all(|pair| pair.first() == pair.last());
    if !tied {
        return values.to_vec();
    }
    let count = values.len() as f64;
    let places = (0..values.len()).map(|place| (place as f64 + 0.5) / count);
    values
        .iter()
        .zip(places)
        .map(|(value, place)| value + SPREAD * normal_quantile(place))
        .collect()
}

/// Where a root is looked for: the best place so far, the one before it, and one on the other side.
struct Bracket {
    best: (f64, f64),
    previous: (f64, f64),
    opposite: (f64, f64),
}

/// Finds a root between two places of different sign, by Brent's method.
///
/// The function is a staircase, so that which place on a step is found depends on the method and
/// its tolerance; it is the method of R's `uniroot`, whose results people compare with.
fn root(at: impl Fn(f64) -> f64, low: (f64, f64), high: (f64, f64), tolerance: f64) -> f64 {
    let mut bracket = Bracket {
        best: high,
        previous: low,
        opposite: low,
    };
    for _ in 0..ROUNDS {
        let last = bracket.best.0 - bracket.previous.0;
        if bracket.opposite.1.abs() < bracket.best.1.abs() {
            bracket.previous = bracket.best;
            bracket.best = bracket.opposite;
            bracket.opposite = bracket.previous;
        }
        let least = 2.0 * f64::EPSILON * bracket.best.0.abs() + tolerance / 2.0;
        let half = (bracket.opposite.0 - bracket.best.0) / 2.0;
        if half.abs() <= least || bracket.best.1 == 0.0 {
            return bracket.best.0;
        }
        let promising = last.abs() >= least && bracket.previous.1.abs() > bracket.best.1.abs();
        let guess = if promising {
            bracket.interpolated(last, least)
        } else {
            None
        };
        let step = guess.unwrap_or(half);
        let step = if step.abs() < least {
            least.copysign(step)
        } else {
            step
        };
        bracket.previous = bracket.best;
        bracket.best = (bracket.best.0 + step, at(bracket.best.0 + step));
        if bracket.best.1 * bracket.opposite.1 > 0.0 {
            bracket.opposite = bracket.previous;
        }
    }
    bracket.best.0
}

impl Bracket {
    /// Guesses a step by a line or a parabola, if it stays well inside and shrinks fast enough.
    fn interpolated(&self, last: f64, least: f64) -> Option<f64> {
        let width = self.opposite.0 - self.best.0;
        let (above, below) = if self.previous.0 == self.opposite.0 {
            let slope = self.best.1 / self.previous.1;
            (width * slope, 1.0 - slope)
        } else {
            let outer = self.previous.1 / self.opposite.1;
            let inner = self.best.1 / self.opposite.1;
            let ratio = self.best.1 / self.previous.1;
            let back = self.best.0 - self.previous.0;
            (
                ratio * (width * outer * (outer - inner) - back * (inner - 1.0)),
                (outer - 1.0) * (inner - 1.0) * (ratio - 1.0),
            )
        };
        let (above, below) = if above > 0.0 {
            (above, -below)
        } else {
            (-above, below)
        };
        let inside = above < 0.75 * width * below - (least * below).abs() / 2.0;
        (inside && above < (last * below / 2.0).abs()).then(|| above / below)
    }
}

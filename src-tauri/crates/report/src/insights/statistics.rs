//! Medians, rates and shares with their 95 % intervals.

use schemars::JsonSchema;
use serde::Serialize;

/// The normal quantile of a two-sided 95 % interval.
const Z: f64 = 1.959_963_984_540_054;

/// A median with how many values it rests on.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Median {
    /// How many values.
    pub n: u64,
    /// The median; absent without values.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub median: Option<f64>,
    /// The 95 % interval from order statistics; absent below six values, where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interval: Option<(f64, f64)>,
}

/// Events over time.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Rate {
    /// How many events.
    pub n: u64,
    /// How many per unit of time; absent without time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate: Option<f64>,
    /// The 95 % interval (Byar's approximation to Poisson's).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interval: Option<(f64, f64)>,
}

/// Some of all.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Share {
    /// How many of all.
    pub count: u64,
    /// How many there are.
    pub n: u64,
    /// The share; absent where there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub share: Option<f64>,
    /// The 95 % interval (Wilson's).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interval: Option<(f64, f64)>,
}

impl Median {
    /// Finds the median of some values.
    pub(super) fn of(values: &[f64]) -> Self {
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        Self {
            n: sorted.len() as u64,
            median: quantile(&sorted, 0.5),
            interval: bounds(&sorted),
        }
    }
}

/// Gives the order statistics that hold the median with at least 95 %.
fn bounds(sorted: &[f64]) -> Option<(f64, f64)> {
    let n = sorted.len();
    // The chance that at most `k` of `n` values lie below the median.
    let mut below = 0.0;
    let mut chance = 0.5_f64.powi(i32::try_from(n).ok()?);
    let mut rank = None;
    for k in 0..n {
        below += chance;
        if below > 0.025 {
            break;
        }
        rank = Some(k);
        chance *= (n - k) as f64 / (k + 1) as f64;
    }
    // Beyond a thousand values the first chance is nought: the normal rank is as good.
    let rank = match n > 1_000 {
        true => ((n as f64 - Z * (n as f64).sqrt()) / 2.0).floor() as usize,
        false => rank?,
    };
    Some((*sorted.get(rank)?, *sorted.get(n - 1 - rank)?))
}

/// Finds a quantile, between two values where it falls between them.
pub(super) fn quantile(values: &[f64], share: f64) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let place = share * sorted.len().checked_sub(1)? as f64;
    let (low, high) = (place.floor(), place.ceil());
    let (low, high) = (*sorted.get(low as usize)?, *sorted.get(high as usize)?);
    Some(low + (high - low) * (place - place.floor()))
}

impl Rate {
    /// Counts events over units of time.
    pub(super) fn of(count: u64, time: f64) -> Self {
        let (n, count) = (count, count as f64);
        if time <= 0.0 {
            return Self {
                n,
                rate: None,
                interval: None,
            };
        }
        let cube =
            |x: f64, shift: f64| x * (1.0 - 1.0 / (9.0 * x) + shift / (3.0 * x.sqrt())).powi(3);
        let low = if n == 0 {
            0.0
        } else {
            cube(count, -Z).max(0.0)
        };
        Self {
            n,
            rate: Some(count / time),
            interval: Some((low / time, cube(count + 1.0, Z) / time)),
        }
    }
}

impl Share {
    /// Counts some of all.
    pub(super) fn of(count: u64, n: u64) -> Self {
        if n == 0 {
            return Self {
                count,
                n,
                share: None,
                interval: None,
            };
        }
        let all = n as f64;
        let share = count as f64 / all;
        let widened = 1.0 + Z * Z / all;
        let centre = (share + Z * Z / (2.0 * all)) / widened;
        let half = Z / widened * (share * (1.0 - share) / all + Z * Z / (4.0 * all * all)).sqrt();
        Self {
            count,
            n,
            share: Some(share),
            interval: Some(((centre - half).max(0.0), (centre + half).min(1.0))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wilson_is_what_the_tables_say() {
        let (low, high) = Share::of(2, 10).interval.unwrap();
        assert!(
            (low - 0.0567).abs() < 1e-3 && (high - 0.5098).abs() < 1e-3,
            "{low} {high}"
        );
        assert_eq!(Share::of(0, 0).share, None);
    }

    #[test]
    fn five_values_bound_no_median_and_six_do() {
        assert_eq!(Median::of(&[1.0, 2.0, 3.0, 4.0, 5.0]).interval, None);
        let six = Median::of(&[6.0, 1.0, 5.0, 2.0, 4.0, 3.0]);
        assert_eq!((six.median, six.interval), (Some(3.5), Some((1.0, 6.0))));
    }

    #[test]
    fn no_event_has_an_upper_bound() {
        let (low, high) = Rate::of(0, 1.0).interval.unwrap();
        assert_eq!(low, 0.0);
        assert!((high - 3.69).abs() < 0.1, "{high}");
    }
}

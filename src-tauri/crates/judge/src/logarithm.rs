//! Sums of numbers that are only known by their logarithms, and the normal distribution's tail.

use std::f64::consts::{PI, SQRT_2};

/// Gives the logarithm of the mean of numbers given by their logarithms; 0 for none.
pub(crate) fn mean_exp(logs: &[f64]) -> f64 {
    let Some(largest) = logs.iter().copied().reduce(f64::max) else {
        return 0.0;
    };
    let sum: f64 = logs.iter().map(|log| (log - largest).exp()).sum();
    largest + (sum / logs.len() as f64).ln()
}

/// Gives the logarithm of a weighted sum of numbers given by their logarithms; the weights are not
/// normalised. Nothing at all is an e-value of 1.
pub(crate) fn weighted_sum(pairs: impl Iterator<Item = (f64, f64)> + Clone) -> f64 {
    let Some(largest) = pairs.clone().map(|(_, log)| log).reduce(f64::max) else {
        return 0.0;
    };
    let sum: f64 = pairs
        .map(|(weight, log)| weight * (log - largest).exp())
        .sum();
    largest + sum.ln()
}

/// Gives the logarithm of the standard normal distribution function, also far out in the tail.
pub(crate) fn normal_cdf(x: f64) -> f64 {
    if x > -20.0 {
        return (0.5 * libm::erfc(-x / SQRT_2)).ln();
    }
    let square = x * x;
    let series = -1.0 / square + 3.0 / (square * square);
    -0.5 * square - (-x).ln() - 0.5 * (2.0 * PI).ln() + series.ln_1p()
}

//! The small statistics that Kayenta's judge is made of.

/// Gives the values in order of size.
pub fn sorted(values: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted
}

/// Gives the mean; not a number for no values.
pub fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Gives the standard deviation of a sample.
pub fn deviation(values: &[f64]) -> f64 {
    let mean = mean(values);
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    (squares / (values.len() as f64 - 1.0)).sqrt()
}

/// Gives a percentile between the two nearest values, as R's type 7 does; not a number for no values.
pub fn percentile(values: &[f64], percent: f64) -> f64 {
    let sorted = sorted(values);
    let place = percent / 100.0 * (sorted.len() as f64 - 1.0);
    let at = |place: f64| sorted.get(place as usize).copied().unwrap_or(f64::NAN);
    let (low, high) = (at(place.floor()), at(place.ceil()));
    low + (place - place.floor()) * (high - low)
}

/// Gives the ratio of the means; not a number where one of them is zero.
pub fn mean_ratio(canary: &[f64], baseline: &[f64]) -> f64 {
    let (canary, baseline) = (mean(canary), mean(baseline));
    if canary == 0.0 || baseline == 0.0 {
        f64::NAN
    } else {
        canary / baseline
    }
}

/// Gives the difference of the means in standard deviations of both together.
pub fn cohen_d(one: &[f64], other: &[f64]) -> f64 {
    let pooled = f64::midpoint(deviation(one).powi(2), deviation(other).powi(2));
    (mean(one) - mean(other)) / pooled.sqrt()
}

/// Gives the chance that a value of the canary is larger than one of the baseline; ties count half.
pub fn common_language(canary: &[f64], baseline: &[f64]) -> f64 {
    let sorted = sorted(baseline);
    let below = |value: f64| sorted.partition_point(|other| *other < value) as f64;
    let up_to = |value: f64| sorted.partition_point(|other| *other <= value) as f64;
    let wins: f64 = canary
        .iter()
        .map(|value| f64::midpoint(below(*value), up_to(*value)))
        .sum();
    wins / (canary.len() as f64 * baseline.len() as f64)
}

/// Marks the values that lie further outside the quartiles than `factor` times their distance.
pub fn outliers(values: &[f64], factor: f64) -> Vec<bool> {
    let (low, high) = (percentile(values, 25.0), percentile(values, 75.0));
    let reach = factor * (high - low);
    values
        .iter()
        .map(|value| *value < low - reach || *value > high + reach)
        .collect()
}

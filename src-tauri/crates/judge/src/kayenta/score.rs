//! One number for a release from the classes of its metrics.

use std::collections::BTreeMap;

use super::Class;

/// A classified metric in its group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grouped {
    /// The group.
    pub group: String,
    /// What the metric is found to be.
    pub class: Class,
    /// Whether anything but a pass of it fails the whole release.
    pub critical: bool,
}

/// Gives the score from 0 to 100.
///
/// A group scores its share of passes among the metrics with data; groups without a weight share
/// what the others leave of 100, and groups without data count for nothing.
pub fn score(metrics: &[Grouped], weights: &BTreeMap<String, f64>) -> f64 {
    if metrics
        .iter()
        .any(|metric| metric.critical && metric.class != Class::Pass)
    {
        return 0.0;
    }
    let mut groups: BTreeMap<&str, (f64, f64)> = BTreeMap::new();
    for metric in metrics {
        let (passes, counted) = groups.entry(&metric.group).or_default();
        match metric.class {
            Class::Pass => {
                *passes += 1.0;
                *counted += 1.0;
            }
            Class::High | Class::Low => *counted += 1.0,
            // Nothing was seen, so nothing counts.
            Class::NoData => {}
        }
    }
    // Groups without data neither score nor take a share of the weight.
    groups.retain(|_, (_, counted)| *counted > 0.0);
    let unweighted = groups.keys().filter(|group| !weights.contains_key(**group));
    let rest = (100.0 - weights.values().sum::<f64>()) / unweighted.count().max(1) as f64;
    groups
        .iter()
        .map(|(group, (passes, counted))| {
            passes / counted * weights.get(*group).copied().unwrap_or(rest)
        })
        .sum()
}

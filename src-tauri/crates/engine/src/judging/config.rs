//! What the release file says of metrics, in the judge's words.

use gantry_judge::{
    config::{Config, Family, Kind, MetricConfig, Part, noise},
    gauge::Scale,
};
use gantry_model::{
    measure::{judged, tells_versions},
    plan::{Plan, PlannedNode},
    release::{
        check::{Judge, Profile},
        metric::{Metric, MetricKind},
    },
    unit::{Span, Weight},
};

/// A critical metric stops the release alone from twice the harm on.
const CRITICAL: f64 = 2.0;

/// Builds the judge's configuration for a node; `None` where it has no judge.
///
/// Warm-up is zero: the buckets of a warm-up are not measured at all.
pub(super) fn of(plan: &Plan, node: &PlannedNode) -> Option<Config> {
    let judge = node.judge.as_ref()?;
    let metrics = judged(plan, node)
        .into_iter()
        .map(|(name, metric)| of_metric(name.as_str(), metric, judge.profile));
    let mut config = Config::new(judge.profile, metrics.collect());
    config.bucket_seconds = seconds(judge);
    Some(config)
}

fn seconds(judge: &Judge) -> f64 {
    judge.bucket.max(Span::from_secs(1)).as_millis() as f64 / 1000.0
}

fn of_metric(name: &str, metric: &Metric, profile: Profile) -> MetricConfig {
    let kind = match metric.kind {
        MetricKind::Ratio => Kind::Ratio,
        MetricKind::Latency | MetricKind::Gauge => Kind::Gauge(Scale::Ratio),
    };
    let mut config = MetricConfig::new(name, kind, noise(profile));
    config.direction = metric.better.into();
    config.family = match metric.kind {
        MetricKind::Ratio => Family::Errors,
        MetricKind::Latency => Family::Latency,
        MetricKind::Gauge => Family::Other,
    };
    let tolerate = metric.tolerate.as_deref().and_then(fraction);
    match (metric.kind, tolerate) {
        // Of a ratio the file gives percentage points; then nothing relative is tolerated beside.
        (MetricKind::Ratio, Some(points)) => {
            config.allowance = points;
            config.tolerate = 0.0;
        }
        (MetricKind::Latency | MetricKind::Gauge, Some(relative)) => config.tolerate = relative,
        (_, None) => {}
    }
    config.critical = metric.critical.then_some(CRITICAL);
    config.never_above = match metric.kind {
        MetricKind::Ratio => metric.never_above.as_deref().and_then(fraction),
        // Limits of levels are watched as triggers.
        MetricKind::Latency | MetricKind::Gauge => None,
    };
    if metric.observe || !tells_versions(metric) {
        config.part = Part::Observed;
    }
    config
}

/// Reads `0.5%` or `0.005`; none for what is no share below one.
fn fraction(text: &str) -> Option<f64> {
    let read = match text.parse::<Weight>() {
        Ok(weight) if text.contains('%') => weight.fraction(),
        _ => text.trim().parse::<f64>().ok()?,
    };
    (read > 0.0 && read < 1.0).then_some(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_read_with_and_without_a_percent_sign() {
        assert_eq!(fraction("0.5%"), Some(0.005));
        assert_eq!(fraction("0.05"), Some(0.05));
        assert_eq!(fraction("5"), None);
        assert_eq!(fraction("0%"), None);
    }
}

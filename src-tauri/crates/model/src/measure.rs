//! What was measured in one bucket of a judged bake, as it stands in the journal.
//!
//! The judge is a fold over these buckets and nothing else, so that a restart, a replay and a
//! report come to the same verdict.

use serde::{Deserialize, Serialize};

use crate::{
    id::MetricName,
    plan::{Plan, PlannedNode},
    release::metric::{Metric, MetricKind},
    time::Timestamp,
};

/// One bucket of a bake that is over: all metrics of the node, both versions in step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bucket {
    /// When it began.
    pub from: Timestamp,
    /// When it ended.
    pub until: Timestamp,
    /// What the new version is compared with.
    #[serde(default, skip_serializing_if = "Beside::is_now")]
    pub beside: Beside,
    /// What was read, in the order of the node's judged metrics.
    pub readings: Vec<Reading>,
}

impl Bucket {
    /// Finds what was read of a metric.
    pub fn reading(&self, metric: &MetricName) -> Option<&Reading> {
        self.readings
            .iter()
            .find(|reading| reading.metric == *metric)
    }
}

/// What the new version is compared with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Beside {
    /// The old version, which serves beside it in the same bucket.
    #[default]
    Now,
    /// The old version as it was before this instant, mirrored: it serves nobody any more.
    Before(Timestamp),
    /// Nothing: the new version is alone, and only absolute limits can be looked at.
    Nobody,
}

impl Beside {
    /// Whether both versions serve at the same time, which needs no saying.
    pub fn is_now(&self) -> bool {
        *self == Self::Now
    }
}

/// What was read of one metric in one bucket.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// The metric.
    pub metric: MetricName,
    /// The new version.
    pub canary: Level,
    /// The old version.
    pub baseline: Level,
    /// What the level of the old version was before the release, oldest first: in the first bucket
    /// of a node alone, and of metrics that have a level.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub before: Vec<f64>,
}

/// What was read of one version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Level {
    /// Bad events of all events.
    Share {
        /// Bad events.
        bad: f64,
        /// All events.
        of: f64,
    },
    /// A latency or any other level.
    Value {
        /// The number.
        value: f64,
    },
    /// No number, and why; never a zero.
    Nothing {
        /// Why, in a few words.
        nothing: String,
    },
}

impl Level {
    /// Says that there is no number.
    pub fn nothing(why: impl Into<String>) -> Self {
        Self::Nothing {
            nothing: why.into(),
        }
    }

    /// Whether there is a number.
    pub fn is_known(&self) -> bool {
        match self {
            Self::Share { .. } | Self::Value { .. } => true,
            Self::Nothing { .. } => false,
        }
    }

    /// Gives the number that a limit is compared with: the share of bad events, or the level.
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Share { bad, of } => (*of > 0.0).then(|| bad / of),
            Self::Value { value } => Some(*value),
            Self::Nothing { .. } => None,
        }
    }
}

/// Rounds a number to ten digits, so that it is read back from the journal to the last bit.
///
/// None for what is not finite or too large to be counted.
pub fn kept(value: f64) -> Option<f64> {
    if !value.is_finite() || value.abs() > 1e18 {
        return None;
    }
    if value.abs() < 1e-9 {
        return Some(0.0);
    }
    format!("{value:.9e}").parse().ok()
}

/// Lists the metrics by which a node is judged: those that can be asked about it.
///
/// A query with `{{version}}` says nothing about a node without versions, such as a flag.
pub fn judged<'a>(plan: &'a Plan, node: &'a PlannedNode) -> Vec<(&'a MetricName, &'a Metric)> {
    let named = node.judge.iter().flat_map(|judge| &judge.metrics);
    let known = named.filter_map(|name| Some((name, plan.metrics.get(name)?)));
    known
        .filter(|(_, metric)| node.version.is_some() || !mentions(metric, "version"))
        .collect()
}

/// Whether the queries of a metric tell the new version from the old one.
pub fn tells_versions(metric: &Metric) -> bool {
    ["version", "arm", "variant"]
        .into_iter()
        .any(|name| mentions(metric, name))
}

/// Whether the query that counts everything has a place of this name; the one for bad events
/// alone would compare the bad of one version with all of both.
fn mentions(metric: &Metric, name: &str) -> bool {
    let query = match metric.kind {
        MetricKind::Ratio => &metric.total,
        MetricKind::Latency | MetricKind::Gauge => &metric.query,
    };
    let places = query.iter().flat_map(|query| query.split("{{").skip(1));
    places
        .filter_map(|rest| rest.split_once("}}"))
        .any(|(place, _)| place.trim() == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_read_back_to_the_last_bit() {
        let mut value = 1.0_f64 / 3.0;
        for _ in 0..200 {
            let kept = kept(value).unwrap();
            let text = serde_json::to_string(&kept).unwrap();
            let back: f64 = serde_json::from_str(&text).unwrap();
            assert_eq!(kept.to_bits(), back.to_bits(), "{text}");
            value *= 1.171;
        }
    }

    #[test]
    fn what_is_no_number_is_not_kept() {
        for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e30] {
            assert_eq!(kept(value), None);
        }
    }

    #[test]
    fn levels_are_told_apart_by_their_keys() {
        for text in [
            r#"{"bad":3.0,"of":400.0}"#,
            r#"{"value":0.25}"#,
            r#"{"nothing":"no series matches"}"#,
        ] {
            let level: Level = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json::to_string(&level).unwrap(), text);
        }
    }
}

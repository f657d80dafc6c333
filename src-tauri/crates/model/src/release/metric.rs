//! Metrics, named once and used by judges, gates and reports.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::id::ConnectionName;

/// A metric: how it is asked for, which way is better, and how much harm is worth acting on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Metric {
    /// What kind of number it is.
    pub kind: MetricKind,
    /// The query for bad events, for a ratio.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bad: Option<String>,
    /// The query for all events, for a ratio.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<String>,
    /// The query of any other kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    /// Where it is asked for; the judge's source where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<ConnectionName>,
    /// Which way is better.
    #[serde(default)]
    pub better: Better,
    /// The harm worth acting on, absolute for a ratio, relative for other kinds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tolerate: Option<String>,
    /// Trips alone and at once above this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub never_above: Option<String>,
    /// Trips alone and at once below this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub never_below: Option<String>,
    /// Shown, and never decides.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub observe: bool,
    /// Decides alone, with its own test.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub critical: bool,
}

/// What kind of number a metric is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MetricKind {
    /// Bad events of all events.
    Ratio,
    /// A time that requests take.
    Latency,
    /// Any other number.
    Gauge,
}

/// Which way is better.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Better {
    /// Less is better.
    #[default]
    Lower,
    /// More is better.
    Higher,
}

//! The release as a person writes it; these types are the file format and its JSON Schema.
//!
//! Reading a file with places for every problem is the work of the `release-file` crate; what a
//! release means is the work of the planner.

pub mod check;
pub mod connection;
pub mod metric;
pub mod node;
pub mod people;
pub mod stakeholder;
pub mod strategy;
pub mod task;
pub mod template;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    id::{
        ConnectionName, EnvironmentName, GateName, MetricName, NodeId, ReleaseId, ServiceName,
        Version,
    },
    unit::Span,
};
use check::{Criterion, Health, Judge, Silence, Trigger};
use connection::Connection;
use metric::Metric;
use node::Node;
use people::{Checklists, GoNoGo};
use stakeholder::{Notify, Stakeholder};
use template::Template;

/// A release: several changes that go out together, and everything said about them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Release {
    /// The version of the file format; today 1.
    pub gantry: FormatVersion,
    /// The id of the release.
    pub release: ReleaseId,
    /// A short title for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Where the release goes; `default` where nothing is said.
    #[serde(default)]
    pub environment: EnvironmentName,
    /// Who answers for the release.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// What it is about, in Markdown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// A file with what it takes where it says nothing itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<Template>,
    /// When forward steps may run; outside it the run holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<Window>,
    /// What happens on failure, how much at once, who must approve.
    #[serde(default)]
    pub policy: Policy,
    /// Where platforms, metrics and channels are.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub connections: BTreeMap<ConnectionName, Connection>,
    /// Versions of neighbours that this release does not change.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub services: BTreeMap<ServiceName, Version>,
    /// What nodes have where they say nothing.
    #[serde(default)]
    pub defaults: Defaults,
    /// Metrics, named once.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub metrics: BTreeMap<MetricName, Metric>,
    /// The changes.
    #[schemars(extend("maxProperties" = 20_000))]
    pub nodes: BTreeMap<NodeId, Node>,
    /// Rollback triggers of the whole release.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub triggers: Vec<Trigger>,
    /// Alerts that are silenced while the release is under way.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub silences: Vec<Silence>,
    /// Criteria looked at after the last soak; unmet means hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub success: Vec<Criterion>,
    /// Checklists before and around the release.
    #[serde(default)]
    pub checklists: Checklists,
    /// Criteria and positions of the poll.
    #[serde(default)]
    pub go_no_go: GoNoGo,
    /// Who is told what.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stakeholders: Vec<Stakeholder>,
    /// How often they are told at most, and when they are reminded.
    #[serde(default, skip_serializing_if = "Notify::is_default")]
    pub notify: Notify,
}

/// The version of the file format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "u32", into = "u32")]
#[schemars(with = "u32", extend("const" = 1))]
pub struct FormatVersion;

impl TryFrom<u32> for FormatVersion {
    type Error = String;

    fn try_from(version: u32) -> Result<Self, String> {
        match version {
            1 => Ok(Self),
            other => Err(format!(
                "format version {other} is not known to this program: expected 1"
            )),
        }
    }
}

impl From<FormatVersion> for u32 {
    fn from(_: FormatVersion) -> Self {
        1
    }
}

/// When forward steps may run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Window {
    /// When it opens, local time of the zone, or RFC 3339 with an offset.
    pub opens: String,
    /// When it closes.
    pub closes: String,
    /// The IANA zone, for example `Europe/Berlin`; UTC where nothing is said.
    #[serde(default = "utc")]
    #[schemars(with = "String", extend("format" = "iana-time-zone"))]
    pub timezone: chrono_tz::Tz,
    /// What happens when it closes mid-run.
    #[serde(default)]
    pub on_close: OnClose,
}

fn utc() -> chrono_tz::Tz {
    chrono_tz::Tz::UTC
}

/// What happens when the window closes while the run is under way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OnClose {
    /// No new forward step; canaries stay where they are and are watched.
    #[default]
    Hold,
    /// The whole release is rolled back.
    Rollback,
}

/// What happens on failure, how much runs at once, and who must approve.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Policy {
    /// What a failure does where the node says nothing else.
    #[serde(default)]
    pub on_failure: OnFailure,
    /// How many steps may act at once, in both directions.
    #[serde(default = "default_parallel")]
    #[schemars(range(min = 1, max = 10000))]
    pub max_parallel: u32,
    /// How many people must approve, per gate.
    #[serde(default)]
    pub approvals: Approvals,
}

fn default_parallel() -> u32 {
    8
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            on_failure: OnFailure::default(),
            max_parallel: default_parallel(),
            approvals: Approvals::default(),
        }
    }
}

/// What a failure does.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum OnFailure {
    /// Leaves the node as it is; its dependents are not run, the rest goes on.
    Continue,
    /// Undoes the node and everything executed on top of it; the rest goes on.
    RollbackNode,
    /// Stops new forward steps and waits for a person.
    Hold,
    /// Undoes everything that was touched.
    #[default]
    RollbackRelease,
}

/// How many people must approve, per gate.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Approvals {
    /// Whether whoever started the release may not approve it.
    #[serde(default)]
    pub not_the_author: bool,
    /// Gates and how many distinct people each needs; `start` stands before the first step.
    #[serde(flatten)]
    pub gates: BTreeMap<GateName, u32>,
}

/// What nodes have where they say nothing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Defaults {
    /// How health is looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub health: Option<Health>,
    /// How a bake is judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judge: Option<Judge>,
    /// What a failure of a node does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_failure: Option<OnFailure>,
    /// How failures are retried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry: Option<Retry>,
    /// How long a step may take.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout: Option<Span>,
    /// Who answers for a node.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
}

/// How a definite failure is repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Retry {
    /// How many more times after the first.
    #[schemars(range(max = 50))]
    pub times: u32,
    /// The first pause; each further one doubles, with jitter.
    #[serde(default = "default_backoff")]
    pub backoff: Span,
}

fn default_backoff() -> Span {
    Span::from_secs(5)
}

//! What people do around a release: checklists, the poll, and who is told.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::check::{Check, Criterion};
use crate::{id::ConnectionName, unit::Span};

/// The checklists of a release by name; `rollback` may be `standard`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Checklists(pub BTreeMap<String, Checklist>);

/// A list of items, or the name of one that Gantry brings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Checklist {
    /// A list that Gantry brings: `standard`.
    Named(StandardList),
    /// The items.
    Items(Vec<Item>),
}

/// The lists that Gantry brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StandardList {
    /// Identify, notify, execute, verify, document.
    Standard,
}

/// One item of a checklist.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Item {
    /// Its id inside its list.
    pub id: String,
    /// What must be so, in words.
    pub item: String,
    /// Which role answers for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Whether it must be ticked or waived before the start.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub required: bool,
    /// How it ticks itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<Check>,
    /// After how long its result counts as not tested again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fresh: Option<Span>,
}

/// Criteria and positions of the poll.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct GoNoGo {
    /// What must hold.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub criteria: Vec<Criterion>,
    /// The positions, in the order in which they are asked.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub poll: Vec<Position>,
}

/// One position of the poll.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Position {
    /// The role.
    pub role: String,
    /// Who may vote for it.
    pub voters: Vec<String>,
    /// Whether its no-go only advises.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub advisory: bool,
}

/// Someone who is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Stakeholder {
    /// Who.
    pub name: String,
    /// By which channel.
    pub via: Via,
    /// On which events.
    pub on: Vec<Occasion>,
    /// The file with the wording.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
}

/// A channel and an address on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Via {
    /// The channel.
    pub connection: ConnectionName,
    /// The address, where the channel needs one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
}

/// What stakeholders are told about.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Occasion {
    /// The release has a time.
    Scheduled,
    /// It starts.
    Started,
    /// It is held.
    Held,
    /// A rollback starts.
    RollingBack,
    /// It was rolled back.
    RolledBack,
    /// It failed.
    Failed,
    /// It ended.
    Finished,
}

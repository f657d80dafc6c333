//! What people do around a release: checklists and the poll.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    check::{Check, Criterion},
    template::Only,
};
use crate::unit::Span;

/// The list whose required items are asked before a release is declared good.
pub const AFTERWARDS: &str = "post-deployment";

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
    /// Who is asked to see to it; anybody else may claim it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee: Option<String>,
    /// The ticket or change request that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// For which releases it is asked, in a list that several have in common.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub only: Option<Only>,
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
    /// Before what the poll is taken.
    #[serde(skip_serializing_if = "is_start_alone")]
    pub at: Vec<PollStage>,
    /// How many different people must say go; all positions that do not only advise where nothing
    /// is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1000))]
    pub quorum: Option<u32>,
    /// Whether who presented the plan may not vote on it; what `policy.approvals` says where
    /// nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_the_author: Option<bool>,
    /// How long a poll may stay open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deadline: Option<Span>,
    /// What its deadline means while a vote is missing; never a go.
    #[serde(skip_serializing_if = "OnSilence::is_hold")]
    pub on_deadline: OnSilence,
    /// Who may go ahead without checklists and polls, with a reason that is recorded.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub may_override: Vec<String>,
    /// The ticket or change request of the release.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

fn is_start_alone(stages: &Vec<PollStage>) -> bool {
    stages.is_empty() || *stages == [PollStage::Start]
}

/// Before what a poll is taken.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum PollStage {
    /// Before the start, some days earlier: is it worth going on with the preparation?
    Readiness,
    /// Before the first change.
    Start,
    /// Before each step that cannot be undone.
    PointOfNoReturn,
    /// Before the release is declared good.
    Success,
}

/// What the deadline of a poll means while a vote is missing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OnSilence {
    /// The release stays where it is; late votes still count.
    #[default]
    Hold,
    /// The poll has ended with no-go; only a new round opens it again.
    NoGo,
}

impl OnSilence {
    fn is_hold(&self) -> bool {
        *self == Self::Hold
    }
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
    /// Whether its go is needed even where a quorum is enough.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub mandatory: bool,
}

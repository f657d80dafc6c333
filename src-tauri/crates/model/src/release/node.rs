//! One change of a release.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    OnFailure, Retry,
    check::{Health, Judge, Trigger},
    strategy::Strategy,
    task::Task,
};
use crate::{
    id::{ConnectionName, EnvironmentName, InvalidName, Milestone, NodeId, ServiceName, Version},
    unit::Span,
};

/// One change: an application, a configuration, a database, a flag or a task.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Node {
    /// What is changed.
    pub kind: Kind,
    /// The service it belongs to; the node's id where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<ServiceName>,
    /// What must be there first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<Need>,
    /// The old and the new version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<VersionChange>,
    /// The connection of a database or flag node.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connection: Option<ConnectionName>,
    /// What runs, for app and config nodes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workload: Option<Workload>,
    /// Who sends it traffic.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub router: Option<Route>,
    /// Which flag, for flag nodes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flag: Option<Flag>,
    /// What is run, for task nodes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<Task>,
    /// How the change is made; recommended where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub strategy: Option<Strategy>,
    /// Versions of other services (or milestones of nodes) that it can live beside.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub compatible: BTreeMap<ServiceName, String>,
    /// How health is looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub health: Option<Health>,
    /// How a bake is judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judge: Option<Judge>,
    /// Rollback triggers of this node.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub triggers: Vec<Trigger>,
    /// How long the whole node usually takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub estimate: Option<Span>,
    /// How long it is watched after its verification.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub soak: Option<Span>,
    /// Who answers for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// What a failure of this node does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_failure: Option<OnFailure>,
    /// How definite failures are repeated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry: Option<Retry>,
    /// How long each of its steps may take.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout: Option<Span>,
    /// Whether its steps may be cancelled half-way.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cancel: bool,
    /// Whether repeating it with the same key does no harm.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub idempotent: bool,
    /// When the node is part of the release at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<When>,
}

/// What a node changes.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A program that serves.
    App,
    /// A configuration that is deployed like a program.
    Config,
    /// A database schema.
    Database,
    /// A feature flag.
    Flag,
    /// A program or step that runs once.
    Task,
}

/// What must have happened before a node starts: `node` or `node:milestone`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "NeedText", into = "String")]
#[schemars(with = "NeedText")]
pub struct Need {
    /// The node that is needed.
    pub node: NodeId,
    /// The point of its life; `done` where nothing is said.
    pub milestone: Milestone,
}

#[derive(Deserialize, JsonSchema)]
#[serde(untagged)]
enum NeedText {
    /// `node` or `node:milestone`.
    #[schemars(extend("format" = "need"))]
    Short(String),
    /// `{ node, milestone }`.
    Long(NeedFields),
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NeedFields {
    /// The node that is needed.
    node: NodeId,
    /// The point of its life.
    #[serde(default = "Milestone::done")]
    #[schemars(with = "Option<Milestone>")]
    milestone: Milestone,
}

impl TryFrom<NeedText> for Need {
    type Error = InvalidName;

    fn try_from(text: NeedText) -> Result<Self, InvalidName> {
        match text {
            NeedText::Long(NeedFields { node, milestone }) => Ok(Self { node, milestone }),
            NeedText::Short(text) => match text.split_once(':') {
                Some((node, milestone)) => Ok(Self {
                    node: node.parse()?,
                    milestone: milestone.parse()?,
                }),
                None => Ok(Self {
                    node: text.parse()?,
                    milestone: Milestone::done(),
                }),
            },
        }
    }
}

impl From<Need> for String {
    fn from(need: Need) -> Self {
        need.to_string()
    }
}

impl std::fmt::Display for Need {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.milestone == Milestone::done() {
            write!(f, "{}", self.node)
        } else {
            write!(f, "{}:{}", self.node, self.milestone)
        }
    }
}

/// The old and the new version; a bare text is the new one, the old one is then observed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(from = "VersionText")]
#[schemars(with = "VersionText")]
pub struct VersionChange {
    /// What runs today; observed where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Version>,
    /// What shall run.
    pub to: Version,
}

#[derive(Deserialize, JsonSchema)]
#[serde(untagged)]
enum VersionText {
    /// The new version.
    To(Version),
    /// Both versions.
    Both(VersionFields),
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct VersionFields {
    /// What runs today.
    #[serde(default)]
    from: Option<Version>,
    /// What shall run.
    to: Version,
}

impl From<VersionText> for VersionChange {
    fn from(text: VersionText) -> Self {
        match text {
            VersionText::To(to) => Self { from: None, to },
            VersionText::Both(VersionFields { from, to }) => Self { from, to },
        }
    }
}

/// What runs: an image, how many of it, and how it is reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Workload {
    /// The platform it runs on.
    pub connection: ConnectionName,
    /// The image; `{{version}}` and `{{service}}` are put in.
    pub image: String,
    /// The port it listens on inside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    /// How many of it run.
    #[serde(default = "one")]
    #[schemars(range(min = 1, max = 1000))]
    pub replicas: u32,
    /// Its environment.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub env: BTreeMap<String, crate::secret::SecretText>,
    /// Its arguments, in the place of the image's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<Vec<String>>,
    /// The platform's network that it joins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<String>,
}

fn one() -> u32 {
    1
}

/// Who sends a workload its traffic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Route {
    /// The router.
    pub connection: ConnectionName,
    /// The backend, pool or service inside the router.
    pub backend: String,
}

/// Which flag of which flag service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Flag {
    /// The project inside the flag service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// The flag.
    pub name: String,
    /// The environment inside the flag service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<String>,
}

/// When a node is part of the release; every condition given must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct When {
    /// The environments it is for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub environment: Vec<EnvironmentName>,
    /// Version requirements on neighbours, for example `inventory: ">=1.8"`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub services: BTreeMap<ServiceName, String>,
}

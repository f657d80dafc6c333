//! How a change is made.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::check::Check;
use crate::{
    id::NodeId,
    unit::{Span, Weight},
};

/// How a change is made; a bare name takes that strategy's defaults.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(from = "StrategyText")]
#[serde(rename_all = "kebab-case")]
#[schemars(with = "StrategyText")]
pub enum Strategy {
    /// Stops the old, starts the new; the outage is shown.
    Recreate(Recreate),
    /// Replaces instances batch by batch.
    Rolling(Rolling),
    /// Starts the new beside the old in full, then shifts at once.
    BlueGreen(BlueGreen),
    /// Shifts traffic step by step, with a bake at each.
    Canary(Canary),
    /// Turns a flag on step by step, with a bake at each.
    Progressive(Progressive),
    /// Expands a schema, lets dependents deploy, backfills, verifies, contracts.
    ExpandContract(ExpandContract),
    /// Writes to old and new, compares, reads from new, stops writing to old.
    ShadowWrites(ShadowWrites),
}

/// The strategies by name.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum StrategyName {
    /// Stops the old, starts the new.
    Recreate,
    /// Replaces instances batch by batch.
    Rolling,
    /// Starts the new beside the old in full, then shifts at once.
    BlueGreen,
    /// Shifts traffic step by step.
    Canary,
    /// Turns a flag on step by step.
    Progressive,
    /// Expands, backfills, verifies, contracts.
    ExpandContract,
    /// Writes twice, compares, switches.
    ShadowWrites,
    /// Runs once; the strategy of every task.
    Run,
}

impl StrategyName {
    /// Gives the name as it is written in a file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Recreate => "recreate",
            Self::Rolling => "rolling",
            Self::BlueGreen => "blue-green",
            Self::Canary => "canary",
            Self::Progressive => "progressive",
            Self::ExpandContract => "expand-contract",
            Self::ShadowWrites => "shadow-writes",
            Self::Run => "run",
        }
    }
}

impl std::fmt::Display for StrategyName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

impl Strategy {
    /// Gives the strategy's name.
    pub fn name(&self) -> StrategyName {
        match self {
            Self::Recreate(_) => StrategyName::Recreate,
            Self::Rolling(_) => StrategyName::Rolling,
            Self::BlueGreen(_) => StrategyName::BlueGreen,
            Self::Canary(_) => StrategyName::Canary,
            Self::Progressive(_) => StrategyName::Progressive,
            Self::ExpandContract(_) => StrategyName::ExpandContract,
            Self::ShadowWrites(_) => StrategyName::ShadowWrites,
        }
    }
}

/// The bare names that need no further word.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum BareName {
    Recreate,
    Rolling,
    BlueGreen,
    Canary,
    Progressive,
}

/// A strategy with its settings.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Detailed {
    /// Stops the old, starts the new; the outage is shown.
    Recreate(Recreate),
    /// Replaces instances batch by batch.
    Rolling(Rolling),
    /// Starts the new beside the old in full, then shifts at once.
    BlueGreen(BlueGreen),
    /// Shifts traffic step by step, with a bake at each.
    Canary(Canary),
    /// Turns a flag on step by step, with a bake at each.
    Progressive(Progressive),
    /// Expands a schema, lets dependents deploy, backfills, verifies, contracts.
    ExpandContract(Box<ExpandContract>),
    /// Writes to old and new, compares, reads from new, stops writing to old.
    ShadowWrites(Box<ShadowWrites>),
}

#[derive(Deserialize, JsonSchema)]
#[serde(untagged)]
enum StrategyText {
    /// The name alone.
    Bare(BareName),
    /// The name with its settings.
    Detailed(Detailed),
}

impl From<StrategyText> for Strategy {
    fn from(text: StrategyText) -> Self {
        match text {
            StrategyText::Bare(BareName::Recreate) => Self::Recreate(Recreate {}),
            StrategyText::Bare(BareName::Rolling) => Self::Rolling(Rolling::default()),
            StrategyText::Bare(BareName::BlueGreen) => Self::BlueGreen(BlueGreen::default()),
            StrategyText::Bare(BareName::Canary) => Self::Canary(Canary::default()),
            StrategyText::Bare(BareName::Progressive) => Self::Progressive(Progressive::default()),
            StrategyText::Detailed(Detailed::Recreate(s)) => Self::Recreate(s),
            StrategyText::Detailed(Detailed::Rolling(s)) => Self::Rolling(s),
            StrategyText::Detailed(Detailed::BlueGreen(s)) => Self::BlueGreen(s),
            StrategyText::Detailed(Detailed::Canary(s)) => Self::Canary(s),
            StrategyText::Detailed(Detailed::Progressive(s)) => Self::Progressive(s),
            StrategyText::Detailed(Detailed::ExpandContract(s)) => Self::ExpandContract(*s),
            StrategyText::Detailed(Detailed::ShadowWrites(s)) => Self::ShadowWrites(*s),
        }
    }
}

/// Stops the old, starts the new; nothing to set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Recreate {}

/// Settings of a rolling update.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Rolling {
    /// How many instances are replaced at once.
    #[schemars(range(min = 1, max = 1000))]
    pub batch: u32,
    /// How long each batch is watched.
    pub bake: Span,
}

impl Default for Rolling {
    fn default() -> Self {
        Self {
            batch: 1,
            bake: Span::ZERO,
        }
    }
}

/// Settings of blue-green.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct BlueGreen {
    /// How long green is watched under full traffic.
    pub bake: Span,
    /// How long blue is kept after the node and its dependents are done.
    pub keep_old: Span,
    /// What is run against green before the shift.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preview: Option<Box<Preview>>,
}

impl Default for BlueGreen {
    fn default() -> Self {
        Self {
            bake: Span::from_secs(600),
            keep_old: Span::ZERO,
            preview: None,
        }
    }
}

/// What is run against the new version before it gets traffic.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Preview {
    /// The check; its path is asked of each new instance.
    pub check: Check,
}

/// Settings of a canary.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Canary {
    /// The shares of traffic, growing; 5, 25, 50, 100 % where nothing is said.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Weight>,
    /// A linear ramp in the place of `steps`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub every: Option<Weight>,
    /// How long each share is watched.
    pub bake: Span,
    /// How many instances the canary has before 100 %; as many as the workload where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1000))]
    pub replicas: Option<u32>,
    /// What the canary is compared with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub baseline: Option<BaselineArm>,
    /// How long the old version is kept after the node and its dependents are done.
    pub keep_old: Span,
}

impl Default for Canary {
    fn default() -> Self {
        Self {
            steps: Vec::new(),
            every: None,
            bake: Span::from_secs(900),
            replicas: None,
            baseline: None,
            keep_old: Span::ZERO,
        }
    }
}

/// What a canary is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum BaselineArm {
    /// A fresh old version of equal size.
    Equal,
}

/// Settings of a progressive flag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Progressive {
    /// The shares of users, growing; 1, 10, 50, 100 % where nothing is said.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Weight>,
    /// How long each share is watched.
    pub bake: Span,
}

impl Default for Progressive {
    fn default() -> Self {
        Self {
            steps: Vec::new(),
            bake: Span::from_secs(600),
        }
    }
}

/// Settings of expand and contract.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ExpandContract {
    /// The migration file that only adds.
    pub expand: String,
    /// What fills the new shape.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backfill: Option<Backfill>,
    /// What proves that the new shape is whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verify: Option<SqlCheck>,
    /// What takes the old shape away: the point of no return.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract: Option<Contract>,
    /// The migration file that takes the expansion back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revert: Option<String>,
    /// What a rollback does with the expansion.
    #[serde(default)]
    pub on_rollback: OnRollback,
}

/// A batched, resumable fill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Backfill {
    /// The file with the statement of one batch.
    pub sql: String,
    /// How many rows at once.
    #[serde(default = "thousand")]
    #[schemars(range(min = 1, max = 10_000_000))]
    pub batch: u32,
}

fn thousand() -> u32 {
    1000
}

/// A query and the number it must answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct SqlCheck {
    /// A query with one number as its answer.
    pub sql: String,
    /// The number.
    pub equals: i64,
}

/// The contract phase.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Contract {
    /// The migration file.
    pub sql: String,
    /// The nodes that must be done before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<NodeId>,
    /// How long it waits after them.
    #[serde(default)]
    pub soak: Span,
}

/// What a rollback does with an expansion.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OnRollback {
    /// Leaves it in place: the old version can live beside it.
    #[default]
    Leave,
    /// Runs `revert`, last, and only before the backfill is done.
    Revert,
}

/// Settings of shadow writes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ShadowWrites {
    /// The migration file that only adds.
    pub expand: String,
    /// What fills the new shape.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backfill: Option<Backfill>,
    /// The query that counts mismatches.
    pub compare: SqlCheck,
    /// Over which time the comparison must hold.
    #[serde(default)]
    pub window: Span,
    /// How long reads from the new shape are watched.
    #[serde(default)]
    pub soak: Span,
    /// What takes the old shape away: the point of no return.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract: Option<Contract>,
}

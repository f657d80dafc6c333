//! One thing that the engine asks of the world, and what comes back.

use std::{collections::BTreeMap, fmt, sync::Arc};

use serde::{Deserialize, Serialize};

use crate::{
    id::{RunId, StepId},
    plan::{Plan, PlannedNode, Step, StepIndex},
    platform::Baseline,
    rollback::UndoAction,
    time::Timestamp,
};

/// Whether a step is done or undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// Forward.
    Do,
    /// Backward.
    Undo,
}

impl Direction {
    /// Gives the word that stands in keys, JSON and `GANTRY_DIRECTION`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Do => "do",
            Self::Undo => "undo",
        }
    }
}

/// The idempotency key: run, step, direction and round; never the attempt.
///
/// Its alphabet is `[a-z0-9/:._%-]`; `#` of a run id is written `:`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Key(String);

impl Key {
    /// Builds the key of one round of one step.
    pub fn new(run: &RunId, step: &StepId, direction: Direction, round: u32) -> Self {
        let run = run.to_string().replace('#', ":");
        Self(format!("{run}/{step}/{}/{round}", direction.word()).to_ascii_lowercase())
    }

    /// Gives the key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// What an operation works on.
#[derive(Clone, Debug, PartialEq)]
pub enum Work {
    /// A step of the plan, forward.
    Do(StepIndex),
    /// An action of the rollback plan.
    Undo(Arc<UndoAction>),
}

/// One thing that is done, undone, observed or sampled; everything a performer needs stands in it.
#[derive(Clone, Debug)]
pub struct Operation {
    /// The run.
    pub run: RunId,
    /// The driver's epoch; a platform that can compare refuses an older one.
    pub epoch: u64,
    /// The plan.
    pub plan: Arc<Plan>,
    /// The step or undo action.
    pub work: Work,
    /// The round: 1, and one more after each definite failure that is repeated.
    pub round: u32,
    /// What ran before the node was first touched; `None` during its preflight.
    pub baseline: Option<Arc<Baseline>>,
    /// When it must be over.
    pub deadline: Timestamp,
}

impl Operation {
    /// Gives the node, if the plan is whole.
    pub fn node(&self) -> Option<&PlannedNode> {
        let index = match &self.work {
            Work::Do(step) => self.plan.steps.get(step.at())?.node,
            Work::Undo(action) => action.node,
        };
        self.plan.nodes.get(index.at())
    }

    /// Gives the forward step, if it is one and the plan is whole.
    pub fn step(&self) -> Option<&Step> {
        match &self.work {
            Work::Do(step) => self.plan.steps.get(step.at()),
            Work::Undo(_) => None,
        }
    }

    /// Gives the direction.
    pub fn direction(&self) -> Direction {
        match self.work {
            Work::Do(_) => Direction::Do,
            Work::Undo(_) => Direction::Undo,
        }
    }

    /// Gives the id under which the operation is journaled.
    pub fn id(&self) -> Option<&StepId> {
        match &self.work {
            Work::Do(step) => self.plan.steps.get(step.at()).map(|step| &step.id),
            Work::Undo(action) => Some(&action.id),
        }
    }

    /// Gives the idempotency key, if the plan is whole.
    pub fn key(&self) -> Option<Key> {
        Some(Key::new(
            &self.run,
            self.id()?,
            self.direction(),
            self.round,
        ))
    }
}

/// What came of an operation that was applied.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// One sentence for people: what was done and seen.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub summary: String,
    /// Facts by name: counts, digests, exit codes, measured shares.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub facts: BTreeMap<String, serde_json::Value>,
    /// What a preflight found running.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<Baseline>,
}

impl Evidence {
    /// Builds evidence that is one sentence.
    pub fn sentence(summary: impl Into<String>) -> Self {
        Self {
            summary: summary.into(),
            ..Self::default()
        }
    }
}

/// What observing an operation says about it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "seen", rename_all = "kebab-case")]
pub enum Sighting {
    /// It was applied in full; this is what came of it.
    Applied {
        /// What came of it.
        evidence: Evidence,
    },
    /// It was not applied, or only in part, and asking again is safe.
    NotApplied,
    /// It is under way; ask again.
    UnderWay,
    /// It has definitely failed.
    Failed {
        /// What was said.
        message: String,
    },
    /// Nobody can tell; a person must look.
    Unknown {
        /// Why nobody can tell.
        message: String,
    },
}

/// One look during a bake, soak or verification.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sample {
    /// What the look said.
    pub health: SampleHealth,
    /// One sentence for people.
    pub summary: String,
    /// Facts by name: the measured share, requests, errors.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub facts: BTreeMap<String, serde_json::Value>,
}

/// What one look said. No data is its own answer and never good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SampleHealth {
    /// Everything that was looked at was well.
    Healthy,
    /// Something was not well.
    Unhealthy,
    /// A guardrail was crossed: trips at once.
    Tripped,
    /// Nothing could be seen.
    NoData,
}

//! The larger parts that events are made of.

use serde::{Deserialize, Serialize};

use super::{RollbackScope, RollbackTrigger, RulingWord};
use crate::{
    digest::Digest,
    id::{EnvironmentName, NodeId, ReleaseId, RunId, StepId},
    plan::{NodeIndex, Plan, StepIndex},
    rollback::UndoAction,
    unit::Span,
};

/// The node and step, or undo action, that an event is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// The node.
    pub node: NodeId,
    /// The step, or the undo action.
    pub step: StepId,
}

impl Place {
    /// Names a step of a plan; `None` if the plan has no such step.
    pub fn of_step(plan: &Plan, step: StepIndex) -> Option<Self> {
        let step = plan.steps.get(step.at())?;
        Self::of(plan, step.node, &step.id)
    }

    /// Names an undo action of a plan; `None` if the plan has no such node.
    pub fn of_undo(plan: &Plan, action: &UndoAction) -> Option<Self> {
        Self::of(plan, action.node, &action.id)
    }

    fn of(plan: &Plan, node: NodeIndex, step: &StepId) -> Option<Self> {
        Some(Self {
            node: plan.nodes.get(node.at())?.id.clone(),
            step: step.clone(),
        })
    }
}

/// The first event of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Started {
    /// The run.
    pub run: RunId,
    /// Its release.
    pub release: ReleaseId,
    /// Where it goes.
    pub environment: EnvironmentName,
    /// The hash of the plan.
    pub plan: Digest,
    /// Who started it.
    pub by: String,
    /// The version of Gantry.
    pub gantry: String,
    /// What the file may reach, as confirmed by whoever started it: programs, hosts, secrets' names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reach: Vec<String>,
}

/// The direction turned for some nodes or for all.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RollbackStarted {
    /// The node whose trouble or name it was, if it was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub node: Option<NodeId>,
    /// The step whose failure it was, if it was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<StepId>,
    /// What set it off.
    pub trigger: RollbackTrigger,
    /// How much is undone.
    pub scope: RollbackScope,
    /// Who asked, if somebody did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Why, in a sentence.
    pub message: String,
    /// The nodes that turn, where it is not the whole release.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub nodes: Vec<NodeId>,
    /// What is undone, in order; each action's needs are places in this list.
    pub actions: Vec<UndoAction>,
    /// How long it usually takes, in milliseconds.
    pub estimate_ms: u64,
}

/// What became of a command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Steered {
    /// The node that was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub node: Option<NodeId>,
    /// The letter of the inbox that it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub letter: Option<u64>,
    /// Who gave it.
    pub by: String,
    /// The command's word.
    pub command: String,
    /// Whether it was taken.
    pub ruling: RulingWord,
    /// The answer, in a sentence.
    pub message: String,
    /// The reason that came with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Started {
    /// Builds the first event of a run of a plan.
    pub fn of(run: &RunId, plan: &Plan, by: &str, gantry: &str, reach: Vec<String>) -> Self {
        Self {
            run: run.clone(),
            release: plan.release.clone(),
            environment: plan.environment.clone(),
            plan: plan.digest,
            by: by.to_owned(),
            gantry: gantry.to_owned(),
            reach,
        }
    }
}

impl RollbackStarted {
    /// Gives how long it usually takes.
    pub fn estimate(&self) -> Span {
        Span::from_millis(self.estimate_ms)
    }
}

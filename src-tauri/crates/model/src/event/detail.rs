//! The larger parts that events are made of.

use serde::{Deserialize, Serialize};

use super::{JudgedStanding, RollbackScope, RollbackTrigger, RulingWord};
use crate::{
    digest::Digest,
    id::{EnvironmentName, MetricName, NodeId, ReleaseId, RunId, StepId},
    measure::{Bucket, Level},
    plan::{NodeIndex, Plan, StepIndex},
    release::check::Reaction,
    rollback::UndoAction,
    time::Timestamp,
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

/// What the judge says of a bake.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Judged {
    /// The bake.
    #[serde(flatten)]
    pub place: Place,
    /// Where it stands.
    pub standing: JudgedStanding,
    /// Why: `guardrail`, `critical`, `evidence`, `baseline-unhealthy`, `early`, `deadline` or
    /// `undecided`.
    pub because: String,
    /// 100 where there is no evidence of harm, 0 where there is an alarm.
    pub score: f64,
    /// The natural logarithm of the evidence of harm, of all metrics together.
    pub log_evidence: f64,
    /// How many buckets were judged, in all bakes of the node.
    pub buckets: u32,
    /// The bucket of the alarm, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alarm_bucket: Option<u32>,
    /// How long a bucket is, in milliseconds.
    pub bucket_ms: u64,
    /// Each metric, the one to read first in front.
    pub metrics: Vec<JudgedMetric>,
    /// What was seen, and what would change the verdict, for people.
    pub sentence: String,
}

/// What the judge knows of one metric.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct JudgedMetric {
    /// The metric.
    pub metric: MetricName,
    /// Its share of the decision; 0 where it is only shown.
    pub weight: f64,
    /// The natural logarithm of its evidence of harm.
    pub log_evidence: f64,
    /// The ratio of the new version to the old one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub estimate: Option<f64>,
    /// Where the ratio lies at least, at any time one looks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<f64>,
    /// Where the ratio lies at most; absent where nothing bounds it yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<f64>,
    /// The new version, summed up over all buckets, or on average.
    pub canary: Level,
    /// The old version.
    pub baseline: Level,
    /// How many buckets were missing.
    pub missing: u32,
}

/// What an earlier run measured of the very change that this one makes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Carried {
    /// The node.
    pub node: NodeId,
    /// The run that measured it.
    pub from: RunId,
    /// The hash of everything that the evidence is bound to.
    pub bound_to: Digest,
    /// What it measured.
    pub buckets: Vec<CarriedBucket>,
}

/// One bucket of an earlier run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CarriedBucket {
    /// The bake.
    pub step: StepId,
    /// What was measured.
    pub bucket: Bucket,
}

/// A trigger that tripped.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trip {
    /// The node that it was declared at; the release where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub node: Option<NodeId>,
    /// Its place among the plan's triggers.
    pub trigger: u32,
    /// What happens now.
    pub then: Reaction,
    /// What tripped it, in a sentence.
    pub message: String,
    /// The looks that tripped it, oldest first.
    pub samples: Vec<TriggerSample>,
}

/// One look at what a trigger watches.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TriggerSample {
    /// When.
    pub at: Timestamp,
    /// The number, where there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// What was seen.
    pub summary: String,
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

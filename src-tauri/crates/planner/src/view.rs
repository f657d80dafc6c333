//! The plan as `gantry plan --json` prints it; keys and their order are a promise.

pub mod part;

use gantry_model::{
    digest::Digest,
    id::{EnvironmentName, GateName, NodeId, ReleaseId, StepId},
    plan::{Finding, NodeIndex, Plan, SkewPair, StepIndex},
    rollback::{RollbackPlan, Scope, plan_rollback},
};
use serde::Serialize;

use part::{NodeView, RollbackView, StepView, TriggerView};

/// A plan, for machines and for the window.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlanView {
    /// Which release.
    pub release: ReleaseId,
    /// The plan's hash.
    pub plan: Digest,
    /// The release's title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Where it goes.
    pub environment: EnvironmentName,
    /// The earliest levels.
    pub waves: Vec<Vec<NodeId>>,
    /// A topological order.
    pub order: Vec<NodeId>,
    /// The chain of nodes that takes longest.
    pub critical_path: CriticalPathView,
    /// The nodes, sorted by id.
    pub nodes: Vec<NodeView>,
    /// The steps, node by node.
    pub steps: Vec<StepView>,
    /// What is undone if everything has been executed.
    pub rollback: RollbackView,
    /// The first step that cannot be undone.
    pub point_of_no_return: Option<PointOfNoReturnView>,
    /// What trips, guardrails of metrics too.
    pub triggers: Vec<TriggerView>,
    /// Every pair of versions that can meet and was checked.
    pub skew: Vec<SkewPair>,
    /// What somebody should know before the start.
    pub findings: Vec<Finding>,
}

/// The chain of nodes that takes longest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CriticalPathView {
    /// The nodes, first to last.
    pub nodes: Vec<NodeId>,
    /// How long it takes.
    pub estimate_ms: u64,
    /// Whether some node has no estimate, so that it takes at least this long.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub at_least: bool,
}

/// The first step that cannot be undone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PointOfNoReturnView {
    /// The step.
    pub step: StepId,
    /// The gate before it.
    pub approval: GateName,
}

/// Shows a plan; the rollback in it is that of a release of which everything was executed.
pub fn view(plan: &Plan) -> PlanView {
    let everything = plan_rollback(plan, &|_| true, Scope::Release);
    let critical = &plan.critical_path;
    PlanView {
        release: plan.release.clone(),
        plan: plan.digest,
        title: plan.title.clone(),
        environment: plan.environment.clone(),
        waves: plan.waves.iter().map(|wave| ids(plan, wave)).collect(),
        order: ids(plan, &plan.order),
        critical_path: CriticalPathView {
            nodes: ids(plan, &critical.nodes),
            estimate_ms: critical.estimate.as_millis(),
            at_least: critical.at_least,
        },
        nodes: plan
            .nodes
            .iter()
            .map(|node| part::node(plan, node))
            .collect(),
        steps: plan
            .steps
            .iter()
            .filter_map(|step| part::step(plan, step))
            .collect(),
        rollback: part::rollback(plan, &everything),
        point_of_no_return: plan.point_of_no_return.as_ref().and_then(|point| {
            let step = step_id(plan, point.step)?.clone();
            let approval = point.approval.clone();
            Some(PointOfNoReturnView { step, approval })
        }),
        triggers: plan
            .triggers
            .iter()
            .map(|trigger| part::trigger(plan, trigger))
            .collect(),
        skew: plan.skew.clone(),
        findings: plan.findings.clone(),
    }
}

/// Shows the rollback of some moment, in the words of the whole plan's.
pub fn rollback(plan: &Plan, rollback: &RollbackPlan) -> RollbackView {
    part::rollback(plan, rollback)
}

fn node_id(plan: &Plan, node: NodeIndex) -> Option<&NodeId> {
    plan.nodes.get(node.at()).map(|node| &node.id)
}

fn step_id(plan: &Plan, step: StepIndex) -> Option<&StepId> {
    plan.steps.get(step.at()).map(|step| &step.id)
}

fn ids(plan: &Plan, nodes: &[NodeIndex]) -> Vec<NodeId> {
    nodes
        .iter()
        .filter_map(|node| node_id(plan, *node))
        .cloned()
        .collect()
}

fn step_ids(plan: &Plan, steps: &[StepIndex]) -> Vec<StepId> {
    steps
        .iter()
        .filter_map(|step| step_id(plan, *step))
        .cloned()
        .collect()
}

//! The plan's hash: what will be done, and nothing that only tells about it.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{
    digest::Digest,
    id::{ConnectionName, EnvironmentName, MetricName, Milestone, NodeId, ReleaseId, StepId},
    plan::{Action, Plan, PlannedNode, PlannedTrigger, Step, StepIndex, Undo},
    release::{
        OnFailure, Policy, Retry, Window,
        check::{Check, Health, Judge, Silence},
        connection::Connection,
        metric::Metric,
        node::{Flag, Kind, Route, VersionChange, Workload},
        strategy::{OnRollback, Strategy, StrategyName},
        task::Task,
    },
    unit::Span,
};

/// Raised when the shape of what is hashed changes, so that no two shapes share a hash.
const SHAPE: u32 = 1;

/// Hashes nodes, steps, undo, needs, gates, policy, versions and files; not estimates, assessment,
/// findings, observations or wording.
///
/// What the planner writes into [`Plan::digest`], and what whoever doubts a plan makes anew.
pub fn digest(plan: &Plan) -> Digest {
    // Maps are sorted and every value is plain data, so that writing cannot fail; an empty
    // text would still be told from every plan.
    let text = serde_json::to_vec(&Sealed::of(plan)).unwrap_or_default();
    Digest::of(text)
}

#[derive(Serialize)]
struct Sealed<'a> {
    shape: u32,
    release: &'a ReleaseId,
    environment: &'a EnvironmentName,
    policy: &'a Policy,
    window: Option<&'a Window>,
    connections: &'a BTreeMap<ConnectionName, Connection>,
    metrics: &'a BTreeMap<MetricName, Metric>,
    files: &'a BTreeMap<String, Digest>,
    triggers: &'a [PlannedTrigger],
    // Left out where there are none, so that plans from before there were any keep their hash.
    #[serde(skip_serializing_if = "Option::is_none")]
    silences: Option<&'a [Silence]>,
    success: Vec<(&'a str, Option<&'a Check>)>,
    nodes: Vec<SealedNode<'a>>,
    steps: Vec<SealedStep<'a>>,
}

#[derive(Serialize)]
struct SealedNode<'a> {
    id: &'a NodeId,
    kind: Kind,
    service: &'a str,
    strategy: StrategyName,
    settings: Option<&'a Strategy>,
    needs: Vec<(u32, &'a Milestone)>,
    version: Option<&'a VersionChange>,
    connection: Option<&'a ConnectionName>,
    workload: Option<&'a Workload>,
    router: Option<&'a Route>,
    flag: Option<&'a Flag>,
    run: Option<&'a Task>,
    health: Option<&'a Health>,
    judge: Option<&'a Judge>,
    on_failure: OnFailure,
    on_rollback: OnRollback,
}

#[derive(Serialize)]
struct SealedStep<'a> {
    id: &'a StepId,
    action: &'a Action,
    needs: &'a [StepIndex],
    undo: Undo,
    timeout: Span,
    retry: Retry,
    cancel: bool,
    idempotent: bool,
    reaches: &'a [Milestone],
}

impl<'a> Sealed<'a> {
    fn of(plan: &'a Plan) -> Self {
        let criteria = plan.success.iter();
        Self {
            shape: SHAPE,
            release: &plan.release,
            environment: &plan.environment,
            policy: &plan.policy,
            window: plan.window.as_ref(),
            connections: &plan.connections,
            metrics: &plan.metrics,
            files: &plan.files,
            triggers: &plan.triggers,
            silences: (!plan.silences.is_empty()).then_some(plan.silences.as_slice()),
            success: criteria
                .map(|c| (c.id.as_str(), c.check.as_ref()))
                .collect(),
            nodes: plan.nodes.iter().map(SealedNode::of).collect(),
            steps: plan.steps.iter().map(SealedStep::of).collect(),
        }
    }
}

impl<'a> SealedNode<'a> {
    fn of(node: &'a PlannedNode) -> Self {
        let needs = node.needs.iter();
        Self {
            id: &node.id,
            kind: node.kind,
            service: node.service.as_str(),
            strategy: node.strategy,
            settings: node.settings.as_ref(),
            needs: needs.map(|need| (need.node.0, &need.milestone)).collect(),
            version: node.version.as_ref(),
            connection: node.connection.as_ref(),
            workload: node.workload.as_ref(),
            router: node.router.as_ref(),
            flag: node.flag.as_ref(),
            run: node.run.as_ref(),
            health: node.health.as_ref(),
            judge: node.judge.as_ref(),
            on_failure: node.on_failure,
            on_rollback: node.on_rollback,
        }
    }
}

impl<'a> SealedStep<'a> {
    fn of(step: &'a Step) -> Self {
        Self {
            id: &step.id,
            action: &step.action,
            needs: &step.needs,
            undo: step.undo,
            timeout: step.timeout,
            retry: step.retry,
            cancel: step.cancel,
            idempotent: step.idempotent,
            reaches: &step.reaches,
        }
    }
}

//! The parts of the view.

use std::collections::BTreeMap;

use gantry_model::{
    id::{MetricName, Milestone, NodeId, ServiceName, StepId},
    plan::{
        Action, Assessment, Level, Plan, PlannedNode, PlannedTrigger, Reversibility, Step, Undo,
    },
    release::{
        check::Reaction,
        node::{Kind, Need, VersionChange},
        strategy::StrategyName,
    },
    rollback::{LeftReason, RollbackPlan, UndoKind},
    unit::Weight,
};
use serde::Serialize;

use super::{ids, node_id, step_id, step_ids};

/// A node.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NodeView {
    /// Its id.
    pub id: NodeId,
    /// What it changes.
    pub kind: Kind,
    /// The service it belongs to.
    pub service: ServiceName,
    /// How it is changed.
    pub strategy: StrategyName,
    /// The old and the new version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<VersionChange>,
    /// Its earliest level.
    pub wave: u32,
    /// What must be there first, as it is written in a file.
    pub needs: Vec<String>,
    /// How long it takes.
    pub estimate_ms: u64,
    /// Whether nobody estimated it, so that it takes at least this long.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub at_least: bool,
    /// How much later it may be without the release being later.
    pub slack_ms: u64,
    /// Until when it can be undone.
    pub reversibility: Reversibility,
    /// The four questions.
    pub assessment: AssessmentView,
}

/// The four questions, answered from facts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AssessmentView {
    /// How risky it is.
    pub risk: Level,
    /// The same as a number from 0 to 100.
    pub score: u8,
    /// The strategy that fits best.
    pub recommended: StrategyName,
    /// Why, fact by fact.
    pub reasons: Vec<String>,
    /// What is deployed.
    pub what: String,
    /// What stands before and behind it.
    pub dependencies: String,
    /// How hard it is to undo.
    pub rollback_complexity: Level,
    /// What else would fit, with the reason.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub alternatives: Vec<String>,
}

/// A step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StepView {
    /// Its id.
    pub id: StepId,
    /// The node it belongs to.
    pub node: NodeId,
    /// What is done, in a word.
    pub action: &'static str,
    /// The share of the traffic, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight_bp: Option<u16>,
    /// The steps that must have succeeded first.
    pub needs: Vec<StepId>,
    /// How it is undone.
    pub undo: Undo,
    /// How long it usually takes; `null` where nobody knows.
    pub estimate_ms: Option<u64>,
    /// The milestones that are reached with it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reaches: Vec<Milestone>,
}

/// What is undone if everything has been executed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RollbackView {
    /// The earliest levels of the reversed graph.
    pub waves: Vec<Vec<NodeId>>,
    /// How long it takes with branches in parallel.
    pub estimate_ms: u64,
    /// The steps that nothing undoes.
    pub cannot_undo: Vec<StepId>,
    /// The actions; each one's needs stand before it.
    pub actions: Vec<ActionView>,
    /// Every step that stays, with the reason.
    pub left: Vec<LeftView>,
}

/// An action of the rollback.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ActionView {
    /// Its id.
    pub id: StepId,
    /// The node.
    pub node: NodeId,
    /// What is done.
    pub action: UndoKind,
    /// The actions that must be over first.
    pub needs: Vec<StepId>,
    /// The steps that it undoes.
    pub covers: Vec<StepId>,
    /// How long it usually takes.
    pub estimate_ms: u64,
}

/// A step that stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LeftView {
    /// The step.
    pub step: StepId,
    /// Why.
    pub reason: LeftReason,
}

/// A trigger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TriggerView {
    /// The node; the whole release where there is none.
    pub node: Option<NodeId>,
    /// The metric that is watched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metric: Option<MetricName>,
    /// The alert that is watched, by its labels.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub alert: BTreeMap<String, String>,
    /// The service whose metric it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<ServiceName>,
    /// Trips above this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub above: Option<String>,
    /// Trips below this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub below: Option<String>,
    /// For how long it must be so.
    pub for_ms: u64,
    /// What happens then.
    pub then: Reaction,
}

pub(super) fn node(plan: &Plan, node: &PlannedNode) -> NodeView {
    let need = |need: &gantry_model::plan::PlannedNeed| {
        let node = node_id(plan, need.node)?.clone();
        let milestone = need.milestone.clone();
        Some(Need { node, milestone }.to_string())
    };
    NodeView {
        id: node.id.clone(),
        kind: node.kind,
        service: node.service.clone(),
        strategy: node.strategy,
        version: node.version.clone(),
        wave: node.wave,
        needs: node.needs.iter().filter_map(need).collect(),
        estimate_ms: node.estimate.as_millis(),
        at_least: !node.estimate_known,
        slack_ms: node.slack.as_millis(),
        reversibility: node.reversibility.clone(),
        assessment: assessment(&node.assessment),
    }
}

fn assessment(assessment: &Assessment) -> AssessmentView {
    AssessmentView {
        risk: assessment.risk,
        score: assessment.score,
        recommended: assessment.recommended,
        reasons: assessment.reasons.clone(),
        what: assessment.what.clone(),
        dependencies: assessment.dependencies.clone(),
        rollback_complexity: assessment.rollback_complexity,
        alternatives: assessment.alternatives.clone(),
    }
}

pub(super) fn step(plan: &Plan, step: &Step) -> Option<StepView> {
    Some(StepView {
        id: step.id.clone(),
        node: node_id(plan, step.node)?.clone(),
        action: step.action.word(),
        weight_bp: weight(&step.action).map(Weight::basis_points),
        needs: step_ids(plan, &step.needs),
        undo: step.undo,
        estimate_ms: step.estimate.map(|span| span.as_millis()),
        reaches: step.reaches.clone(),
    })
}

fn weight(action: &Action) -> Option<Weight> {
    match action {
        Action::Bake { weight, .. } => Some(*weight),
        other => other.commanded_share(),
    }
}

pub(super) fn rollback(plan: &Plan, rollback: &RollbackPlan) -> RollbackView {
    let left = rollback.left.iter().filter_map(|left| {
        let step = step_id(plan, left.step)?.clone();
        Some(LeftView {
            step,
            reason: left.reason,
        })
    });
    let left: Vec<LeftView> = left.collect();
    let stuck = left.iter().filter(|left| match left.reason {
        LeftReason::Irreversible | LeftReason::NoUndo => true,
        // The old version lives beside it; that is how it is meant.
        LeftReason::Compatible => false,
    });
    let actions = rollback.actions.iter().filter_map(|action| {
        let needs = action
            .needs
            .iter()
            .filter_map(|at| rollback.actions.get(*at as usize));
        Some(ActionView {
            id: action.id.clone(),
            node: node_id(plan, action.node)?.clone(),
            action: action.kind,
            needs: needs.map(|need| need.id.clone()).collect(),
            covers: step_ids(plan, &action.covers),
            estimate_ms: action.estimate.as_millis(),
        })
    });
    RollbackView {
        waves: rollback.waves.iter().map(|wave| ids(plan, wave)).collect(),
        estimate_ms: rollback.estimate.as_millis(),
        cannot_undo: stuck.map(|left| left.step.clone()).collect(),
        actions: actions.collect(),
        left,
    }
}

pub(super) fn trigger(plan: &Plan, planned: &PlannedTrigger) -> TriggerView {
    let trigger = &planned.trigger;
    TriggerView {
        node: planned.node.and_then(|node| node_id(plan, node)).cloned(),
        metric: trigger.metric.clone(),
        alert: trigger.alert.clone(),
        of: trigger.of.clone(),
        above: trigger.above.clone(),
        below: trigger.below.clone(),
        for_ms: trigger.lasting.as_millis(),
        then: planned.then,
    }
}

//! How a run stands, for people and programs.

use std::borrow::Cow;

use gantry_judge::judge::Deadline;
use gantry_model::{
    digest::Digest,
    event::{HoldReason, Judged, Outcome},
    id::{NodeId, RunId, StepId},
    plan::NodeIndex,
    run::{CriterionState, Fate, Phase, Progress, Run, StepState, UndoState, Way},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

use crate::{
    explain::explain,
    judging::Bench,
    outcome::{changed_nodes, is_changed},
    retreat::plan_now,
};

/// A run as `status` shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunStatus {
    /// The run.
    pub run: RunId,
    /// The plan's hash.
    pub plan: Digest,
    /// Its state in one word: `preflight`, `running`, `held`, `rolling-back` or an outcome.
    pub state: Cow<'static, str>,
    /// Its outcome, if it has ended.
    pub outcome: Option<Outcome>,
    /// Who started it.
    pub by: String,
    /// When it started.
    pub started_at: Timestamp,
    /// When it last changed.
    pub changed_at: Timestamp,
    /// What holds it.
    pub holds: Vec<HoldStatus>,
    /// Its nodes, in the plan's order.
    pub nodes: Vec<NodeStatus>,
    /// How many steps have succeeded or were skipped.
    pub steps_done: u32,
    /// How many steps there are.
    pub steps_total: u32,
    /// What going back now would mean.
    pub rollback_now: RollbackNow,
    /// The nodes that are not where they were.
    pub changed: Vec<NodeId>,
    /// The success criteria, as far as they are known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub criteria: Vec<CriterionStatus>,
}

/// One hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoldStatus {
    /// The node; the whole run where there is none.
    pub node: Option<NodeId>,
    /// What holds.
    pub reason: HoldReason,
    /// Who, where a person did.
    pub by: Option<String>,
    /// Why, in a sentence.
    pub message: String,
}

/// One success criterion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CriterionStatus {
    /// Its id.
    pub id: String,
    /// What must hold, in words.
    pub item: String,
    /// `open`, `met` or `unmet`.
    pub state: Cow<'static, str>,
    /// What was seen, or who accepted it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// One node.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NodeStatus {
    /// Which.
    pub id: NodeId,
    /// Its state.
    pub state: NodeState,
    /// Why it waits or stopped, in one sentence.
    pub why: String,
    /// Its steps.
    pub steps: Vec<StepStatus>,
    /// What the judge says of it, where it is judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Judged>,
    /// The share of the traffic that was commanded last, in basis points; told by `status` of a run that goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commanded_bp: Option<u16>,
    /// The share that was measured last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measured_bp: Option<u16>,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepStatus {
    /// Which.
    pub id: StepId,
    /// Its state in one word.
    pub state: Cow<'static, str>,
    /// The round of its key.
    pub round: u32,
    /// When it began; told by `status` of a run that goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub began_at: Option<Timestamp>,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
}

/// The state of a node; outcomes stay distinct.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NodeState {
    /// It has not begun.
    Waiting,
    /// Some step is under way or comes next.
    Running,
    /// A person is asked: a gate, a manual step or undo, an unknown step.
    WaitsForPerson,
    /// All its steps that others wait for are done.
    Done,
    /// A step failed.
    Failed,
    /// It goes back.
    RollingBack,
    /// An undo waits for a person.
    Stuck,
    /// It is back.
    RolledBack,
    /// It went back, and something stays changed.
    LeftChanged,
    /// It never ran.
    NotRun,
}

/// What going back now would mean.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RollbackNow {
    /// How many actions it has.
    pub actions: usize,
    /// How many nodes it touches.
    pub nodes: usize,
    /// How long it usually takes, in milliseconds.
    pub estimate_ms: u64,
    /// How long it takes in nine of ten cases; told by `status` of a run that goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub estimate_p90_ms: Option<u64>,
    /// The steps that would stay.
    pub left: Vec<StepId>,
}

/// Tells how a run stands.
pub fn status(run: &Run) -> RunStatus {
    let id = |node: NodeIndex| run.planned_node(node).id.clone();
    let holds = run.holds().iter().map(|hold| HoldStatus {
        node: hold.node.map(id),
        reason: hold.reason,
        by: hold.by.clone(),
        message: hold.message.clone(),
    });
    RunStatus {
        run: run.id().clone(),
        plan: run.plan().digest,
        state: state_word(run).into(),
        outcome: match run.phase() {
            Phase::Ended(outcome) => Some(outcome),
            Phase::Preflight | Phase::Forward | Phase::Backward => None,
        },
        by: run.author().to_owned(),
        started_at: run.started_at(),
        changed_at: run.changed_at(),
        holds: holds.collect(),
        nodes: run
            .plan()
            .order
            .iter()
            .map(|node| node_status(run, *node))
            .collect(),
        steps_done: run.queues().steps_over,
        steps_total: run.plan().steps.len() as u32,
        rollback_now: rollback_now(run),
        changed: changed_nodes(run).map(id).collect(),
        criteria: criteria(run),
    }
}

/// Gives the state of a run in the word that lists show.
pub fn state_word(run: &Run) -> &'static str {
    let held = run.holds().iter().any(|hold| hold.node.is_none());
    match run.phase() {
        Phase::Ended(outcome) => outcome.word(),
        _ if held => "held",
        Phase::Preflight => "preflight",
        Phase::Forward => "running",
        Phase::Backward => "rolling-back",
    }
}

fn criteria(run: &Run) -> Vec<CriterionStatus> {
    let all = run.criteria().map(|(criterion, known)| {
        let (state, message) = match known {
            CriterionState::Open => ("open", None),
            CriterionState::Unmet { message } => ("unmet", Some(message.clone())),
            CriterionState::Met { by } => {
                ("met", by.as_ref().map(|by| format!("accepted by {by}")))
            }
        };
        CriterionStatus {
            id: criterion.id.clone(),
            item: criterion.item.clone(),
            state: state.into(),
            message,
        }
    });
    all.collect()
}

/// Above so many buckets the last recorded verdict is shown: folding them all takes too long.
const FOLDED: usize = 500;

/// What the judge says now, while a bake is judged, and what it said last otherwise.
pub fn verdict(run: &Run, node: NodeIndex) -> Option<Judged> {
    let record = run.node(node);
    let mut steps = run.planned_node(node).steps();
    let watched = steps.find(|step| matches!(run.step(*step).state, StepState::Watching(_)));
    let fresh = watched
        .filter(|_| !record.measured.is_empty() && record.measured.len() <= FOLDED)
        .and_then(|step| Bench::default().judged(run, step, Deadline::Ahead));
    fresh.or_else(|| record.verdict.as_deref().cloned())
}

fn rollback_now(run: &Run) -> RollbackNow {
    let planned = plan_now(run, None);
    let left = planned
        .left
        .iter()
        .map(|left| run.planned_step(left.step).id.clone());
    RollbackNow {
        actions: planned.actions.len(),
        nodes: planned.waves.iter().map(Vec::len).sum(),
        estimate_ms: planned.estimate.as_millis(),
        estimate_p90_ms: None,
        left: left.collect(),
    }
}

fn node_status(run: &Run, node: NodeIndex) -> NodeStatus {
    let steps = run.planned_node(node).steps().map(|step| StepStatus {
        id: run.planned_step(step).id.clone(),
        state: run.step(step).state.word().into(),
        round: run.step(step).round,
        began_at: None,
        ended_at: None,
    });
    NodeStatus {
        id: run.planned_node(node).id.clone(),
        state: node_state(run, node),
        why: explain(run, node),
        steps: steps.collect(),
        verdict: verdict(run, node),
        commanded_bp: None,
        measured_bp: None,
    }
}

/// Gives the state of a node.
pub fn node_state(run: &Run, node: NodeIndex) -> NodeState {
    match run.node(node).way {
        Way::Back => state_back(run, node),
        Way::Forward => state_forward(run, node),
    }
}

fn state_back(run: &Run, node: NodeIndex) -> NodeState {
    let mut stuck = run.queues().stuck.iter();
    if stuck.any(|undo| run.undo(*undo).action.node == node) {
        return NodeState::Stuck;
    }
    let of_node = || {
        run.undos()
            .filter(move |(_, undo)| undo.action.node == node)
    };
    if of_node().any(|(_, undo)| undo.state == UndoState::ByHand) {
        return NodeState::WaitsForPerson;
    }
    if run.node(node).undoing > 0 {
        return NodeState::RollingBack;
    }
    let steps = || run.planned_node(node).steps();
    let undone = steps().any(|step| run.step(step).fate == Fate::Undone)
        || of_node().any(|(_, undo)| undo.state == UndoState::Succeeded);
    let changed = is_changed(run, node);
    match (changed, undone) {
        (true, _) => NodeState::LeftChanged,
        (false, true) => NodeState::RolledBack,
        (false, false) => NodeState::NotRun,
    }
}

fn state_forward(run: &Run, node: NodeIndex) -> NodeState {
    let states = || {
        run.planned_node(node)
            .steps()
            .map(|step| &run.step(step).state)
    };
    let asks = |state: &StepState| {
        matches!(
            state,
            StepState::Asking { .. } | StepState::ByHand { .. } | StepState::Unknown { .. }
        )
    };
    let ended = matches!(run.phase(), Phase::Ended(_));
    if states().any(|state| matches!(state, StepState::Failed { .. })) {
        NodeState::Failed
    } else if states().any(asks) {
        NodeState::WaitsForPerson
    } else if run.node(node).done == Progress::Done {
        NodeState::Done
    } else if states().any(StepState::is_live) {
        NodeState::Running
    } else if states().all(|state| matches!(state, StepState::Succeeded | StepState::Skipped)) {
        NodeState::Done
    } else if ended {
        NodeState::NotRun
    } else if begun(run, node) {
        NodeState::Running
    } else {
        NodeState::Waiting
    }
}

fn begun(run: &Run, node: NodeIndex) -> bool {
    run.planned_node(node)
        .steps()
        .any(|step| run.is_touched(step))
}

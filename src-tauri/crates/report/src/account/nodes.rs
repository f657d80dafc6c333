//! What became of each node.

use gantry_model::{
    event::{Happened, RunEvent},
    plan::{Action, NodeIndex, Plan, PlannedNode, StepIndex, Undo},
    rollback::LeftReason,
    run::{Fate, Progress, Run, StepState, UndoState},
    time::Timestamp,
};
use schemars::JsonSchema;
use serde::Serialize;

use super::folded::Folded;
use crate::document::Tone;

/// A node and what became of it.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Node {
    /// Its id.
    pub id: String,
    /// What it changes, in a word.
    pub kind: String,
    /// The service.
    pub service: String,
    /// The old version, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The new version, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// How it was to be changed.
    pub strategy: String,
    /// Who answers for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Its wave, from 0.
    pub wave: u32,
    /// What became of it.
    pub state: NodeState,
    /// What it was when the decision to go back was taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_trigger: Option<NodeState>,
    /// The step at which it stopped, and why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stopped: Option<String>,
    /// When its first change began.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub began_at: Option<Timestamp>,
    /// The entries of its first and last event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entries: Option<(u64, u64)>,
}

/// What became of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NodeState {
    /// Nothing of it was changed.
    NotRun,
    /// It is being changed.
    UnderWay,
    /// It is done.
    Done,
    /// It has failed; what it changed stands.
    Failed,
    /// It is being undone.
    RollingBack,
    /// Everything of it was undone, or stays by design.
    RolledBack,
    /// It was to be undone, and something of it still stands.
    LeftChanged,
    /// An undo of it waits for a person.
    Stuck,
    /// Nobody can tell: the record contradicts itself.
    Unknown,
}

impl NodeState {
    /// Gives the words that stand on paper.
    pub fn words(self) -> &'static str {
        match self {
            Self::NotRun => "not run",
            Self::UnderWay => "under way",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::RollingBack => "rolling back",
            Self::RolledBack => "rolled back",
            Self::LeftChanged => "left changed",
            Self::Stuck => "undo stuck",
            Self::Unknown => "unknown",
        }
    }

    /// Gives how it is felt.
    pub fn tone(self) -> Tone {
        match self {
            Self::NotRun => Tone::Faint,
            Self::UnderWay => Tone::Plain,
            Self::Done => Tone::Good,
            Self::Failed | Self::Stuck => Tone::Bad,
            Self::RollingBack | Self::RolledBack => Tone::Back,
            Self::LeftChanged | Self::Unknown => Tone::Warn,
        }
    }
}

/// Tells what became of each node, in the plan's order.
pub(crate) fn nodes(
    plan: &Plan,
    events: &[RunEvent],
    folded: &Folded,
    at_trigger: Option<u64>,
) -> Vec<Node> {
    let then = at_trigger.map(|seq| folded.before(events, seq));
    let traces = traces(plan, events);
    let one = |(at, index): (usize, NodeIndex)| {
        let node = plan.nodes.get(index.at())?;
        let trace = traces.get(index.at()).cloned().unwrap_or_default();
        Some((at, describe(node, index, folded, then.as_ref(), trace)))
    };
    let ordered = plan.order.iter().copied().enumerate();
    ordered.filter_map(one).map(|(_, node)| node).collect()
}

#[derive(Clone, Debug, Default)]
struct Trace {
    entries: Option<(u64, u64)>,
    began: Option<Timestamp>,
    stopped: Option<String>,
}

fn describe(
    node: &PlannedNode,
    index: NodeIndex,
    folded: &Folded,
    then: Option<&Folded>,
    trace: Trace,
) -> Node {
    let state = |folded: &Folded| match (folded.contradiction(), folded.run()) {
        (Some(_), _) => NodeState::Unknown,
        (None, Some(run)) => state_of(run, index),
        (None, None) => NodeState::NotRun,
    };
    Node {
        id: node.id.to_string(),
        kind: crate::words::kind(node.kind).to_owned(),
        service: node.service.to_string(),
        from: node
            .version
            .as_ref()
            .and_then(|change| change.from.as_ref())
            .map(ToString::to_string),
        to: node.version.as_ref().map(|change| change.to.to_string()),
        strategy: node.strategy.to_string(),
        owner: node.owner.clone(),
        wave: node.wave,
        state: state(folded),
        at_trigger: then.map(state),
        stopped: trace.stopped,
        began_at: trace.began,
        entries: trace.entries,
    }
}

/// Reads from the lines alone when each node began, and what stopped it.
fn traces(plan: &Plan, events: &[RunEvent]) -> Vec<Trace> {
    let mut traces = vec![Trace::default(); plan.nodes.len()];
    for event in events {
        let Some(place) = crate::timeline::place(&event.what) else {
            continue;
        };
        let Some(index) = plan.node(&place.node) else {
            continue;
        };
        let Some(trace) = traces.get_mut(index.at()) else {
            continue;
        };
        let first = trace.entries.map_or(event.seq, |(first, _)| first);
        trace.entries = Some((first, event.seq));
        match &event.what {
            Happened::StepStarted { .. } if trace.began.is_none() => trace.began = Some(event.at),
            Happened::StepFailed { message, .. } | Happened::PreflightFailed { message, .. } => {
                trace.stopped = Some(format!("{}: {message}", place.step));
            }
            Happened::UndoStuck { message, .. } => {
                trace.stopped = Some(format!("undo {}: {message}", place.step));
            }
            _ => {}
        }
    }
    traces
}

/// Says what a node is at this point of its run.
pub(crate) fn state_of(run: &Run, node: NodeIndex) -> NodeState {
    let planned = run.planned_node(node);
    let steps = || planned.steps().map(|step| (step, run.step(step)));
    let stuck = run
        .undos()
        .any(|(_, undo)| undo.action.node == node && matches!(undo.state, UndoState::Stuck { .. }));
    let undoing = run.node(node).undoing > 0;
    let undone = steps().any(|(_, step)| step.fate == Fate::Undone);
    let turned = undone
        || steps().any(|(_, step)| match step.fate {
            Fate::Left(_) | Fate::Accepted | Fate::Undoing(_) => true,
            Fate::Standing | Fate::Undone => false,
        });
    let changed = is_changed(run, planned);
    let failed = steps().any(|(_, step)| matches!(step.state, StepState::Failed { .. }));
    if stuck {
        NodeState::Stuck
    } else if undoing {
        NodeState::RollingBack
    } else if turned && changed {
        NodeState::LeftChanged
    } else if turned {
        NodeState::RolledBack
    } else if failed {
        NodeState::Failed
    } else if run.node(node).done == Progress::Done {
        NodeState::Done
    } else if has_begun(run, planned) {
        NodeState::UnderWay
    } else {
        NodeState::NotRun
    }
}

/// Whether anything beyond its preflight has begun.
fn has_begun(run: &Run, node: &PlannedNode) -> bool {
    node.steps().any(|step| {
        let planned = run.planned_step(step);
        let begun = match run.step(step).state {
            StepState::Waiting
            | StepState::Ready
            | StepState::Scheduled { .. }
            | StepState::NotRun => false,
            StepState::Acting
            | StepState::Lost { .. }
            | StepState::BackingOff { .. }
            | StepState::Watching(_)
            | StepState::Asking { .. }
            | StepState::ByHand { .. }
            | StepState::Unknown { .. }
            | StepState::Succeeded
            | StepState::Failed { .. }
            | StepState::Cancelled
            | StepState::Skipped => true,
        };
        begun && planned.action != Action::Preflight
    })
}

/// Whether the node is not where it was: touched, not undone, and not left by design.
fn is_changed(run: &Run, node: &PlannedNode) -> bool {
    node.steps().any(|step| stands(run, step))
}

fn stands(run: &Run, step: StepIndex) -> bool {
    let stays = match run.step(step).fate {
        Fate::Standing | Fate::Undoing(_) | Fate::Accepted => true,
        Fate::Left(LeftReason::Irreversible | LeftReason::NoUndo) => true,
        Fate::Left(LeftReason::Compatible) | Fate::Undone => false,
    };
    let planned = run.planned_step(step);
    let acts = match planned.undo {
        Undo::None => planned.action == Action::Run,
        Undo::Restore | Undo::Inverse | Undo::Leave | Undo::Never => true,
    };
    stays && acts && run.is_touched(step)
}

/// Lists the nodes of a plan of which nothing has run.
pub(crate) fn unrun(plan: &Plan) -> Vec<Node> {
    nodes(plan, &[], &Folded::of(plan, &[]), None)
}

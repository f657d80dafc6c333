//! A run: what has become of a plan so far.
//!
//! A run is the fold of its journal: [`Run::begin`] takes the first event, [`Run::apply`] each
//! further one, and nothing else changes it. Steps, nodes and undo actions are dense arrays;
//! counters of unmet needs and the queues of [`queue::Queues`] are kept up to date with each event,
//! so that an event costs what it changes and not what the release is large.

mod apply;
mod backward;
mod criterion;
mod evidence;
mod forward;
mod graph;
mod manner;
mod queue;
mod snapshot;
mod state;

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

pub use criterion::CriterionState;
pub use evidence::{Measured, SilenceState};
use graph::Graph;
pub use graph::MalformedPlan;
pub use manner::{Manner, is_undone_by_hand, manner, only_looks};
pub use queue::Queues;
pub use snapshot::UnusableSnapshot;
pub use state::*;

use crate::{
    event::{Effect, Happened, RunEvent, Started},
    id::{RunId, StepId},
    plan::{Action, NodeIndex, Plan, PlannedNode, Step, StepIndex},
    time::Timestamp,
};

/// An event that cannot follow what came before.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IllegalTransition {
    /// The event does not fit the state of what it is about.
    #[error("entry {seq}: {event} cannot happen to {about} while it is {state}")]
    Unfit {
        /// The entry.
        seq: u64,
        /// The event's kind.
        event: String,
        /// The step, undo action or run.
        about: String,
        /// Its state, in a word.
        state: String,
    },
    /// The event names something that the plan has not.
    #[error("entry {seq}: the plan has no {what}")]
    Unheard {
        /// The entry.
        seq: u64,
        /// What is named.
        what: String,
    },
    /// Entries are missing or doubled.
    #[error("entry {found} cannot follow entry {last}")]
    Gap {
        /// The last entry.
        last: u64,
        /// The one that was handed in.
        found: u64,
    },
    /// The journal belongs to another plan.
    #[error("the journal does not belong to this plan")]
    WrongPlan,
    /// The plan cannot be run.
    #[error(transparent)]
    Malformed(#[from] MalformedPlan),
}

/// A run, folded from its journal.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    plan: Arc<Plan>,
    id: RunId,
    by: String,
    started_at: Timestamp,
    changed_at: Timestamp,
    seq: u64,
    epoch: u64,
    phase: Phase,
    aborted_by: Option<String>,
    rollback_by: Option<String>,
    holds: Vec<Hold>,
    start_approvals: Vec<String>,
    criteria: Vec<CriterionState>,
    tripped: BTreeSet<usize>,
    silences: Vec<SilenceState>,
    claims: Claims,
    steps: Vec<StepRecord>,
    nodes: Vec<NodeRecord>,
    undo: Vec<UndoRecord>,
    undo_by_id: HashMap<StepId, UndoIndex>,
    queues: Queues,
    graph: Arc<Graph>,
}

impl Run {
    /// Begins a run with its first event.
    ///
    /// # Errors
    /// If the event is not `started`, is not the first, or belongs to another plan, or if the plan
    /// points outside of itself.
    pub fn begin(plan: Arc<Plan>, first: &RunEvent) -> Result<Self, IllegalTransition> {
        let Happened::Started(started) = &first.what else {
            return Err(IllegalTransition::Gap {
                last: 0,
                found: first.seq,
            });
        };
        if started.plan != plan.digest {
            return Err(IllegalTransition::WrongPlan);
        }
        let graph = Arc::new(Graph::of(&plan)?);
        let mut run = Self::blank(plan, started, first, graph);
        run.open_first_steps();
        Ok(run)
    }

    fn blank(plan: Arc<Plan>, started: &Started, first: &RunEvent, graph: Arc<Graph>) -> Self {
        let steps = plan.steps.iter().map(|step| StepRecord {
            state: StepState::Waiting,
            unmet: step.needs.len() as u32,
            round: 1,
            attempt: 0,
            retries: 0,
            deadline: None,
            touched: Effect::None,
            fate: Fate::Standing,
        });
        let node = NodeRecord {
            way: Way::Forward,
            done: Progress::Open,
            acting: 0,
            undoing: 0,
            baseline: None,
            measured: Vec::new(),
            verdict: None,
        };
        Self {
            id: started.run.clone(),
            by: started.by.clone(),
            started_at: first.at,
            changed_at: first.at,
            seq: first.seq,
            epoch: 0,
            phase: Phase::Preflight,
            claims: Claims::Kept,
            aborted_by: None,
            rollback_by: None,
            holds: Vec::new(),
            start_approvals: Vec::new(),
            criteria: vec![CriterionState::Open; plan.success.len()],
            tripped: BTreeSet::new(),
            silences: vec![SilenceState::Open; plan.silences.len()],
            steps: steps.collect(),
            nodes: vec![node; plan.nodes.len()],
            undo: Vec::new(),
            undo_by_id: HashMap::new(),
            queues: Queues::default(),
            graph,
            plan,
        }
    }

    fn open_first_steps(&mut self) {
        let plan = Arc::clone(&self.plan);
        for (step, at) in plan.steps.iter().zip(0_u32..) {
            if step.action == Action::Preflight {
                self.queues.preflights_open += 1;
            }
            if step.needs.is_empty() {
                self.set_step(StepIndex(at), StepState::Ready);
            }
        }
        self.leave_preflight();
    }

    /// Gives the plan.
    pub fn plan(&self) -> &Arc<Plan> {
        &self.plan
    }

    /// Gives the run's id.
    pub fn id(&self) -> &RunId {
        &self.id
    }

    /// Gives who started it.
    pub fn author(&self) -> &str {
        &self.by
    }

    /// Gives when it started.
    pub fn started_at(&self) -> Timestamp {
        self.started_at
    }

    /// Gives when it last changed.
    pub fn changed_at(&self) -> Timestamp {
        self.changed_at
    }

    /// Gives the number of the last event.
    pub fn seq(&self) -> u64 {
        self.seq
    }

    /// Gives the epoch of the last driver that took it up again; 0 before the first did.
    pub fn epoch(&self) -> u64 {
        self.epoch
    }

    /// Gives where it is.
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// Whether the claims were let go of, once at least, so that others may have changed things.
    pub fn claims(&self) -> Claims {
        self.claims
    }

    /// Gives who ended the forward direction, if somebody did.
    pub fn aborted_by(&self) -> Option<&str> {
        self.aborted_by.as_deref()
    }

    /// Gives who asked for the last rollback, if a person did.
    pub fn rollback_by(&self) -> Option<&str> {
        self.rollback_by.as_deref()
    }

    /// Gives what holds it.
    pub fn holds(&self) -> &[Hold] {
        &self.holds
    }

    /// Gives who approved the start.
    pub fn start_approvals(&self) -> &[String] {
        &self.start_approvals
    }

    /// Gives what is ready, live and at work.
    pub fn queues(&self) -> &Queues {
        &self.queues
    }

    /// Gives a step's record. The index must be of this run's plan, which is whole.
    pub fn step(&self, index: StepIndex) -> &StepRecord {
        &self.steps[index.at()]
    }

    /// Gives a step of the plan. The index must be of this run's plan, which is whole.
    pub fn planned_step(&self, index: StepIndex) -> &Step {
        &self.plan.steps[index.at()]
    }

    /// Gives a node's record. The index must be of this run's plan, which is whole.
    pub fn node(&self, index: NodeIndex) -> &NodeRecord {
        &self.nodes[index.at()]
    }

    /// Gives a node of the plan. The index must be of this run's plan, which is whole.
    pub fn planned_node(&self, index: NodeIndex) -> &PlannedNode {
        &self.plan.nodes[index.at()]
    }

    /// Gives an undo action's record. The index must be of this run.
    pub fn undo(&self, index: UndoIndex) -> &UndoRecord {
        &self.undo[index.at()]
    }

    /// Walks the undo actions in the order in which they were planned.
    pub fn undos(&self) -> impl ExactSizeIterator<Item = (UndoIndex, &UndoRecord)> {
        let all = self.undo.iter().enumerate();
        all.map(|(at, record)| (UndoIndex(at as u32), record))
    }

    /// Walks the steps.
    pub fn steps(&self) -> impl ExactSizeIterator<Item = (StepIndex, &StepRecord)> {
        let all = self.steps.iter().enumerate();
        all.map(|(at, record)| (StepIndex(at as u32), record))
    }

    /// Walks the nodes.
    pub fn nodes(&self) -> impl ExactSizeIterator<Item = (NodeIndex, &NodeRecord)> {
        let all = self.nodes.iter().enumerate();
        all.map(|(at, record)| (NodeIndex(at as u32), record))
    }

    /// Finds a step by id, in constant time.
    pub fn find_step(&self, id: &StepId) -> Option<StepIndex> {
        self.graph.step(id)
    }

    /// Finds the latest undo action of an id, in constant time.
    pub fn find_undo(&self, id: &StepId) -> Option<UndoIndex> {
        self.undo_by_id.get(id).copied()
    }

    /// Gives nodes and everything that needs them, however far.
    pub fn on_top_of(&self, nodes: &[NodeIndex]) -> Vec<NodeIndex> {
        self.graph.on_top_of(nodes)
    }

    /// Whether a step was applied or may have been, or may be at this moment, and stands so.
    ///
    /// Steps that a rollback has undone do not count any more; steps that stay do.
    pub fn is_touched(&self, index: StepIndex) -> bool {
        let record = self.step(index);
        let undone = match record.fate {
            Fate::Undone => true,
            Fate::Standing | Fate::Undoing(_) | Fate::Left(_) | Fate::Accepted => false,
        };
        let now = match record.state {
            StepState::Acting | StepState::Lost { .. } | StepState::Unknown { .. } => true,
            // A person may have begun.
            StepState::ByHand { .. } => true,
            StepState::Waiting
            | StepState::Ready
            | StepState::Scheduled { .. }
            | StepState::BackingOff { .. }
            | StepState::Watching(_)
            | StepState::Asking { .. }
            | StepState::Succeeded
            | StepState::Failed { .. }
            | StepState::Cancelled
            | StepState::Skipped
            | StepState::NotRun => false,
        };
        !undone && (now || record.touched == Effect::Possible)
    }
}

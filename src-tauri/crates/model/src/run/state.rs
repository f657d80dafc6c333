//! The states of a run, its steps and its undo actions.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{
    event::{Cause, Effect, HoldReason, Judged, JudgedStanding, Outcome, Seen, Tally},
    plan::{NodeIndex, StepIndex},
    platform::Baseline,
    rollback::{LeftReason, UndoAction},
    run::Measured,
    time::Timestamp,
};

/// Where a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Phase {
    /// Everything is looked at; nothing is changed yet.
    Preflight,
    /// It goes forward; single nodes may go back.
    Forward,
    /// It goes back, and never forward again.
    Backward,
    /// It ended.
    Ended(Outcome),
}

/// Whether a run has had its claims all the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Claims {
    /// Nobody else could change what it claims.
    Kept,
    /// It has ended once, and others could from then on.
    LetGo,
}

/// Something that can be in flight: a forward step, or an undo action by its place in the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Slot {
    /// A step of the plan.
    Step(StepIndex),
    /// An undo action of this run.
    Undo(UndoIndex),
}

/// The place of an undo action in a run; places are never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct UndoIndex(pub u32);

impl UndoIndex {
    /// Gives the place as a slice index.
    pub const fn at(self) -> usize {
        self.0 as usize
    }
}

/// A step of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StepRecord {
    /// Its state.
    pub state: StepState,
    /// How many of its needs are not met.
    pub unmet: u32,
    /// The round of its key.
    pub round: u32,
    /// How often it was asked for in this round.
    pub attempt: u32,
    /// How many rounds were repeated by its retry policy since a person last asked for it.
    pub retries: u32,
    /// Until when this round must be over.
    pub deadline: Option<Timestamp>,
    /// Whether it may have changed something, as far as tries that are over are concerned.
    pub touched: Effect,
    /// What a rollback made of it.
    pub fate: Fate,
}

/// What a rollback made of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fate {
    /// It stands as it is.
    Standing,
    /// So many undo actions that cover it are not over.
    Undoing(u32),
    /// It was undone.
    Undone,
    /// It stays, for a reason the plan knew.
    Left(LeftReason),
    /// It stays, because a person accepted it.
    Accepted,
}

/// The state of a step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum StepState {
    /// Some need is not met.
    Waiting,
    /// Its needs are met.
    Ready,
    /// It is due at an instant.
    Scheduled {
        /// The instant.
        until: Timestamp,
    },
    /// It was asked for, and has not answered.
    Acting,
    /// Its reply was lost.
    Lost {
        /// What was seen since.
        seen: Option<Seen>,
        /// What was heard last.
        message: String,
    },
    /// It is asked for again at an instant.
    BackingOff {
        /// The instant.
        until: Timestamp,
        /// Why it is repeated.
        message: String,
    },
    /// It is watched.
    Watching(Watch),
    /// People are asked.
    Asking {
        /// Who has said yes.
        approved: Vec<String>,
        /// Whether its deadline passed.
        overdue: Overdue,
    },
    /// A person does it.
    ByHand {
        /// Whether its deadline passed.
        overdue: Overdue,
    },
    /// Nobody can tell what became of it; a person is asked.
    Unknown {
        /// Why nobody can tell.
        message: String,
    },
    /// It was applied.
    Succeeded,
    /// It has failed.
    Failed {
        /// Why.
        cause: Cause,
        /// Why, in a sentence.
        message: String,
    },
    /// It ended because the direction turned.
    Cancelled,
    /// A person left it out.
    Skipped,
    /// It will not run, because the direction turned.
    NotRun,
}

impl StepState {
    /// Gives the state in one word.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Ready => "ready",
            Self::Scheduled { .. } => "scheduled",
            Self::Acting => "acting",
            Self::Lost { .. } => "lost",
            Self::BackingOff { .. } => "backing-off",
            Self::Watching(_) => "watching",
            Self::Asking { .. } => "asking",
            Self::ByHand { .. } => "by-hand",
            Self::Unknown { .. } => "unknown",
            Self::Succeeded => "succeeded",
            Self::Failed { .. } => "failed",
            Self::Cancelled => "cancelled",
            Self::Skipped => "skipped",
            Self::NotRun => "not-run",
        }
    }

    /// Whether the world may be working on it now.
    pub fn is_acting(&self) -> bool {
        matches!(self, Self::Acting | Self::Lost { .. })
    }

    /// Whether something about it can happen by itself or by a person: a call, a timer, an answer.
    pub fn is_live(&self) -> bool {
        match self {
            Self::Scheduled { .. }
            | Self::Acting
            | Self::Lost { .. }
            | Self::BackingOff { .. }
            | Self::Watching(_)
            | Self::Asking { .. }
            | Self::ByHand { .. }
            | Self::Unknown { .. } => true,
            Self::Waiting
            | Self::Ready
            | Self::Succeeded
            | Self::Failed { .. }
            | Self::Cancelled
            | Self::Skipped
            | Self::NotRun => false,
        }
    }
}

/// Whether a person's deadline passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Overdue {
    /// Not yet.
    No,
    /// It did, and that was recorded.
    Yes,
}

/// A watch that is under way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Watch {
    /// When it began.
    pub since: Timestamp,
    /// When it may end, if it has seen enough.
    pub until: Timestamp,
    /// The looks that are recorded; later ones are known to the driver alone.
    pub tally: Tally,
    /// When a look was last recorded, and what it said.
    pub recorded: Option<(Timestamp, crate::operation::SampleHealth)>,
    /// How often it was extended.
    pub extended: u32,
    /// When it began by the wall, whatever the wall clock did since: buckets are counted from here.
    pub begun: Timestamp,
    /// When the last bucket that was measured in it ended.
    pub measured: Option<Timestamp>,
    /// How many buckets were measured in it.
    pub buckets: u32,
    /// What the judge said last, where that was recorded.
    pub judged: Option<JudgedStanding>,
}

/// A node of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NodeRecord {
    /// The way it goes.
    pub way: Way,
    /// Whether it has reached its milestone `done`.
    pub done: Progress,
    /// How many of its forward steps may be at work now.
    pub acting: u32,
    /// How many of its undo actions are not over.
    pub undoing: u32,
    /// What ran before it was touched.
    pub baseline: Option<Arc<Baseline>>,
    /// What was measured in its judged bakes, oldest first.
    pub measured: Vec<Measured>,
    /// What the judge said last.
    pub verdict: Option<Arc<Judged>>,
}

/// The way a node goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Way {
    /// Forward.
    Forward,
    /// Back: none of its forward steps starts any more.
    Back,
}

/// Whether a node has reached its milestone `done`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Progress {
    /// Not yet.
    Open,
    /// It has.
    Done,
}

/// An undo action of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UndoRecord {
    /// What is done.
    pub action: Arc<UndoAction>,
    /// Its state.
    pub state: UndoState,
    /// How many actions that it needs are not over.
    pub unmet: u32,
    /// The actions that need it.
    pub dependents: Vec<UndoIndex>,
    /// The round of its key.
    pub round: u32,
    /// How often it was asked for in this round.
    pub attempt: u32,
    /// How often it has failed since it began or a person last asked for it.
    pub failures: u32,
    /// Until when this round must be over.
    pub deadline: Option<Timestamp>,
}

/// The state of an undo action.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum UndoState {
    /// Some action that it needs is not over.
    Waiting,
    /// It can start.
    Ready,
    /// It was asked for, and has not answered.
    Acting,
    /// Its reply was lost.
    Lost {
        /// What was seen since.
        seen: Option<Seen>,
        /// What was heard last.
        message: String,
    },
    /// It is asked for again at an instant.
    BackingOff {
        /// The instant.
        until: Timestamp,
        /// Why.
        message: String,
    },
    /// A person does it.
    ByHand,
    /// It waits for a person; other branches go on.
    Stuck {
        /// Why.
        message: String,
    },
    /// It was applied.
    Succeeded,
    /// There was nothing to undo.
    Skipped,
    /// A person accepted the state as it is.
    Accepted,
}

impl UndoState {
    /// Gives the state in one word.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Ready => "ready",
            Self::Acting => "acting",
            Self::Lost { .. } => "lost",
            Self::BackingOff { .. } => "backing-off",
            Self::ByHand => "by-hand",
            Self::Stuck { .. } => "stuck",
            Self::Succeeded => "succeeded",
            Self::Skipped => "skipped",
            Self::Accepted => "accepted",
        }
    }

    /// Whether the world may be working on it now.
    pub fn is_acting(&self) -> bool {
        matches!(self, Self::Acting | Self::Lost { .. })
    }

    /// Whether something about it can happen by itself or by a person: a call, a timer, an answer.
    pub fn is_live(&self) -> bool {
        match self {
            Self::Acting
            | Self::Lost { .. }
            | Self::BackingOff { .. }
            | Self::ByHand
            | Self::Stuck { .. } => true,
            Self::Waiting | Self::Ready | Self::Succeeded | Self::Skipped | Self::Accepted => false,
        }
    }

    /// Whether nothing about it can happen any more.
    pub fn is_over(&self) -> bool {
        match self {
            Self::Succeeded | Self::Skipped | Self::Accepted => true,
            Self::Waiting
            | Self::Ready
            | Self::Acting
            | Self::Lost { .. }
            | Self::BackingOff { .. }
            | Self::ByHand
            | Self::Stuck { .. } => false,
        }
    }
}

/// Something that stops new steps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// The node; the whole run where there is none.
    pub node: Option<NodeIndex>,
    /// The step that it is about.
    pub step: Option<StepIndex>,
    /// What holds.
    pub reason: HoldReason,
    /// Who, where a person did.
    pub by: Option<String>,
    /// Why, in a sentence.
    pub message: String,
}

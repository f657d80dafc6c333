//! What people ask of a run while it is under way.

use serde::{Deserialize, Serialize};

use crate::id::{GateName, NodeId, StepId};

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Actor {
    /// The name that is recorded and compared: "not the author" means this name.
    pub name: String,
}

impl Actor {
    /// Builds an actor from a name.
    pub fn named(name: impl Into<String>) -> Self {
        Self { name: name.into() }
    }
}

/// A command with who gives it; the body of a letter in the inbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Who gives it.
    pub by: Actor,
    /// What is asked.
    pub command: Command,
}

/// One thing that a person may ask of a run; each is accepted or refused with a sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case")]
pub enum Command {
    /// Stops new steps of the run, or of one node.
    Hold {
        /// The node; the whole run where there is none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        node: Option<NodeId>,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// Lifts what a person can lift, in the direction in which the run goes.
    Resume {
        /// The node; the whole run where there is none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        node: Option<NodeId>,
    },
    /// Ends the forward direction for good.
    Abort {
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// Undoes everything that was touched, or one node and what was executed on top of it.
    Rollback {
        /// The node; the whole run where there is none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        node: Option<NodeId>,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// Repeats what failed or is stuck in a node, as a new round.
    Retry {
        /// The node.
        node: NodeId,
    },
    /// Leaves a step out.
    Skip {
        /// The node; its failed or next step is meant where no step is named.
        node: NodeId,
        /// The step.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        step: Option<StepId>,
        /// Why; must not be empty.
        reason: String,
    },
    /// A freeze of the workspace begins: what goes forward stops; a rollback knows no freeze.
    Freeze {
        /// Which, until when and why, in a sentence.
        reason: String,
    },
    /// Says yes at a gate.
    Approve {
        /// The gate; the one that waits where nothing is said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        gate: Option<GateName>,
        /// The node whose gate is meant.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        node: Option<NodeId>,
        /// What the approver wants to be read later.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<String>,
    },
    /// Says what became of a step nobody could tell, or of an undo that is stuck.
    Resolve {
        /// The node.
        node: NodeId,
        /// The step or undo action, where several of the node wait.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        step: Option<StepId>,
        /// The answer.
        #[serde(rename = "as")]
        answer: Answer,
        /// Why; must not be empty.
        reason: String,
    },
    /// Says that a manual step, or a manual undo, was done.
    Done {
        /// The node.
        node: NodeId,
        /// What was done.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<String>,
    },
    /// Puts a sentence into the record.
    Note {
        /// The sentence.
        text: String,
        /// What it says in a report, and whose task it is.
        #[serde(flatten, default)]
        remark: Remark,
    },
}

impl Command {
    /// Gives the word that stands in JSON and in the record.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Hold { .. } => "hold",
            Self::Resume { .. } => "resume",
            Self::Abort { .. } => "abort",
            Self::Rollback { .. } => "rollback",
            Self::Retry { .. } => "retry",
            Self::Skip { .. } => "skip",
            Self::Freeze { .. } => "freeze",
            Self::Approve { .. } => "approve",
            Self::Resolve { .. } => "resolve",
            Self::Done { .. } => "done",
            Self::Note { .. } => "note",
        }
    }

    /// Gives the node that is named, if one is.
    pub fn node(&self) -> Option<&NodeId> {
        match self {
            Self::Hold { node, .. }
            | Self::Resume { node }
            | Self::Rollback { node, .. }
            | Self::Approve { node, .. } => node.as_ref(),
            Self::Retry { node }
            | Self::Skip { node, .. }
            | Self::Resolve { node, .. }
            | Self::Done { node, .. } => Some(node),
            Self::Abort { .. } | Self::Freeze { .. } | Self::Note { .. } => None,
        }
    }

    /// Gives the reason, note or text that came with it.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Hold { reason, .. } | Self::Abort { reason } | Self::Rollback { reason, .. } => {
                reason.as_deref()
            }
            Self::Skip { reason, .. } | Self::Resolve { reason, .. } | Self::Freeze { reason } => {
                Some(reason)
            }
            Self::Approve { note, .. } | Self::Done { note, .. } => note.as_deref(),
            Self::Note { text, .. } => Some(text),
            Self::Resume { .. } | Self::Retry { .. } => None,
        }
    }
}

/// What a sentence of a person says in a report, and whose task it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark {
    /// Which part of a report it belongs to.
    #[serde(default, skip_serializing_if = "Topic::is_general")]
    pub topic: Topic,
    /// Words to find it by.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Who does it, where it is a task.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// By which day, where it is a task.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<chrono::NaiveDate>,
}

/// The parts of a report that people write.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Topic {
    /// It stands in the timeline alone.
    #[default]
    General,
    /// What users felt.
    Impact,
    /// What contributed to it.
    Factor,
    /// What happened to data and flags.
    Data,
    /// What went well.
    WentWell,
    /// What went badly.
    WentBadly,
    /// Where there was luck.
    Lucky,
    /// What is to be done.
    Action,
}

impl Topic {
    /// Gives the word that stands in JSON and behind `--topic`.
    pub fn word(self) -> &'static str {
        match self {
            Self::General => "general",
            Self::Impact => "impact",
            Self::Factor => "factor",
            Self::Data => "data",
            Self::WentWell => "went-well",
            Self::WentBadly => "went-badly",
            Self::Lucky => "lucky",
            Self::Action => "action",
        }
    }

    /// Whether it belongs to no part, which needs no saying.
    pub fn is_general(&self) -> bool {
        *self == Self::General
    }
}

/// What a person says about something that the machine cannot tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// The step was applied.
    Applied,
    /// The step was not applied; it is started again under the same key.
    NotApplied,
    /// The person did the undo by hand.
    DoneByHand,
    /// The state stays as it is, changed.
    Accepted,
}

impl Answer {
    /// Gives the word that stands in JSON and behind `--as`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::NotApplied => "not-applied",
            Self::DoneByHand => "done-by-hand",
            Self::Accepted => "accepted",
        }
    }
}

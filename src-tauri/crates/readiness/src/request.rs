//! What a person asks of a preparation.

use gantry_model::{digest::Digest, id::NodeId, time::Timestamp};
use serde::Deserialize;

use crate::{
    agenda::Agenda,
    event::{Evidence, Question, Source, TestResult, Vote},
    stage::Stage,
};

/// One thing that is asked; each leads to events or is refused with a sentence.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case")]
pub enum Request {
    /// Puts a plan before people.
    #[serde(skip)]
    Present {
        /// Its hash.
        plan: Digest,
        /// What is asked.
        agenda: Box<Agenda>,
        /// What changed since the plan before.
        changes: Vec<String>,
    },
    /// Confirms what the file may reach.
    #[serde(skip)]
    ConfirmReach {
        /// The hash of what was shown.
        reach: Digest,
    },
    /// Answers an item.
    #[serde(skip)]
    Answer {
        /// `list/item`, or the item's id.
        item: String,
        /// The result.
        result: TestResult,
        /// Whether a person says it or a check.
        source: Source,
        /// What else there is to say.
        comment: Option<String>,
        /// What shows it.
        evidence: Option<Evidence>,
    },
    /// Asks somebody to see to an item.
    Assign {
        /// The item.
        item: String,
        /// Who.
        to: String,
    },
    /// Sees to an item oneself.
    Claim {
        /// The item.
        item: String,
    },
    /// Links an item to a ticket.
    Link {
        /// The item.
        item: String,
        /// The ticket.
        link: String,
    },
    /// Asks to go without an item.
    Waive {
        /// The item.
        item: String,
        /// Why.
        reason: String,
        /// Which risk is accepted.
        risk: String,
        /// Until when it counts.
        expires: Timestamp,
    },
    /// Agrees to somebody else's waiver.
    ApproveWaiver {
        /// The item.
        item: String,
    },
    /// Corrects one of the four questions.
    Correct {
        /// The node.
        node: NodeId,
        /// Which question.
        question: Question,
        /// The answer.
        answer: String,
        /// Why.
        reason: String,
    },
    /// Votes for a position.
    Vote {
        /// Before what; the next poll where nothing is said.
        #[serde(default)]
        stage: Option<Stage>,
        /// The position.
        role: String,
        /// The answer.
        vote: Vote,
        /// What else there is to say.
        #[serde(default)]
        comment: Option<String>,
    },
    /// Begins a poll anew.
    Recycle {
        /// Before what; the next poll where nothing is said.
        #[serde(default)]
        stage: Option<Stage>,
        /// Why.
        reason: String,
    },
    /// Goes ahead without lists and polls.
    Override {
        /// Before what.
        stage: Stage,
        /// Why.
        reason: String,
    },
    /// Goes ahead in a freeze.
    OverrideFreeze {
        /// Which.
        freeze: String,
        /// Why.
        reason: String,
    },
}

//! What happened in the preparation of a release, and in the workspace as a whole.

use gantry_model::{
    digest::Digest,
    id::{EnvironmentName, NodeId, ReleaseId, RunId, ServiceName},
    journal::Head,
    release::check::Check,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

use crate::{agenda::Agenda, entry::PublicKey, freeze::Freeze, stage::Stage};

/// One thing that happened; past tense, and never changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Happened {
    /// A plan was put before people. Another plan than the one before voids all votes.
    Presented {
        /// Its hash.
        plan: Digest,
        /// What is asked.
        agenda: Box<Agenda>,
        /// What changed since the plan before, in sentences.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        changes: Vec<String>,
    },
    /// A person confirmed what the file may reach; only then do its automatic items run.
    ReachConfirmed {
        /// The hash of what was shown.
        reach: Digest,
    },
    /// An item has a result.
    ItemAnswered {
        /// `list/item`.
        item: String,
        /// The result.
        result: TestResult,
        /// Whether a person said it or a check.
        source: Source,
        /// What else there is to say.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        comment: Option<String>,
        /// What shows it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        evidence: Option<Evidence>,
    },
    /// Somebody was asked to see to an item, or took it.
    ItemAssigned {
        /// `list/item`.
        item: String,
        /// Who.
        to: String,
    },
    /// An item was linked to a ticket.
    ItemLinked {
        /// `list/item`.
        item: String,
        /// The ticket.
        link: String,
    },
    /// Somebody asks to go without an item.
    WaiverAsked {
        /// `list/item`.
        item: String,
        /// Why.
        reason: String,
        /// Which risk is accepted.
        risk: String,
        /// Until when it counts.
        expires: Timestamp,
    },
    /// Somebody else agreed to the waiver.
    WaiverApproved {
        /// `list/item`.
        item: String,
    },
    /// An answer to one of the four questions was corrected.
    AssessmentCorrected {
        /// The node.
        node: NodeId,
        /// Which question.
        question: Question,
        /// The answer.
        answer: String,
        /// Why.
        reason: String,
    },
    /// A poll was opened; its deadline counts from here.
    PollOpened {
        /// Before what.
        stage: Stage,
    },
    /// A position was answered.
    Voted {
        /// Before what.
        stage: Stage,
        /// The position.
        role: String,
        /// The answer.
        vote: Vote,
        /// The plan that it is about.
        plan: Digest,
        /// What else there is to say.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        comment: Option<String>,
    },
    /// A poll begins anew: all its votes are void.
    Recycled {
        /// Before what.
        stage: Stage,
        /// Why.
        reason: String,
    },
    /// Somebody with the permission goes ahead without lists and polls.
    Overridden {
        /// Before what.
        stage: Stage,
        /// The plan.
        plan: Digest,
        /// Why.
        reason: String,
    },
    /// Somebody with the permission goes ahead in a freeze.
    FreezeOverridden {
        /// The freeze.
        freeze: String,
        /// The plan.
        plan: Digest,
        /// Why.
        reason: String,
    },
    /// A person approved a gate of a run.
    Approved {
        /// The run.
        run: RunId,
        /// The gate or node, as it was named.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        gate: Option<String>,
        /// The plan.
        plan: Digest,
        /// What the approver wants to be read later.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<String>,
    },
    /// A run began.
    RunStarted {
        /// The run.
        run: RunId,
        /// The plan.
        plan: Digest,
        /// The hash of the release file that the plan was made of, where that is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        file: Option<Digest>,
    },
    /// The head of a run's journal was signed.
    HeadSigned {
        /// The run.
        run: RunId,
        /// Where its journal stood.
        head: Head,
    },
    /// A run ended; ticks and votes were for it, and the next one needs new ones.
    RunEnded {
        /// The run.
        run: RunId,
        /// How.
        outcome: String,
        /// Where its journal ended.
        head: Head,
    },
    /// A name was bound to a key, by its first use.
    KeyBound {
        /// The name.
        name: String,
        /// The key.
        public: PublicKey,
    },
    /// It was settled whether people may act under names that they claim.
    ClaimedNamesSettled {
        /// How.
        rule: ClaimedNames,
    },
    /// A freeze was declared.
    FreezeDeclared {
        /// What it says.
        freeze: Box<Freeze>,
    },
    /// A freeze was ended.
    FreezeEnded {
        /// Which.
        freeze: String,
        /// Why.
        reason: String,
    },
}

impl Happened {
    /// Gives the release that it names, if it names one.
    pub fn release(&self) -> Option<&ReleaseId> {
        match self {
            Self::Presented { agenda, .. } => Some(&agenda.release),
            Self::Approved { run, .. }
            | Self::RunStarted { run, .. }
            | Self::HeadSigned { run, .. }
            | Self::RunEnded { run, .. } => Some(run.release()),
            Self::ReachConfirmed { .. }
            | Self::ItemAnswered { .. }
            | Self::ItemAssigned { .. }
            | Self::ItemLinked { .. }
            | Self::WaiverAsked { .. }
            | Self::WaiverApproved { .. }
            | Self::AssessmentCorrected { .. }
            | Self::PollOpened { .. }
            | Self::Voted { .. }
            | Self::Recycled { .. }
            | Self::Overridden { .. }
            | Self::FreezeOverridden { .. }
            | Self::KeyBound { .. }
            | Self::ClaimedNamesSettled { .. }
            | Self::FreezeDeclared { .. }
            | Self::FreezeEnded { .. } => None,
        }
    }
}

/// What an item was found to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TestResult {
    /// It is so.
    Pass,
    /// It is not so.
    Fail,
    /// Nobody knows; also what an answer becomes when it is no longer fresh.
    NotTested,
}

/// Who answered an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// A person.
    Person,
    /// The item's own check.
    Check,
}

/// What shows that an answer is right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Evidence {
    /// Something to look at.
    Link(String),
    /// A file, by its name and hash.
    File {
        /// Its name, without a folder.
        name: String,
        /// The hash of its bytes.
        sha256: Digest,
    },
}

/// An answer of a position.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Vote {
    /// Yes.
    Go,
    /// No.
    NoGo,
    /// Yes, as long as this holds; it becomes an item of the list `conditions`.
    Condition {
        /// What must hold.
        item: String,
        /// How it is looked at; a person answers where there is none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        check: Option<Box<Check>>,
    },
    /// The position is not there to answer.
    Absent,
    /// Somebody else answers for it.
    Delegated {
        /// Who.
        to: String,
    },
}

/// One of the four questions of an assessment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Question {
    /// What is deployed.
    What,
    /// How risky it is.
    Risk,
    /// What stands before and behind it.
    Dependencies,
    /// How hard it is to undo.
    RollbackComplexity,
}

/// Whether people may act under a name that the command line claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClaimedNames {
    /// They may.
    Allowed,
    /// They may not.
    Refused,
}

/// Where a freeze applies; nothing named means everywhere.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// The environments.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub environments: Vec<EnvironmentName>,
    /// The services.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<ServiceName>,
}

//! What a preparation is made of.

use gantry_model::{digest::Digest, id::RunId, time::Timestamp};

use crate::{
    agenda::Agenda,
    entry::{Person, Signed},
    event::{Evidence, Source, TestResult, Vote},
};

/// What was put before people.
#[derive(Clone, Debug, PartialEq)]
pub struct Presented {
    /// The plan's hash.
    pub plan: Digest,
    /// What is asked.
    pub agenda: Agenda,
    /// Who put it there: the author, where the author may not vote.
    pub by: Person,
    /// When.
    pub at: Timestamp,
}

/// An answer to an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The result.
    pub result: TestResult,
    /// Whether a person said it or a check.
    pub source: Source,
    /// Who.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// What else was said.
    pub comment: Option<String>,
    /// What shows it.
    pub evidence: Option<Evidence>,
}

/// A waiver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiver {
    /// Who asked for it and owns the risk.
    pub owner: Person,
    /// Why.
    pub reason: String,
    /// Which risk is accepted.
    pub risk: String,
    /// Until when it counts.
    pub expires: Timestamp,
    /// Who agreed.
    pub approver: Option<Person>,
}

/// A vote that counts.
#[derive(Clone, Debug, PartialEq)]
pub struct Cast {
    /// The answer.
    pub vote: Vote,
    /// Who.
    pub by: Person,
    /// When.
    pub at: Timestamp,
    /// What else was said.
    pub comment: Option<String>,
}

/// A vote that counted until something voided it.
#[derive(Clone, Debug, PartialEq)]
pub struct VoidVote {
    /// The vote.
    pub cast: Cast,
    /// When it was voided.
    pub at: Timestamp,
    /// Why, in sentences.
    pub because: Vec<String>,
}

/// What changed in what was put before people, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// When.
    pub at: Timestamp,
    /// What, a sentence each.
    pub sentences: Vec<String>,
}

/// A correction of one of the four questions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    /// The answer.
    pub answer: String,
    /// Why.
    pub reason: String,
    /// Who.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// Somebody with the permission goes ahead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Override {
    /// Who.
    pub by: String,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Timestamp,
}

/// A run that the preparation was for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreparedRun {
    /// Which.
    pub run: RunId,
    /// Its plan.
    pub plan: Digest,
    /// How it ended, once it has.
    pub outcome: Option<String>,
}

/// Votes that no longer count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Voided {
    /// How many.
    pub votes: usize,
    /// Why, in sentences.
    pub because: Vec<String>,
}

impl Override {
    pub(super) fn of(signed: &Signed, reason: &str) -> Self {
        Self {
            by: signed.by.name.clone(),
            reason: reason.to_owned(),
            at: signed.at,
        }
    }
}

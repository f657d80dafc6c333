//! The small words that events are made of.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::operation::SampleHealth;

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// All nodes are done.
    Succeeded,
    /// All touched nodes are back where they were.
    RolledBack,
    /// Some are back and some are changed.
    PartlyRolledBack,
    /// Something failed and nothing was put back.
    Failed,
    /// Only a person can move it; printed where following stops, never journaled.
    Held,
    /// A person ended it.
    Cancelled,
}

impl Outcome {
    /// Gives the word that stands in JSON and on screen.
    pub fn word(self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::RolledBack => "rolled-back",
            Self::PartlyRolledBack => "partly-rolled-back",
            Self::Failed => "failed",
            Self::Held => "held",
            Self::Cancelled => "cancelled",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// How an outcome is known.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Knowledge {
    /// The call answered.
    #[default]
    Answer,
    /// Its reply was lost; it was looked at.
    Observed,
    /// A person said so.
    Person,
}

impl Knowledge {
    /// Whether the call itself answered, which needs no saying.
    pub fn is_answer(&self) -> bool {
        *self == Self::Answer
    }
}

/// Whether a step may have changed something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// It may have; a rollback undoes it.
    Possible,
    /// Proven not to have.
    None,
}

/// Why a step failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// A definite no.
    Refused,
    /// Proven unsent.
    Unsent,
    /// Too busy for all tries.
    Busy,
    /// The adapter cannot do it.
    Unsupported,
    /// Somebody else changed or holds it.
    Conflict,
    /// Not over by its deadline.
    Timeout,
    /// Replies were lost again and again.
    Lost,
    /// Not well, often enough in a row.
    Unhealthy,
    /// A guardrail was crossed.
    Guardrail,
    /// A person did not answer in time.
    Deadline,
    /// The judge found that the new version does harm.
    Judge,
    /// What was measured does not exclude harm, and the file says to go back then.
    Inconclusive,
}

/// What a look at a lost operation saw, beyond "applied" and "failed".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Seen {
    /// Not applied; it is asked for again under the same key.
    NotApplied,
    /// Nobody can tell, but asking again under the same key does no harm.
    Repeatable,
    /// Under way; it is looked at again.
    UnderWay,
    /// Nobody can tell; a person is asked.
    Unknown,
}

/// Where the judge stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum JudgedStanding {
    /// Nothing is decided yet.
    Open,
    /// Harm as large as the guard is excluded.
    Pass,
    /// The new version does harm.
    Fail,
    /// What was seen carries no decision.
    Hold,
}

impl JudgedStanding {
    /// Gives the word that stands in JSON and on screen.
    pub fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Hold => "hold",
        }
    }
}

/// What holds a run or a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HoldReason {
    /// A person.
    Operator,
    /// A failure whose policy is to hold.
    Failure,
    /// A gate or manual step whose deadline passed.
    Deadline,
    /// A watch that sees nothing.
    NoData,
    /// The release's window is closed.
    Window,
    /// A success criterion that does not hold, or that nobody but a person can look at.
    Criterion,
    /// The judge cannot exclude harm, or the old version is unwell too.
    Judge,
    /// A trigger that tripped.
    Trigger,
}

/// What a resumption lifts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lifted {
    /// Everything that a person can lift.
    Holds,
    /// The hold of the closed window.
    Window,
    /// The hold for data that has come.
    Data,
}

/// What set a rollback off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RollbackTrigger {
    /// A step failed after its retries.
    Failure,
    /// A watch found the new version unwell.
    Health,
    /// A guardrail was crossed.
    Guardrail,
    /// A step was not over by its deadline.
    Timeout,
    /// The judge found that the new version does harm.
    Judge,
    /// A trigger on a metric tripped.
    Metric,
    /// A trigger on an alert tripped.
    Alert,
    /// The window closed.
    Window,
    /// A person.
    Operator,
    /// A person ended the run.
    Abort,
}

/// How much a rollback undoes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RollbackScope {
    /// Everything that was touched.
    Release,
    /// Some nodes and what was executed on top of them.
    Nodes,
}

/// Whether a command was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RulingWord {
    /// It was taken.
    Accepted,
    /// It was refused, and nothing changed.
    Refused,
}

/// The looks of a watch so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Looks that found it well.
    pub healthy: u32,
    /// Looks that did not.
    pub unhealthy: u32,
    /// Looks that saw nothing.
    pub no_data: u32,
    /// Unwell looks in a row, up to the last.
    pub unhealthy_in_a_row: u32,
}

impl Tally {
    /// Counts one more look.
    #[must_use]
    pub fn and(self, health: SampleHealth) -> Self {
        let mut next = self;
        match health {
            SampleHealth::Healthy => {
                next.healthy = next.healthy.saturating_add(1);
                next.unhealthy_in_a_row = 0;
            }
            SampleHealth::Unhealthy | SampleHealth::Tripped => {
                next.unhealthy = next.unhealthy.saturating_add(1);
                next.unhealthy_in_a_row = next.unhealthy_in_a_row.saturating_add(1);
            }
            // Nothing seen is neither good nor bad: a row of unwell looks is not broken by it.
            SampleHealth::NoData => next.no_data = next.no_data.saturating_add(1),
        }
        next
    }

    /// Gives how many looks saw something.
    pub fn seen(self) -> u32 {
        self.healthy.saturating_add(self.unhealthy)
    }
}

//! Everything that was changed in the simulated world, in order, each with the key it was asked under.

use gantry_model::{id::StepId, operation::Direction, time::Timestamp};

/// One change that a port made.
///
/// The ledger is what tests compare the journal with: no change without its intent, none twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effect {
    /// When it was made.
    pub at: Timestamp,
    /// The idempotency key.
    pub key: String,
    /// The driver's epoch.
    pub epoch: u64,
    /// The step or undo action.
    pub step: StepId,
    /// The direction.
    pub direction: Direction,
    /// What was changed.
    pub target: Target,
    /// What was done to it, in words.
    pub what: String,
}

/// What an effect changed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    /// Instances of a service.
    Fleet(String),
    /// A backend of a router.
    Backend(String),
    /// A flag.
    Flag(String),
    /// The schema of a database node.
    Schema(String),
    /// A program, started once.
    Program,
    /// A call over HTTP, taken once.
    HttpCall,
}

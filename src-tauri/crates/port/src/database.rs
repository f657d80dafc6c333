//! Databases and the phases of a schema change.

use async_trait::async_trait;
use gantry_model::plan::{Action, PlannedNode};

use crate::{
    fault::{Fault, FaultKind},
    ports::Call,
};

/// Runs the phases of a schema change and knows which were applied.
///
/// Guarantees: each phase is recorded in the database itself, in the transaction that applies it
/// where the database can do that, so that `applied` never guesses.
#[async_trait]
pub trait Database: Send + Sync {
    /// Lists the phases that were applied for this node, by their words, oldest first.
    async fn applied(&self, node: &PlannedNode) -> Result<Vec<String>, Fault>;

    /// Runs the phase of an action (`expand`, `backfill`, `verify-data`, `contract`, …) in full.
    async fn apply(
        &self,
        call: &Call,
        node: &PlannedNode,
        action: &Action,
    ) -> Result<String, Fault>;

    /// Turns double writes and reads of the new shape off again, and forgets that they were on.
    /// Only databases that were given `dual-write` and `read-new` are asked.
    async fn switch_back(&self, _call: &Call, node: &PlannedNode) -> Result<(), Fault> {
        let message = format!("`{}` cannot turn double writes off", node.id);
        Err(Fault::new(FaultKind::Unsupported, message))
    }

    /// Takes the expansion back.
    async fn revert(&self, call: &Call, node: &PlannedNode) -> Result<(), Fault>;
}

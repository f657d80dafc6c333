//! What every database promises of schema changes.

use std::sync::Arc;

use async_trait::async_trait;
use gantry_model::plan::{Action, PlannedNode};
use gantry_port::{database::Database, ports::Call};

use super::{Broken, answer, holds};

/// What the suite needs to know of the database that it asks.
#[async_trait]
pub trait Environment: Send + Sync {
    /// Gives the database.
    fn port(&self) -> Arc<dyn Database>;

    /// Gives a node with an expansion, a backfill, a check that holds after it, and a way back;
    /// nothing of it is applied.
    fn node(&self) -> PlannedNode;

    /// Builds a call; the same word gives the same key.
    fn call(&self, word: &str) -> Result<Call, Broken>;
}

/// Asks everything.
///
/// # Errors
/// The first promise that is broken.
pub async fn suite(environment: &dyn Environment) -> Result<(), Broken> {
    const PROMISE: &str = "phases are recorded once each, oldest first";
    let before = applied(environment).await?;
    holds(before.is_empty(), "nothing is applied at first", before)?;
    for action in [
        Action::Expand,
        Action::Expand,
        Action::Backfill,
        Action::VerifyData,
    ] {
        let call = environment.call(action.word())?;
        let said = environment
            .port()
            .apply(&call, &environment.node(), &action)
            .await;
        answer(said, "a phase can be applied, however often")?;
    }
    let phases = applied(environment).await?;
    let expanded = phases.iter().position(|phase| phase == "expand");
    let filled = phases.iter().position(|phase| phase == "backfill");
    let once = phases.iter().filter(|phase| *phase == "expand").count() == 1;
    holds(
        once && expanded.is_some() && expanded < filled,
        PROMISE,
        phases,
    )?;
    for _ in 0..2 {
        let call = environment.call("revert")?;
        let reverted = environment.port().revert(&call, &environment.node()).await;
        answer(reverted, "an expansion can be taken back, however often")?;
        let left = applied(environment).await?;
        let gone = !left.iter().any(|phase| phase == "expand");
        holds(gone, "what was taken back is not recorded any more", left)?;
    }
    Ok(())
}

async fn applied(environment: &dyn Environment) -> Result<Vec<String>, Broken> {
    let applied = environment.port().applied(&environment.node()).await;
    answer(applied, "applied phases can be read")
}

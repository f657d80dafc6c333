//! What every flag service promises.

use std::sync::Arc;

use async_trait::async_trait;
use gantry_model::{platform::FlagState, release::node::Flag, unit::Weight};
use gantry_port::{flag::Flags, ports::Call};

use super::{Broken, answer, holds};

/// What the suite needs to know of the flag service that it asks.
#[async_trait]
pub trait Environment: Send + Sync {
    /// Gives the flag service.
    fn port(&self) -> Arc<dyn Flags>;

    /// Names a flag that is off or not there.
    fn flag(&self) -> Flag;

    /// Builds a call; the same word gives the same key.
    fn call(&self, word: &str) -> Result<Call, Broken>;
}

/// Asks everything.
///
/// # Errors
/// The first promise that is broken.
pub async fn suite(environment: &dyn Environment) -> Result<(), Broken> {
    const PROMISE: &str = "a flag is what it was set to, however often";
    let before = observe(environment).await?;
    let off = before.is_none_or(|flag| !flag.on);
    holds(off, "a flag that nobody set is off", before)?;
    for (word, points) in [
        ("low", 1000),
        ("low", 1000),
        ("half", 5000),
        ("all", 10_000),
    ] {
        let share = Weight::from_basis_points(points).unwrap_or(Weight::FULL);
        set(environment, word, FlagState { on: true, share }).await?;
        let seen = observe(environment).await?;
        holds(seen == Some(FlagState { on: true, share }), PROMISE, seen)?;
    }
    let off = FlagState {
        on: false,
        share: Weight::ZERO,
    };
    set(environment, "off", off).await?;
    let seen = observe(environment).await?;
    holds(seen.is_some_and(|flag| !flag.on), PROMISE, seen)
}

async fn set(
    environment: &dyn Environment,
    word: &str,
    state: FlagState,
) -> Result<FlagState, Broken> {
    let call = environment.call(word)?;
    let answered = environment
        .port()
        .set(&call, &environment.flag(), state)
        .await;
    answer(answered, "a flag can be set")
}

async fn observe(environment: &dyn Environment) -> Result<Option<FlagState>, Broken> {
    let seen = environment.port().observe(&environment.flag()).await;
    answer(seen, "a flag can be read")
}

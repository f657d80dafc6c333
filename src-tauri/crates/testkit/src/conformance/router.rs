//! What every router promises.

use std::sync::Arc;

use async_trait::async_trait;
use gantry_model::{
    platform::{Arm, RouteState},
    unit::Weight,
};
use gantry_port::{ports::Call, router::Router};

use super::{Broken, answer, holds};

/// What the suite needs to know of the router that it asks.
#[async_trait]
pub trait Environment: Send + Sync {
    /// Gives the router.
    fn port(&self) -> Arc<dyn Router>;

    /// Names a backend that is there; what it sends to before does not matter.
    fn backend(&self) -> String;

    /// Gives three addresses that something listens at.
    fn addresses(&self) -> [String; 3];

    /// Builds a call; the same word gives the same key.
    fn call(&self, word: &str) -> Result<Call, Broken>;
}

/// Weights are whole numbers inside routers: one point in a hundred.
const ROUNDING: u32 = 100;

/// Asks everything.
///
/// # Errors
/// The first promise that is broken.
pub async fn suite(environment: &dyn Environment) -> Result<(), Broken> {
    gives_one_arm_everything(environment).await?;
    shares_between_arms(environment).await?;
    takes_out_who_is_in_no_arm(environment).await?;
    can_send_nothing(environment).await?;
    refuses_an_unknown_backend(environment).await?;
    never_counts_backwards(environment).await
}

async fn gives_one_arm_everything(environment: &dyn Environment) -> Result<(), Broken> {
    const PROMISE: &str = "one arm with everything has everything, evenly over its addresses";
    let [one, two, _] = environment.addresses();
    let arms = [arm("1", &[&one, &two], Weight::FULL)?];
    for word in ["whole", "whole-again"] {
        let state = route(environment, word, &arms).await?;
        holds(near(share(&state, &one), 5000), PROMISE, &state)?;
        holds(near(share(&state, &two), 5000), PROMISE, &state)?;
    }
    Ok(())
}

async fn shares_between_arms(environment: &dyn Environment) -> Result<(), Broken> {
    const PROMISE: &str = "arms have the shares that they were given";
    if !environment.port().capabilities().weights {
        return Ok(());
    }
    let [one, two, three] = environment.addresses();
    for points in [500, 2500, 5000, 0] {
        let new = weight(points)?;
        let arms = [
            arm("1", &[&one, &two], new.complement())?,
            arm("2", &[&three], new)?,
        ];
        let state = route(environment, &format!("shift-{points}"), &arms).await?;
        holds(
            near(share(&state, &three), u32::from(points)),
            PROMISE,
            &state,
        )?;
        let known = state.servers.iter().any(|server| server.address == three);
        holds(known, "an arm without a share stays known", &state)?;
        holds(
            points > 0 || share(&state, &three) == 0,
            "nothing is nothing",
            state,
        )?;
    }
    Ok(())
}

async fn takes_out_who_is_in_no_arm(environment: &dyn Environment) -> Result<(), Broken> {
    const PROMISE: &str = "the arms are the whole truth";
    let [one, two, three] = environment.addresses();
    let state = route(
        environment,
        "only-new",
        &[arm("2", &[&three], Weight::FULL)?],
    )
    .await?;
    holds(near(share(&state, &three), 10_000), PROMISE, &state)?;
    holds(
        share(&state, &one) + share(&state, &two) == 0,
        PROMISE,
        state,
    )
}

async fn can_send_nothing(environment: &dyn Environment) -> Result<(), Broken> {
    const PROMISE: &str = "without arms nobody is sent anything";
    let state = route(environment, "nobody", &[]).await?;
    let sum: u32 = state
        .servers
        .iter()
        .map(|s| u32::from(s.commanded.basis_points()))
        .sum();
    holds(sum == 0, PROMISE, state)
}

async fn refuses_an_unknown_backend(environment: &dyn Environment) -> Result<(), Broken> {
    const PROMISE: &str = "a backend that is not there is a fault";
    let seen = environment
        .port()
        .observe("conformance-no-such-backend")
        .await;
    holds(seen.is_err(), PROMISE, seen)
}

async fn never_counts_backwards(environment: &dyn Environment) -> Result<(), Broken> {
    const PROMISE: &str = "counters only grow";
    let [one, _, _] = environment.addresses();
    let before = route(environment, "count", &[arm("1", &[&one], Weight::FULL)?]).await?;
    let after = observe(environment).await?;
    for server in &before.servers {
        let later = after.servers.iter().find(|s| s.address == server.address);
        let grows =
            later.is_some_and(|s| s.requests >= server.requests && s.errors >= server.errors);
        holds(grows, PROMISE, (server, later))?;
    }
    Ok(())
}

/// Routes, and reads back apart from the answer.
async fn route(
    environment: &dyn Environment,
    word: &str,
    arms: &[Arm],
) -> Result<RouteState, Broken> {
    let call = environment.call(word)?;
    let routed = environment
        .port()
        .route(&call, &environment.backend(), arms)
        .await;
    answer(routed, "shares are taken over")?;
    observe(environment).await
}

async fn observe(environment: &dyn Environment) -> Result<RouteState, Broken> {
    let seen = environment.port().observe(&environment.backend()).await;
    answer(seen, "a backend can be read")
}

fn arm(version: &str, addresses: &[&String], share: Weight) -> Result<Arm, Broken> {
    let invalid = |error| Broken::new("a version is a label", format!("{error}"));
    Ok(Arm {
        version: version.parse().map_err(invalid)?,
        addresses: addresses.iter().map(|address| (*address).clone()).collect(),
        share,
    })
}

fn weight(points: u16) -> Result<Weight, Broken> {
    Weight::from_basis_points(points).ok_or_else(|| Broken::new("a share is at most whole", points))
}

fn share(state: &RouteState, address: &str) -> u32 {
    let servers = state
        .servers
        .iter()
        .filter(|server| server.address == address);
    servers
        .map(|server| u32::from(server.commanded.basis_points()))
        .sum()
}

fn near(seen: u32, wanted: u32) -> bool {
    seen.abs_diff(wanted) <= ROUNDING
}

//! Freezes that begin while a run is under way: they stop what goes forward, never what goes back.

use std::{
    collections::BTreeSet,
    convert::Infallible,
    pin::pin,
    sync::atomic::{AtomicBool, Ordering},
};

use futures_util::future::{Either, select};
use gantry_engine::{
    drive::{DriveError, Driver, Handle, follow::Observer},
    standing::Standing,
};
use gantry_model::{
    command::{Actor, Command, Order},
    plan::Plan,
    time::Timestamp,
    unit::Span,
};
use gantry_readiness::{house::House, preparation::Preparation};

use super::desk::Desk;
use crate::{
    app::{App, Caller},
    error::ApiError,
    notices::attend,
};

/// How often the freezes of the workspace are looked at while a run is followed.
const LOOK_EVERY: Span = Span::from_secs(5);

/// Gives the sentences of the freezes that hold a plan now and were not overridden.
pub fn frozen(
    plan: &Plan,
    (preparation, house): (&Preparation, &House),
    now: Timestamp,
) -> Vec<String> {
    let services = plan.nodes.iter().map(|node| node.service.clone()).collect();
    let freezes = house.freezes().values().map(|declared| &declared.freeze);
    freezes
        .filter(|freeze| freeze.concerns(&plan.environment, &services))
        .filter(|freeze| !preparation.freeze_overrides.contains_key(&freeze.name))
        .filter_map(|freeze| freeze.holds(now))
        .collect()
}

/// Follows a run as its driver does, and holds it when a freeze begins.
///
/// # Errors
/// As the driver's own.
pub async fn follow(
    app: &App,
    caller: &Caller,
    driver: &mut Driver,
    observer: Observer<'_>,
) -> Result<Standing, DriveError> {
    let (handle, plan) = (driver.handle(), (**driver.run().plan()).clone());
    let watching = watch(app, caller, &plan, &handle);
    guarded((app, &plan), driver.follow(observer), watching).await
}

/// Follows a run to its end, also while it waits for a person, as a door that stays does.
///
/// # Errors
/// As the driver's own.
pub async fn stay(
    app: &App,
    caller: &Caller,
    driver: &mut Driver,
    observer: Observer<'_>,
) -> Result<Standing, DriveError> {
    let (handle, plan) = (driver.handle(), (**driver.run().plan()).clone());
    let watching = watch(app, caller, &plan, &handle);
    guarded((app, &plan), driver.follow_to_the_end(observer), watching).await
}

/// Watches for freezes and tells people while a run is followed, and tells the last news before
/// it comes back.
async fn guarded(
    (app, plan): (&App, &Plan),
    following: impl Future<Output = Result<Standing, DriveError>>,
    watching: impl Future<Output = Infallible>,
) -> Result<Standing, DriveError> {
    let ending = AtomicBool::new(false);
    let (following, watching) = (pin!(following), pin!(watching));
    let telling = pin!(attend::beside(app, plan, &ending));
    let standing = match select(following, select(watching, telling)).await {
        Either::Left((standing, beside)) => {
            ending.store(true, Ordering::Relaxed);
            // Watching never ends, so that this is the end of telling.
            let _told = beside.await;
            standing
        }
        // Nothing has said that it is ending.
        Either::Right((Either::Right(((), _)), following)) => following.await,
        Either::Right((Either::Left((never, _)), _)) => match never {},
    };
    attend::last(app, plan).await;
    standing
}

async fn watch(app: &App, caller: &Caller, plan: &Plan, handle: &Handle) -> Infallible {
    let mut told = BTreeSet::new();
    loop {
        // A workspace that cannot be read stops the driver too, and says why.
        let holding: BTreeSet<String> = look(app, caller, plan).await.unwrap_or_default();
        for reason in holding.difference(&told) {
            let order = Order {
                by: Actor::named("a freeze"),
                command: Command::Freeze {
                    reason: reason.clone(),
                },
            };
            // The answer is an event that whoever follows is told.
            drop(handle.give(order));
        }
        told = holding;
        app.clock.wait(LOOK_EVERY).await;
    }
}

async fn look(app: &App, caller: &Caller, plan: &Plan) -> Result<BTreeSet<String>, ApiError> {
    let desk = Desk::open(app, caller)?;
    let house = desk.house().await?.state;
    if house.freezes().is_empty() {
        return Ok(BTreeSet::new());
    }
    let preparation = desk.preparation(&plan.release).await?.state;
    let sentences = frozen(plan, (&preparation, &house), app.clock.now());
    Ok(sentences.into_iter().collect())
}

//! Freezes that begin while a run is under way, and conditions of votes that no longer hold: they
//! stop what goes forward, never what goes back.

use std::{
    collections::{BTreeMap, BTreeSet},
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
    id::RunId,
    plan::Plan,
    time::Timestamp,
    unit::Span,
};
use gantry_readiness::{house::House, preparation::Preparation};

use super::{conditions::Conditions, desk::Desk, heads};
use crate::{
    app::{App, Caller},
    error::ApiError,
    notices::attend,
};

/// How often freezes and conditions of votes are looked at while a run is followed.
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
    let beside = Beside::of(app, caller, driver);
    beside.guard(driver.follow(observer)).await
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
    let beside = Beside::of(app, caller, driver);
    beside.guard(driver.follow_to_the_end(observer)).await
}

/// What goes on beside a run that is followed.
struct Beside<'a> {
    app: &'a App,
    caller: &'a Caller,
    run: RunId,
    plan: Plan,
    handle: Handle,
}

impl<'a> Beside<'a> {
    fn of(app: &'a App, caller: &'a Caller, driver: &Driver) -> Self {
        Self {
            app,
            caller,
            run: driver.run().id().clone(),
            plan: (**driver.run().plan()).clone(),
            handle: driver.handle(),
        }
    }

    /// Watches for freezes and tells people while a run is followed; signs where its journal
    /// stands and tells the last news before it comes back.
    async fn guard(
        &self,
        following: impl Future<Output = Result<Standing, DriveError>>,
    ) -> Result<Standing, DriveError> {
        let ending = AtomicBool::new(false);
        let watching = watch(self.app, self.caller, &self.plan, &self.handle);
        let (following, watching) = (pin!(following), pin!(watching));
        let telling = pin!(attend::beside(self.app, &self.plan, &ending));
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
        heads::left(self.app, self.caller, &self.run).await;
        attend::last(self.app, &self.plan).await;
        standing
    }
}

async fn watch(app: &App, caller: &Caller, plan: &Plan, handle: &Handle) -> Infallible {
    let mut told: BTreeSet<String> = BTreeSet::new();
    let mut conditions = Conditions::default();
    loop {
        // A workspace that cannot be read stops the driver too, and says why.
        let freezes = look(app, caller, plan).await.unwrap_or_default();
        let broken = asked(&mut conditions, (app, caller), plan).await;
        // What a condition looks at changes all the time; a person who lets the run go on has
        // seen that it does not hold.
        let frozen = freezes
            .into_iter()
            .map(|reason| (reason.clone(), ("a freeze", reason)));
        let broken = broken.unwrap_or_default().into_iter();
        let unmet = broken.map(|(place, reason)| (place, ("a condition", reason)));
        let holding: BTreeMap<String, (&str, String)> = frozen.chain(unmet).collect();
        let new = holding.iter().filter(|(key, _)| !told.contains(*key));
        for (_, (by, reason)) in new {
            let order = Order {
                by: Actor::named(*by),
                command: Command::Freeze {
                    reason: reason.clone(),
                },
            };
            // The answer is an event that whoever follows is told.
            drop(handle.give(order));
        }
        told = holding.into_keys().collect();
        app.clock.wait(LOOK_EVERY).await;
    }
}

/// Looks at the conditions of votes.
async fn asked(
    conditions: &mut Conditions,
    (app, caller): (&App, &Caller),
    plan: &Plan,
) -> Result<BTreeMap<String, String>, ApiError> {
    let desk = Desk::open(app, caller)?;
    conditions.broken((app, &desk), plan).await
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

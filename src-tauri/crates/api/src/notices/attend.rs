//! Sending for as long as somebody stays, and one last time before they go.

use std::{
    collections::BTreeSet,
    convert::Infallible,
    sync::atomic::{AtomicBool, Ordering},
};

use gantry_model::{id::ReleaseId, plan::Plan, unit::Span};
use gantry_notify::storm::Haste;
use gantry_port::outbox::Which;

use super::{
    route::PlannedRoutes,
    sender::{Round, Sender},
    votes,
};
use crate::{app::App, error::ApiError};

/// How often the outbox is looked at.
const LOOK_EVERY: Span = Span::from_secs(1);
/// Every so many looks, what time has made due is looked for too.
const ROUNDS_OF_VOTES: u64 = 30;
/// How long a process that is about to end goes on sending.
const LAST_PATIENCE: Span = Span::from_secs(20);

/// Sends what a run tells, while it is driven. Ends between two rounds once `ending` says so: what
/// was handed to a channel must be noted before anybody goes.
pub async fn beside(app: &App, plan: &Plan, ending: &AtomicBool) {
    let mut rounds = 0_u64;
    loop {
        if !plan.stakeholders.is_empty() {
            let sent = match rounds.is_multiple_of(ROUNDS_OF_VOTES) {
                true => once(app, Some(&plan.release), Haste::Patient).await,
                false => send(app, &Which::Of(plan.release.clone()), Haste::Patient).await,
            };
            tell_if_failed(sent);
        }
        if ending.load(Ordering::Relaxed) {
            return;
        }
        rounds += 1;
        app.clock.wait(LOOK_EVERY).await;
    }
}

/// Sends what can be sent before the process ends; what cannot waits for the next one.
pub async fn last(app: &App, plan: &Plan) {
    if plan.stakeholders.is_empty() {
        return;
    }
    let until = app.clock.elapsed() + LAST_PATIENCE;
    loop {
        let sent = once(app, Some(&plan.release), Haste::Closing).await;
        let done = match &sent {
            Ok(round) => round.waiting == 0 || round.delivered == 0,
            Err(_) => true,
        };
        tell_if_failed(sent);
        if done || app.clock.elapsed() >= until {
            return;
        }
    }
}

/// Sends what all releases tell, for as long as it is waited for; a door that stays spawns this.
pub async fn all(app: &App) -> Infallible {
    let mut rounds = 0_u64;
    loop {
        let sent = match rounds.is_multiple_of(ROUNDS_OF_VOTES) {
            true => once(app, None, Haste::Patient).await,
            false => send(app, &Which::All, Haste::Patient).await,
        };
        tell_if_failed(sent);
        rounds += 1;
        app.clock.wait(LOOK_EVERY).await;
    }
}

/// Puts in what time has made due and sends what waits, of one release or of all.
///
/// # Errors
/// `workspace`, `journal-broken`.
pub async fn once(app: &App, release: Option<&ReleaseId>, haste: Haste) -> Result<Round, ApiError> {
    match release {
        Some(release) => {
            votes::put(app, release).await?;
            send(app, &Which::Of(release.clone()), haste).await
        }
        None => {
            for release in releases(app).await? {
                votes::put(app, &release).await?;
            }
            send(app, &Which::All, haste).await
        }
    }
}

async fn send(app: &App, which: &Which, haste: Haste) -> Result<Round, ApiError> {
    // Where there is no workspace yet, nothing waits, and none is made by looking.
    let Some(journal) = app.journal_if_there()? else {
        return Ok(Round::default());
    };
    let Some(outbox) = journal.outbox() else {
        return Ok(Round::default());
    };
    let routes = PlannedRoutes::of(app);
    let sender = Sender {
        outbox,
        clock: &*app.clock,
        routes: &routes,
    };
    Ok(sender.round(which, haste).await?)
}

async fn releases(app: &App) -> Result<BTreeSet<ReleaseId>, ApiError> {
    let Some(journal) = app.journal_if_there()? else {
        return Ok(BTreeSet::new());
    };
    let runs = journal.list().await?;
    let mut releases: BTreeSet<ReleaseId> =
        runs.iter().map(|run| run.run.release().clone()).collect();
    if let Some(known) = journal.releases() {
        let known = known.list_releases().await?;
        releases.extend(known.into_iter().map(|known| known.release));
    }
    Ok(releases)
}

/// A message that was not sent stays in the outbox; a run is never stopped by it.
fn tell_if_failed(sent: Result<Round, ApiError>) {
    if let Err(error) = sent {
        tracing::warn!(error = %error.message, "sends nothing now");
    }
}

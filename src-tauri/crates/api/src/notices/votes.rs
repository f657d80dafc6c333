//! Putting in what follows from time: dates, votes that are asked for, reminders.

use gantry_model::id::ReleaseId;
use gantry_notify::votes;

use super::{parcel, wordings};
use crate::{
    app::{App, Caller, KnownBy},
    error::ApiError,
    readiness::{
        desk::Desk,
        look::{reach_digest, reach_with_conditions},
    },
};

/// Puts into the outbox what is due about the preparation of a release; what is there already
/// stays as it is.
///
/// Nobody is told before a person has confirmed what the file may reach: a channel is reached too.
///
/// # Errors
/// `workspace`, `journal-broken`.
pub(crate) async fn put(app: &App, release: &ReleaseId) -> Result<(), ApiError> {
    let journal = app.journal()?;
    let Some(outbox) = journal.outbox() else {
        return Ok(());
    };
    let nobody = Caller {
        name: "gantry".to_owned(),
        known: KnownBy::System,
    };
    let desk = Desk::open(app, &nobody)?;
    let preparation = desk.preparation(release).await?.state;
    let Some(presented) = &preparation.presented else {
        return Ok(());
    };
    let Some(plan) = desk.plan(presented.plan).await? else {
        return Ok(());
    };
    let reach = reach_digest(&reach_with_conditions(&plan, &preparation));
    if plan.stakeholders.is_empty() || !preparation.is_confirmed(reach) {
        return Ok(());
    }
    let wordings = wordings::read(app, &plan).await;
    let now = app.clock.now();
    let due = votes::due(&plan, (&presented.agenda, &preparation), &wordings, now);
    let parcels = due.iter().filter_map(parcel::of).collect();
    Ok(outbox.put(release, now, parcels).await?)
}

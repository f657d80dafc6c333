//! Signing where the journal of a run stands: at its start, at every gate, and when it is left.
//!
//! Whoever can write the workspace file can cut a journal or write another whole one; they cannot
//! sign its head as somebody else.

use gantry_model::{id::RunId, run::Run};
use gantry_readiness::{event::Happened, heads, preparation};

use super::{desk::Desk, gate};
use crate::{
    app::{App, Caller},
    error::ApiError,
};

/// Records that a run began and of which file, and signs the head of its journal.
///
/// # Errors
/// `workspace`, and `refused` where nobody can sign.
pub async fn started(desk: &Desk<'_>, run: &Run, file: Option<&str>) -> Result<(), ApiError> {
    let writer = desk.writer().await?;
    let file = match file {
        Some(text) => Some(desk.keep(text).await?),
        None => None,
    };
    let started = Happened::RunStarted {
        run: run.id().clone(),
        plan: run.plan().digest,
        file,
    };
    let head = here(desk, run.id()).await?;
    let room = preparation::room(run.id().release());
    desk.record(&room, &writer, &[started, head]).await
}

/// Gives the event that says where a journal stands.
///
/// # Errors
/// `workspace`.
pub async fn here(desk: &Desk<'_>, run: &RunId) -> Result<Happened, ApiError> {
    Ok(Happened::HeadSigned {
        run: run.clone(),
        head: desk.head_of(run).await?,
    })
}

/// Signs where a run's journal stands, because it ended or is left to people.
///
/// A run is never stopped by this: where nobody can sign, its head is only printed.
pub async fn left(app: &App, caller: &Caller, run: &RunId) {
    if let Err(error) = sign(app, caller, run).await {
        tracing::warn!(%run, error = %error.message, "signs no head");
    }
}

async fn sign(app: &App, caller: &Caller, run: &RunId) -> Result<(), ApiError> {
    let desk = Desk::open(app, caller)?;
    if !desk.signs() {
        return Ok(());
    }
    gate::settle(&desk, run.release()).await?;
    let record = desk.record_of(run.release()).await?;
    let head = desk.head_of(run).await?;
    let signed = heads::of(&record.events, run);
    if signed.iter().any(|signed| signed.head == head) {
        return Ok(());
    }
    let writer = desk.writer().await?;
    let run = run.clone();
    let room = preparation::room(run.release());
    let signed = Happened::HeadSigned { run, head };
    desk.record(&room, &writer, &[signed]).await
}

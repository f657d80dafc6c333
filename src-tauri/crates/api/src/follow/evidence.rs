//! What an earlier run of the same release measured, where the same change is tried again.

use gantry_engine::{carry, drive};
use gantry_model::{
    command::Remark,
    event::{Carried, Happened},
};
use gantry_port::journal::StoreError;

use super::Prepared;
use crate::{
    app::{App, Caller},
    error::ApiError,
};

/// Gives what stands in the record right behind the start: the evidence, or why it does not count.
pub(super) async fn of_earlier(
    app: &App,
    caller: &Caller,
    prepared: &Prepared,
) -> Result<Vec<Happened>, ApiError> {
    let carried = measured(app, prepared).await?;
    let Some(reason) = &prepared.judge_anew else {
        let events = carried.into_iter().map(Box::new);
        return Ok(events.map(Happened::EvidenceCarried).collect());
    };
    let notes = carried.iter().map(|one| Happened::Note {
        by: caller.name.clone(),
        text: format!(
            "judged anew, without {} buckets that {} measured of `{}`: {reason}",
            one.buckets.len(),
            one.from,
            one.node
        ),
        remark: Remark::default(),
    });
    Ok(notes.collect())
}

async fn measured(app: &App, prepared: &Prepared) -> Result<Vec<Carried>, ApiError> {
    let plan = &prepared.plan;
    // Most releases have no judge, and need not look back.
    if plan.metrics.is_empty() {
        return Ok(Vec::new());
    }
    let journal = app.journal()?;
    let run = match journal.latest(&plan.release).await {
        Ok(run) => run,
        Err(StoreError::NoSuchRun(_)) => return Ok(Vec::new()),
        Err(error) => return Err(error.into()),
    };
    let earlier = drive::read(&*journal, &run).await?;
    Ok(carry::carried(&earlier, plan))
}

//! Writing to a run, inside the writer's transaction.

use gantry_model::{
    id::RunId,
    journal::{Entry, Head, NewEntry},
};
use gantry_port::journal::{Batch, FirstBatch, NewRun, StoreError};

use crate::{
    failure::Failure,
    lease::{self, FileLease},
    place::Place,
    session::Session,
    stamp,
    table::{
        claims, inbox, journal,
        parcels::{self, About},
        plans,
        runs::{self, RunRow},
        snapshots,
    },
};

/// Makes a run with its plan, claims and first entries, under a lease of its own.
pub(super) fn create(
    session: &Session,
    place: &Place,
    holder: &str,
    new: &NewRun,
    first: FirstBatch,
) -> Result<(FileLease, Head), Failure> {
    let run = next_run(session, new)?;
    let lock = lease::lock(place, &run, "another process that is making it")?;
    let batch = first(&run);
    if batch.summary.run != run {
        return Err(misused(&run, "its summary is that of another run"));
    }
    let id = runs::insert(session, holder, &batch.summary)?;
    plans::insert(session, id, &new.plan)?;
    claims::insert(session, id, &new.claims)?;
    let row = RunRow {
        id,
        epoch: 1,
        holder: holder.into(),
        head: Head::EMPTY,
        ended: false,
    };
    let head = extend(session, &run, &row, batch)?;
    Ok((FileLease::new(run, row.epoch, lock), head))
}

/// Appends a batch if the epoch is the present one and the journal stands where the caller thinks.
pub(super) fn append(
    session: &Session,
    run: &RunId,
    epoch: u64,
    batch: Batch,
) -> Result<Head, Failure> {
    let row = runs::find(session, run)?;
    if row.epoch != epoch {
        return Err(StoreError::Fenced {
            run: run.clone(),
            epoch: row.epoch,
        }
        .into());
    }
    if batch.summary.run != *run {
        return Err(misused(run, "the summary is that of another run"));
    }
    extend(session, run, &row, batch)
}

fn next_run(session: &Session, new: &NewRun) -> Result<RunId, Failure> {
    let number = match runs::last(session, &new.release)? {
        Some((run, false)) => return Err(StoreError::Unfinished { run }.into()),
        Some((run, true)) => run.number() + 1,
        None => 1,
    };
    Ok(RunId::new(new.release.clone(), number))
}

fn extend(session: &Session, run: &RunId, row: &RunRow, batch: Batch) -> Result<Head, Failure> {
    if batch.after.seq != row.head.seq {
        return Err(stale(run, batch.after.seq, row.head.seq));
    }
    if batch.after.hash != row.head.hash {
        return Err(misused(run, "its journal has other entries than were read"));
    }
    let mut head = row.head;
    for event in batch.entries {
        head = link(session, run, row.id, head, event)?;
    }
    runs::advance(session, row.id, head, &batch.summary)?;
    match (row.ended, batch.summary.ended) {
        (false, true) => claims::free(session, row.id)?,
        // A finished run that is being rolled back changes things again.
        (true, false) => claims::hold(session, row.id)?,
        (false, false) | (true, true) => {}
    }
    for letter in &batch.answered {
        inbox::answer(session, row.id, *letter, head.seq)?;
    }
    let about = About {
        release: run.release(),
        run: Some(row.id),
        at: batch.summary.changed_at,
    };
    for message in &batch.messages {
        parcels::insert(session, &about, message)?;
    }
    for snapshot in &batch.snapshots {
        snapshots::put(session, row.id, head, snapshot)?;
    }
    Ok(head)
}

fn link(
    session: &Session,
    run: &RunId,
    id: i64,
    head: Head,
    event: NewEntry,
) -> Result<Head, Failure> {
    if event.seq != head.seq + 1 {
        return Err(stale(run, event.seq.saturating_sub(1), head.seq));
    }
    if !stamp::is_stamped(&event) {
        return Err(misused(
            run,
            "an entry's body does not begin with its number, instant and kind",
        ));
    }
    let entry = Entry::link(head.hash, event);
    journal::insert(session, id, &entry)?;
    Ok(Head {
        seq: entry.event.seq,
        hash: entry.hash,
    })
}

fn stale(run: &RunId, expected: u64, actual: u64) -> Failure {
    StoreError::Stale {
        run: run.clone(),
        expected,
        actual,
    }
    .into()
}

/// Says what a caller did that no caller may do.
fn misused(run: &RunId, what: &str) -> Failure {
    Failure::Unusable(format!("run {run} was not written to: {what}"))
}

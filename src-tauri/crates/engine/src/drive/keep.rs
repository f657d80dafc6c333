//! What is kept of a run beside its journal, so that nobody has to fold all of it again.
//!
//! Two kinds: the run itself, every so often and at each hold, from which later entries are folded
//! on; and how it stands, once it has ended. They are written in commits that are made anyway.
//! They are read back only by the code that wrote them, and only if the journal has the entry that
//! they stand for; everybody else folds.

use std::sync::Arc;

use gantry_model::{
    id::RunId,
    journal::{Entry, Head, NewEntry},
    plan::Plan,
    run::{Phase, Run},
};
use gantry_port::journal::{Journal, NewSnapshot, Snapshot};

use super::DriveError;
use crate::{
    fold::{FoldError, fold, fold_on},
    status::{RunStatus, status},
};

/// Names the code that folds and tells: a snapshot of other code may mean something else.
const FORM: &str = env!("GANTRY_FOLD");
const RUN: &str = "run";
const STATUS: &str = "status";
/// Folding fewer entries than this takes no time that anybody notices.
const LEAST: u64 = 1_000;
/// How many entries are folded again at most, or so many for each step of a large release: writing
/// a run down costs what the release is large.
const EVERY: u64 = 10_000;
const EVERY_STEP: u64 = 10;

/// Gives what is to be kept with a commit that leaves the run as it is now.
pub(super) fn snapshots(run: &Run, before: Head, entries: &[NewEntry]) -> Vec<NewSnapshot> {
    if run.seq() < LEAST {
        return Vec::new();
    }
    if matches!(run.phase(), Phase::Ended(_)) {
        return status_of(run).into_iter().collect();
    }
    let every = EVERY.max(EVERY_STEP * run.plan().steps.len() as u64);
    let is_due =
        before.seq / every != run.seq() / every || entries.iter().any(|entry| entry.kind == "held");
    match is_due {
        true => run_itself(run).into_iter().collect(),
        false => Vec::new(),
    }
}

fn status_of(run: &Run) -> Option<NewSnapshot> {
    let body = serde_json::to_string(&status(run)).ok()?;
    Some(kept(STATUS, body))
}

/// What does not read back as the very same run, down to the last bit of a number, is not kept.
fn run_itself(run: &Run) -> Option<NewSnapshot> {
    let body = run.to_snapshot().ok()?;
    let again = Run::from_snapshot(Arc::clone(run.plan()), &body).ok()?;
    (again == *run).then(|| kept(RUN, body))
}

fn kept(kind: &'static str, body: String) -> NewSnapshot {
    let form = FORM.to_owned();
    NewSnapshot { kind, form, body }
}

/// Reads how a run stands, without its plan where that was kept when it ended.
///
/// # Errors
/// If there is no such run or its record cannot be read.
pub async fn ended_status(
    journal: &dyn Journal,
    run: &RunId,
) -> Result<Option<RunStatus>, DriveError> {
    let Some(kept) = journal.snapshot(run, STATUS, FORM).await? else {
        return Ok(None);
    };
    // A finished run may have been rolled back since.
    let is_last = journal.read(run, kept.head.seq).await?.is_empty();
    Ok(is_last
        .then(|| serde_json::from_str(&kept.body).ok())
        .flatten())
}

/// Reads a run as it stands, and the head that it stands for.
pub(super) async fn load(journal: &dyn Journal, run: &RunId) -> Result<(Run, Head), DriveError> {
    let plan = journal.plan(run).await?;
    let plan: Plan = serde_json::from_str(&plan).map_err(|source| DriveError::Plan {
        run: run.clone(),
        source,
    })?;
    let plan = Arc::new(plan);
    let kept = journal.snapshot(run, RUN, FORM).await?;
    if let Some((state, head)) = kept.and_then(|kept| read_back(&plan, kept)) {
        let entries = journal.read(run, head.seq).await?;
        let head = last(&entries).unwrap_or(head);
        return Ok((fold_on(state, &entries).map_err(unfoldable(run))?, head));
    }
    let entries = journal.read(run, 0).await?;
    let head = last(&entries).unwrap_or(Head::EMPTY);
    Ok((fold(plan, &entries).map_err(unfoldable(run))?, head))
}

fn read_back(plan: &Arc<Plan>, kept: Snapshot) -> Option<(Run, Head)> {
    let run = Run::from_snapshot(Arc::clone(plan), &kept.body).ok()?;
    (run.seq() == kept.head.seq).then_some((run, kept.head))
}

fn last(entries: &[Entry]) -> Option<Head> {
    let entry = entries.last()?;
    Some(Head {
        seq: entry.event.seq,
        hash: entry.hash,
    })
}

fn unfoldable(run: &RunId) -> impl FnOnce(FoldError) -> DriveError {
    |source| DriveError::Fold {
        run: run.clone(),
        source,
    }
}

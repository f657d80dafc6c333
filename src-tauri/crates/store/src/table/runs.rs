//! One row a run: where its journal stands, who drives it, and what lists show of it.
//!
//! The row follows from the journal and is written in the transaction of the entries it follows
//! from. `seal` chains the shown columns to the head, so that a row that was changed is noticed.

use gantry_model::{
    digest::Digest,
    id::{ReleaseId, RunId},
    journal::{Head, RunSummary},
};
use gantry_port::journal::StoreError;
use rusqlite::{Row, params};

use super::{Column, Name};
use crate::{failure::Failure, session::Session};

pub(crate) const CREATE: &str = "
CREATE TABLE runs (
    id          INTEGER NOT NULL PRIMARY KEY,
    release     TEXT NOT NULL,
    number      INTEGER NOT NULL CHECK (number > 0),
    epoch       INTEGER NOT NULL,
    holder      TEXT NOT NULL,
    head_seq    INTEGER NOT NULL,
    head_hash   BLOB NOT NULL,
    title       TEXT,
    environment TEXT NOT NULL,
    state       TEXT NOT NULL,
    ended       INTEGER NOT NULL CHECK (ended IN (0, 1)),
    plan        BLOB NOT NULL,
    steps_done  INTEGER NOT NULL,
    steps_total INTEGER NOT NULL,
    started_at  INTEGER NOT NULL,
    changed_at  INTEGER NOT NULL,
    seal        BLOB NOT NULL,
    UNIQUE (release, number)
) STRICT";

/// What a writer needs to know of a run.
pub(crate) struct RunRow {
    /// The number by which other tables name the run.
    pub(crate) id: i64,
    /// How many drivers it has had.
    pub(crate) epoch: u64,
    /// Who took it last.
    pub(crate) holder: String,
    /// Where its journal stands.
    pub(crate) head: Head,
    /// Whether it has ended.
    pub(crate) ended: bool,
}

/// Finds a run.
pub(crate) fn find(session: &Session, run: &RunId) -> Result<RunRow, Failure> {
    let found = session.one(
        "SELECT id, epoch, holder, head_seq, head_hash, ended
         FROM runs WHERE release = ?1 AND number = ?2",
        params![run.release().as_str(), run.number()],
        |row| {
            Ok(RunRow {
                id: row.get("id")?,
                epoch: row.get::<_, Column<u64>>("epoch")?.0,
                holder: row.get("holder")?,
                head: head(row)?,
                ended: row.get("ended")?,
            })
        },
    )?;
    found.ok_or_else(|| StoreError::NoSuchRun(run.to_string()).into())
}

/// Finds the latest run of a release and whether it has ended.
pub(crate) fn last(
    session: &Session,
    release: &ReleaseId,
) -> Result<Option<(RunId, bool)>, Failure> {
    session.one(
        "SELECT release, number, ended FROM runs WHERE release = ?1
         ORDER BY number DESC LIMIT 1",
        [release.as_str()],
        |row| Ok((run_id(row)?, row.get("ended")?)),
    )
}

/// Makes the row of a new run, taken by its first driver.
pub(crate) fn insert(
    session: &Session,
    holder: &str,
    summary: &RunSummary,
) -> Result<i64, Failure> {
    session.execute(
        "INSERT INTO runs (release, number, epoch, holder, head_seq, head_hash, title, environment,
                           state, ended, plan, steps_done, steps_total, started_at, changed_at, seal)
         VALUES (?1, ?2, 1, ?3, 0, zeroblob(32), NULL, ?4, '', 0, zeroblob(32), 0, 0, 0, 0, zeroblob(32))",
        params![
            summary.run.release().as_str(),
            summary.run.number(),
            holder,
            summary.environment.as_str(),
        ],
    )?;
    Ok(session.last_id())
}

/// Moves a run on to a new head and shows it so.
pub(crate) fn advance(
    session: &Session,
    id: i64,
    head: Head,
    summary: &RunSummary,
) -> Result<(), Failure> {
    session.execute(
        "UPDATE runs SET head_seq = ?2, head_hash = ?3, title = ?4, environment = ?5, state = ?6,
                ended = ?7, plan = ?8, steps_done = ?9, steps_total = ?10, started_at = ?11,
                changed_at = ?12, seal = ?13
         WHERE id = ?1",
        params![
            id,
            Column(head.seq),
            Column(head.hash),
            summary.title,
            summary.environment.as_str(),
            summary.state,
            summary.ended,
            Column(summary.plan),
            summary.steps_done,
            summary.steps_total,
            Column(summary.started_at),
            Column(summary.changed_at),
            Column(seal(head, summary)?),
        ],
    )?;
    Ok(())
}

/// Gives a run to another driver and says under which epoch.
pub(crate) fn take(session: &Session, row: &RunRow, holder: &str) -> Result<u64, Failure> {
    let epoch = row.epoch + 1;
    session.execute(
        "UPDATE runs SET epoch = ?2, holder = ?3 WHERE id = ?1",
        params![row.id, Column(epoch), holder],
    )?;
    Ok(epoch)
}

/// Reads what lists show of a run.
pub(crate) fn summary(session: &Session, run: &RunId) -> Result<RunSummary, Failure> {
    let found = session.all(
        "SELECT * FROM runs WHERE release = ?1 AND number = ?2",
        params![run.release().as_str(), run.number()],
        sealed,
    )?;
    let first = found.into_iter().next();
    first.ok_or_else(|| StoreError::NoSuchRun(run.to_string()).into())
}

/// Reads what lists show of all runs, the latest change first.
pub(crate) fn list(session: &Session) -> Result<Vec<RunSummary>, Failure> {
    session.all(
        "SELECT * FROM runs ORDER BY changed_at DESC, id DESC",
        [],
        sealed,
    )
}

/// A run, how far it is and how many drivers it has had.
type Mark = (RunId, (u64, u64));

/// Reads how far the latest runs are and how many drivers they have had.
pub(crate) fn marks(session: &Session) -> Result<Vec<Mark>, Failure> {
    session.all(
        "SELECT release, number, head_seq, epoch FROM runs
         ORDER BY changed_at DESC, id DESC LIMIT 256",
        [],
        |row| {
            let seq = row.get::<_, Column<u64>>("head_seq")?.0;
            let epoch = row.get::<_, Column<u64>>("epoch")?.0;
            Ok((run_id(row)?, (seq, epoch)))
        },
    )
}

/// Reads a row and refuses one that is not as it was written.
fn sealed(row: &Row<'_>) -> Result<RunSummary, Failure> {
    let summary = RunSummary {
        run: run_id(row)?,
        title: row.get("title")?,
        environment: row.get::<_, Name<_>>("environment")?.0,
        state: row.get("state")?,
        ended: row.get("ended")?,
        plan: row.get::<_, Column<Digest>>("plan")?.0,
        steps_done: row.get("steps_done")?,
        steps_total: row.get("steps_total")?,
        started_at: row.get::<_, Column<_>>("started_at")?.0,
        changed_at: row.get::<_, Column<_>>("changed_at")?.0,
    };
    let written = row.get::<_, Column<Digest>>("seal")?.0;
    if seal(head(row)?, &summary)? == written {
        Ok(summary)
    } else {
        let run = &summary.run;
        Err(Failure::Damaged(format!(
            "the row of run {run} was changed"
        )))
    }
}

/// Hashes what is shown, column by column: a field that `RunSummary` gains later must not make
/// the rows of today look damaged.
fn seal(head: Head, summary: &RunSummary) -> Result<Digest, Failure> {
    let shown = (
        &summary.run,
        &summary.title,
        &summary.environment,
        &summary.state,
        summary.ended,
        summary.plan,
        (summary.steps_done, summary.steps_total),
        summary.started_at.timestamp_millis(),
        summary.changed_at.timestamp_millis(),
    );
    let bytes = serde_json::to_vec(&shown)
        .map_err(|error| Failure::Unusable(format!("a summary cannot be written: {error}")))?;
    Ok(head.hash.chain(bytes))
}

fn head(row: &Row<'_>) -> rusqlite::Result<Head> {
    Ok(Head {
        seq: row.get::<_, Column<u64>>("head_seq")?.0,
        hash: row.get::<_, Column<Digest>>("head_hash")?.0,
    })
}

fn run_id(row: &Row<'_>) -> rusqlite::Result<RunId> {
    let release = row.get::<_, Name<ReleaseId>>("release")?.0;
    Ok(RunId::new(release, row.get("number")?))
}

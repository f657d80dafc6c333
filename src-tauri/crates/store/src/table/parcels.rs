//! Messages to be delivered, recorded in the transaction of what they tell of, and what became of
//! them.

use gantry_model::{
    id::{ReleaseId, RunId},
    time::Timestamp,
};
use gantry_port::outbox::{NewParcel, Parcel, ParcelState, Settlement, Which};
use rusqlite::{Row, params};

use super::{Column, Name};
use crate::{failure::Failure, session::Session};

pub(crate) const CREATE: &str = "
CREATE TABLE parcels (
    id              INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    release         TEXT NOT NULL,
    run             INTEGER REFERENCES runs (id),
    key             TEXT NOT NULL UNIQUE,
    reader          TEXT NOT NULL,
    body            TEXT NOT NULL,
    state           TEXT NOT NULL,
    attempts        INTEGER NOT NULL DEFAULT 0,
    due             INTEGER NOT NULL,
    gathered        INTEGER NOT NULL DEFAULT 0,
    tried           INTEGER,
    settled         INTEGER,
    words           TEXT,
    thread          TEXT,
    acknowledged_by TEXT,
    acknowledged    INTEGER
) STRICT";

pub(crate) const CREATE_WAITING: &str =
    "CREATE INDEX parcels_waiting ON parcels (id) WHERE state = 'waiting'";

pub(crate) const CREATE_RELEASE: &str = "CREATE INDEX parcels_release ON parcels (release, id)";

/// Whom a message tells of.
pub(crate) struct About<'a> {
    /// The release.
    pub(crate) release: &'a ReleaseId,
    /// The row of the run, where there is one.
    pub(crate) run: Option<i64>,
    /// When it happened; it is due at once.
    pub(crate) at: Timestamp,
}

/// Records a message unless one with its key was recorded before.
pub(crate) fn insert(session: &Session, about: &About<'_>, new: &NewParcel) -> Result<(), Failure> {
    session.execute(
        "INSERT INTO parcels (release, run, key, reader, body, state, due)
         VALUES (?1, ?2, ?3, ?4, ?5, 'waiting', ?6) ON CONFLICT (key) DO NOTHING",
        params![
            about.release.as_str(),
            about.run,
            new.key,
            new.reader,
            new.body,
            Column(about.at),
        ],
    )?;
    Ok(())
}

/// Gives the last message and how many wait.
pub(crate) fn mark(session: &Session) -> Result<(u64, u64), Failure> {
    let found = session.one(
        "SELECT coalesce(max(id), 0), count(*) FILTER (WHERE state = 'waiting') FROM parcels",
        [],
        |row| {
            let last = row.get::<_, Column<u64>>(0)?.0;
            Ok((last, row.get::<_, Column<u64>>(1)?.0))
        },
    )?;
    Ok(found.unwrap_or_default())
}

/// Reads what waits, the oldest first, at most `limit`.
pub(crate) fn waiting(
    session: &Session,
    which: &Which,
    limit: u32,
) -> Result<Vec<Parcel>, Failure> {
    match which {
        Which::All => session.all(
            "SELECT parcels.*, runs.number FROM parcels LEFT JOIN runs ON runs.id = parcels.run
             WHERE parcels.state = 'waiting' ORDER BY parcels.id LIMIT ?1",
            [limit],
            parcel,
        ),
        Which::Of(release) => session.all(
            "SELECT parcels.*, runs.number FROM parcels LEFT JOIN runs ON runs.id = parcels.run
             WHERE parcels.state = 'waiting' AND parcels.release = ?1
             ORDER BY parcels.id LIMIT ?2",
            params![release.as_str(), limit],
            parcel,
        ),
    }
}

/// Reads the messages of a release, the oldest first.
pub(crate) fn of(session: &Session, release: &ReleaseId) -> Result<Vec<Parcel>, Failure> {
    session.all(
        "SELECT parcels.*, runs.number FROM parcels LEFT JOIN runs ON runs.id = parcels.run
         WHERE parcels.release = ?1 ORDER BY parcels.id",
        [release.as_str()],
        parcel,
    )
}

/// Reads the messages to a reader that were handed to a channel last, the oldest first.
pub(crate) fn tried(
    session: &Session,
    release: &ReleaseId,
    (reader, limit): (&str, u32),
) -> Result<Vec<Parcel>, Failure> {
    let mut last = session.all(
        "SELECT parcels.*, runs.number FROM parcels LEFT JOIN runs ON runs.id = parcels.run
         WHERE parcels.release = ?1 AND parcels.reader = ?2 AND parcels.tried IS NOT NULL
         ORDER BY parcels.id DESC LIMIT ?3",
        params![release.as_str(), reader, limit],
        parcel,
    )?;
    last.reverse();
    Ok(last)
}

/// Takes a message that is due for a while; says whether it was there to be taken.
pub(crate) fn claim(
    session: &Session,
    id: u64,
    (now, until): (Timestamp, Timestamp),
) -> Result<bool, Failure> {
    let taken = session.execute(
        "UPDATE parcels SET due = ?3, tried = ?2, attempts = attempts + 1, gathered = 0
         WHERE id = ?1 AND state = 'waiting' AND (due <= ?2 OR gathered = 1)",
        params![Column(id), Column(now), Column(until)],
    )?;
    Ok(taken == 1)
}

/// Says what became of a try; what is settled already stays as it is.
pub(crate) fn settle(
    session: &Session,
    id: u64,
    at: Timestamp,
    how: &Settlement,
) -> Result<(), Failure> {
    match how {
        Settlement::Delivered { thread, words } => session.execute(
            "UPDATE parcels SET state = 'delivered', settled = ?2, thread = ?3, words = ?4
             WHERE id = ?1 AND state = 'waiting'",
            params![Column(id), Column(at), thread, words],
        )?,
        Settlement::Again { due, words } => session.execute(
            "UPDATE parcels SET due = ?2, words = ?3 WHERE id = ?1 AND state = 'waiting'",
            params![Column(id), Column(*due), words],
        )?,
        Settlement::Failed { words } => session.execute(
            "UPDATE parcels SET state = 'failed', settled = ?2, words = ?3
             WHERE id = ?1 AND state = 'waiting'",
            params![Column(id), Column(at), words],
        )?,
    };
    Ok(())
}

/// Lets a message that was never tried wait for a digest.
pub(crate) fn gather(session: &Session, id: u64, until: Timestamp) -> Result<(), Failure> {
    session.execute(
        "UPDATE parcels SET gathered = 1, due = ?2
         WHERE id = ?1 AND state = 'waiting' AND attempts = 0",
        params![Column(id), Column(until)],
    )?;
    Ok(())
}

/// Takes a message into a digest.
pub(crate) fn take_in(
    session: &Session,
    id: u64,
    at: Timestamp,
    digest: &str,
) -> Result<(), Failure> {
    session.execute(
        "UPDATE parcels SET state = 'digested', settled = ?2, words = ?3
         WHERE id = ?1 AND state = 'waiting' AND attempts = 0",
        params![Column(id), Column(at), digest],
    )?;
    Ok(())
}

/// Finds what a message is about, if it waits and was never tried.
pub(crate) fn waits(
    session: &Session,
    id: u64,
) -> Result<Option<(ReleaseId, Option<i64>)>, Failure> {
    session.one(
        "SELECT release, run FROM parcels
         WHERE id = ?1 AND state = 'waiting' AND attempts = 0",
        [Column(id)],
        |row| Ok((row.get::<_, Name<ReleaseId>>(0)?.0, row.get(1)?)),
    )
}

/// Notes that somebody read a message; the first one counts. Says whether there is such a message.
pub(crate) fn acknowledge(
    session: &Session,
    id: u64,
    (by, at): (&str, Timestamp),
) -> Result<bool, Failure> {
    let found = session.execute(
        "UPDATE parcels SET acknowledged_by = coalesce(acknowledged_by, ?2),
                            acknowledged = coalesce(acknowledged, ?3)
         WHERE id = ?1 AND state = 'delivered'",
        params![Column(id), by, Column(at)],
    )?;
    Ok(found == 1)
}

fn parcel(row: &Row<'_>) -> Result<Parcel, Failure> {
    let release = row.get::<_, Name<ReleaseId>>("release")?.0;
    let number: Option<u32> = row.get("number")?;
    let instant = |column: &str| -> rusqlite::Result<Option<Timestamp>> {
        let found: Option<Column<Timestamp>> = row.get(column)?;
        Ok(found.map(|at| at.0))
    };
    let by: Option<String> = row.get("acknowledged_by")?;
    Ok(Parcel {
        id: row.get::<_, Column<u64>>("id")?.0,
        run: number.map(|number| RunId::new(release.clone(), number)),
        release,
        key: row.get("key")?,
        reader: row.get("reader")?,
        body: row.get("body")?,
        state: state(&row.get::<_, String>("state")?)?,
        attempts: row.get("attempts")?,
        due: row.get::<_, Column<Timestamp>>("due")?.0,
        gathered: row.get("gathered")?,
        tried: instant("tried")?,
        settled: instant("settled")?,
        words: row.get("words")?,
        thread: row.get("thread")?,
        acknowledged: by.zip(instant("acknowledged")?),
    })
}

fn state(word: &str) -> Result<ParcelState, Failure> {
    let mut known = ParcelState::ALL.into_iter();
    known
        .find(|state| state.word() == word)
        .ok_or_else(|| Failure::Damaged(format!("a message is `{word}`, which nothing is")))
}

//! Messages to be sent, recorded in the transaction of the entries they tell of.

use gantry_model::{id::RunId, time::Timestamp};
use rusqlite::params;

use super::{Column, Name};
use crate::{failure::Failure, session::Session, workspace::Message};

pub(crate) const CREATE: &str = "
CREATE TABLE outbox (
    id        INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    run       INTEGER NOT NULL REFERENCES runs (id),
    key       TEXT NOT NULL UNIQUE,
    body      TEXT NOT NULL,
    delivered INTEGER
) STRICT";

pub(crate) const CREATE_PENDING: &str =
    "CREATE INDEX outbox_pending ON outbox (id) WHERE delivered IS NULL";

/// Records a message unless one with its key was recorded before, by any run.
pub(crate) fn insert(session: &Session, run: i64, key: &str, body: &str) -> Result<(), Failure> {
    session.execute(
        "INSERT INTO outbox (run, key, body) VALUES (?1, ?2, ?3) ON CONFLICT (key) DO NOTHING",
        params![run, key, body],
    )?;
    Ok(())
}

/// Gives the last message and how many wait.
pub(crate) fn mark(session: &Session) -> Result<(u64, u64), Failure> {
    let found = session.one(
        "SELECT coalesce(max(id), 0), count(*) FILTER (WHERE delivered IS NULL) FROM outbox",
        [],
        |row| {
            let last = row.get::<_, Column<u64>>(0)?.0;
            Ok((last, row.get::<_, Column<u64>>(1)?.0))
        },
    )?;
    Ok(found.unwrap_or_default())
}

/// Reads the messages that are not delivered, the oldest first, at most `limit`.
pub(crate) fn pending(session: &Session, limit: u32) -> Result<Vec<Message>, Failure> {
    session.all(
        "SELECT outbox.id, runs.release, runs.number, outbox.key, outbox.body
         FROM outbox JOIN runs ON runs.id = outbox.run
         WHERE outbox.delivered IS NULL ORDER BY outbox.id LIMIT ?1",
        [limit],
        |row| {
            Ok(Message {
                id: row.get::<_, Column<u64>>(0)?.0,
                run: RunId::new(row.get::<_, Name<_>>(1)?.0, row.get(2)?),
                key: row.get(3)?,
                body: row.get(4)?,
            })
        },
    )
}

/// Marks a message as delivered; doing so again keeps the first instant.
pub(crate) fn deliver(session: &Session, id: u64, at: Timestamp) -> Result<(), Failure> {
    session.execute(
        "UPDATE outbox SET delivered = ?2 WHERE id = ?1 AND delivered IS NULL",
        params![Column(id), Column(at)],
    )?;
    Ok(())
}

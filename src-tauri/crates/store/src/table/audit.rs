//! Who changed which row of an ordinary table, when, and to what.
//!
//! Journals and records of people tell their own story; this log is for tables whose rows change:
//! releases, and whatever else is a list that people keep. Every write to one of them adds a row
//! here, in the same transaction; the feed of changes is read from it.

use gantry_port::releases::Signature;
use rusqlite::params;

use super::Column;
use crate::{failure::Failure, session::Session};

pub(crate) const CREATE: &str = "
CREATE TABLE audit (
    id      INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    at      INTEGER NOT NULL,
    by      TEXT NOT NULL,
    topic   TEXT NOT NULL,
    subject TEXT NOT NULL,
    change  TEXT NOT NULL
) STRICT";

/// Records a change of one row: `topic` is the table as the feed names it, `subject` which row,
/// `change` what it came to, in a few words or as JSON, without secrets.
pub(crate) fn record(
    session: &Session,
    signature: &Signature,
    (topic, subject): (&str, &str),
    change: &str,
) -> Result<(), Failure> {
    session.execute(
        "INSERT INTO audit (at, by, topic, subject, change) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![Column(signature.at), signature.by, topic, subject, change],
    )?;
    Ok(())
}

/// Gives the number of the last row.
pub(crate) fn last(session: &Session) -> Result<u64, Failure> {
    let last = session.one("SELECT coalesce(max(id), 0) FROM audit", [], |row| {
        Ok(row.get::<_, Column<u64>>(0)?.0)
    })?;
    Ok(last.unwrap_or_default())
}

/// Reads which rows changed behind a row of this log: topic and subject.
pub(crate) fn since(session: &Session, after: u64) -> Result<Vec<(String, String)>, Failure> {
    session.all(
        "SELECT topic, subject FROM audit WHERE id > ?1 ORDER BY id",
        params![Column(after)],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

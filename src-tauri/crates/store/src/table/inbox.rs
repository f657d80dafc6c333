//! Commands posted from other processes, kept with the entry that answered them.

use gantry_model::{id::RunId, time::Timestamp};
use gantry_port::journal::Letter;
use rusqlite::params;

use super::Column;
use crate::{failure::Failure, session::Session};

pub(crate) const CREATE: &str = "
CREATE TABLE inbox (
    id       INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    run      INTEGER NOT NULL REFERENCES runs (id),
    at       INTEGER NOT NULL,
    body     TEXT NOT NULL,
    answered INTEGER
) STRICT";

/// The driver asks for open letters many times a second.
pub(crate) const CREATE_OPEN: &str =
    "CREATE INDEX inbox_open ON inbox (run, id) WHERE answered IS NULL";

/// Posts a command and gives its number.
pub(crate) fn insert(
    session: &Session,
    run: i64,
    at: Timestamp,
    body: &str,
) -> Result<u64, Failure> {
    session.execute(
        "INSERT INTO inbox (run, at, body) VALUES (?1, ?2, ?3)",
        params![run, Column(at), body],
    )?;
    Ok(session.last_id().unsigned_abs())
}

/// Reads the commands of a run that nothing has answered, in order.
pub(crate) fn open(session: &Session, run: &RunId) -> Result<Vec<Letter>, Failure> {
    session.all(
        "SELECT inbox.id, inbox.at, inbox.body FROM inbox
         WHERE inbox.run = (SELECT id FROM runs WHERE release = ?1 AND number = ?2)
           AND inbox.answered IS NULL
         ORDER BY inbox.id",
        params![run.release().as_str(), run.number()],
        |row| {
            Ok(Letter {
                id: row.get::<_, Column<u64>>(0)?.0,
                at: row.get::<_, Column<_>>(1)?.0,
                body: row.get(2)?,
            })
        },
    )
}

/// Marks a letter as answered by the entry `seq`, the last one of its batch.
pub(crate) fn answer(session: &Session, run: i64, letter: u64, seq: u64) -> Result<(), Failure> {
    let changed = session.execute(
        "UPDATE inbox SET answered = ?3 WHERE id = ?1 AND run = ?2 AND answered IS NULL",
        params![Column(letter), run, Column(seq)],
    )?;
    if changed == 1 {
        Ok(())
    } else {
        // Answering a command twice would mean that it was obeyed twice.
        Err(Failure::Unusable(format!(
            "letter {letter} does not wait for an answer"
        )))
    }
}

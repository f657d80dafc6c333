//! The entries of every run, in order, each with the hash that links it to the one before.
//!
//! The chain of a run begins with [`Digest::zero`], not with something of the run: a printed journal
//! can then be verified with nothing but itself, and its first entry names run and plan anyway.

use gantry_model::{
    digest::Digest,
    id::RunId,
    journal::{Entry, Head, NewEntry},
    time::Timestamp,
};
use rusqlite::params;

use super::{Column, runs::RunRow};
use crate::{failure::Failure, session::Session, stamp::stamped};

pub(crate) const CREATE: &str = "
CREATE TABLE journal (
    run  INTEGER NOT NULL REFERENCES runs (id),
    seq  INTEGER NOT NULL,
    at   INTEGER NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (run, seq)
) STRICT, WITHOUT ROWID";

/// Appends an entry to the journal of a run.
pub(crate) fn insert(session: &Session, run: i64, entry: &Entry) -> Result<(), Failure> {
    let event = &entry.event;
    session.execute(
        "INSERT INTO journal (run, seq, at, kind, body, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![
            run,
            Column(event.seq),
            Column(event.at),
            event.kind,
            event.body,
            Column(entry.hash),
        ],
    )?;
    Ok(())
}

/// Reads the entries behind `after` and refuses a chain that does not lead to the head of the run.
pub(crate) fn read(
    session: &Session,
    run: &RunId,
    row: &RunRow,
    after: u64,
) -> Result<Vec<Entry>, Failure> {
    if after >= row.head.seq {
        return Ok(Vec::new());
    }
    let mut head = Head {
        seq: after,
        hash: hash_of(session, row.id, after)?,
    };
    let entries = session.all(
        "SELECT body, hash FROM journal WHERE run = ?1 AND seq > ?2 ORDER BY seq",
        params![row.id, Column(after)],
        |columns| {
            let event = stamped(columns.get("body")?);
            let event = event.ok_or_else(|| broken(run, head.seq + 1))?;
            let entry = Entry::link(head.hash, event);
            let stored = columns.get_ref("hash")?.as_blob().unwrap_or_default();
            if entry.event.seq != head.seq + 1 || entry.hash.as_bytes().as_slice() != stored {
                return Err(broken(run, head.seq + 1));
            }
            head = Head {
                seq: entry.event.seq,
                hash: entry.hash,
            };
            Ok(entry)
        },
    )?;
    if head == row.head {
        Ok(entries)
    } else {
        Err(broken(run, head.seq + 1))
    }
}

/// Prints the stored entries with the stored hashes, whether they fit or not.
pub(crate) fn lines(session: &Session, run: i64) -> Result<Vec<String>, Failure> {
    session.all(
        "SELECT body, hash FROM journal WHERE run = ?1 ORDER BY seq",
        [run],
        |columns| {
            let body: String = columns.get("body")?;
            let hash = columns.get::<_, Column<Digest>>("hash")?.0;
            // What cannot be read as an entry is printed too, so that the line is found out.
            let event = stamped(body.clone()).unwrap_or_else(|| unstamped(body));
            Ok(Entry { event, hash }.to_line())
        },
    )
}

fn hash_of(session: &Session, run: i64, seq: u64) -> Result<Digest, Failure> {
    if seq == 0 {
        return Ok(Digest::zero());
    }
    let found = session.one(
        "SELECT hash FROM journal WHERE run = ?1 AND seq = ?2",
        params![run, Column(seq)],
        |row| Ok(row.get::<_, Column<Digest>>(0)?.0),
    )?;
    found.ok_or_else(|| Failure::Damaged(format!("entry {seq} of a journal is missing")))
}

fn unstamped(body: String) -> NewEntry {
    NewEntry {
        seq: 0,
        at: Timestamp::default(),
        kind: String::new(),
        body,
    }
}

fn broken(run: &RunId, seq: u64) -> Failure {
    Failure::Damaged(format!(
        "the journal of run {run} is not whole at entry {seq}"
    ))
}

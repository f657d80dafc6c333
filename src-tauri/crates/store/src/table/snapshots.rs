//! What was worked out from a journal and is kept to spare doing so again.
//!
//! A snapshot is never more than a shortcut. It names the entry that it stands for by number and
//! hash, and its own hash begins with that one: what is not whole, was written by other code, or
//! stands for an entry that the journal has not, is as good as absent.

use gantry_model::{digest::Digest, journal::Head};
use gantry_port::journal::{NewSnapshot, Snapshot};
use rusqlite::params;

use super::Column;
use crate::{
    failure::Failure,
    pack::{pack, unpack},
    session::Session,
};

pub(crate) const CREATE: &str = "
CREATE TABLE snapshots (
    run    INTEGER NOT NULL REFERENCES runs (id),
    kind   TEXT NOT NULL,
    form   TEXT NOT NULL,
    seq    INTEGER NOT NULL,
    head   BLOB NOT NULL,
    body   BLOB NOT NULL,
    digest BLOB NOT NULL,
    PRIMARY KEY (run, kind)
) STRICT";

/// Keeps a snapshot of a run as it stands at `head`, in place of an older one of its kind.
pub(crate) fn put(
    session: &Session,
    run: i64,
    head: Head,
    snapshot: &NewSnapshot,
) -> Result<(), Failure> {
    session.execute(
        "INSERT OR REPLACE INTO snapshots (run, kind, form, seq, head, body, digest)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            run,
            snapshot.kind,
            snapshot.form,
            Column(head.seq),
            Column(head.hash),
            pack(&snapshot.body),
            Column(head.hash.chain(&snapshot.body)),
        ],
    )?;
    Ok(())
}

/// Reads a snapshot of a form, if it is whole and its entry is in the journal.
pub(crate) fn find(
    session: &Session,
    run: i64,
    kind: &'static str,
    form: &str,
) -> Result<Option<Snapshot>, Failure> {
    let found = session.one(
        "SELECT kept.seq, kept.head, kept.body, kept.digest
         FROM snapshots AS kept
         JOIN journal ON journal.run = kept.run AND journal.seq = kept.seq
                     AND journal.hash = kept.head
         WHERE kept.run = ?1 AND kept.kind = ?2 AND kept.form = ?3",
        params![run, kind, form],
        |row| {
            let head = Head {
                seq: row.get::<_, Column<u64>>(0)?.0,
                hash: row.get::<_, Column<Digest>>(1)?.0,
            };
            let body = unpack(row.get_ref(2)?.as_blob()?);
            Ok((head, body, row.get::<_, Column<Digest>>(3)?.0))
        },
    )?;
    Ok(found.and_then(|(head, body, digest)| {
        let body = body.filter(|body| head.hash.chain(body) == digest)?;
        Some(Snapshot { head, body })
    }))
}

//! The plan of each run, as it was when the run was made.
//!
//! Apart from `runs`, because every append rewrites a row there and a plan can be a megabyte.

use gantry_model::digest::Digest;
use rusqlite::params;

use super::Column;
use crate::{
    failure::Failure,
    pack::{pack, unpack},
    session::Session,
};

pub(crate) const CREATE: &str = "
CREATE TABLE plans (
    run    INTEGER NOT NULL PRIMARY KEY REFERENCES runs (id),
    body   TEXT NOT NULL,
    digest BLOB NOT NULL
) STRICT";

/// Since the second schema plans are packed, and `body` is empty.
pub(crate) const ADD_PACKED: &str = "ALTER TABLE plans ADD COLUMN packed BLOB";

/// Stores the plan of a run with the digest of its bytes.
pub(crate) fn insert(session: &Session, run: i64, body: &str) -> Result<(), Failure> {
    session.execute(
        "INSERT INTO plans (run, body, packed, digest) VALUES (?1, '', ?2, ?3)",
        params![run, pack(body), Column(Digest::of(body))],
    )?;
    Ok(())
}

/// Reads the plan of a run and refuses one whose bytes have changed.
pub(crate) fn read(session: &Session, run: i64) -> Result<String, Failure> {
    let found = session.one(
        "SELECT body, packed, digest FROM plans WHERE run = ?1",
        [run],
        |row| {
            let body = match row.get_ref(1)?.as_blob_or_null()? {
                Some(packed) => unpack(packed),
                None => Some(row.get(0)?),
            };
            Ok((body, row.get::<_, Column<Digest>>(2)?.0))
        },
    )?;
    match found {
        Some((Some(body), digest)) if Digest::of(&body) == digest => Ok(body),
        Some(_) => Err(Failure::Damaged("a plan does not match its hash".into())),
        None => Err(Failure::Damaged("a run has no plan".into())),
    }
}

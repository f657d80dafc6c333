//! What each run will change, and which run holds it now.
//!
//! Claims stay recorded when a run has ended, so that rolling it back later can hold them again.

use gantry_model::id::RunId;
use gantry_port::journal::StoreError;
use rusqlite::params;

use super::Name;
use crate::{failure::Failure, session::Session};

pub(crate) const CREATE: &str = "
CREATE TABLE claims (
    run   INTEGER NOT NULL REFERENCES runs (id),
    claim TEXT NOT NULL,
    held  INTEGER NOT NULL CHECK (held IN (0, 1)),
    PRIMARY KEY (run, claim)
) STRICT, WITHOUT ROWID";

/// No two runs hold the same claim, whatever the code does.
pub(crate) const CREATE_HELD: &str =
    "CREATE UNIQUE INDEX claims_held ON claims (claim) WHERE held = 1";

/// Records what a run will change and holds it.
pub(crate) fn insert(session: &Session, run: i64, claims: &[String]) -> Result<(), Failure> {
    for claim in claims {
        session.execute(
            "INSERT OR IGNORE INTO claims (run, claim, held) VALUES (?1, ?2, 0)",
            params![run, claim],
        )?;
    }
    hold(session, run)
}

/// Holds all claims of a run, or none if another run holds one of them.
pub(crate) fn hold(session: &Session, run: i64) -> Result<(), Failure> {
    if let Some((claim, holder)) = held_by_another(session, run)? {
        return Err(StoreError::Claimed { claim, holder }.into());
    }
    session.execute("UPDATE claims SET held = 1 WHERE run = ?1", [run])?;
    Ok(())
}

/// Lets go of all claims of a run.
pub(crate) fn free(session: &Session, run: i64) -> Result<(), Failure> {
    session.execute("UPDATE claims SET held = 0 WHERE run = ?1", [run])?;
    Ok(())
}

fn held_by_another(session: &Session, run: i64) -> Result<Option<(String, RunId)>, Failure> {
    session.one(
        "SELECT mine.claim, runs.release, runs.number
         FROM claims AS mine
         JOIN claims AS theirs ON theirs.claim = mine.claim AND theirs.held = 1
         JOIN runs ON runs.id = theirs.run
         WHERE mine.run = ?1 AND theirs.run <> ?1
         ORDER BY mine.claim LIMIT 1",
        [run],
        |row| {
            let release = row.get::<_, Name<_>>("release")?.0;
            Ok((row.get("claim")?, RunId::new(release, row.get("number")?)))
        },
    )
}

//! One row a release file that somebody opened; ordinary, with a version and an audit log.

use gantry_model::{digest::Digest, id::ReleaseId};
use gantry_port::releases::{KnownRelease, Signature};
use rusqlite::{Row, params};

use super::{Column, Name, audit};
use crate::{failure::Failure, session::Session};

pub(crate) const CREATE: &str = "
CREATE TABLE releases (
    release    TEXT NOT NULL PRIMARY KEY,
    file       TEXT NOT NULL UNIQUE,
    reach      BLOB,
    opened_at  INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    version    INTEGER NOT NULL CHECK (version > 0)
) STRICT, WITHOUT ROWID";

/// What the feed and the audit log call these rows.
const TOPIC: &str = "releases";

/// Reads all rows, by id.
pub(crate) fn list(session: &Session) -> Result<Vec<KnownRelease>, Failure> {
    session.all("SELECT * FROM releases ORDER BY release", [], |row| {
        Ok(known(row)?)
    })
}

/// Finds a row by its id.
pub(crate) fn find(
    session: &Session,
    release: &ReleaseId,
) -> Result<Option<KnownRelease>, Failure> {
    session.one(
        "SELECT * FROM releases WHERE release = ?1",
        [release.as_str()],
        known,
    )
}

/// Adds a row or points it at another file; whoever else had the file gives it up.
pub(crate) fn open(
    session: &Session,
    release: &ReleaseId,
    file: &str,
    signature: &Signature,
) -> Result<KnownRelease, Failure> {
    let same = find(session, release)?.filter(|known| known.file == file);
    if let Some(known) = same {
        return Ok(known);
    }
    session.execute(
        "DELETE FROM releases WHERE file = ?1 AND release <> ?2",
        params![file, release.as_str()],
    )?;
    session.execute(
        "INSERT INTO releases (release, file, opened_at, changed_at, version)
         VALUES (?1, ?2, ?3, ?3, 1)
         ON CONFLICT (release) DO UPDATE SET file = excluded.file, reach = NULL,
             changed_at = excluded.changed_at, version = version + 1",
        params![release.as_str(), file, Column(signature.at)],
    )?;
    audit::record(session, signature, (TOPIC, release.as_str()), "opened")?;
    let found = find(session, release)?;
    found.ok_or_else(|| Failure::Unusable(format!("release {release} was not kept")))
}

/// Remembers the confirmed reach of a row.
pub(crate) fn confirm(
    session: &Session,
    release: &ReleaseId,
    reach: Digest,
    signature: &Signature,
) -> Result<(), Failure> {
    let changed = session.execute(
        "UPDATE releases SET reach = ?2, changed_at = ?3, version = version + 1
         WHERE release = ?1 AND reach IS NOT ?2",
        params![release.as_str(), Column(reach), Column(signature.at)],
    )?;
    if changed > 0 {
        let change = format!("reach confirmed: {reach}");
        audit::record(session, signature, (TOPIC, release.as_str()), &change)?;
    }
    Ok(())
}

/// Takes a row away and says whether it was there.
pub(crate) fn close(
    session: &Session,
    release: &ReleaseId,
    signature: &Signature,
) -> Result<bool, Failure> {
    let gone = session.execute(
        "DELETE FROM releases WHERE release = ?1",
        [release.as_str()],
    )?;
    if gone > 0 {
        audit::record(session, signature, (TOPIC, release.as_str()), "closed")?;
    }
    Ok(gone > 0)
}

fn known(row: &Row<'_>) -> rusqlite::Result<KnownRelease> {
    let reach: Option<Column<Digest>> = row.get("reach")?;
    Ok(KnownRelease {
        release: row.get::<_, Name<ReleaseId>>("release")?.0,
        file: row.get("file")?,
        reach: reach.map(|Column(digest)| digest),
        opened_at: row.get::<_, Column<_>>("opened_at")?.0,
        changed_at: row.get::<_, Column<_>>("changed_at")?.0,
        version: row.get::<_, Column<u64>>("version")?.0,
    })
}

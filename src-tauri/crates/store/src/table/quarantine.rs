//! Versions that must not be brought out, and releases that may all the same.

use gantry_model::id::{ReleaseId, ServiceName, Version};
use gantry_port::{
    catalogue::{LetThrough, Quarantined},
    releases::Signature,
};
use rusqlite::{Row, params};

use super::{Column, Name, audit};
use crate::{failure::Failure, session::Session};

pub(crate) const CREATE: &str = "
CREATE TABLE quarantine (
    service TEXT NOT NULL,
    version TEXT NOT NULL,
    reason  TEXT NOT NULL,
    by      TEXT NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (service, version)
) STRICT, WITHOUT ROWID";

pub(crate) const CREATE_LET_THROUGH: &str = "
CREATE TABLE let_through (
    release TEXT NOT NULL,
    service TEXT NOT NULL,
    version TEXT NOT NULL,
    reason  TEXT NOT NULL,
    by      TEXT NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (release, service, version)
) STRICT, WITHOUT ROWID";

/// What the feed and the audit log call these rows.
const TOPIC: &str = "catalogue";

/// Reads all versions in quarantine.
pub(crate) fn list(session: &Session) -> Result<Vec<Quarantined>, Failure> {
    session.all(
        "SELECT * FROM quarantine ORDER BY service, version",
        [],
        |row| Ok(quarantined(row)?),
    )
}

/// Puts a version in.
pub(crate) fn put(session: &Session, bad: &Quarantined) -> Result<(), Failure> {
    session.execute(
        "INSERT INTO quarantine (service, version, reason, by, at) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (service, version) DO UPDATE SET reason = excluded.reason, by = excluded.by,
             at = excluded.at",
        params![
            bad.service.as_str(),
            bad.version.to_string(),
            bad.reason,
            bad.by,
            Column(bad.at)
        ],
    )?;
    let change = format!("version {} into quarantine: {}", bad.version, bad.reason);
    let subject = (TOPIC, bad.service.as_str());
    audit::record(session, &signed(bad), subject, &change)
}

/// Takes a version out, and says whether it was in.
pub(crate) fn lift(
    session: &Session,
    service: &ServiceName,
    version: &Version,
    signature: &Signature,
) -> Result<bool, Failure> {
    let named = params![service.as_str(), version.to_string()];
    let gone = session.execute(
        "DELETE FROM quarantine WHERE service = ?1 AND version = ?2",
        named,
    )?;
    session.execute(
        "DELETE FROM let_through WHERE service = ?1 AND version = ?2",
        params![service.as_str(), version.to_string()],
    )?;
    if gone > 0 {
        let change = format!("version {version} out of quarantine");
        audit::record(session, signature, (TOPIC, service.as_str()), &change)?;
    }
    Ok(gone > 0)
}

/// Lets one release bring a version out.
pub(crate) fn let_through(session: &Session, through: &LetThrough) -> Result<(), Failure> {
    let bad = &through.version;
    session.execute(
        "INSERT INTO let_through (release, service, version, reason, by, at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (release, service, version) DO UPDATE SET reason = excluded.reason,
             by = excluded.by, at = excluded.at",
        params![
            through.release.as_str(),
            bad.service.as_str(),
            bad.version.to_string(),
            bad.reason,
            bad.by,
            Column(bad.at)
        ],
    )?;
    let change = format!(
        "version {} let through in {}: {}",
        bad.version, through.release, bad.reason
    );
    audit::record(
        session,
        &signed(bad),
        (TOPIC, bad.service.as_str()),
        &change,
    )
}

/// Reads what a release may bring out all the same.
pub(crate) fn list_through(
    session: &Session,
    release: &ReleaseId,
) -> Result<Vec<LetThrough>, Failure> {
    session.all(
        "SELECT * FROM let_through WHERE release = ?1 ORDER BY service, version",
        [release.as_str()],
        |row| {
            Ok(LetThrough {
                release: row.get::<_, Name<ReleaseId>>("release")?.0,
                version: quarantined(row)?,
            })
        },
    )
}

fn signed(bad: &Quarantined) -> Signature {
    Signature {
        by: bad.by.clone(),
        at: bad.at,
    }
}

fn quarantined(row: &Row<'_>) -> rusqlite::Result<Quarantined> {
    Ok(Quarantined {
        service: row.get::<_, Name<ServiceName>>("service")?.0,
        version: row.get::<_, Name<Version>>("version")?.0,
        reason: row.get("reason")?,
        by: row.get("by")?,
        at: row.get::<_, Column<_>>("at")?.0,
    })
}

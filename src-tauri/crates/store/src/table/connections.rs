//! One row a connection that the workspace keeps; secrets stand in it by reference alone.

use gantry_model::{id::ConnectionName, release::connection::Connection};
use gantry_port::{catalogue::Kept, releases::Signature};
use rusqlite::{Row, params};

use super::{Column, Name, audit};
use crate::{failure::Failure, session::Session};

pub(crate) const CREATE: &str = "
CREATE TABLE connections (
    name       TEXT NOT NULL PRIMARY KEY,
    body       TEXT NOT NULL,
    changed_at INTEGER NOT NULL,
    version    INTEGER NOT NULL CHECK (version > 0)
) STRICT, WITHOUT ROWID";

/// What the feed and the audit log call these rows.
const TOPIC: &str = "connections";

/// A connection by its name.
pub(crate) type Named = (ConnectionName, Connection);

/// Reads all rows, by name.
pub(crate) fn list(session: &Session) -> Result<Vec<Kept<Named>>, Failure> {
    session.all("SELECT * FROM connections ORDER BY name", [], |row| {
        Ok(kept(row)?)
    })
}

/// Keeps a row; `None` where the one that is there has another version.
pub(crate) fn put(
    session: &Session,
    (name, connection): &Named,
    version: Option<u64>,
    signature: &Signature,
) -> Result<Option<Kept<Named>>, Failure> {
    let known = find(session, name)?;
    let current = known.as_ref().map_or(0, |kept| kept.version);
    if version.is_some_and(|version| version != current) {
        return Ok(None);
    }
    let body = serde_json::to_string(connection).map_err(|error| {
        Failure::Unusable(format!("connection {name} cannot be written: {error}"))
    })?;
    session.execute(
        "INSERT INTO connections (name, body, changed_at, version) VALUES (?1, ?2, ?3, 1)
         ON CONFLICT (name) DO UPDATE SET body = excluded.body, changed_at = excluded.changed_at,
             version = version + 1",
        params![name.as_str(), body, Column(signature.at)],
    )?;
    let change = format!("kept: {}", connection.product());
    audit::record(session, signature, (TOPIC, name.as_str()), &change)?;
    find(session, name)
}

/// Takes a row away and says whether it was there.
pub(crate) fn remove(
    session: &Session,
    name: &ConnectionName,
    signature: &Signature,
) -> Result<bool, Failure> {
    let gone = session.execute("DELETE FROM connections WHERE name = ?1", [name.as_str()])?;
    if gone > 0 {
        audit::record(session, signature, (TOPIC, name.as_str()), "removed")?;
    }
    Ok(gone > 0)
}

fn find(session: &Session, name: &ConnectionName) -> Result<Option<Kept<Named>>, Failure> {
    session.one(
        "SELECT * FROM connections WHERE name = ?1",
        [name.as_str()],
        kept,
    )
}

fn kept(row: &Row<'_>) -> rusqlite::Result<Kept<Named>> {
    let body: String = row.get("body")?;
    let connection = serde_json::from_str(&body).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(1, rusqlite::types::Type::Text, error.into())
    })?;
    Ok(Kept {
        row: (row.get::<_, Name<ConnectionName>>("name")?.0, connection),
        version: row.get::<_, Column<u64>>("version")?.0,
        changed_at: row.get::<_, Column<_>>("changed_at")?.0,
    })
}

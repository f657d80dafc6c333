//! Facts about the file itself.

use rusqlite::params;

use crate::{failure::Failure, session::Session};

pub(crate) const CREATE: &str = "
CREATE TABLE meta (
    key   TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID";

/// The version of Gantry that gave the file its present schema.
const SCHEMA_BY: &str = "schema-by";

/// Records which version of Gantry gave the file its schema.
pub(crate) fn sign(session: &Session, version: &str) -> Result<(), Failure> {
    session.execute(
        "INSERT INTO meta (key, value) VALUES (?1, ?2)
         ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        params![SCHEMA_BY, version],
    )?;
    Ok(())
}

/// Reads which version of Gantry gave the file its schema.
///
/// Every later schema keeps this table, so that an older Gantry can say which one to use.
pub(crate) fn signature(session: &Session) -> Result<Option<String>, Failure> {
    session.one(
        "SELECT value FROM meta WHERE key = ?1",
        [SCHEMA_BY],
        |row| row.get(0),
    )
}

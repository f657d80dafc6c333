//! One row a service that people say something of.

use gantry_model::id::ServiceName;
use gantry_port::{
    catalogue::{Kept, Service},
    releases::Signature,
};
use rusqlite::{Row, params};

use super::{Column, Name, audit};
use crate::{failure::Failure, session::Session};

pub(crate) const CREATE: &str = "
CREATE TABLE services (
    name       TEXT NOT NULL PRIMARY KEY,
    owner      TEXT,
    kind       TEXT,
    tier       INTEGER,
    needs      TEXT NOT NULL,
    changed_at INTEGER NOT NULL,
    version    INTEGER NOT NULL CHECK (version > 0)
) STRICT, WITHOUT ROWID";

/// Between the names of the services that one calls; no name has a space.
const BETWEEN: &str = " ";

/// Reads all rows, by name.
pub(crate) fn list(session: &Session) -> Result<Vec<Kept<Service>>, Failure> {
    session.all("SELECT * FROM services ORDER BY name", [], |row| {
        Ok(kept(row)?)
    })
}

/// Keeps a row; `None` where the one that is there has another version.
pub(crate) fn put(
    session: &Session,
    service: &Service,
    version: Option<u64>,
    signature: &Signature,
) -> Result<Option<Kept<Service>>, Failure> {
    let name = service.name.as_str();
    let known = find(session, name)?;
    let current = known.as_ref().map_or(0, |kept| kept.version);
    if version.is_some_and(|version| version != current) {
        return Ok(None);
    }
    let needs: Vec<&str> = service.needs.iter().map(ServiceName::as_str).collect();
    session.execute(
        "INSERT INTO services (name, owner, kind, tier, needs, changed_at, version)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, 1)
         ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, kind = excluded.kind,
             tier = excluded.tier, needs = excluded.needs, changed_at = excluded.changed_at,
             version = version + 1",
        params![
            name,
            service.owner,
            service.kind,
            service.tier,
            needs.join(BETWEEN),
            Column(signature.at)
        ],
    )?;
    let change = format!(
        "owner {}, tier {}, needs {}",
        service.owner.as_deref().unwrap_or("nobody"),
        service
            .tier
            .map_or_else(|| "none".to_owned(), |tier| tier.to_string()),
        needs.join(", ")
    );
    audit::record(session, signature, ("catalogue", name), &change)?;
    find(session, name)
}

fn find(session: &Session, name: &str) -> Result<Option<Kept<Service>>, Failure> {
    session.one("SELECT * FROM services WHERE name = ?1", [name], kept)
}

fn kept(row: &Row<'_>) -> rusqlite::Result<Kept<Service>> {
    let needs: String = row.get("needs")?;
    let needs = needs.split(BETWEEN).filter(|need| !need.is_empty());
    Ok(Kept {
        row: Service {
            name: row.get::<_, Name<ServiceName>>("name")?.0,
            owner: row.get("owner")?,
            kind: row.get("kind")?,
            tier: row.get("tier")?,
            // A name that this version does not take any more is left out.
            needs: needs.filter_map(|need| need.parse().ok()).collect(),
        },
        version: row.get::<_, Column<u64>>("version")?.0,
        changed_at: row.get::<_, Column<_>>("changed_at")?.0,
    })
}

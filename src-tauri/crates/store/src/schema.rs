//! The shape of the file: what it is, which version, whether it is whole, and how it moves on.

use std::{fs, io::ErrorKind, path::Path};

use crate::{
    failure::Failure,
    gate::Company,
    place::{beside, create_private},
    session::Session,
    table::{
        audit, claims, connections, inbox, journal, meta, outbox, parcels, plans, quarantine,
        releases, rooms, runs, services, snapshots,
    },
};

/// "GNTR": what `file` and other programs know the file by.
const APPLICATION: i32 = 0x474e_5452;

/// Up to this size looking through the file costs less than a start of the program.
const SMALL: u64 = 1 << 20;

/// One schema version after the other; only ever added to.
pub(crate) const VERSIONS: &[&[&str]] = &[
    &[
        meta::CREATE,
        runs::CREATE,
        plans::CREATE,
        journal::CREATE,
        claims::CREATE,
        claims::CREATE_HELD,
        inbox::CREATE,
        inbox::CREATE_OPEN,
        outbox::CREATE,
        outbox::CREATE_PENDING,
    ],
    &[plans::ADD_PACKED, snapshots::CREATE],
    &[rooms::CREATE, rooms::CREATE_ENTRIES, rooms::CREATE_PLANS],
    &[audit::CREATE, releases::CREATE],
    &[
        parcels::CREATE,
        parcels::CREATE_WAITING,
        parcels::CREATE_RELEASE,
    ],
    &[
        services::CREATE,
        quarantine::CREATE,
        quarantine::CREATE_LET_THROUGH,
        connections::CREATE,
    ],
];

/// How the workspace was left by whoever had it open last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// Closed in order, or still open elsewhere.
    Clean,
    /// By a crash or a kill: a log was left behind.
    Unclean,
}

/// Checks what was opened and brings it to the schema that `versions` lead to.
pub(crate) fn prepare(
    session: &Session,
    versions: &[&[&str]],
    company: Company,
    ending: Ending,
) -> Result<(), Failure> {
    let found = identify(session)?;
    if found > versions.len() {
        return Err(newer(session, found, versions.len()));
    }
    if company == Company::Alone && (ending == Ending::Unclean || is_small(session.file())) {
        check(session, "PRAGMA quick_check(1)")?;
    }
    if found < versions.len() {
        migrate(session, versions, found, company)?;
    }
    Ok(())
}

/// Gives the schema version of the file, 0 for an empty one.
fn identify(session: &Session) -> Result<usize, Failure> {
    let number = |pragma: &'static str| -> Result<i32, Failure> {
        Ok(session
            .bare()
            .pragma_query_value(None, pragma, |row| row.get(0))?)
    };
    let tables: i64 =
        session
            .bare()
            .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    match (number("application_id")?, number("user_version")?) {
        (0, 0) if tables == 0 => Ok(0),
        (APPLICATION, version) => Ok(usize::try_from(version).unwrap_or_default()),
        (_, _) => Err(Failure::Unusable(
            "this is a database of another program, not a Gantry workspace".into(),
        )),
    }
}

fn newer(session: &Session, found: usize, known: usize) -> Failure {
    // The table may have changed so much that it cannot be read; the numbers say enough then.
    let writer = meta::signature(session).ok().flatten();
    let writer = writer.map_or_else(|| "a newer Gantry".into(), |by| format!("Gantry {by}"));
    Failure::Unusable(format!(
        "{writer} has brought it to schema {found}, but this is Gantry {}, which knows schema \
         {known} at most; use the newer one",
        env!("CARGO_PKG_VERSION")
    ))
}

fn is_small(file: &Path) -> bool {
    fs::metadata(file).is_ok_and(|found| found.len() <= SMALL)
}

fn check(session: &Session, pragma: &'static str) -> Result<(), Failure> {
    let verdict: String = session.bare().query_row(pragma, [], |row| row.get(0))?;
    if verdict == "ok" {
        Ok(())
    } else {
        Err(Failure::Damaged(verdict))
    }
}

fn migrate(
    session: &Session,
    versions: &[&[&str]],
    found: usize,
    company: Company,
) -> Result<(), Failure> {
    if company == Company::Others {
        return Err(Failure::Unusable(
            "it needs to be brought to a new schema, but another process has it open".into(),
        ));
    }
    if found > 0 {
        check(session, "PRAGMA integrity_check(1)")?;
        back_up(session, versions.len())?;
    }
    use_log(session)?;
    session.begin("BEGIN IMMEDIATE")?;
    for statement in versions.iter().skip(found).copied().flatten() {
        session.bare().execute_batch(statement)?;
    }
    let version = i32::try_from(versions.len()).unwrap_or(i32::MAX);
    meta::sign(session, env!("CARGO_PKG_VERSION"))?;
    session
        .bare()
        .pragma_update(None, "application_id", APPLICATION)?;
    session
        .bare()
        .pragma_update(None, "user_version", version)?;
    session.commit()
}

/// The mode is kept in the file, so it is set once.
fn use_log(session: &Session) -> Result<(), Failure> {
    let mode: String =
        session
            .bare()
            .pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
    if mode == "wal" {
        Ok(())
    } else {
        Err(Failure::Unusable(
            "the file system does not allow SQLite's write-ahead log".into(),
        ))
    }
}

/// Copies the file as it is beside itself, over an older copy of a migration that did not end.
fn back_up(session: &Session, version: usize) -> Result<(), Failure> {
    let copy = beside(session.file(), &format!(".before-schema-{version}"));
    match fs::remove_file(&copy) {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(Failure::file(&copy)(error)),
    }
    create_private(&copy)?;
    let target = copy.to_str().ok_or_else(|| {
        Failure::Unusable("its path is not UTF-8, so no copy can be made before migrating".into())
    })?;
    session.bare().execute("VACUUM INTO ?1", [target])?;
    tracing::info!(copy = %copy.display(), "copies the workspace before migrating it");
    Ok(())
}

#[cfg(test)]
mod tests;

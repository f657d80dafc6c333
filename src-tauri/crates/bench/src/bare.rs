//! SQLite and nothing else: what a durable commit costs on this disk.

use std::{path::Path, time::Instant};

use anyhow::Result;

/// Opens a file as the store does: a log in front of it, flushed with every commit.
pub(crate) fn open(file: &Path) -> Result<rusqlite::Connection> {
    let connection = rusqlite::Connection::open(file)?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
         CREATE TABLE journal (seq INTEGER PRIMARY KEY, body TEXT NOT NULL);",
    )?;
    Ok(connection)
}

/// Gives the seconds that so many commits of one row take.
pub(crate) fn commits(folder: &Path, count: usize) -> Result<f64> {
    let folder = tempfile::tempdir_in(folder)?;
    let connection = open(&folder.path().join("bare.db"))?;
    let started = Instant::now();
    for number in 0..count {
        connection.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        let body =
            format!("{{\"seq\":{number},\"kind\":\"step-started\",\"step\":\"n{number:05}/run\"}}");
        connection
            .prepare_cached("INSERT INTO journal (body) VALUES (?1)")?
            .execute([body])?;
        connection.prepare_cached("COMMIT")?.execute([])?;
    }
    Ok(started.elapsed().as_secs_f64())
}

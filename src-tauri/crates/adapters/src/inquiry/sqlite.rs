//! An SQLite database, opened for reading alone.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use async_trait::async_trait;
use gantry_model::{
    release::{check::question::SqlQuestion, connection},
    unit::Span,
};
use gantry_port::{
    fault::Fault,
    inquiry::{Inquiry, Question},
    probe::ProbeAnswer,
};
use rusqlite::{Connection, OpenFlags, types::ValueRef};

use super::{unanswered, value::compare};
use crate::wording::shown;

/// How long another program may hold the file.
const PATIENCE: Duration = Duration::from_secs(5);

/// A file that is asked.
pub struct Sqlite {
    file: PathBuf,
}

impl Sqlite {
    /// Builds the adapter; a relative file lies in the folder. Nothing is opened yet.
    pub fn new(settings: &connection::Sqlite, folder: &Path) -> Self {
        Self {
            file: folder.join(&settings.file),
        }
    }

    /// Asks on a thread of its own; whoever takes too long is interrupted.
    async fn value(&self, query: String, timeout: Span) -> Result<Option<String>, Fault> {
        let connection = open(&self.file)?;
        let interrupt = connection.get_interrupt_handle();
        let file = self.file.clone();
        let asking = tokio::task::spawn_blocking(move || ask(&connection, &query, &file));
        match tokio::time::timeout(timeout.as_duration(), asking).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(_)) => Err(Fault::lost(format!("{} was not read", self.file.display()))),
            Err(_) => {
                interrupt.interrupt();
                let file = self.file.display();
                Err(Fault::lost(format!(
                    "{file} gave no answer within {timeout}"
                )))
            }
        }
    }
}

#[async_trait]
impl Inquiry for Sqlite {
    async fn ask(&self, question: &Question, timeout: Span) -> Result<ProbeAnswer, Fault> {
        let asked: &SqlQuestion = match question {
            Question::Sql(asked) => asked,
            Question::Ci(_) => return Err(unanswered("sqlite", "commits")),
        };
        let seen = self.value(asked.query.clone(), timeout).await?;
        compare(asked, seen.as_deref())
    }

    async fn greet(&self, timeout: Span) -> Result<String, Fault> {
        let tables = "select count(*) from sqlite_schema".to_owned();
        let tables = self.value(tables, timeout).await?.unwrap_or_default();
        let file = self.file.display();
        Ok(format!(
            "sqlite at {file} can be read, {tables} tables and indexes"
        ))
    }
}

fn open(file: &Path) -> Result<Connection, Fault> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let opened = Connection::open_with_flags(file, flags);
    let connection = opened.map_err(|error| fault(file, &error))?;
    let prepared = connection
        .busy_timeout(PATIENCE)
        .and_then(|()| connection.pragma_update(None, "query_only", true));
    prepared.map_err(|error| fault(file, &error))?;
    Ok(connection)
}

fn ask(connection: &Connection, query: &str, file: &Path) -> Result<Option<String>, Fault> {
    let failed = |error: rusqlite::Error| fault(file, &error);
    let odd = |what: &str| Fault::refused(format!("{}: the query {what}", file.display()));
    let mut statement = connection.prepare(query).map_err(failed)?;
    if !statement.readonly() {
        return Err(odd("would change something"));
    }
    if statement.column_count() != 1 {
        return Err(odd("answers not one column"));
    }
    let mut rows = statement.query([]).map_err(failed)?;
    let first = rows.next().map_err(failed)?;
    let value = first.ok_or_else(|| odd("answered no row"))?;
    let value = text(value.get_ref(0).map_err(failed)?);
    if rows.next().map_err(failed)?.is_some() {
        return Err(odd("answered more than one row"));
    }
    Ok(value)
}

fn text(value: ValueRef<'_>) -> Option<String> {
    match value {
        ValueRef::Null => None,
        ValueRef::Integer(number) => Some(number.to_string()),
        ValueRef::Real(number) => Some(number.to_string()),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
            Some(String::from_utf8_lossy(bytes).into_owned())
        }
    }
}

fn fault(file: &Path, error: &rusqlite::Error) -> Fault {
    let reason = shown(&error.to_string());
    Fault::refused(format!("{} cannot be asked: {reason}", file.display()))
}

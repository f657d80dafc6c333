//! One connection: statements that are counted out to the fault seam, and transactions.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use rusqlite::{Connection, MAIN_DB, OpenFlags, OptionalExtension, Params, Row};

use crate::{
    failure::Failure,
    fault::{Faults, Operation},
};

/// How long a writer waits for the writer of another process.
const PATIENCE: Duration = Duration::from_secs(10);

/// A connection that is used by one thread at a time.
pub(crate) struct Session {
    connection: Connection,
    faults: Arc<dyn Faults>,
    file: PathBuf,
}

impl Session {
    /// Opens a connection to a file that is there.
    pub(crate) fn open(file: &Path, faults: Arc<dyn Faults>) -> Result<Self, Failure> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(file, flags)?;
        connection.busy_timeout(PATIENCE)?;
        connection.set_prepared_statement_cache_capacity(64);
        if connection.is_readonly(MAIN_DB)? {
            return Err(Failure::Unusable("the file may only be read".into()));
        }
        // The last two make SQLite look twice at what it reads from the file.
        connection.execute_batch(
            "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
             PRAGMA cell_size_check = ON; PRAGMA trusted_schema = OFF;",
        )?;
        Ok(Self {
            connection,
            faults,
            file: file.into(),
        })
    }

    /// Gives the file, for messages.
    pub(crate) fn file(&self) -> &Path {
        &self.file
    }

    /// Gives the connection for what only opening does: pragmas, migrations.
    pub(crate) fn bare(&self) -> &Connection {
        &self.connection
    }

    /// Runs a statement and says how many rows it changed.
    pub(crate) fn execute(&self, sql: &'static str, values: impl Params) -> Result<usize, Failure> {
        self.pass(Operation::Statement(sql))?;
        Ok(self.connection.prepare_cached(sql)?.execute(values)?)
    }

    /// Reads at most one row.
    pub(crate) fn one<T>(
        &self,
        sql: &'static str,
        values: impl Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, Failure> {
        self.pass(Operation::Statement(sql))?;
        let mut statement = self.connection.prepare_cached(sql)?;
        Ok(statement.query_row(values, read).optional()?)
    }

    /// Reads rows in order; `read` may stop with a failure of its own.
    pub(crate) fn all<T>(
        &self,
        sql: &'static str,
        values: impl Params,
        mut read: impl FnMut(&Row<'_>) -> Result<T, Failure>,
    ) -> Result<Vec<T>, Failure> {
        self.pass(Operation::Statement(sql))?;
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query(values)?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push(read(row)?);
        }
        Ok(found)
    }

    /// Gives the number of the row inserted last.
    pub(crate) fn last_id(&self) -> i64 {
        self.connection.last_insert_rowid()
    }

    /// Begins a transaction.
    pub(crate) fn begin(&self, sql: &'static str) -> Result<(), Failure> {
        self.roll_back();
        self.pass(Operation::Begin)?;
        self.control(sql)
    }

    /// Makes the transaction durable.
    pub(crate) fn commit(&self) -> Result<(), Failure> {
        self.pass(Operation::Commit)?;
        self.control("COMMIT")
    }

    /// Passes the point between being durable and saying so.
    pub(crate) fn answer(&self) -> Result<(), Failure> {
        self.pass(Operation::Answer)
    }

    /// Marks where a request begins in a transaction of several.
    pub(crate) fn mark(&self) -> Result<(), Failure> {
        self.control("SAVEPOINT request")
    }

    /// Keeps what was done since the mark.
    pub(crate) fn keep(&self) -> Result<(), Failure> {
        self.control("RELEASE request")
    }

    /// Takes back what was done since the mark.
    pub(crate) fn take_back(&self) -> Result<(), Failure> {
        self.control("ROLLBACK TO request")?;
        self.keep()
    }

    /// Says whether a transaction is open; SQLite ends it by itself after some errors.
    pub(crate) fn is_in_transaction(&self) -> bool {
        !self.connection.is_autocommit()
    }

    /// Takes back the open transaction, if there is one.
    pub(crate) fn roll_back(&self) {
        if self.is_in_transaction()
            && let Err(error) = self.control("ROLLBACK")
        {
            // The next `begin` meets the same condition and fails with a sentence.
            tracing::warn!(file = %self.file.display(), %error, "rolling back fails");
        }
    }

    fn control(&self, sql: &'static str) -> Result<(), Failure> {
        self.connection.prepare_cached(sql)?.execute([])?;
        Ok(())
    }

    fn pass(&self, operation: Operation) -> Result<(), Failure> {
        Ok(self
            .faults
            .before(operation)
            .map_err(rusqlite::Error::from)?)
    }
}

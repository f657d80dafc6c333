//! A seam that lets tests fail the n-th thing the store asks of the disk.

use rusqlite::ffi;

/// What the store is about to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Begin a transaction.
    Begin,
    /// Run one statement.
    Statement(&'static str),
    /// Make a transaction durable; nothing of it is, if this fails.
    Commit,
    /// Answer the caller; the transaction is durable already, only the answer is lost if this fails.
    Answer,
}

/// How the disk fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// No space is left.
    DiskFull,
    /// Reading or writing fails.
    InputOutput,
}

impl From<Fault> for rusqlite::Error {
    fn from(fault: Fault) -> Self {
        let code = match fault {
            Fault::DiskFull => ffi::SQLITE_FULL,
            Fault::InputOutput => ffi::SQLITE_IOERR_WRITE,
        };
        Self::SqliteFailure(ffi::Error::new(code), Some("injected".into()))
    }
}

/// Decides which operations fail.
///
/// It is asked before each operation, on the thread of the connection. Rolling back is not among
/// the operations: a file that cannot even be rolled back is what the kill tests are about.
pub trait Faults: Send + Sync {
    /// Lets the operation pass or fails it.
    fn before(&self, operation: Operation) -> Result<(), Fault>;
}

/// Fails nothing; what every workspace outside tests uses.
pub(crate) struct Faultless;

impl Faults for Faultless {
    fn before(&self, _: Operation) -> Result<(), Fault> {
        Ok(())
    }
}

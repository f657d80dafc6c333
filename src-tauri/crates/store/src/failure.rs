//! What goes wrong inside the store, and how it is said at its border.

use std::{
    io,
    path::{Path, PathBuf},
};

use gantry_port::journal::StoreError;
use rusqlite::ErrorCode;

/// Why a request to the store fails.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error(transparent)]
    Refused(#[from] StoreError),
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
    #[error("{0}")]
    Damaged(String),
    #[error("{path}: {source}")]
    File { path: PathBuf, source: io::Error },
    #[error("{0}")]
    Unusable(String),
}

impl Failure {
    /// Names the path in an error of the file system.
    pub(crate) fn file(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::File {
            path: path.into(),
            source,
        }
    }

    /// Says it in the words of the port, with the file and what to do.
    pub(crate) fn into_store_error(self, file: &Path) -> StoreError {
        match self {
            Self::Refused(refusal) => refusal,
            Self::Sqlite(error) => StoreError::Storage(sentence(&error, file)),
            Self::Damaged(what) => StoreError::Storage(damaged(&what, file)),
            Self::File { path, source } => {
                StoreError::Storage(format!("{}: {source}", path.display()))
            }
            Self::Unusable(why) => StoreError::Storage(format!("{}: {why}", file.display())),
        }
    }
}

fn damaged(what: &str, file: &Path) -> String {
    let file = file.display();
    format!(
        "{file} is damaged ({what}): stop every gantry process, move the file away together with \
         `{file}-wal` and `{file}-shm`, and put a backup in its place; nothing was changed"
    )
}

fn sentence(error: &rusqlite::Error, file: &Path) -> String {
    let name = file.display();
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            damaged(&error.to_string(), file)
        }
        Some(ErrorCode::DiskFull) => {
            format!("the disk that holds {name} is full; make room, then resume")
        }
        Some(ErrorCode::ReadOnly) => format!("{name} may only be read"),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            format!("another process has kept {name} to itself for too long")
        }
        Some(ErrorCode::SystemIoFailure) => {
            format!("reading or writing {name} fails ({error}); look at the disk, then resume")
        }
        Some(_) | None if is_unreadable(error) => damaged(&error.to_string(), file),
        Some(_) | None => format!("{name}: {error}"),
    }
}

/// A value of another type than its column's comes only from a damaged or foreign file.
fn is_unreadable(error: &rusqlite::Error) -> bool {
    matches!(
        error,
        rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::InvalidColumnType(..)
            | rusqlite::Error::IntegralValueOutOfRange(..)
            | rusqlite::Error::Utf8Error(..)
    )
}

//! Files that a person names: release files and what they refer to.

use std::path::{Path, PathBuf};

use async_trait::async_trait;
use gantry_model::digest::Digest;

/// A file that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("cannot read {}: {reason}", path.display())]
pub struct Unreadable {
    /// The file.
    pub path: PathBuf,
    /// Why, in the system's words.
    pub reason: String,
    /// Whether it is simply not there.
    pub missing: bool,
}

/// A file that was not written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unwritten {
    /// It holds something else than the writer thought.
    #[error("{} has changed on disk meanwhile", path.display())]
    Changed {
        /// The file.
        path: PathBuf,
    },
    /// The system, or whoever guards the files, says no.
    #[error("cannot write {}: {reason}", path.display())]
    Refused {
        /// The file.
        path: PathBuf,
        /// Why, in the system's words.
        reason: String,
    },
}

/// What may be lost by a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// Nothing: there must be no such file yet.
    Nothing,
    /// A file whose bytes have this hash.
    Same(Digest),
}

/// Reads files, and writes release files.
#[async_trait]
pub trait Files: Send + Sync {
    /// Reads a file whole; one longer than `limit` bytes is cut to `limit + 1`, so that the
    /// caller sees that it is too long without holding it.
    async fn read(&self, path: &Path, limit: u64) -> Result<Vec<u8>, Unreadable>;

    /// Reads a file that a release file refers to, for its hash alone. Whoever lets callers name
    /// only some files still lets a release file name its own.
    async fn read_referred(&self, path: &Path, limit: u64) -> Result<Vec<u8>, Unreadable> {
        self.read(path, limit).await
    }

    /// Writes a file whole or not at all, and gives the hash of what stands there now.
    async fn write(&self, path: &Path, _bytes: Vec<u8>, _over: Over) -> Result<Digest, Unwritten> {
        Err(Unwritten::Refused {
            path: path.into(),
            reason: "files are only read here".into(),
        })
    }

    /// Makes a path absolute without following links.
    fn absolute(&self, path: &Path) -> Result<PathBuf, Unreadable>;
}

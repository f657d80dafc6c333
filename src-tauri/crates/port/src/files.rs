//! Files that a person names: release files and what they refer to.

use std::path::{Path, PathBuf};

use async_trait::async_trait;

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

/// Reads files.
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

    /// Makes a path absolute without following links.
    fn absolute(&self, path: &Path) -> Result<PathBuf, Unreadable>;
}

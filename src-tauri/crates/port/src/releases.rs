//! The release files that a workspace knows, beside the runs it has seen.

use async_trait::async_trait;
use gantry_model::{digest::Digest, id::ReleaseId, time::Timestamp};

use crate::journal::StoreError;

/// A release file that somebody opened or made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownRelease {
    /// The release's id, as the file said when it was last read.
    pub release: ReleaseId,
    /// The file, absolute.
    pub file: String,
    /// The hash of what the file may reach, as a person last confirmed it.
    pub reach: Option<Digest>,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When this row last changed.
    pub changed_at: Timestamp,
    /// Counts the changes of this row, from 1.
    pub version: u64,
}

/// Who changes a row, and when; it stands in the audit log beside the change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// Who.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// The list of release files.
///
/// Guarantees: what was answered is durable, and stands in the audit log with who did it.
#[async_trait]
pub trait Releases: Send + Sync {
    /// Lists all, by id.
    async fn list_releases(&self) -> Result<Vec<KnownRelease>, StoreError>;

    /// Finds one by its id.
    async fn find_release(&self, release: &ReleaseId) -> Result<Option<KnownRelease>, StoreError>;

    /// Adds a release, or points a known one at another file; a file that was known under another
    /// id is known under this one from now on.
    async fn open_release(
        &self,
        release: &ReleaseId,
        file: String,
        signature: Signature,
    ) -> Result<KnownRelease, StoreError>;

    /// Remembers that a person confirmed what a release may reach.
    async fn confirm_release(
        &self,
        release: &ReleaseId,
        reach: Digest,
        signature: Signature,
    ) -> Result<(), StoreError>;

    /// Takes a release off the list; says whether it was on it. Its file and its runs stay.
    async fn close_release(
        &self,
        release: &ReleaseId,
        signature: Signature,
    ) -> Result<bool, StoreError>;
}

//! Records beside the journals of runs: what people did in the preparation of a release, and in
//! the workspace as a whole.

use async_trait::async_trait;
use gantry_model::{
    digest::Digest,
    journal::{Entry, Head, NewEntry},
};

use crate::journal::StoreError;

/// Records by name, each hash-chained and append-only like the journal of a run.
///
/// Guarantees: what `append` answered to is durable and whole; a record that was changed outside
/// is refused, never read.
#[async_trait]
pub trait Rooms: Send + Sync {
    /// Reads the entries of a record behind `after`, in order; none where there is no such record.
    async fn read(&self, room: &str, after: Head) -> Result<Vec<Entry>, StoreError>;

    /// Appends entries to a record that stands at `after`, and makes it where there is none.
    /// `None` where it has gone on meanwhile: nothing was appended, read again.
    async fn append(
        &self,
        room: &str,
        after: Head,
        entries: Vec<NewEntry>,
    ) -> Result<Option<Head>, StoreError>;

    /// Keeps the plan that people vote on, by its hash; keeping it again changes nothing.
    async fn keep_plan(&self, digest: Digest, plan: String) -> Result<(), StoreError>;

    /// Reads a plan that was kept.
    async fn kept_plan(&self, digest: Digest) -> Result<Option<String>, StoreError>;
}

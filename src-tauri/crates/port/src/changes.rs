//! What has changed in a workspace since it was last looked at, by this process or another one.

use std::collections::BTreeMap;

use async_trait::async_trait;
use gantry_model::id::RunId;

use crate::journal::StoreError;

/// Something that changed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Changed {
    /// The journal of a run went on, or another driver took it.
    Run(RunId),
    /// A record of what people prepare went on.
    Room(String),
    /// A row of an ordinary table changed.
    Row {
        /// What kind of thing it is: `releases`, `catalogue`, `connections`, …
        topic: String,
        /// Which one.
        subject: String,
    },
    /// Messages were added or delivered.
    Outbox,
}

/// What a look saw, to compare the next one with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// A number that changes with every commit of anybody.
    pub stamp: i64,
    /// How far the latest runs were, and how many drivers they had had.
    pub runs: BTreeMap<RunId, (u64, u64)>,
    /// How far the records of people were.
    pub rooms: BTreeMap<String, u64>,
    /// The last row of the audit log.
    pub audit: u64,
    /// The last message, and how many wait.
    pub outbox: (u64, u64),
}

/// Notices changes.
#[async_trait]
pub trait Changes: Send + Sync {
    /// Compares with what was seen before and tells what changed; the first look tells nothing.
    /// Cheap while nothing has changed, so that it can be asked several times a second.
    async fn look(&self, before: Option<Seen>) -> Result<(Vec<Changed>, Seen), StoreError>;
}

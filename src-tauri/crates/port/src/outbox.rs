//! Messages that wait to be delivered, and what became of them.
//!
//! A message is put into the outbox in the transaction of the event that it tells of (see
//! [`crate::journal::Batch::messages`]), or by itself where it follows from time alone. Whoever
//! delivers claims it first, so that two processes do not send it at once; a claim that is not
//! settled in time is free again, which is what a crash leaves behind.

use async_trait::async_trait;
use gantry_model::{
    id::{ReleaseId, RunId},
    time::Timestamp,
};

use crate::journal::StoreError;

/// A message and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parcel {
    /// Its number, in the order in which they were put in.
    pub id: u64,
    /// The release.
    pub release: ReleaseId,
    /// The run; none before there is one.
    pub run: Option<RunId>,
    /// What makes it the same message as another.
    pub key: String,
    /// Who it is for: messages with the same name share a cap.
    pub reader: String,
    /// The message as JSON.
    pub body: String,
    /// How it stands.
    pub state: ParcelState,
    /// How often it was handed to the channel.
    pub attempts: u32,
    /// When it is due next; what is settled is due no more.
    pub due: Timestamp,
    /// Whether it waits to be put into a digest.
    pub gathered: bool,
    /// When it was handed to the channel last.
    pub tried: Option<Timestamp>,
    /// When it was settled.
    pub settled: Option<Timestamp>,
    /// What was said last: a receipt, or why it failed.
    pub words: Option<String>,
    /// What the channel gave back for later messages of the thread.
    pub thread: Option<String>,
    /// Who has said that they read it, and when.
    pub acknowledged: Option<(String, Timestamp)>,
}

/// How a message stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ParcelState {
    /// It waits, for its first or another try.
    Waiting,
    /// The channel took it.
    Delivered,
    /// It was given up.
    Failed,
    /// It went out as a part of a digest.
    Digested,
}

impl ParcelState {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Waiting, Self::Delivered, Self::Failed, Self::Digested];

    /// Gives the word that stands in the store and on screen.
    pub fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
            Self::Digested => "digested",
        }
    }
}

/// A message to be put in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewParcel {
    /// What makes it the same message as another: one that is there already is left as it is.
    pub key: String,
    /// Who it is for.
    pub reader: String,
    /// The message as JSON.
    pub body: String,
}

/// What became of one try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settlement {
    /// The channel took it.
    Delivered {
        /// What it gave back for later messages of the thread.
        thread: Option<String>,
        /// What it said.
        words: String,
    },
    /// It is tried again.
    Again {
        /// When.
        due: Timestamp,
        /// Why.
        words: String,
    },
    /// It is given up.
    Failed {
        /// Why.
        words: String,
    },
}

/// Which messages are meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// Those of every release.
    All,
    /// Those of one release.
    Of(ReleaseId),
}

/// The messages of a workspace.
#[async_trait]
pub trait Outbox: Send + Sync {
    /// Puts messages of a release in that belong to no event of a run.
    async fn put(
        &self,
        release: &ReleaseId,
        at: Timestamp,
        new: Vec<NewParcel>,
    ) -> Result<(), StoreError>;

    /// Reads what waits, due or not, the oldest first, at most `limit`.
    async fn waiting(&self, which: &Which, limit: u32) -> Result<Vec<Parcel>, StoreError>;

    /// Reads the messages of a release, the oldest first.
    async fn parcels(&self, release: &ReleaseId) -> Result<Vec<Parcel>, StoreError>;

    /// Reads the messages to one reader that were handed to a channel last, the oldest first, at
    /// most `limit`.
    async fn tried(
        &self,
        release: &ReleaseId,
        reader: &str,
        limit: u32,
    ) -> Result<Vec<Parcel>, StoreError>;

    /// Takes a message that is due, so that nobody else takes it before `until`; counts a try.
    /// `false` where somebody was first, or it is not due any more.
    async fn claim(&self, id: u64, now: Timestamp, until: Timestamp) -> Result<bool, StoreError>;

    /// Says what became of a try; nothing happens to what is settled already.
    async fn settle(&self, id: u64, at: Timestamp, how: Settlement) -> Result<(), StoreError>;

    /// Lets messages that nobody has claimed wait until then, for a digest.
    async fn gather(&self, ids: Vec<u64>, until: Timestamp) -> Result<(), StoreError>;

    /// Puts a digest in the place of messages, all in one transaction. `false` where one of them
    /// does not wait any more; nothing changed then.
    async fn digest(
        &self,
        members: Vec<u64>,
        at: Timestamp,
        digest: NewParcel,
    ) -> Result<bool, StoreError>;

    /// Notes that somebody read a message that was delivered; the first one counts. `false` where
    /// there is no such message.
    async fn acknowledge(&self, id: u64, by: &str, at: Timestamp) -> Result<bool, StoreError>;
}

//! The record: one line per event, each hash-chained to the one before.

use serde::{Deserialize, Serialize};

use crate::{digest::Digest, id::RunId, time::Timestamp};

/// An event on its way into the journal.
///
/// `body` is one line of JSON, an object whose first keys are `seq`, `at` and `kind`; these exact
/// bytes are stored, hashed and printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEntry {
    /// Its number in the run, from 1.
    pub seq: u64,
    /// When it happened.
    pub at: Timestamp,
    /// Its kind, for example `step-succeeded`.
    pub kind: String,
    /// The whole event as one line of JSON.
    pub body: String,
}

/// An event in the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What was recorded.
    pub event: NewEntry,
    /// The hash of the entry before chained with this one's bytes.
    pub hash: Digest,
}

impl Entry {
    /// Links an event to the entry before it.
    pub fn link(previous: Digest, event: NewEntry) -> Self {
        let hash = previous.chain(event.body.as_bytes());
        Self { event, hash }
    }

    /// Writes the line that `gantry journal --json` prints: the body with its hash as the last key.
    pub fn to_line(&self) -> String {
        let open = self
            .event
            .body
            .strip_suffix('}')
            .unwrap_or(&self.event.body);
        format!("{open}{HASH_KEY}{}\"}}", self.hash)
    }

    /// Gives the body that stands in a line which [`Self::to_line`] wrote.
    pub fn body_of_line(line: &str) -> Option<String> {
        let (open, _hash) = line.rsplit_once(HASH_KEY)?;
        Some(format!("{open}}}"))
    }
}

/// What stands between the body and the hash in a printed line.
pub const HASH_KEY: &str = ",\"hash\":\"";

/// The last entry of a run's journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Its number; 0 for an empty journal.
    pub seq: u64,
    /// Its hash; zero for an empty journal.
    pub hash: Digest,
}

impl Head {
    /// The head of an empty journal.
    pub const EMPTY: Self = Self {
        seq: 0,
        hash: Digest::zero(),
    };
}

/// What lists show of a run; written in the same transaction as the events it follows from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunSummary {
    /// The run.
    pub run: RunId,
    /// The release's title.
    pub title: Option<String>,
    /// Where it goes.
    pub environment: crate::id::EnvironmentName,
    /// Its state in one word: `preflight`, `running`, `held`, `rolling-back` or an outcome.
    pub state: String,
    /// Whether it has ended.
    pub ended: bool,
    /// The plan's hash.
    pub plan: Digest,
    /// How many steps have succeeded.
    pub steps_done: u32,
    /// How many steps there are.
    pub steps_total: u32,
    /// When it started.
    pub started_at: Timestamp,
    /// When it last changed.
    pub changed_at: Timestamp,
}

//! The record of runs, the lease on a run, claims, and the inbox of commands.

use async_trait::async_trait;
use gantry_model::{
    id::{ReleaseId, RunId},
    journal::{Entry, Head, NewEntry, RunSummary},
    time::Timestamp,
};

use crate::{
    catalogue::Catalogue,
    changes::Changes,
    outbox::{NewParcel, Outbox},
    releases::Releases,
    rooms::Rooms,
};

/// Why the store refuses.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Another driver took the run over: this one must stop at once.
    #[error("another process drives run {run} now (epoch {epoch})")]
    Fenced {
        /// The run.
        run: RunId,
        /// The epoch of the other driver.
        epoch: u64,
    },
    /// A living driver holds the run.
    #[error("run {run} is driven by {holder} already")]
    Driven {
        /// The run.
        run: RunId,
        /// Who holds it, for people.
        holder: String,
    },
    /// The journal has gone on since the caller read it.
    #[error("the journal of run {run} is at {actual}, not at {expected}")]
    Stale {
        /// The run.
        run: RunId,
        /// Where the caller thought it was.
        expected: u64,
        /// Where it is.
        actual: u64,
    },
    /// The last run of this release has not ended.
    #[error("run {run} has not ended: resume it or roll it back")]
    Unfinished {
        /// The run.
        run: RunId,
    },
    /// Another run holds something that this one would change.
    #[error("{claim} is claimed by run {holder} until it has ended")]
    Claimed {
        /// What is claimed, for people.
        claim: String,
        /// Who claims it.
        holder: RunId,
    },
    /// There is no such run.
    #[error("there is no run called {0}")]
    NoSuchRun(String),
    /// The file is damaged, full, read-only or not a workspace.
    #[error("the workspace file cannot be used: {0}")]
    Storage(String),
}

/// The right to drive a run, held until it is dropped.
pub trait Lease: Send + Sync {
    /// Gives the run.
    fn run(&self) -> &RunId;

    /// Gives the epoch: one more than that of the driver before.
    fn epoch(&self) -> u64;
}

/// Several events that become durable together, with what follows from them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// Where the journal must stand.
    pub after: Head,
    /// The events, numbered on from there.
    pub entries: Vec<NewEntry>,
    /// The run as lists show it afterwards.
    pub summary: RunSummary,
    /// Inbox letters that these events answer.
    pub answered: Vec<u64>,
    /// Messages for the outbox: they are recorded in the transaction of what they tell of.
    pub messages: Vec<NewParcel>,
    /// What is to be kept of the run as these events leave it, in the same transaction.
    pub snapshots: Vec<NewSnapshot>,
}

/// Something that follows from a journal and would take long to work out again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSnapshot {
    /// What it is; of each kind a run keeps the latest.
    pub kind: &'static str,
    /// What wrote it: other code may mean something else by it.
    pub form: String,
    /// What is kept.
    pub body: String,
}

/// A snapshot that was kept, bound to an entry that is in the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// The entry that it stands for.
    pub head: Head,
    /// What is kept.
    pub body: String,
}

/// Tells a new run's id to the caller and gets its first events back.
///
/// A name of its own because `async_trait` would otherwise tie the id's lifetime to the call.
pub type FirstBatch = Box<dyn FnOnce(&RunId) -> Batch + Send>;

/// A new run: its id is the release's next free one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRun {
    /// The release.
    pub release: ReleaseId,
    /// What the run will change, for example `production/orders` and `router edge/orders`.
    pub claims: Vec<String>,
    /// The whole plan as JSON, kept beside the journal; the journal carries its hash.
    pub plan: String,
}

/// A command posted from another process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Its number.
    pub id: u64,
    /// When it was posted.
    pub at: Timestamp,
    /// The command as JSON.
    pub body: String,
}

/// The record of runs.
///
/// Guarantees: what `create` and `append` answered to is durable (survives power loss) and whole:
/// all of a batch or nothing. An append with an old epoch or a stale head changes nothing.
#[async_trait]
pub trait Journal: Send + Sync {
    /// Makes a run with its claims and first events in one transaction, and leases it.
    /// `first` is told the new run's id and gives the events.
    async fn create(
        &self,
        new: NewRun,
        first: FirstBatch,
    ) -> Result<(Box<dyn Lease>, Head), StoreError>;

    /// Takes the lease of a run that nobody living drives.
    async fn lease(&self, run: &RunId) -> Result<Box<dyn Lease>, StoreError>;

    /// Appends a batch under a lease; durable when it returns. Frees the claims if the summary says ended.
    async fn append(&self, lease: &dyn Lease, batch: Batch) -> Result<Head, StoreError>;

    /// Reads the entries of a run behind `after`, in order.
    async fn read(&self, run: &RunId, after: u64) -> Result<Vec<Entry>, StoreError>;

    /// Reads what was kept of a run, of a kind and form, if it is whole and bound to an entry that
    /// is in the journal. There may be none at any time: the journal tells the same.
    async fn snapshot(
        &self,
        _run: &RunId,
        _kind: &'static str,
        _form: &str,
    ) -> Result<Option<Snapshot>, StoreError> {
        Ok(None)
    }

    /// Reads the plan of a run.
    async fn plan(&self, run: &RunId) -> Result<String, StoreError>;

    /// Finds the latest run of a release.
    async fn latest(&self, release: &ReleaseId) -> Result<RunId, StoreError>;

    /// Lists all runs, the latest change first.
    async fn list(&self) -> Result<Vec<RunSummary>, StoreError>;

    /// Reads one run's summary.
    async fn summary(&self, run: &RunId) -> Result<RunSummary, StoreError>;

    /// Posts a command for whoever drives the run.
    async fn post(&self, run: &RunId, at: Timestamp, body: String) -> Result<u64, StoreError>;

    /// Reads the commands that no batch has answered yet, in order. Cheap enough to be asked often.
    async fn inbox(&self, run: &RunId) -> Result<Vec<Letter>, StoreError>;

    /// Says whether a living driver holds the run; what nobody drives stands still.
    async fn is_driven(&self, _run: &RunId) -> Result<bool, StoreError> {
        Ok(false)
    }

    /// Gives the records of what people prepare, where this store keeps any.
    fn rooms(&self) -> Option<&dyn Rooms> {
        None
    }

    /// Gives the list of release files, where this store keeps one.
    fn releases(&self) -> Option<&dyn Releases> {
        None
    }

    /// Gives services, versions in quarantine and connections, where this store keeps any.
    fn catalogue(&self) -> Option<&dyn Catalogue> {
        None
    }

    /// Gives what notices changes, where this store can.
    fn changes(&self) -> Option<&dyn Changes> {
        None
    }

    /// Gives the messages that wait to be delivered, where this store keeps any.
    fn outbox(&self) -> Option<&dyn Outbox> {
        None
    }
}

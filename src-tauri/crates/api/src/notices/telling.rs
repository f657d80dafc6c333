//! A journal that puts what people are told into the commit of what it tells of.
//!
//! The engine knows nothing of messages, and a message can neither be lost nor sent for something
//! that did not become durable: both are one transaction of the store.

use std::sync::Arc;

use async_trait::async_trait;
use gantry_model::{
    event::RunEvent,
    id::{ReleaseId, RunId},
    journal::{Entry, Head, NewEntry, RunSummary},
    plan::Plan,
    time::Timestamp,
};
use gantry_notify::{events, wording::Wordings};
use gantry_port::{
    changes::Changes,
    journal::{Batch, FirstBatch, Journal, Lease, Letter, NewRun, Snapshot, StoreError},
    outbox::{NewParcel, Outbox},
    releases::Releases,
    rooms::Rooms,
};

use super::{parcel, wordings};
use crate::app::App;

/// Gives the journal for drivers of a plan: one that tells where there is somebody to tell.
pub(crate) async fn journal(app: &App, journal: Arc<dyn Journal>, plan: &Plan) -> Arc<dyn Journal> {
    if plan.stakeholders.is_empty() || journal.outbox().is_none() {
        return journal;
    }
    let teller = Teller {
        plan: plan.clone(),
        wordings: wordings::read(app, plan).await,
    };
    Arc::new(Telling {
        journal,
        teller: Arc::new(teller),
    })
}

struct Telling {
    journal: Arc<dyn Journal>,
    teller: Arc<Teller>,
}

/// Writes what the events of a commit lead to.
struct Teller {
    plan: Plan,
    wordings: Wordings,
}

impl Teller {
    fn messages(&self, run: &RunId, after: Head, entries: &[NewEntry]) -> Vec<NewParcel> {
        let mut hash = after.hash;
        let mut messages = Vec::new();
        for entry in entries {
            hash = hash.chain(entry.body.as_bytes());
            if !events::may_tell(&entry.kind) {
                continue;
            }
            // An entry of ours can be read; if it cannot, the run goes on all the same.
            let Ok(event) = RunEvent::from_body(&entry.body) else {
                continue;
            };
            let seq = entry.seq;
            let head = Head { seq, hash };
            let notices = events::notices_at(&self.plan, &self.wordings, (run, head), &event);
            messages.extend(notices.iter().filter_map(parcel::of));
        }
        messages
    }

    fn add(&self, run: &RunId, mut batch: Batch) -> Batch {
        let messages = self.messages(run, batch.after, &batch.entries);
        batch.messages.extend(messages);
        batch
    }
}

#[async_trait]
impl Journal for Telling {
    async fn create(
        &self,
        new: NewRun,
        first: FirstBatch,
    ) -> Result<(Box<dyn Lease>, Head), StoreError> {
        let teller = Arc::clone(&self.teller);
        let first = move |run: &RunId| teller.add(run, first(run));
        self.journal.create(new, Box::new(first)).await
    }

    async fn append(&self, lease: &dyn Lease, batch: Batch) -> Result<Head, StoreError> {
        let batch = self.teller.add(lease.run(), batch);
        self.journal.append(lease, batch).await
    }

    async fn lease(&self, run: &RunId) -> Result<Box<dyn Lease>, StoreError> {
        self.journal.lease(run).await
    }

    async fn read(&self, run: &RunId, after: u64) -> Result<Vec<Entry>, StoreError> {
        self.journal.read(run, after).await
    }

    async fn snapshot(
        &self,
        run: &RunId,
        kind: &'static str,
        form: &str,
    ) -> Result<Option<Snapshot>, StoreError> {
        self.journal.snapshot(run, kind, form).await
    }

    async fn plan(&self, run: &RunId) -> Result<String, StoreError> {
        self.journal.plan(run).await
    }

    async fn latest(&self, release: &ReleaseId) -> Result<RunId, StoreError> {
        self.journal.latest(release).await
    }

    async fn list(&self) -> Result<Vec<RunSummary>, StoreError> {
        self.journal.list().await
    }

    async fn summary(&self, run: &RunId) -> Result<RunSummary, StoreError> {
        self.journal.summary(run).await
    }

    async fn post(&self, run: &RunId, at: Timestamp, body: String) -> Result<u64, StoreError> {
        self.journal.post(run, at, body).await
    }

    async fn inbox(&self, run: &RunId) -> Result<Vec<Letter>, StoreError> {
        self.journal.inbox(run).await
    }

    async fn is_driven(&self, run: &RunId) -> Result<bool, StoreError> {
        self.journal.is_driven(run).await
    }

    fn rooms(&self) -> Option<&dyn Rooms> {
        self.journal.rooms()
    }

    fn releases(&self) -> Option<&dyn Releases> {
        self.journal.releases()
    }

    fn changes(&self) -> Option<&dyn Changes> {
        self.journal.changes()
    }

    fn outbox(&self) -> Option<&dyn Outbox> {
        self.journal.outbox()
    }
}

//! The journal port on a workspace: each request becomes a job of the writer or the reader.

use std::sync::Arc;

use async_trait::async_trait;
use gantry_model::{
    id::{ReleaseId, RunId},
    journal::{Entry, Head, RunSummary},
    time::Timestamp,
};
use gantry_port::{
    catalogue::Catalogue,
    changes::Changes,
    journal::{Batch, FirstBatch, Journal, Lease, Letter, NewRun, Snapshot, StoreError},
    outbox::Outbox,
    releases::Releases,
    rooms::Rooms,
};

use super::{Workspace, append};
use crate::{
    lease::{self, FileLease},
    session::Session,
    table::{inbox, journal, plans, runs, snapshots},
};

#[async_trait]
impl Journal for Workspace {
    async fn create(
        &self,
        new: NewRun,
        first: FirstBatch,
    ) -> Result<(Box<dyn Lease>, Head), StoreError> {
        let (place, holder) = (Arc::clone(&self.place), self.holder.clone());
        let create = move |session: &Session| append::create(session, &place, &holder, &new, first);
        let (lease, head) = self.writer.run(create).await?;
        Ok((Box::new(lease), head))
    }

    async fn lease(&self, run: &RunId) -> Result<Box<dyn Lease>, StoreError> {
        let (place, holder) = (Arc::clone(&self.place), self.holder.clone());
        let run = run.clone();
        let take = move |session: &Session| {
            let row = runs::find(session, &run)?;
            let lock = lease::lock(&place, &run, &row.holder)?;
            let epoch = runs::take(session, &row, &holder)?;
            Ok(FileLease::new(run, epoch, lock))
        };
        Ok(Box::new(self.writer.run(take).await?))
    }

    async fn append(&self, lease: &dyn Lease, batch: Batch) -> Result<Head, StoreError> {
        let (run, epoch) = (lease.run().clone(), lease.epoch());
        let append = move |session: &Session| append::append(session, &run, epoch, batch);
        self.writer.run(append).await
    }

    async fn read(&self, run: &RunId, after: u64) -> Result<Vec<Entry>, StoreError> {
        let run = run.clone();
        let read = move |session: &Session| {
            let row = runs::find(session, &run)?;
            journal::read(session, &run, &row, after)
        };
        self.reader.run(read).await
    }

    async fn snapshot(
        &self,
        run: &RunId,
        kind: &'static str,
        form: &str,
    ) -> Result<Option<Snapshot>, StoreError> {
        let (run, form) = (run.clone(), form.to_owned());
        let read = move |session: &Session| {
            snapshots::find(session, runs::find(session, &run)?.id, kind, &form)
        };
        self.reader.run(read).await
    }

    async fn plan(&self, run: &RunId) -> Result<String, StoreError> {
        let run = run.clone();
        let read = move |session: &Session| plans::read(session, runs::find(session, &run)?.id);
        self.reader.run(read).await
    }

    async fn latest(&self, release: &ReleaseId) -> Result<RunId, StoreError> {
        let release = release.clone();
        let find = move |session: &Session| {
            let last = runs::last(session, &release)?;
            let none = || StoreError::NoSuchRun(release.to_string());
            Ok(last.ok_or_else(none)?.0)
        };
        self.reader.run(find).await
    }

    async fn list(&self) -> Result<Vec<RunSummary>, StoreError> {
        self.reader.run(runs::list).await
    }

    async fn summary(&self, run: &RunId) -> Result<RunSummary, StoreError> {
        let run = run.clone();
        let read = move |session: &Session| runs::summary(session, &run);
        self.reader.run(read).await
    }

    async fn post(&self, run: &RunId, at: Timestamp, body: String) -> Result<u64, StoreError> {
        let run = run.clone();
        let post = move |session: &Session| {
            let row = runs::find(session, &run)?;
            inbox::insert(session, row.id, at, &body)
        };
        self.writer.run(post).await
    }

    async fn inbox(&self, run: &RunId) -> Result<Vec<Letter>, StoreError> {
        let run = run.clone();
        let read = move |session: &Session| inbox::open(session, &run);
        self.reader.run(read).await
    }

    async fn is_driven(&self, run: &RunId) -> Result<bool, StoreError> {
        let (place, run) = (Arc::clone(&self.place), run.clone());
        let look = move |_: &Session| lease::is_locked(&place, &run);
        self.reader.run(look).await
    }

    fn outbox(&self) -> Option<&dyn Outbox> {
        Some(self)
    }

    fn rooms(&self) -> Option<&dyn Rooms> {
        Some(self)
    }

    fn releases(&self) -> Option<&dyn Releases> {
        Some(self)
    }

    fn catalogue(&self) -> Option<&dyn Catalogue> {
        Some(self)
    }

    fn changes(&self) -> Option<&dyn Changes> {
        Some(self)
    }
}

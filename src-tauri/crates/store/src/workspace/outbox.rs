//! The port of messages that wait to be delivered, on a workspace.

use async_trait::async_trait;
use gantry_model::{id::ReleaseId, time::Timestamp};
use gantry_port::{
    journal::StoreError,
    outbox::{NewParcel, Outbox, Parcel, Settlement, Which},
};

use super::Workspace;
use crate::{
    failure::Failure,
    session::Session,
    table::parcels::{self, About},
};

#[async_trait]
impl Outbox for Workspace {
    async fn put(
        &self,
        release: &ReleaseId,
        at: Timestamp,
        new: Vec<NewParcel>,
    ) -> Result<(), StoreError> {
        let release = release.clone();
        let put = move |session: &Session| {
            let about = About {
                release: &release,
                run: None,
                at,
            };
            new.iter()
                .try_for_each(|new| parcels::insert(session, &about, new))
        };
        self.writer.run(put).await
    }

    async fn waiting(&self, which: &Which, limit: u32) -> Result<Vec<Parcel>, StoreError> {
        let which = which.clone();
        let read = move |session: &Session| parcels::waiting(session, &which, limit);
        self.reader.run(read).await
    }

    async fn parcels(&self, release: &ReleaseId) -> Result<Vec<Parcel>, StoreError> {
        let release = release.clone();
        let read = move |session: &Session| parcels::of(session, &release);
        self.reader.run(read).await
    }

    async fn tried(
        &self,
        release: &ReleaseId,
        reader: &str,
        limit: u32,
    ) -> Result<Vec<Parcel>, StoreError> {
        let (release, reader) = (release.clone(), reader.to_owned());
        let read = move |session: &Session| parcels::tried(session, &release, (&reader, limit));
        self.reader.run(read).await
    }

    async fn claim(&self, id: u64, now: Timestamp, until: Timestamp) -> Result<bool, StoreError> {
        let claim = move |session: &Session| parcels::claim(session, id, (now, until));
        self.writer.run(claim).await
    }

    async fn settle(&self, id: u64, at: Timestamp, how: Settlement) -> Result<(), StoreError> {
        let settle = move |session: &Session| parcels::settle(session, id, at, &how);
        self.writer.run(settle).await
    }

    async fn gather(&self, ids: Vec<u64>, until: Timestamp) -> Result<(), StoreError> {
        let gather = move |session: &Session| {
            ids.iter()
                .try_for_each(|id| parcels::gather(session, *id, until))
        };
        self.writer.run(gather).await
    }

    async fn digest(
        &self,
        members: Vec<u64>,
        at: Timestamp,
        digest: NewParcel,
    ) -> Result<bool, StoreError> {
        let together = move |session: &Session| put_together(session, &members, at, &digest);
        self.writer.run(together).await
    }

    async fn acknowledge(&self, id: u64, by: &str, at: Timestamp) -> Result<bool, StoreError> {
        let by = by.to_owned();
        let note = move |session: &Session| parcels::acknowledge(session, id, (&by, at));
        self.writer.run(note).await
    }
}

/// Nothing happens unless all of them still wait: another process may have been first.
fn put_together(
    session: &Session,
    members: &[u64],
    at: Timestamp,
    digest: &NewParcel,
) -> Result<bool, Failure> {
    let mut first = None;
    for id in members {
        let Some(about) = parcels::waits(session, *id)? else {
            return Ok(false);
        };
        first = first.or(Some(about));
    }
    let Some((release, run)) = first else {
        return Ok(false);
    };
    for id in members {
        parcels::take_in(session, *id, at, &digest.key)?;
    }
    let about = About {
        release: &release,
        run,
        at,
    };
    parcels::insert(session, &about, digest)?;
    Ok(true)
}

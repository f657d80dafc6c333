//! The port of the records that people write, on a workspace.

use async_trait::async_trait;
use gantry_model::{
    digest::Digest,
    journal::{Entry, Head, NewEntry},
};
use gantry_port::{journal::StoreError, rooms::Rooms};

use super::Workspace;
use crate::{session::Session, table::rooms};

#[async_trait]
impl Rooms for Workspace {
    async fn read(&self, room: &str, after: Head) -> Result<Vec<Entry>, StoreError> {
        let room = room.to_owned();
        let read = move |session: &Session| rooms::read(session, &room, after);
        self.reader.run(read).await
    }

    async fn append(
        &self,
        room: &str,
        after: Head,
        entries: Vec<NewEntry>,
    ) -> Result<Option<Head>, StoreError> {
        let room = room.to_owned();
        let append = move |session: &Session| rooms::append(session, &room, after, entries);
        self.writer.run(append).await
    }

    async fn keep_plan(&self, digest: Digest, plan: String) -> Result<(), StoreError> {
        let keep = move |session: &Session| rooms::keep_plan(session, digest, &plan);
        self.writer.run(keep).await
    }

    async fn kept_plan(&self, digest: Digest) -> Result<Option<String>, StoreError> {
        let read = move |session: &Session| rooms::kept_plan(session, digest);
        self.reader.run(read).await
    }
}

//! The port of the list of release files, on a workspace.

use async_trait::async_trait;
use gantry_model::{digest::Digest, id::ReleaseId};
use gantry_port::{
    journal::StoreError,
    releases::{KnownRelease, Releases, Signature},
};

use super::Workspace;
use crate::{session::Session, table::releases};

#[async_trait]
impl Releases for Workspace {
    async fn list_releases(&self) -> Result<Vec<KnownRelease>, StoreError> {
        self.reader.run(releases::list).await
    }

    async fn find_release(&self, release: &ReleaseId) -> Result<Option<KnownRelease>, StoreError> {
        let release = release.clone();
        let find = move |session: &Session| releases::find(session, &release);
        self.reader.run(find).await
    }

    async fn open_release(
        &self,
        release: &ReleaseId,
        file: String,
        signature: Signature,
    ) -> Result<KnownRelease, StoreError> {
        let release = release.clone();
        let open = move |session: &Session| releases::open(session, &release, &file, &signature);
        self.writer.run(open).await
    }

    async fn confirm_release(
        &self,
        release: &ReleaseId,
        reach: Digest,
        signature: Signature,
    ) -> Result<(), StoreError> {
        let release = release.clone();
        let confirm =
            move |session: &Session| releases::confirm(session, &release, reach, &signature);
        self.writer.run(confirm).await
    }

    async fn close_release(
        &self,
        release: &ReleaseId,
        signature: Signature,
    ) -> Result<bool, StoreError> {
        let release = release.clone();
        let close = move |session: &Session| releases::close(session, &release, &signature);
        self.writer.run(close).await
    }
}

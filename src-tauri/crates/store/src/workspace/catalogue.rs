//! The port of services, versions in quarantine and connections, on a workspace.

use async_trait::async_trait;
use gantry_model::{
    id::{ConnectionName, ReleaseId, ServiceName, Version},
    release::connection::Connection,
};
use gantry_port::{
    catalogue::{Catalogue, Kept, LetThrough, Quarantined, Service},
    journal::StoreError,
    releases::Signature,
};

use super::Workspace;
use crate::{
    session::Session,
    table::{connections, quarantine, services},
};

#[async_trait]
impl Catalogue for Workspace {
    async fn list_services(&self) -> Result<Vec<Kept<Service>>, StoreError> {
        self.reader.run(services::list).await
    }

    async fn put_service(
        &self,
        service: Service,
        version: Option<u64>,
        signature: Signature,
    ) -> Result<Option<Kept<Service>>, StoreError> {
        let put = move |session: &Session| services::put(session, &service, version, &signature);
        self.writer.run(put).await
    }

    async fn list_quarantined(&self) -> Result<Vec<Quarantined>, StoreError> {
        self.reader.run(quarantine::list).await
    }

    async fn quarantine(&self, version: Quarantined) -> Result<(), StoreError> {
        let put = move |session: &Session| quarantine::put(session, &version);
        self.writer.run(put).await
    }

    async fn lift_quarantine(
        &self,
        service: &ServiceName,
        version: &Version,
        signature: Signature,
    ) -> Result<bool, StoreError> {
        let (service, version) = (service.clone(), version.clone());
        let lift =
            move |session: &Session| quarantine::lift(session, &service, &version, &signature);
        self.writer.run(lift).await
    }

    async fn let_through(&self, through: LetThrough) -> Result<(), StoreError> {
        let put = move |session: &Session| quarantine::let_through(session, &through);
        self.writer.run(put).await
    }

    async fn list_let_through(&self, release: &ReleaseId) -> Result<Vec<LetThrough>, StoreError> {
        let release = release.clone();
        let list = move |session: &Session| quarantine::list_through(session, &release);
        self.reader.run(list).await
    }

    async fn list_connections(
        &self,
    ) -> Result<Vec<Kept<(ConnectionName, Connection)>>, StoreError> {
        self.reader.run(connections::list).await
    }

    async fn put_connection(
        &self,
        name: ConnectionName,
        connection: Connection,
        version: Option<u64>,
        signature: Signature,
    ) -> Result<Option<Kept<(ConnectionName, Connection)>>, StoreError> {
        let named = (name, connection);
        let put = move |session: &Session| connections::put(session, &named, version, &signature);
        self.writer.run(put).await
    }

    async fn remove_connection(
        &self,
        name: &ConnectionName,
        signature: Signature,
    ) -> Result<bool, StoreError> {
        let name = name.clone();
        let remove = move |session: &Session| connections::remove(session, &name, &signature);
        self.writer.run(remove).await
    }
}

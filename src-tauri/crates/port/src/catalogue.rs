//! What a workspace knows beside its runs: services, versions in quarantine, connections.

use async_trait::async_trait;
use gantry_model::{
    id::{ConnectionName, ReleaseId, ServiceName, Version},
    release::connection::Connection,
    time::Timestamp,
};

use crate::{journal::StoreError, releases::Signature};

/// What people say of a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// Its name.
    pub name: ServiceName,
    /// Who answers for it.
    pub owner: Option<String>,
    /// What it is, in a word.
    pub kind: Option<String>,
    /// How much depends on it, 1 the most.
    pub tier: Option<u8>,
    /// The services that it calls.
    pub needs: Vec<ServiceName>,
}

/// A row with the count of its changes, from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept<T> {
    /// What is kept.
    pub row: T,
    /// How often it was changed.
    pub version: u64,
    /// When it last changed.
    pub changed_at: Timestamp,
}

/// A version that must not be brought out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quarantined {
    /// Whose version.
    pub service: ServiceName,
    /// Which version.
    pub version: Version,
    /// Why.
    pub reason: String,
    /// Who said so.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// One release that may bring a version out all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetThrough {
    /// The release.
    pub release: ReleaseId,
    /// What it may bring out, why, and who said so when.
    pub version: Quarantined,
}

/// Services, versions in quarantine and connections.
///
/// Guarantees: what was answered is durable, and stands in the audit log with who did it. No value
/// of a secret is ever handed in: whoever calls has made sure of that.
#[async_trait]
pub trait Catalogue: Send + Sync {
    /// Lists the services, by name.
    async fn list_services(&self) -> Result<Vec<Kept<Service>>, StoreError>;

    /// Keeps what people say of a service; `None` where the row is not of that version any more.
    async fn put_service(
        &self,
        service: Service,
        version: Option<u64>,
        signature: Signature,
    ) -> Result<Option<Kept<Service>>, StoreError>;

    /// Lists the versions in quarantine, by service.
    async fn list_quarantined(&self) -> Result<Vec<Quarantined>, StoreError>;

    /// Puts a version into quarantine, or says anew why it is there.
    async fn quarantine(&self, version: Quarantined) -> Result<(), StoreError>;

    /// Takes a version out of quarantine; says whether it was there.
    async fn lift_quarantine(
        &self,
        service: &ServiceName,
        version: &Version,
        signature: Signature,
    ) -> Result<bool, StoreError>;

    /// Lets one release bring a version out that is in quarantine.
    async fn let_through(&self, through: LetThrough) -> Result<(), StoreError>;

    /// Lists what a release may bring out all the same.
    async fn list_let_through(&self, release: &ReleaseId) -> Result<Vec<LetThrough>, StoreError>;

    /// Lists the connections, by name.
    async fn list_connections(&self)
    -> Result<Vec<Kept<(ConnectionName, Connection)>>, StoreError>;

    /// Keeps a connection; `None` where the row is not of that version any more.
    async fn put_connection(
        &self,
        name: ConnectionName,
        connection: Connection,
        version: Option<u64>,
        signature: Signature,
    ) -> Result<Option<Kept<(ConnectionName, Connection)>>, StoreError>;

    /// Forgets a connection; says whether it was there.
    async fn remove_connection(
        &self,
        name: &ConnectionName,
        signature: Signature,
    ) -> Result<bool, StoreError>;
}

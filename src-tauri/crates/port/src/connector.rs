//! From a plan's connections to ports that reach them.

use std::{path::Path, sync::Arc};

use async_trait::async_trait;
use gantry_model::{
    id::{ConnectionName, SecretName},
    plan::Plan,
    release::connection::Connection,
};

use crate::{channel::Channel, fault::Fault, metrics::Metrics, ports::Ports};

/// One product that Gantry can drive, and what it can do there.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Adapter {
    /// Which port it stands behind: `workload`, `router`, `task`, …
    pub port: &'static str,
    /// The product.
    pub product: &'static str,
    /// What it can do, in words.
    pub can: Vec<&'static str>,
    /// What people should know before they rely on it.
    pub note: &'static str,
}

/// Makes ports from connections.
#[async_trait]
pub trait Connector: Send + Sync {
    /// Makes the ports that a plan needs; does not reach out yet.
    async fn connect(&self, plan: &Plan) -> Result<Ports, Fault>;

    /// Makes the source of metrics behind one connection, without a plan; none for a connection
    /// that answers no metrics. Does not reach out yet.
    ///
    /// A world that has nothing but what a plan names has none without a plan.
    fn metrics(&self, _connection: &Connection) -> Result<Option<Arc<dyn Metrics>>, Fault> {
        Ok(None)
    }

    /// Makes the channel behind one connection; none for a connection that tells nobody. Does not
    /// reach out yet.
    ///
    /// A world that has nobody in it tells nobody.
    fn channel(&self, _connection: &Connection) -> Result<Option<Arc<dyn Channel>>, Fault> {
        Ok(None)
    }

    /// Reaches out to one connection, changes nothing, and says in one sentence what answered.
    /// Relative names start from `folder`.
    async fn test(
        &self,
        name: &ConnectionName,
        connection: &Connection,
        folder: &Path,
    ) -> Result<String, Fault>;

    /// Whether a secret is set on this machine; its value goes nowhere.
    async fn knows_secret(&self, _name: &SecretName) -> bool {
        false
    }

    /// Lists the products.
    fn adapters(&self) -> Vec<Adapter>;
}

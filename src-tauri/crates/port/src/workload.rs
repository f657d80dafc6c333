//! Things that run: containers, tasks, pods, processes.

use async_trait::async_trait;
use gantry_model::platform::{Instance, Revision, Template};

use crate::{fault::Fault, ports::Call};

/// What a workload platform can do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkloadCapabilities {
    /// The product's name.
    pub product: &'static str,
    /// Whether two versions of a service can run at the same time.
    pub side_by_side: bool,
    /// Whether instances have addresses that a router can be given.
    pub addresses: bool,
    /// Whether the platform itself says how well an instance is.
    pub health: bool,
    /// Whether a stopped instance can be started again as it was.
    pub restart: bool,
}

/// Runs instances of revisions.
///
/// Guarantees: `scale` and `remove` state what shall be, so that repeating them does no harm;
/// instances carry their service, environment, version and the key they were made under, and are
/// found by them. Stopped instances keep their configuration and secrets, so that starting them
/// again needs neither.
#[async_trait]
pub trait Workload: Send + Sync {
    /// Says what it can do.
    fn capabilities(&self) -> WorkloadCapabilities;

    /// Makes sure that the image can be had, without running it, and gives its digest or id.
    async fn pin(&self, template: &Template) -> Result<String, Fault>;

    /// Lists all instances of a service in an environment, stopped ones too, sorted by id.
    /// The version of `revision` is not looked at.
    async fn instances(&self, revision: &Revision) -> Result<Vec<Instance>, Fault>;

    /// Makes exactly `replicas` instances of the revision run, and answers with those that run.
    /// Missing ones are started again or made from the template; surplus ones are stopped, the
    /// last by id first, so that a router can be told before which ones stay, and kept. Does not wait for health. Without a template only stopped ones can be started.
    async fn scale(
        &self,
        call: &Call,
        revision: &Revision,
        template: Option<&Template>,
        replicas: u32,
    ) -> Result<Vec<Instance>, Fault>;

    /// Stops and removes all instances of the revision.
    async fn remove(&self, call: &Call, revision: &Revision) -> Result<(), Fault>;
}

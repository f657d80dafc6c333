//! Things that send traffic to instances: load balancers, gateways, meshes.

use async_trait::async_trait;
use gantry_model::platform::{Arm, RouteState};

use crate::{fault::Fault, ports::Call};

/// What a router can do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouterCapabilities {
    /// The product's name.
    pub product: &'static str,
    /// Whether traffic can be shared by weight.
    pub weights: bool,
    /// Whether it counts requests per server, so that the real share can be measured.
    pub counts: bool,
}

/// Shares the traffic of a backend between arms.
///
/// Guarantees: `route` states what shall be, so that repeating it does no harm. When it returns,
/// the router has taken the new shares over. Servers of no arm are drained (no new request, those
/// under way end, up to the call's deadline) and taken out. Servers at addresses that are in no
/// arm *and* were not given by Gantry are taken out too: the arms are the whole truth.
///
/// Caveats: the commanded share is not the measured one; compare the counters of two `observe`s.
#[async_trait]
pub trait Router: Send + Sync {
    /// Says what it can do.
    fn capabilities(&self) -> RouterCapabilities;

    /// Reads the backend's state and counters.
    async fn observe(&self, backend: &str) -> Result<RouteState, Fault>;

    /// Gives each arm its share, spread evenly over its addresses.
    async fn route(&self, call: &Call, backend: &str, arms: &[Arm]) -> Result<RouteState, Fault>;
}

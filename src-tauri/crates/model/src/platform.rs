//! What platforms are asked for and what they answer: revisions, instances, routes, baselines.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    id::{EnvironmentName, ServiceName, Version},
    secret::SecretText,
    unit::Weight,
};

/// One version of one service in one environment: the identity that instances carry.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Revision {
    /// The service.
    pub service: ServiceName,
    /// The environment.
    pub environment: EnvironmentName,
    /// The version.
    pub version: Version,
}

/// How new instances of a revision are made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    /// The image, with the version put in.
    pub image: String,
    /// The digest that was pinned at preflight.
    pub digest: Option<String>,
    /// The port it listens on inside.
    pub port: Option<u16>,
    /// Its environment; secrets by reference.
    pub env: BTreeMap<String, SecretText>,
    /// Its arguments, in the place of the image's own.
    pub command: Option<Vec<String>>,
    /// The platform's network that it joins.
    pub network: Option<String>,
}

/// One running or stopped instance of a service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instance {
    /// The platform's own id.
    pub id: String,
    /// The version it carries.
    pub version: Version,
    /// The image's digest or id.
    pub digest: Option<String>,
    /// How it is.
    pub state: InstanceState,
    /// Where it is reached, `host:port`.
    pub address: Option<String>,
    /// The idempotency key it was made under, if Gantry made it.
    pub made_by: Option<String>,
}

/// How an instance is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InstanceState {
    /// It runs, and the platform does not say that it is well yet.
    Starting,
    /// It runs; healthy, or the platform has no word on health.
    Running,
    /// It runs and the platform says that it is not well.
    Unhealthy,
    /// It was stopped and can be started again.
    Stopped,
    /// It ended by itself.
    Failed,
}

/// What a router does with a backend, read from the router.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RouteState {
    /// The balancing algorithm, in the router's words.
    pub algorithm: String,
    /// The servers.
    pub servers: Vec<Server>,
}

/// One server of a backend.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Server {
    /// The router's name for it.
    pub name: String,
    /// Where it sends to, `host:port`.
    pub address: String,
    /// Its share of the backend's traffic as commanded.
    pub commanded: Weight,
    /// Whether the router finds it well.
    pub up: bool,
    /// Requests since the router started.
    pub requests: u64,
    /// Of them, answered 5xx or not at all.
    pub errors: u64,
    /// Requests under way.
    pub active: u64,
}

/// The instances of one revision and the share of traffic they shall have together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arm {
    /// The version.
    pub version: Version,
    /// Where its instances are reached.
    pub addresses: Vec<String>,
    /// Their share together; arms with zero stay known to the router, without traffic.
    pub share: Weight,
}

/// What ran before the first change of a node; undo returns to it. No secret value is ever in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Baseline {
    /// The old version, if anything ran.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<Version>,
    /// The instances that ran.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub instances: Vec<Instance>,
    /// The router's state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub route: Option<RouteState>,
    /// The flag's share; `None` where there is no flag yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flag: Option<FlagState>,
    /// The digest of the new image that was pinned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pinned: Option<String>,
    /// The migrations or phases that the database had, in the adapter's words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub schema: Vec<String>,
}

impl Baseline {
    /// Whether nothing of the service ran before.
    pub fn is_first_deployment(&self) -> bool {
        self.version.is_none()
    }
}

/// A flag as the flag service has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlagState {
    /// Whether it is on at all.
    pub on: bool,
    /// The share of users that get it when it is on.
    pub share: Weight,
}

//! What runs and who is sent the customers, looked at without the code under test.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde::Deserialize;

use super::{SERVICES, Shop};
use crate::docker::{Body, Engine, encoded};
use crate::haproxy::Haproxy;

/// The whole shop at one moment; two are equal when nobody could tell the moments apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// Every service by its name.
    pub services: BTreeMap<String, Scene>,
}

/// One service at one moment: containers and servers, each in a fixed order.
///
/// Ids and addresses are left out, since a container that comes back may have others.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scene {
    /// Its containers, stopped ones too.
    pub containers: Vec<Container>,
    /// Its servers in HAProxy.
    pub servers: Vec<Server>,
}

/// One container.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Container {
    /// The version that its label names.
    pub version: String,
    /// The digest of its image.
    pub image: String,
    /// What the daemon calls its state: `running`, `exited`.
    pub state: String,
}

/// One server of a backend.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Server {
    /// The version of the container at its address, `-` where there is none.
    pub version: String,
    /// The weight that HAProxy was given, 0 where it sends nobody there.
    pub weight: u64,
}

impl Scene {
    /// Gives the part of the requests that HAProxy is to send to a version, 0 to 1.
    #[must_use]
    pub fn share(&self, version: &str) -> f64 {
        let weight = |wanted: &dyn Fn(&Server) -> bool| -> u64 {
            let servers = self.servers.iter().filter(|server| wanted(server));
            servers.map(|server| server.weight).sum()
        };
        let all = weight(&|_| true);
        // Weights are below 2^16, so the cast loses nothing.
        weight(&|server| server.version == version) as f64 / all.max(1) as f64
    }

    /// Counts the containers of a version in a state.
    #[must_use]
    pub fn count(&self, version: &str, state: &str) -> usize {
        let is = |one: &&Container| one.version == version && one.state == state;
        self.containers.iter().filter(is).count()
    }

    /// Gives the versions that run, each once.
    #[must_use]
    pub fn running(&self) -> Vec<&str> {
        let running = self.containers.iter().filter(|one| one.state == "running");
        let mut versions: Vec<&str> = running.map(|one| one.version.as_str()).collect();
        versions.dedup();
        versions
    }
}

impl Snapshot {
    /// Looks at every service of the shop.
    ///
    /// # Errors
    ///
    /// When daemon or HAProxy do not answer.
    pub fn take(engine: &Engine, shop: &Shop) -> Result<Self> {
        let scene = |name: &&str| {
            Ok((
                (*name).to_owned(),
                Scene::take(engine, shop.haproxy(), name)?,
            ))
        };
        let services = SERVICES.iter().map(scene).collect::<Result<_>>()?;
        Ok(Self { services })
    }

    /// Leaves out what does not run: a release that retires a version removes the one before it.
    #[must_use]
    pub fn serving(mut self) -> Self {
        for scene in self.services.values_mut() {
            scene.containers.retain(|one| one.state == "running");
        }
        self
    }

    /// Whether anything of a version is left anywhere, even stopped.
    #[must_use]
    pub fn has(&self, version: &str) -> bool {
        let mut scenes = self.services.values();
        scenes.any(|scene| scene.containers.iter().any(|one| one.version == version))
    }

    /// Gives one service.
    ///
    /// # Errors
    ///
    /// When the shop has no such service.
    pub fn of(&self, service: &str) -> Result<&Scene> {
        let found = self.services.get(service);
        found.with_context(|| format!("the shop has no `{service}`"))
    }
}

impl Scene {
    /// Looks at one service.
    ///
    /// # Errors
    ///
    /// When daemon or HAProxy do not answer.
    pub fn take(engine: &Engine, haproxy: &Haproxy, service: &str) -> Result<Self> {
        let rows = containers(engine, service)?;
        let servers = haproxy.command(&format!("show servers state {service}"))?;
        let mut scene = Self {
            containers: rows.iter().map(Row::container).collect(),
            servers: servers
                .lines()
                .filter_map(|line| server(line, &rows))
                .collect(),
        };
        scene.containers.sort();
        scene.servers.sort();
        Ok(scene)
    }
}

/// A container as the daemon lists it.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Row {
    #[serde(rename = "ImageID")]
    image: String,
    state: String,
    labels: BTreeMap<String, String>,
    network_settings: Networks,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Networks {
    networks: BTreeMap<String, Network>,
}

#[derive(Deserialize)]
struct Network {
    #[serde(rename = "IPAddress")]
    address: String,
}

impl Row {
    fn version(&self) -> String {
        let label = self.labels.get("gantry.version");
        label.map_or_else(|| "-".to_owned(), Clone::clone)
    }

    fn container(&self) -> Container {
        Container {
            version: self.version(),
            image: self.image.clone(),
            state: self.state.clone(),
        }
    }

    fn is_at(&self, address: &str) -> bool {
        let mut networks = self.network_settings.networks.values();
        networks.any(|network| network.address == address)
    }
}

fn containers(engine: &Engine, service: &str) -> Result<Vec<Row>> {
    let filter = format!("{{\"label\":[\"gantry.service={service}\"]}}");
    let path = format!("/containers/json?all=1&filters={}", encoded(&filter));
    let answer = engine.request("GET", &path, Body::Empty)?;
    serde_json::from_slice(&answer).with_context(|| format!("the containers of {service}"))
}

/// Reads a line of `show servers state`; the head and the version line are no server.
fn server(line: &str, rows: &[Row]) -> Option<Server> {
    let fields: Vec<&str> = line.split(' ').collect();
    let [_, _, _, _, address, running, admin, weight, ..] = fields.as_slice() else {
        return None;
    };
    let weight: u64 = weight.parse().ok()?;
    let admin: u64 = admin.parse().ok()?;
    let takes_requests = *running != "0" && admin == 0;
    let row = rows.iter().find(|row| row.is_at(address));
    Some(Server {
        version: row.map_or_else(|| "-".to_owned(), Row::version),
        weight: if takes_requests { weight } else { 0 },
    })
}

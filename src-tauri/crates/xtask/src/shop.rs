//! The stage for the sample release `examples/shop`: images, a router, customers.
//!
//! Demo and tests set it up inside the sandbox and let Gantry play on it: the release files are in
//! the folder, their images are in the daemon's store, HAProxy listens on the socket that they
//! name, and Prometheus scrapes every container at the address that they name. Nothing runs behind
//! HAProxy before Gantry has deployed it.

mod customers;
mod incident;
mod snapshot;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::cargo;
use crate::docker::Engine;
use crate::fixture::{self, Image};
use crate::haproxy::{Backend, Haproxy};
use crate::prometheus::Prometheus;

pub use customers::{Answers, Count, Customers, Failures};
pub use incident::Incident;
pub use snapshot::{Container, Scene, Server, Snapshot};

/// The services of the shop; each has a backend of its name and images `shop/NAME:VERSION`.
pub const SERVICES: [&str; 5] = ["catalogue", "orders", "web", "search", "suggestions"];

/// The versions that have images: the first deployment, a good one, and one that turns bad.
pub const VERSIONS: [&str; 3] = ["1.0", "1.1", "1.2"];

/// How many times as many customers come to `orders` as to another service.
pub const ORDERS_TIMES: u32 = 4;

/// Requests that each instance of the bad version of `orders` serves well: at a few requests a
/// second it survives a canary's first step and turns bad within the second.
const GOOD_REQUESTS: &str = "350";

/// Where the release files say that Prometheus is.
const PROMETHEUS: &str = "http://127.0.0.1:9090";

/// The shop's surroundings; HAProxy and Prometheus end when this is dropped.
#[derive(Debug)]
pub struct Shop {
    folder: PathBuf,
    haproxy: Haproxy,
    /// Ends with the shop; the release files know its address.
    _prometheus: Prometheus,
    backends: Vec<Backend>,
}

impl Shop {
    /// Imports the images, starts HAProxy and Prometheus, and copies the release files into the folder.
    ///
    /// # Errors
    ///
    /// When there is no static fixture, or the daemon or HAProxy refuses something.
    pub fn open(engine: &Engine, folder: &Path) -> Result<Self> {
        let prometheus = Prometheus::start(folder, engine)?;
        copy_release_files(folder, &prometheus.url())?;
        let binary = fixture::binary()?;
        for image in images() {
            image.import(engine, &binary)?;
        }
        let backends: Vec<Backend> = SERVICES
            .iter()
            .map(|service| Backend::new(service))
            .collect::<Result<_>>()?;
        let haproxy = Haproxy::start(folder, &folder.join("haproxy.sock"), &backends)?;
        Ok(Self {
            folder: folder.to_path_buf(),
            haproxy,
            _prometheus: prometheus,
            backends,
        })
    }

    /// Where its files are.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The release file of one version.
    #[must_use]
    pub fn release_file(&self, version: &str) -> PathBuf {
        self.folder.join(format!("shop-{version}.yaml"))
    }

    /// The router in front of the services.
    #[must_use]
    pub const fn haproxy(&self) -> &Haproxy {
        &self.haproxy
    }

    /// Where requests for one service go in.
    ///
    /// # Errors
    ///
    /// When the shop has no such service.
    pub fn backend(&self, service: &str) -> Result<&Backend> {
        self.backends
            .iter()
            .find(|backend| backend.name == service)
            .with_context(|| format!("the shop has no `{service}`"))
    }

    /// Lets customers come until they are sent away: this many requests a second and service, and
    /// [`ORDERS_TIMES`] as many to `orders`, whose canary has to be judged within seconds.
    ///
    /// # Errors
    ///
    /// When the load generator cannot be started.
    pub fn customers(&self, rate: u32) -> Result<Customers> {
        let rate_of = |service: &str| match service {
            "orders" => rate * ORDERS_TIMES,
            _ => rate,
        };
        let crowds: Vec<(&Backend, u32)> = self
            .backends
            .iter()
            .map(|backend| (backend, rate_of(&backend.name)))
            .collect();
        Customers::come(&fixture::binary()?, &crowds)
    }
}

fn images() -> impl Iterator<Item = Image> {
    SERVICES.iter().flat_map(|service| {
        VERSIONS.iter().map(move |version| {
            let image = Image::new(&format!("shop/{service}"), version);
            if (*service, *version) == ("orders", "1.2") {
                image
                    .with("BAD_AFTER_REQUESTS", GOOD_REQUESTS)
                    .with("ERR", "0.2")
                    .with("LAT_MS", "40")
            } else {
                image
            }
        })
    })
}

/// Copies what lies in `examples/shop`, and puts the address of Prometheus into the release files.
fn copy_release_files(folder: &Path, prometheus: &str) -> Result<()> {
    let examples = cargo::root().join("examples").join("shop");
    let entries = std::fs::read_dir(&examples).with_context(|| examples.display().to_string())?;
    for entry in entries {
        let path = entry.context("cannot read the examples")?.path();
        if path.is_file() {
            let copy = folder.join(path.file_name().unwrap_or_default());
            std::fs::copy(&path, &copy).with_context(|| path.display().to_string())?;
            if path.extension().is_some_and(|kind| kind == "yaml") {
                let text = std::fs::read_to_string(&path).context("cannot read the examples")?;
                std::fs::write(&copy, text.replace(PROMETHEUS, prometheus))
                    .with_context(|| copy.display().to_string())?;
            }
        }
    }
    Ok(())
}

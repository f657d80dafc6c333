//! Health probes: HTTP, TCP and programs.

mod exec;
mod http;
mod stamp;
mod tcp;

use async_trait::async_trait;
use gantry_model::{time::Timestamp, unit::Span};
use gantry_port::{
    fault::Fault,
    probe::{Probe, ProbeAnswer, ProbeTarget, Stamp},
};

use crate::http::client::Clients;

/// The variables that a program may see of ours.
const ALLOWED: [&str; 4] = ["PATH", "HOME", "LANG", "TZ"];

/// Looks at health from this machine.
///
/// Neither proxies nor redirects are followed, and link-local addresses, where clouds keep their
/// credentials, are never asked, whatever name leads to them.
pub struct Prober {
    http: Clients,
    environment: Vec<(String, String)>,
}

impl Prober {
    /// Prepares a prober; of `environment` programs see only what the allow-list lets through.
    ///
    /// # Errors
    /// None today: what HTTP needs is made when it is first needed.
    pub fn new(environment: impl IntoIterator<Item = (String, String)>) -> Result<Self, Fault> {
        let environment = environment
            .into_iter()
            .filter(|(name, _)| ALLOWED.contains(&name.as_str()))
            .collect();
        Ok(Self {
            http: Clients::default(),
            environment,
        })
    }
}

#[async_trait]
impl Probe for Prober {
    async fn probe(&self, target: &ProbeTarget, timeout: Span) -> Result<ProbeAnswer, Fault> {
        match target {
            ProbeTarget::Http { url, status } => {
                http::probe(&self.http, url, *status, timeout).await
            }
            ProbeTarget::Tcp { address } => Ok(tcp::probe(address, timeout).await),
            ProbeTarget::Exec { argv, folder } => {
                exec::probe(argv, folder, &self.environment, timeout).await
            }
        }
    }

    async fn stamp(&self, stamp: &Stamp, timeout: Span) -> Result<Timestamp, Fault> {
        match stamp {
            Stamp::File { path } => stamp::of_file(path),
            Stamp::Http { url } => stamp::of_address(&self.http, url, timeout).await,
            Stamp::Exec { argv, folder } => {
                let printed = exec::printed(argv, folder, &self.environment, timeout).await?;
                stamp::read(printed.lines().next().unwrap_or_default())
            }
        }
    }
}

fn healthy(detail: impl Into<String>) -> ProbeAnswer {
    ProbeAnswer {
        healthy: true,
        detail: detail.into(),
    }
}

fn unhealthy(detail: impl Into<String>) -> ProbeAnswer {
    ProbeAnswer {
        healthy: false,
        detail: detail.into(),
    }
}

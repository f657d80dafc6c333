//! Health probes: HTTP, TCP and programs.

mod exec;
mod http;
mod tcp;

use std::net::IpAddr;

use async_trait::async_trait;
use gantry_model::unit::Span;
use gantry_port::{
    fault::{Fault, FaultKind},
    probe::{Probe, ProbeAnswer, ProbeTarget},
};

/// The variables that a program may see of ours.
const ALLOWED: [&str; 4] = ["PATH", "HOME", "LANG", "TZ"];

/// Looks at health from this machine.
///
/// Neither proxies nor redirects are followed, and link-local addresses, where clouds keep their
/// credentials, are never asked, whatever name leads to them.
pub struct Prober {
    http: reqwest::Client,
    environment: Vec<(String, String)>,
}

impl Prober {
    /// Prepares a prober; of `environment` programs see only what the allow-list lets through.
    ///
    /// # Errors
    /// `Unsupported` if this machine cannot do HTTP at all.
    pub fn new(environment: impl IntoIterator<Item = (String, String)>) -> Result<Self, Fault> {
        let http = http::client().map_err(|error| {
            Fault::new(
                FaultKind::Unsupported,
                format!("no HTTP on this machine: {error}"),
            )
        })?;
        let environment = environment
            .into_iter()
            .filter(|(name, _)| ALLOWED.contains(&name.as_str()))
            .collect();
        Ok(Self { http, environment })
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

/// Whether an address belongs to the network segment itself, as those of metadata services do.
fn is_link_local(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => v4.is_link_local(),
        IpAddr::V6(v6) => {
            let mapped = v6.to_ipv4_mapped();
            // fd00:ec2::254 is the metadata service of the largest cloud.
            let metadata = v6.segments().starts_with(&[0xfd00, 0x0ec2]);
            v6.is_unicast_link_local() || metadata || mapped.is_some_and(|v4| v4.is_link_local())
        }
    }
}

/// Makes what a stranger printed fit into a sentence.
fn shown(text: &str) -> String {
    let line: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(200)
        .collect();
    line.trim().to_owned()
}

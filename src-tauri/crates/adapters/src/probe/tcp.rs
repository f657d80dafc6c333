//! Whether something takes connections.

use std::net::SocketAddr;

use gantry_model::unit::Span;
use gantry_port::probe::ProbeAnswer;
use tokio::net::{TcpStream, lookup_host};

use super::{healthy, unhealthy};
use crate::http::address;

pub(super) async fn probe(address: &str, timeout: Span) -> ProbeAnswer {
    let looked = tokio::time::timeout(timeout.as_duration(), connect(address)).await;
    looked.unwrap_or_else(|_| unhealthy(format!("{address} took no connection within {timeout}")))
}

async fn connect(address: &str) -> ProbeAnswer {
    let found: Vec<SocketAddr> = match lookup_host(address).await {
        Ok(found) => found.collect(),
        Err(error) => return unhealthy(format!("{address} cannot be resolved: {error}")),
    };
    let allowed: Vec<SocketAddr> = found
        .into_iter()
        .filter(|one| !address::is_forbidden(one.ip().to_canonical()))
        .collect();
    if allowed.is_empty() {
        return unhealthy(format!("{address} is link-local and is never asked"));
    }
    match TcpStream::connect(allowed.as_slice()).await {
        Ok(_) => healthy(format!("{address} takes connections")),
        Err(error) => unhealthy(format!("{address}: {error}")),
    }
}

//! Clients that send to nowhere but where they are told.

use std::{io, net::SocketAddr, sync::OnceLock, time::Duration};

use gantry_port::fault::Fault;
use reqwest::{
    Client, ClientBuilder, Url,
    dns::{Addrs, Name, Resolve, Resolving},
    redirect::Policy,
};

use super::address::{is_forbidden, refusal};

/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(10);

/// One client for each scheme: that for plain HTTP works on machines that have no certificates.
#[derive(Default)]
pub(crate) struct Clients {
    plain: OnceLock<Result<Client, String>>,
    secure: OnceLock<Result<Client, String>>,
}

impl Clients {
    /// Gives the client for an address.
    ///
    /// # Errors
    /// Unsent where this machine cannot speak the scheme.
    pub(crate) fn of(&self, url: &Url) -> Result<&Client, Fault> {
        let client = if url.scheme() == "https" {
            self.secure.get_or_init(|| build(builder()))
        } else {
            self.plain
                .get_or_init(|| build(builder().tls_certs_only([])))
        };
        client.as_ref().map_err(|reason| {
            Fault::unsent(format!(
                "no client for {} can be made: {reason}; install ca-certificates",
                url.scheme()
            ))
        })
    }
}

/// No connection is kept: a request on one that the other side is just closing is neither sent
/// nor unsent.
fn builder() -> ClientBuilder {
    Client::builder()
        .no_proxy()
        .redirect(Policy::none())
        .retry(reqwest::retry::never())
        .connect_timeout(CONNECT)
        .pool_max_idle_per_host(0)
        .dns_resolver(Guarded)
        .user_agent(concat!("gantry/", env!("CARGO_PKG_VERSION")))
}

fn build(builder: ClientBuilder) -> Result<Client, String> {
    // Fails only if a provider is installed already, and then that one serves.
    let _installed = rustls::crypto::ring::default_provider().install_default();
    builder.build().map_err(|error| error.to_string())
}

/// Gives the innermost cause of an error, which says what happened; the outer ones only say that
/// something did, and with which address, in which secrets may stand.
pub(crate) fn cause(error: &reqwest::Error) -> String {
    std::iter::successors(std::error::Error::source(error), |error| error.source())
        .last()
        .map_or_else(|| "the connection broke".to_owned(), ToString::to_string)
}

/// Resolves names and leaves out what may not be reached.
struct Guarded;

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed: Vec<SocketAddr> = found
                .filter(|address| !is_forbidden(address.ip().to_canonical()))
                .collect();
            if allowed.is_empty() {
                return Err(io::Error::other(refusal()).into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

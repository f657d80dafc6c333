//! Whether an address answers with the healthy status.

use std::{error::Error, io, net::SocketAddr};

use gantry_model::unit::Span;
use gantry_port::{
    fault::{Fault, FaultKind},
    probe::ProbeAnswer,
};
use reqwest::{
    Client, Response,
    dns::{Addrs, Name, Resolve, Resolving},
    redirect::Policy,
};

use super::{healthy, is_link_local, shown, unhealthy};

/// Nobody reads more of a page that should have said no more than "ok".
const MOST_BODY: usize = 4096;

pub(super) fn client() -> Result<Client, reqwest::Error> {
    // Whoever comes first chooses for the process; all of Gantry chooses the same.
    let _chosen_already = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .redirect(Policy::none())
        .no_proxy()
        .pool_max_idle_per_host(0)
        .dns_resolver(Resolver)
        .user_agent("gantry")
        .build()
}

pub(super) async fn probe(
    client: &Client,
    url: &str,
    status: u16,
    timeout: Span,
) -> Result<ProbeAnswer, Fault> {
    let target = url
        .parse::<reqwest::Url>()
        .map_err(|error| Fault::refused(format!("`{url}` is no address: {error}")))?;
    if !matches!(target.scheme(), "http" | "https") {
        let sentence = format!("`{url}` is neither http nor https");
        return Err(Fault::new(FaultKind::Unsupported, sentence));
    }
    // The password that an address may carry is for the server and not for the journal.
    let name = redacted(&target);
    if target.host_str().is_some_and(is_forbidden) {
        return Ok(unhealthy(format!(
            "{name} is link-local and is never asked"
        )));
    }
    let look = async {
        match client.get(target).send().await {
            Ok(response) => judge(&name, response, status).await,
            Err(error) => unhealthy(format!("{name}: {}", cause(&error))),
        }
    };
    let looked = tokio::time::timeout(timeout.as_duration(), look).await;
    Ok(looked.unwrap_or_else(|_| unhealthy(format!("{name} did not answer within {timeout}"))))
}

async fn judge(name: &str, response: Response, wanted: u16) -> ProbeAnswer {
    let status = response.status().as_u16();
    if status == wanted {
        return healthy(format!("{name} answered {status}"));
    }
    let words = match response.headers().get("location").map(|to| to.to_str()) {
        Some(Ok(to)) => format!("sends on to {}, which is not followed", shown(to)),
        Some(Err(_)) | None => shown(&beginning(response).await),
    };
    unhealthy(format!(
        "{name} answered {status} instead of {wanted}: {words}"
    ))
}

async fn beginning(mut response: Response) -> String {
    let mut body = Vec::new();
    while let Ok(Some(chunk)) = response.chunk().await {
        let room = MOST_BODY.saturating_sub(body.len());
        body.extend(chunk.iter().take(room));
        if body.len() >= MOST_BODY {
            break;
        }
    }
    String::from_utf8_lossy(&body).into_owned()
}

fn redacted(url: &reqwest::Url) -> String {
    let mut shown = url.clone();
    if shown.password().is_some() {
        let _infallible_with_host = shown.set_password(Some("***"));
    }
    shown.set_query(url.query().map(|_| "…"));
    shown.to_string()
}

fn is_forbidden(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare.parse().is_ok_and(is_link_local)
}

/// The innermost cause says what happened; the outer ones only that something did.
fn cause(error: &reqwest::Error) -> String {
    let mut cause: &dyn Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}

/// Resolves names and leaves out what may not be asked, so that no name leads there either.
struct Resolver;

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0))
                .await?
                .filter(|address| !is_link_local(address.ip()))
                .collect();
            if found.is_empty() {
                let problem = format!("{} is link-local and is never asked", name.as_str());
                return Err(io::Error::other(problem).into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

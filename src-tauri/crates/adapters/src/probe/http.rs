//! Whether an address answers with the healthy status.

use gantry_model::unit::Span;
use gantry_port::{
    fault::{Fault, FaultKind},
    probe::ProbeAnswer,
};
use reqwest::Response;

use super::{healthy, unhealthy};
use crate::http::{
    address,
    client::{Clients, cause},
};
use crate::wording::shown;

/// Nobody reads more of a page that should have said no more than "ok".
const MOST_BODY: usize = 4096;

pub(super) async fn probe(
    clients: &Clients,
    url: &str,
    status: u16,
    timeout: Span,
) -> Result<ProbeAnswer, Fault> {
    let target = parsed(url)?;
    // The password that an address may carry is for the server and not for the journal.
    let name = redacted(&target);
    if address::is_refused(&target) {
        let reason = address::refusal();
        return Ok(unhealthy(format!("{name}: {reason}")));
    }
    let client = clients.of(&target)?;
    let look = async {
        match client.get(target).send().await {
            Ok(response) => judge(&name, response, status).await,
            Err(error) => unhealthy(format!("{name}: {}", cause(&error))),
        }
    };
    let looked = tokio::time::timeout(timeout.as_duration(), look).await;
    Ok(looked.unwrap_or_else(|_| unhealthy(format!("{name} did not answer within {timeout}"))))
}

/// Reads an address that can be asked over HTTP.
pub(super) fn parsed(url: &str) -> Result<reqwest::Url, Fault> {
    let target = url
        .parse::<reqwest::Url>()
        .map_err(|error| Fault::refused(format!("`{url}` is no address: {error}")))?;
    if !matches!(target.scheme(), "http" | "https") {
        let sentence = format!("`{url}` is neither http nor https");
        return Err(Fault::new(FaultKind::Unsupported, sentence));
    }
    Ok(target)
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

pub(super) async fn beginning(mut response: Response) -> String {
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

pub(super) fn redacted(url: &reqwest::Url) -> String {
    let mut shown = url.clone();
    if shown.password().is_some() {
        let _infallible_with_host = shown.set_password(Some("***"));
    }
    shown.set_query(url.query().map(|_| "…"));
    shown.to_string()
}

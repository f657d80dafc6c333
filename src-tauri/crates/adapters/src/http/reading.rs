//! Readings: a JSON document of the wanted shape, or a fault that says what came instead.

use std::{sync::Arc, time::Duration};

use backon::{BackoffBuilder, ExponentialBuilder};
use gantry_model::{secret::Secret, time::Timestamp, unit::Span};
use gantry_port::{
    clock::Clock,
    fault::{Fault, FaultKind},
};
use reqwest::{
    Method, Request, Response, StatusCode,
    header::{ACCEPT, CONTENT_TYPE, HeaderMap, RETRY_AFTER},
};
use serde::de::DeserializeOwned;

use super::{
    address,
    client::{Clients, cause},
    endpoint::Endpoint,
};
use crate::{channel::leak, wording::shown};

/// The longest answer, in bytes; whoever sends more does not answer what was asked.
const LONGEST: usize = 10 * 1024 * 1024;
/// How much of an answer that is a refusal is read, in bytes.
const LONGEST_REFUSAL: usize = 4096;
/// How often a reading is tried again, and how long it is waited before the first time.
const RETRIES: usize = 3;
const FIRST_PAUSE: Duration = Duration::from_millis(200);

/// Reads over HTTP; safe to share and to ask at the same time.
pub(crate) struct Reader {
    clients: Clients,
    clock: Arc<dyn Clock>,
}

/// One question: what is sent, and who is asked, in words without a secret.
pub(crate) struct Ask {
    /// The one who is asked.
    pub(crate) whom: String,
    /// What is sent.
    pub(crate) request: Request,
}

impl Ask {
    /// Asks an endpoint at a place behind its base address; each segment is percent-encoded.
    ///
    /// # Errors
    /// As [`Endpoint::request`].
    pub(crate) async fn behind(
        endpoint: &Endpoint,
        method: Method,
        path: &[&str],
    ) -> Result<Self, Fault> {
        Ok(Self {
            whom: endpoint.whom(),
            request: endpoint.request(method, path).await?,
        })
    }
}

impl Reader {
    /// Prepares a reader; connections are made question by question.
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clients: Clients::default(),
            clock,
        }
    }

    /// Gives time, by which readings are bounded.
    pub(crate) fn clock(&self) -> &dyn Clock {
        self.clock.as_ref()
    }

    /// Bounds work in time.
    ///
    /// # Errors
    /// Lost when the time is over; else what the work answers.
    pub(crate) async fn within<T>(
        &self,
        timeout: Span,
        whom: &str,
        work: impl Future<Output = Result<T, Fault>>,
    ) -> Result<T, Fault> {
        let over = || Fault::lost(format!("{whom} gave no answer within {timeout}"));
        // Without time nothing is begun, however quick it would be.
        if timeout == Span::ZERO {
            return Err(over());
        }
        tokio::select! {
            done = work => done,
            () = self.clock.wait(timeout) => Err(over()),
        }
    }

    /// Reads a document, again after a pause where the failure may pass by itself: a reading
    /// changes nothing.
    ///
    /// # Errors
    /// Refused for an answer that is a no or is not a document of this shape; else what the last
    /// attempt ended with.
    pub(crate) async fn read<T: DeserializeOwned>(&self, ask: &Ask) -> Result<T, Fault> {
        let mut pauses = ExponentialBuilder::default()
            .with_min_delay(FIRST_PAUSE)
            .with_max_times(RETRIES)
            .with_jitter()
            .build();
        loop {
            let fault = match self.read_once(ask).await {
                Err(fault) if may_pass(&fault) => fault,
                done => return done,
            };
            let Some(pause) = pauses.next() else {
                return Err(fault);
            };
            let pause = pause.max(asked_for(&fault));
            let millis = u64::try_from(pause.as_millis()).unwrap_or(u64::MAX);
            self.clock.wait(Span::from_millis(millis)).await;
        }
    }

    /// Reads a document in one attempt; for what is not only a reading.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub(crate) async fn read_once<T: DeserializeOwned>(&self, ask: &Ask) -> Result<T, Fault> {
        let response = self.send(ask).await?;
        if !is_json(response.headers()) {
            let what = kind_of(response.headers());
            return Err(ask.refused(format!("answered {what} instead of JSON")));
        }
        let body = whole(ask, response).await?;
        serde_json::from_slice(&body).map_err(|error| {
            let problem = shown(&error.to_string());
            ask.refused(format!("answered JSON of another shape: {problem}"))
        })
    }

    /// Sends a question in one attempt and gives the answer if it is a success.
    ///
    /// # Errors
    /// Unsent if nothing left this machine; busy for 429 and 503; lost for a broken connection and
    /// for 500, 502 and 504, which may pass; refused for everything else.
    pub(crate) async fn send(&self, ask: &Ask) -> Result<Response, Fault> {
        let url = ask.request.url();
        address::check(url)
            .map_err(|reason| Fault::unsent(format!("{} is not asked: {reason}", ask.whom)))?;
        let client = self.clients.of(url)?;
        let request = ask.request.try_clone();
        let request = request.ok_or_else(|| ask.refused("cannot be asked twice".to_owned()))?;
        let answer = client.execute(request).await;
        let response = answer.map_err(|error| broken(ask, &error))?;
        if response.status().is_success() {
            return Ok(response);
        }
        Err(refusal(ask, response, self.clock.now()).await)
    }
}

impl Ask {
    fn refused(&self, what: String) -> Fault {
        Fault::refused(format!("{} {what}", self.whom))
    }
}

/// Whether the same question may get another answer.
fn may_pass(fault: &Fault) -> bool {
    match fault.kind {
        FaultKind::Unsent | FaultKind::Busy { .. } | FaultKind::Lost => true,
        FaultKind::Refused | FaultKind::Unsupported | FaultKind::Conflict => false,
    }
}

/// How long the other side asked to be left alone.
fn asked_for(fault: &Fault) -> Duration {
    match fault.kind {
        FaultKind::Busy { after } => after.unwrap_or_default().as_duration(),
        FaultKind::Unsent
        | FaultKind::Refused
        | FaultKind::Lost
        | FaultKind::Unsupported
        | FaultKind::Conflict => Duration::ZERO,
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = kind_of(headers).to_ascii_lowercase();
    let essence = kind.split(';').next().unwrap_or_default().trim().to_owned();
    essence.starts_with("application/") && (essence.ends_with("json") || essence.contains("json-"))
}

fn kind_of(headers: &HeaderMap) -> String {
    let named = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    named.map_or_else(|| "something without a content type".to_owned(), shown)
}

async fn whole(ask: &Ask, mut response: Response) -> Result<Vec<u8>, Fault> {
    let too_long = || {
        let most = LONGEST / (1024 * 1024);
        ask.refused(format!("answered more than {most} MiB"))
    };
    if response.content_length().is_some_and(is_too_long) {
        return Err(too_long());
    }
    let mut body = Vec::new();
    while let Some(chunk) = response
        .chunk()
        .await
        .map_err(|error| broken(ask, &error))?
    {
        if body.len() + chunk.len() > LONGEST {
            return Err(too_long());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn is_too_long(length: u64) -> bool {
    usize::try_from(length).map_or(true, |length| length > LONGEST)
}

async fn refusal(ask: &Ask, response: Response, now: Timestamp) -> Fault {
    let status = response.status();
    let mut after = retry_after(response.headers(), now);
    let advice = if status.is_redirection() {
        "redirects are not followed, put the final address into the release file".to_owned()
    } else {
        let body = beginning(response).await;
        after = after.or_else(|| told_in(&body));
        match shown(&String::from_utf8_lossy(&body)).as_str() {
            "" => "nothing more".to_owned(),
            words if repeats(ask, words) => {
                "its answer repeats a secret and is not shown".to_owned()
            }
            words => words.to_owned(),
        }
    };
    let sentence = format!("{} answered {status}: {advice}", ask.whom);
    match status {
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
            Fault::new(FaultKind::Busy { after }, sentence)
        }
        StatusCode::INTERNAL_SERVER_ERROR
        | StatusCode::BAD_GATEWAY
        | StatusCode::GATEWAY_TIMEOUT => Fault::lost(sentence),
        _other => Fault::refused(sentence),
    }
}

/// Whether an answer repeats what was sent and may be secret: a header that is no usual one, a
/// body, and an address that holds a secret.
fn repeats(ask: &Ask, words: &str) -> bool {
    let url = ask.request.url();
    let headers = ask.request.headers().iter();
    let own = headers.filter(|(name, _)| **name != ACCEPT && **name != CONTENT_TYPE);
    let mut sent: Vec<String> = own
        .map(|(_, value)| String::from_utf8_lossy(value.as_bytes()).into_owned())
        .map(|value| value.trim_start_matches("Bearer ").to_owned())
        .collect();
    if ask.whom.contains("${secret:") {
        sent.extend([url.path(), url.query().unwrap_or_default()].map(str::to_owned));
    }
    let body = ask.request.body().and_then(reqwest::Body::as_bytes);
    sent.extend(body.map(|bytes| String::from_utf8_lossy(bytes).into_owned()));
    let plain = |text: &String| {
        let bytes = percent_encoding::percent_decode_str(text);
        bytes.decode_utf8_lossy().into_owned()
    };
    let decoded: Vec<String> = sent.iter().map(plain).collect();
    let sent: Vec<Secret<String>> = sent.into_iter().chain(decoded).map(Secret::new).collect();
    leak::holds(words, &sent)
}

/// Reads how long to wait: seconds, of which some products give parts, or a date.
fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Span> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse::<f64>() {
        return (seconds >= 0.0)
            .then(|| Span::from_millis((seconds.min(1e9) * 1000.0).ceil() as u64));
    }
    let until: Timestamp = httpdate::parse_http_date(text).ok()?.into();
    let left = until.signed_duration_since(now).num_milliseconds();
    // A date that is over asks for nothing.
    Some(Span::from_millis(u64::try_from(left).unwrap_or_default()))
}

/// Reads how long to wait from the answer itself, where Matrix says it.
fn told_in(body: &[u8]) -> Option<Span> {
    let answer: serde_json::Value = serde_json::from_slice(body).ok()?;
    answer["retry_after_ms"].as_u64().map(Span::from_millis)
}

async fn beginning(mut response: Response) -> Vec<u8> {
    let mut body = Vec::new();
    while let Ok(Some(chunk)) = response.chunk().await {
        let room = LONGEST_REFUSAL.saturating_sub(body.len());
        body.extend(chunk.iter().take(room));
        if body.len() >= LONGEST_REFUSAL {
            break;
        }
    }
    body
}

fn broken(ask: &Ask, error: &reqwest::Error) -> Fault {
    let (whom, cause) = (&ask.whom, cause(error));
    if error.is_connect() || error.is_builder() {
        Fault::unsent(format!("{whom} cannot be reached: {cause}"))
    } else {
        Fault::lost(format!("the answer of {whom} was lost: {cause}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_is_read_as_products_say_it() {
        let now: Timestamp = "2026-12-01T20:00:00Z".parse().unwrap();
        let told = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, text.parse().unwrap());
            retry_after(&headers, now)
        };
        assert_eq!(told("2"), Some(Span::from_secs(2)));
        assert_eq!(told("0.25"), Some(Span::from_millis(250)));
        assert_eq!(
            told("Tue, 01 Dec 2026 20:01:30 GMT"),
            Some(Span::from_secs(90))
        );
        assert_eq!(told("Tue, 01 Dec 2026 19:59:00 GMT"), Some(Span::ZERO));
        assert_eq!(told("soon"), None);
        assert_eq!(
            told_in(br#"{"retry_after_ms":1500}"#),
            Some(Span::from_millis(1500))
        );
        assert_eq!(told_in(b"slow down"), None);
    }
}

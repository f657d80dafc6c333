//! HTTP calls as tasks.

use std::sync::{Arc, OnceLock};

use gantry_model::{release::task::HttpCall, secret::Secret, unit::Span};
use gantry_port::{
    clock::Clock,
    fault::{Fault, FaultKind},
    ports::Call,
    secret::Secrets,
};
use reqwest::{
    Method, Request, Response, StatusCode, Url,
    header::{HeaderMap, HeaderName, HeaderValue, RETRY_AFTER},
};

use crate::{
    http::{
        address,
        client::{Clients, cause},
    },
    secret::resolve,
};

/// Makes calls, each once; what came back decides what is known of its effect.
pub struct HttpCalls {
    secrets: Arc<dyn Secrets>,
    clock: Arc<dyn Clock>,
    clients: OnceLock<Clients>,
}

impl HttpCalls {
    /// Builds the adapter; connections are made call by call.
    pub fn new(secrets: Arc<dyn Secrets>, clock: Arc<dyn Clock>) -> Self {
        Self {
            secrets,
            clock,
            clients: OnceLock::new(),
        }
    }

    /// Makes the call with the key in `Idempotency-Key`, and gives the status of the answer.
    ///
    /// The answer's body is not read: nobody needs it, and it may be endless. Redirects are
    /// answers like others, so neither key nor secrets ever reach another host.
    ///
    /// # Errors
    /// Unsent if nothing left this machine but the attempt to connect; busy for 429 and 503;
    /// lost for no answer in time, a connection that broke, and 502 and 504, by which a gateway
    /// says that it does not know either; refused for every other answer that is not success.
    pub async fn call(&self, call: &Call, asked: &HttpCall) -> Result<u16, Fault> {
        let request = self.request(call, asked).await?;
        let remaining = call.deadline - self.clock.now();
        let Some(patience) = u64::try_from(remaining.num_milliseconds())
            .ok()
            .filter(|millis| *millis > 0)
        else {
            return Err(Fault::unsent(format!(
                "{} was not called: its time was over before it began",
                shown(asked)
            )));
        };
        let client = self
            .clients
            .get_or_init(Clients::default)
            .of(request.url())?;
        tokio::select! {
            answer = client.execute(request) => match answer {
                Ok(response) => self.judge(asked, &response),
                Err(error) => Err(broken(asked, &error)),
            },
            () = self.clock.wait(Span::from_millis(patience)) => Err(Fault::lost(format!(
                "{} gave no answer in time", shown(asked)
            ))),
        }
    }

    async fn request(&self, call: &Call, asked: &HttpCall) -> Result<Request, Fault> {
        let unsent = |what: &str| Fault::unsent(format!("{}: {what}", shown(asked)));
        let method = Method::from_bytes(asked.method.as_bytes())
            .map_err(|_| unsent("this is not a method"))?;
        let url: Url = resolve(self.secrets.as_ref(), &asked.url)
            .await?
            .expose()
            .parse()
            .map_err(|_| unsent("this is not an address"))?;
        address::check(&url).map_err(|reason| unsent(&reason))?;
        let mut request = Request::new(method, url);
        for (name, text) in &asked.headers {
            let value = resolve(self.secrets.as_ref(), text).await?;
            let (name, value) = header(name, &value)
                .ok_or_else(|| unsent(&format!("`{name}` is not a header that can be sent")))?;
            request.headers_mut().insert(name, value);
        }
        let key = HeaderValue::from_str(call.key.as_str())
            .map_err(|_| unsent("the key does not fit into a header"))?;
        request.headers_mut().insert("idempotency-key", key);
        if let Some(body) = &asked.body {
            *request.body_mut() = Some(
                resolve(self.secrets.as_ref(), body)
                    .await?
                    .expose()
                    .clone()
                    .into(),
            );
        }
        Ok(request)
    }

    fn judge(&self, asked: &HttpCall, response: &Response) -> Result<u16, Fault> {
        let status = response.status();
        let expected = match asked.status {
            Some(expected) => status.as_u16() == expected,
            None => status.is_success(),
        };
        if expected {
            return Ok(status.as_u16());
        }
        let sentence = sentence(asked, response);
        Err(match status {
            StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => Fault::new(
                FaultKind::Busy {
                    after: self.retry_after(response.headers()),
                },
                sentence,
            ),
            StatusCode::BAD_GATEWAY | StatusCode::GATEWAY_TIMEOUT => Fault::lost(sentence),
            _other => Fault::refused(sentence),
        })
    }

    /// Reads seconds or a date.
    fn retry_after(&self, headers: &HeaderMap) -> Option<Span> {
        let text = headers.get(RETRY_AFTER)?.to_str().ok()?;
        if let Ok(seconds) = text.parse() {
            return Some(Span::from_secs(seconds));
        }
        let at = chrono::DateTime::parse_from_rfc2822(text).ok()?;
        let remaining = at.to_utc() - self.clock.now();
        Some(Span::from_millis(
            u64::try_from(remaining.num_milliseconds()).unwrap_or(0),
        ))
    }
}

/// Gives what was asked, with its secrets unresolved.
fn shown(asked: &HttpCall) -> String {
    format!("{} {}", asked.method, asked.url.as_str())
}

fn header(name: &str, value: &Secret<String>) -> Option<(HeaderName, HeaderValue)> {
    let name = name.parse().ok()?;
    let mut value = HeaderValue::from_str(value.expose()).ok()?;
    value.set_sensitive(true);
    Some((name, value))
}

fn sentence(asked: &HttpCall, response: &Response) -> String {
    let status = response.status();
    let asked_for = asked
        .status
        .map(|status| format!(" instead of {status}"))
        .unwrap_or_default();
    let advice = if status.is_redirection() {
        "; redirects are not followed, put the final address into the release file"
    } else {
        ""
    };
    format!("{} answered {status}{asked_for}{advice}", shown(asked))
}

/// The error's own text is used without its address, which holds resolved secrets.
fn broken(asked: &HttpCall, error: &reqwest::Error) -> Fault {
    let cause = cause(error);
    let asked = shown(asked);
    if error.is_connect() || error.is_builder() {
        Fault::unsent(format!("{asked} could not be sent: {cause}"))
    } else {
        Fault::lost(format!("{asked} was sent and its answer was lost: {cause}"))
    }
}

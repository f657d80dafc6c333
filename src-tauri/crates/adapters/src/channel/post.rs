//! Posting a message as JSON, in one attempt: whoever sends decides when to try again.

use std::sync::Arc;

use gantry_model::{
    secret::{Secret, SecretReference, SecretText},
    unit::Span,
};
use gantry_port::{clock::Clock, fault::Fault, secret::Secrets};
use reqwest::{
    Body, Method, Request, Url,
    header::{AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue},
};
use serde_json::Value;

use super::leak;
use crate::{
    http::reading::{Ask, Reader},
    secret::resolve,
    wording::shown,
};

/// How much of an answer is read, in bytes.
const LONGEST_ANSWER: usize = 64 * 1024;
/// What is shorter in an address is a word like `services`, `api` or `v2`.
const SHORTEST_SECRET: usize = 10;

/// Posts to one product.
pub(crate) struct Poster {
    product: &'static str,
    secrets: Arc<dyn Secrets>,
    reader: Reader,
}

/// One call, ready to be sent.
pub(crate) struct Letter {
    request: Request,
    whom: String,
    /// What its answer may not show.
    secrets: Vec<Secret<String>>,
}

impl Poster {
    /// Prepares a poster; nothing is reached or resolved yet.
    pub(crate) fn new(
        product: &'static str,
        secrets: Arc<dyn Secrets>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            product,
            secrets,
            reader: Reader::new(clock),
        }
    }

    /// Gives time.
    pub(crate) fn clock(&self) -> &dyn Clock {
        self.reader.clock()
    }

    /// Gives the value of a text with references.
    ///
    /// # Errors
    /// Unsent where a secret is missing.
    pub(crate) async fn resolve(&self, text: &SecretText) -> Result<Secret<String>, Fault> {
        resolve(self.secrets.as_ref(), text).await
    }

    /// Begins a call to an address that stands in a file, with its secrets unresolved in words.
    ///
    /// # Errors
    /// Unsent where a secret is missing or it is no address.
    pub(crate) async fn letter(&self, method: Method, at: &SecretText) -> Result<Letter, Fault> {
        let whom = format!("{} at {}", self.product, place(at.as_str()));
        let resolved = self.resolve(at).await?;
        let parsed = resolved.expose().parse();
        let url: Url =
            parsed.map_err(|_| Fault::refused(format!("{whom}: this is not an address")))?;
        let mut secrets: Vec<Secret<String>> = hidden(&url).map(Secret::new).collect();
        for name in at.names() {
            // It was there a moment ago, when the address was resolved.
            secrets.extend(self.secrets.get(name).await);
        }
        Ok(Letter {
            request: Request::new(method, url),
            whom,
            secrets,
        })
    }

    /// Sends a call and gives the answer as JSON; an answer that is no JSON is null.
    ///
    /// # Errors
    /// As [`Reader::send`]; lost when the time is over.
    pub(crate) async fn send(&self, letter: Letter, timeout: Span) -> Result<Value, Fault> {
        let ask = Ask {
            whom: letter.whom,
            request: letter.request,
        };
        let (whom, secrets) = (ask.whom.clone(), letter.secrets);
        let work = async {
            let mut response = self.reader.send(&ask).await?;
            let mut body = Vec::new();
            // An answer that breaks off after a success is still one.
            while let Ok(Some(chunk)) = response.chunk().await {
                let room = LONGEST_ANSWER.saturating_sub(body.len());
                body.extend(chunk.iter().take(room));
                if room == 0 {
                    break;
                }
            }
            Ok(serde_json::from_slice(&body).unwrap_or(Value::Null))
        };
        let sent = self.reader.within(timeout, &whom, work).await;
        sent.map_err(|fault| match leak::holds(&fault.message, &secrets) {
            true => Fault {
                message: format!("{whom} refuses; its answer repeats a secret and is not shown"),
                ..fault
            },
            false => fault,
        })
    }

    /// Says that a product took the call and said no.
    pub(crate) fn refused(&self, words: &str) -> Fault {
        Fault::refused(format!("{} refuses: {}", self.product, shown(words)))
    }
}

impl Letter {
    /// Remembers a secret that it carries, so that no answer shows it.
    #[must_use]
    pub(crate) fn holding(mut self, secret: Secret<String>) -> Self {
        self.secrets.push(secret);
        self
    }

    /// Gives the address, to put segments and pairs behind it.
    pub(crate) fn url(&mut self) -> &mut Url {
        self.request.url_mut()
    }

    /// Puts segments behind the address; each is percent-encoded.
    #[must_use]
    pub(crate) fn at(mut self, path: &[&str]) -> Self {
        if let Ok(mut segments) = self.request.url_mut().path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        self
    }

    /// Carries JSON.
    #[must_use]
    pub(crate) fn json(self, body: &Value) -> Self {
        self.bytes(body.to_string())
    }

    /// Carries a text that is JSON.
    #[must_use]
    pub(crate) fn bytes(mut self, body: String) -> Self {
        let json = HeaderValue::from_static("application/json");
        self.request.headers_mut().insert(CONTENT_TYPE, json);
        *self.request.body_mut() = Some(Body::from(body));
        self
    }

    /// Carries a header that is no secret.
    ///
    /// # Errors
    /// Refused where the value cannot stand in a header.
    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Result<Self, Fault> {
        let value = HeaderValue::from_str(value).map_err(|_| self.unfit(name))?;
        let name = HeaderName::from_static(name);
        self.request.headers_mut().insert(name, value);
        Ok(self)
    }

    /// Carries a key in `Authorization`.
    ///
    /// # Errors
    /// Unsent where the secret is missing, refused where it cannot stand in a header.
    pub(crate) async fn authorized(
        mut self,
        poster: &Poster,
        scheme: &str,
        token: &SecretReference,
    ) -> Result<Self, Fault> {
        let token = poster.resolve(token.text()).await?;
        let value = HeaderValue::from_str(&format!("{scheme} {}", token.expose()));
        let mut value = value.map_err(|_| self.unfit(AUTHORIZATION.as_str()))?;
        value.set_sensitive(true);
        self.request.headers_mut().insert(AUTHORIZATION, value);
        Ok(self.holding(token))
    }

    fn unfit(&self, name: &str) -> Fault {
        Fault::refused(format!("{}: `{name}` cannot be sent", self.whom))
    }
}

/// Says where an address leads without what stands behind the host: that alone lets somebody write.
fn place(address: &str) -> String {
    let Some((scheme, rest)) = address.split_once("://") else {
        return address.to_owned();
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = host.rsplit('@').next().unwrap_or_default();
    format!("{scheme}://{host}")
}

/// Gives the parts of an address that let somebody write there.
fn hidden(url: &Url) -> impl Iterator<Item = String> {
    let behind = url.path().split('/').chain(url.query());
    let named = behind.chain(url.password());
    let telling = named.filter(|part| part.len() >= SHORTEST_SECRET);
    telling.map(str::to_owned).collect::<Vec<_>>().into_iter()
}

/// Cuts a text to so many characters, with a sign that it was cut.
pub(crate) fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{kept}…")
}

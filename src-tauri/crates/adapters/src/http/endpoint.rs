//! Where a product listens and as whom it is spoken to.

use std::{collections::BTreeMap, sync::Arc};

use base64::{Engine, prelude::BASE64_STANDARD};
use gantry_model::secret::{Secret, SecretReference, SecretText};
use gantry_port::{fault::Fault, secret::Secrets};
use reqwest::{
    Method, Request, Url,
    header::{ACCEPT, AUTHORIZATION, HeaderName, HeaderValue},
};

use crate::secret::resolve;

/// A base address with what goes along with every request to it.
pub(crate) struct Endpoint {
    product: &'static str,
    url: SecretText,
    headers: BTreeMap<String, SecretText>,
    token: Option<SecretReference>,
    secrets: Arc<dyn Secrets>,
}

impl Endpoint {
    /// Says where a product is; nothing is reached or resolved yet.
    pub(crate) fn new(product: &'static str, url: SecretText, secrets: Arc<dyn Secrets>) -> Self {
        Self {
            product,
            url,
            headers: BTreeMap::new(),
            token: None,
            secrets,
        }
    }

    /// Sends these headers along.
    pub(crate) fn with_headers(mut self, headers: BTreeMap<String, SecretText>) -> Self {
        self.headers.extend(headers);
        self
    }

    /// Sends this token along, as bearer.
    pub(crate) fn with_token(mut self, token: Option<SecretReference>) -> Self {
        self.token = token;
        self
    }

    /// Names it in a sentence, with its secrets unresolved.
    pub(crate) fn whom(&self) -> String {
        format!("{} at {}", self.product, self.url.as_str())
    }

    /// Builds a request to a place behind the base address; each segment is percent-encoded.
    ///
    /// # Errors
    /// Unsent where a secret is missing or something cannot stand in a request.
    pub(crate) async fn request(&self, method: Method, path: &[&str]) -> Result<Request, Fault> {
        let mut url = self.base().await?;
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        self.to(method, url).await
    }

    /// Builds a request to this very address.
    ///
    /// # Errors
    /// As [`Self::request`].
    pub(crate) async fn to(&self, method: Method, mut url: Url) -> Result<Request, Fault> {
        let basic = credentials(&mut url);
        let mut request = Request::new(method, url);
        let headers = request.headers_mut();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        if let Some(value) = basic {
            headers.insert(AUTHORIZATION, self.header(AUTHORIZATION.as_str(), &value)?);
        }
        if let Some(token) = &self.token {
            let token = resolve(self.secrets.as_ref(), token.text()).await?;
            let bearer = Secret::new(format!("Bearer {}", token.expose()));
            headers.insert(AUTHORIZATION, self.header(AUTHORIZATION.as_str(), &bearer)?);
        }
        for (name, text) in &self.headers {
            let value = self.header(name, &resolve(self.secrets.as_ref(), text).await?)?;
            let name: HeaderName = name.parse().map_err(|_| self.unfit(name))?;
            headers.insert(name, value);
        }
        Ok(request)
    }

    async fn base(&self) -> Result<Url, Fault> {
        let url = resolve(self.secrets.as_ref(), &self.url).await?;
        url.expose()
            .parse()
            .map_err(|_| Fault::unsent(format!("{}: this is not an address", self.whom())))
    }

    fn header(&self, name: &str, value: &Secret<String>) -> Result<HeaderValue, Fault> {
        let mut value = HeaderValue::from_str(value.expose()).map_err(|_| self.unfit(name))?;
        value.set_sensitive(true);
        Ok(value)
    }

    fn unfit(&self, name: &str) -> Fault {
        let whom = self.whom();
        Fault::unsent(format!("{whom}: `{name}` is not a header that can be sent"))
    }
}

/// Gives the base address that a file names, or else the product's own.
///
/// # Errors
/// Never for a usual address that is one.
pub(crate) fn base_or(named: Option<&SecretText>, usual: &str) -> Result<SecretText, Fault> {
    match named {
        Some(named) => Ok(named.clone()),
        None => usual.parse().map_err(|_| Fault::refused(usual)),
    }
}

/// Takes user and password out of an address, where they would be seen, and makes a header of them.
fn credentials(url: &mut Url) -> Option<Secret<String>> {
    if url.username().is_empty() && url.password().is_none() {
        return None;
    }
    let plain = |text: &str| percent_encoding::percent_decode_str(text).collect::<Vec<u8>>();
    let mut pair = plain(url.username());
    pair.push(b':');
    pair.extend(plain(url.password().unwrap_or_default()));
    // An address with credentials has a host, so neither can fail.
    let _infallible = url.set_username("");
    let _infallible = url.set_password(None);
    Some(Secret::new(format!(
        "Basic {}",
        BASE64_STANDARD.encode(pair)
    )))
}

//! Signing requests with an access key.

use std::{sync::Arc, time::SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::{
    http_request::{SignableBody, SignableRequest, SigningSettings, sign},
    sign::v4,
};
use gantry_model::{
    release::connection,
    secret::{Secret, SecretReference},
    time::Timestamp,
};
use gantry_port::{fault::Fault, secret::Secrets};
use reqwest::{
    Request,
    header::{CONTENT_TYPE, HeaderName, HeaderValue},
};

use crate::secret::resolve;

const SERVICE: &str = "monitoring";
const JSON: &str = "application/x-amz-json-1.0";

/// Signs requests; the key is resolved anew for each.
pub(super) struct Signer {
    region: String,
    id: SecretReference,
    key: SecretReference,
    session: Option<SecretReference>,
    secrets: Arc<dyn Secrets>,
}

impl Signer {
    pub(super) fn new(settings: &connection::CloudWatch, secrets: Arc<dyn Secrets>) -> Self {
        Self {
            region: settings.region.clone(),
            id: settings.access_key_id.clone(),
            key: settings.secret_access_key.clone(),
            session: settings.session_token.clone(),
            secrets,
        }
    }

    /// Completes a request by target, body and signature.
    ///
    /// # Errors
    /// Unsent where a secret is missing or the request cannot be signed.
    pub(super) async fn sign(
        &self,
        request: &mut Request,
        target: &str,
        body: String,
        now: Timestamp,
    ) -> Result<(), Fault> {
        let (id, key) = (self.value(&self.id).await?, self.value(&self.key).await?);
        let session = match &self.session {
            Some(token) => Some(self.value(token).await?.expose().clone()),
            None => None,
        };
        let credentials = Credentials::new(id.expose(), key.expose(), session, None, "gantry");
        let headers = [("content-type", JSON), ("x-amz-target", target)];
        let signed = self.headers(request, (&headers, &body), &credentials, now)?;
        let wanted = request.headers_mut();
        wanted.insert(CONTENT_TYPE, HeaderValue::from_static(JSON));
        insert(wanted, "x-amz-target", target)?;
        for (name, value) in signed {
            insert(wanted, &name, &value)?;
        }
        *request.body_mut() = Some(body.into());
        Ok(())
    }

    fn headers(
        &self,
        request: &Request,
        (headers, body): (&[(&str, &str)], &str),
        credentials: &Credentials,
        now: Timestamp,
    ) -> Result<Vec<(String, String)>, Fault> {
        let identity = credentials.clone().into();
        let parameters = v4::SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name(SERVICE)
            .time(SystemTime::from(now))
            .settings(SigningSettings::default())
            .build()
            .map_err(unsigned)?
            .into();
        let (method, url) = (request.method().as_str(), request.url().as_str());
        let body = SignableBody::Bytes(body.as_bytes());
        let signable =
            SignableRequest::new(method, url, headers.iter().copied(), body).map_err(unsigned)?;
        let (instructions, _signature) =
            sign(signable, &parameters).map_err(unsigned)?.into_parts();
        let signed = instructions.headers();
        Ok(signed
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect())
    }

    async fn value(&self, reference: &SecretReference) -> Result<Secret<String>, Fault> {
        resolve(self.secrets.as_ref(), reference.text()).await
    }
}

fn insert(headers: &mut reqwest::header::HeaderMap, name: &str, value: &str) -> Result<(), Fault> {
    let (Ok(name), Ok(mut value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(value))
    else {
        return Err(Fault::unsent(format!(
            "`{name}` is not a header that can be sent"
        )));
    };
    value.set_sensitive(true);
    headers.insert(name, value);
    Ok(())
}

fn unsigned(error: impl std::error::Error) -> Fault {
    Fault::unsent(format!("a request to CloudWatch cannot be signed: {error}"))
}

//! The Alertmanager of Prometheus, by version 2 of its API.

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use gantry_model::{release::connection, unit::Span};
use gantry_port::{
    alerts::{Alert, Alerts, Silence},
    clock::Clock,
    fault::{Fault, FaultKind},
    secret::Secrets,
};
use reqwest::{
    Method,
    header::{CONTENT_TYPE, HeaderValue},
};

use self::wire::{Firing, Kept, Known, Postable, Status};
use crate::{
    http::{
        endpoint::Endpoint,
        reading::{Ask, Reader},
    },
    wording::shown,
};

mod wire;

/// An Alertmanager.
pub struct Alertmanager {
    endpoint: Endpoint,
    reader: Reader,
}

impl Alertmanager {
    /// Builds the adapter; nothing is reached yet.
    pub fn new(
        settings: &connection::Alertmanager,
        secrets: Arc<dyn Secrets>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            endpoint: Endpoint::new("Alertmanager", settings.url.clone(), secrets)
                .with_token(settings.token.clone())
                .with_headers(settings.headers.clone()),
            reader: Reader::new(clock),
        }
    }

    /// Asks for its version.
    ///
    /// # Errors
    /// What kept it from answering.
    pub async fn greet(&self, timeout: Span) -> Result<String, Fault> {
        let whom = self.endpoint.whom();
        let greeting = async {
            let ask = self.ask(Method::GET, &["status"]).await?;
            let status: Status = self.reader.read(&ask).await?;
            let version = shown(&status.version_info.version);
            Ok(format!("{whom} answers, version {version}"))
        };
        self.reader.within(timeout, &whom, greeting).await
    }

    async fn alerts(&self, labels: &BTreeMap<String, String>) -> Result<Vec<Alert>, Fault> {
        let mut ask = self.ask(Method::GET, &["alerts"]).await?;
        for (name, value) in labels {
            check_name(name)?;
            let matcher = format!("{name}=\"{}\"", wire::quoted(value));
            let mut query = ask.request.url_mut().query_pairs_mut();
            query.append_pair("filter", &matcher);
        }
        // The question says nothing of silenced ones, which are then listed too.
        let firing: Vec<Firing> = self.reader.read(&ask).await?;
        let silences = match firing.iter().any(Firing::is_silenced) {
            true => self.silences().await?,
            false => Vec::new(),
        };
        let told = firing.into_iter().map(|alert| alert.told(&silences));
        let mut alerts: Vec<Alert> = told.collect();
        // What is a trigger must not hang on how another program reads a matcher.
        alerts.retain(|alert| {
            let carries = |(name, value)| alert.labels.get(name) == Some(value);
            labels.iter().all(carries)
        });
        Ok(alerts)
    }

    /// Finds the silence of this comment that is or will be in force.
    async fn find(&self, comment: &str) -> Result<Option<String>, Fault> {
        let all = self.silences().await?;
        let mut same = all.into_iter().filter(|known| known.comment == comment);
        Ok(same.find(Known::is_in_force).map(|known| known.id))
    }

    /// Lists the silences, those that are over too.
    async fn silences(&self) -> Result<Vec<Known>, Fault> {
        let ask = self.ask(Method::GET, &["silences"]).await?;
        self.reader.read(&ask).await
    }

    async fn set(&self, silence: &Silence) -> Result<String, Fault> {
        if silence.labels.is_empty() {
            let sentence = "a silence without labels would silence everything, and is not set";
            return Err(Fault::new(FaultKind::Unsupported, sentence));
        }
        for name in silence.labels.keys() {
            check_name(name)?;
        }
        if let Some(id) = self.find(&silence.comment).await? {
            return Ok(id);
        }
        let mut ask = self.ask(Method::POST, &["silences"]).await?;
        let body = serde_json::to_vec(&Postable::from(silence))
            .map_err(|error| Fault::unsent(format!("a silence cannot be written: {error}")))?;
        *ask.request.body_mut() = Some(body.into());
        let json = HeaderValue::from_static("application/json");
        ask.request.headers_mut().insert(CONTENT_TYPE, json);
        // Once only: a second one would be another silence, and whoever asks again finds this one.
        let kept: Kept = self.reader.read_once(&ask).await?;
        Ok(kept.id)
    }

    async fn end(&self, id: &str) -> Result<(), Fault> {
        if id.is_empty() || matches!(id, "." | "..") {
            return Ok(());
        }
        let ask = self.ask(Method::DELETE, &["silence", id]).await?;
        match self.reader.send(&ask).await {
            Ok(_gone) => Ok(()),
            Err(fault) => match self.is_in_force(id).await {
                Ok(false) => Ok(()),
                // What became of the call is said by the call and not by the look.
                Ok(true) | Err(_) => Err(fault),
            },
        }
    }

    async fn is_in_force(&self, id: &str) -> Result<bool, Fault> {
        let all = self.silences().await?;
        Ok(all
            .iter()
            .any(|known| known.id == id && known.is_in_force()))
    }

    async fn ask(&self, method: Method, path: &[&str]) -> Result<Ask, Fault> {
        let path = [["api", "v2"].as_slice(), path].concat();
        Ask::behind(&self.endpoint, method, &path).await
    }
}

#[async_trait]
impl Alerts for Alertmanager {
    async fn firing(
        &self,
        labels: &BTreeMap<String, String>,
        timeout: Span,
    ) -> Result<Vec<Alert>, Fault> {
        let whom = self.endpoint.whom();
        let reading = self.alerts(labels);
        self.reader.within(timeout, &whom, reading).await
    }

    async fn silence(&self, silence: &Silence, timeout: Span) -> Result<String, Fault> {
        let whom = self.endpoint.whom();
        let setting = self.set(silence);
        self.reader.within(timeout, &whom, setting).await
    }

    async fn unsilence(&self, id: &str, timeout: Span) -> Result<(), Fault> {
        let whom = self.endpoint.whom();
        let ending = self.end(id);
        self.reader.within(timeout, &whom, ending).await
    }
}

fn check_name(name: &str) -> Result<(), Fault> {
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if !name.is_empty() && name.chars().all(fits) && !name.starts_with(|c: char| c.is_ascii_digit())
    {
        return Ok(());
    }
    let sentence = format!("`{}` is not the name of a label", name.escape_debug());
    Err(Fault::new(FaultKind::Unsupported, sentence))
}

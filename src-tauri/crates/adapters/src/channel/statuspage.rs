//! Statuspage: one incident for each run, updated until it is over.

use std::sync::Arc;

use async_trait::async_trait;
use gantry_model::{
    release::connection::channel::StatusPage as Settings, secret::SecretText, unit::Span,
};
use gantry_port::{
    channel::{Channel, Message, Receipt, Repeats, Tone},
    clock::Clock,
    fault::Fault,
    secret::Secrets,
};
use reqwest::Method;
use serde_json::{Value, json};

use super::post::{Letter, Poster};
use crate::http::endpoint::base_or;

const API: &str = "https://api.statuspage.io";

/// Writes a page of Statuspage.
pub struct StatusPage {
    settings: Settings,
    api: SecretText,
    poster: Poster,
}

impl StatusPage {
    /// Builds the channel; nothing is reached yet.
    ///
    /// # Errors
    /// Never for settings that were read from a file.
    pub fn new(
        settings: &Settings,
        secrets: Arc<dyn Secrets>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, Fault> {
        Ok(Self {
            api: base_or(settings.url.as_ref(), API)?,
            settings: settings.clone(),
            poster: Poster::new("statuspage", secrets, clock),
        })
    }

    async fn letter(&self, method: Method, behind: &[&str]) -> Result<Letter, Fault> {
        let letter = self.poster.letter(method, &self.api).await?;
        let letter = letter.at(&["v1", "pages", &self.settings.page]).at(behind);
        let token = &self.settings.token;
        letter.authorized(&self.poster, "OAuth", token).await
    }

    /// Looks before it acts: an answer that was lost may have made the incident already.
    async fn find(&self, message: &Message, timeout: Span) -> Result<Option<String>, Fault> {
        let letter = self
            .letter(Method::GET, &["incidents", "unresolved"])
            .await?;
        let incidents = self.poster.send(letter, timeout).await?;
        let ours = |incident: &&Value| {
            incident["metadata"]["gantry"]["subject"].as_str() == Some(&message.subject)
        };
        let incidents = incidents.as_array();
        let found = incidents.and_then(|all| all.iter().find(ours));
        Ok(found.and_then(|incident| incident["id"].as_str().map(str::to_owned)))
    }
}

#[async_trait]
impl Channel for StatusPage {
    /// No run gets two incidents; an update that comes twice is shown twice.
    fn repeats(&self) -> Repeats {
        Repeats::Seen
    }

    async fn send(&self, message: &Message, timeout: Span) -> Result<Receipt, Fault> {
        let known = match &message.thread {
            Some(incident) => Some(incident.clone()),
            None => self.find(message, timeout).await?,
        };
        let letter = match &known {
            Some(incident) => self.letter(Method::PATCH, &["incidents", incident]).await?,
            None => self.letter(Method::POST, &["incidents"]).await?,
        };
        let letter = letter.json(&incident(message));
        let answer = self.poster.send(letter, timeout).await?;
        let made = answer["id"].as_str().map(str::to_owned);
        Ok(Receipt {
            thread: known.or_else(|| made.clone()),
            reference: made,
        })
    }

    async fn greet(&self, timeout: Span) -> Result<String, Fault> {
        let letter = self.letter(Method::GET, &[]).await?;
        let page = self.poster.send(letter, timeout).await?;
        let name = page["name"].as_str().unwrap_or("a page without a name");
        Ok(format!(
            "statuspage answers: {}",
            crate::wording::shown(name)
        ))
    }
}

fn incident(message: &Message) -> Value {
    let status = match (message.event.as_str(), message.tone) {
        ("succeeded" | "rolled-back" | "cancelled", _) => "resolved",
        (_, Tone::Bad) => "identified",
        (_, Tone::Warning) => "investigating",
        (_, Tone::Good | Tone::Plain) => "monitoring",
    };
    let impact = match message.tone {
        Tone::Good | Tone::Plain => "none",
        Tone::Warning => "minor",
        Tone::Bad => "major",
    };
    json!({ "incident": {
        "name": message.title,
        "status": status,
        "impact_override": impact,
        "body": message.body,
        "metadata": { "gantry": { "subject": message.subject, "notice": message.key } },
    }})
}

//! PagerDuty: an incident for each run that is in trouble, change events for what goes well.
//!
//! Trouble triggers an event under the key of its first message, which PagerDuty folds with those
//! that follow into one incident; the end of the trouble resolves it. Everything else is a change event, which pages nobody.

use std::sync::Arc;

use async_trait::async_trait;
use gantry_model::{
    release::connection::channel::PagerDuty as Settings, secret::SecretText, unit::Span,
};
use gantry_port::{
    channel::{Channel, Message, Receipt, Repeats, Tone},
    clock::Clock,
    fault::Fault,
    secret::Secrets,
};
use reqwest::Method;
use serde_json::{Value, json};

use super::post::{Poster, cut};
use crate::http::endpoint::base_or;

const API: &str = "https://events.pagerduty.com";
/// The longest summary, in characters.
const LONGEST_SUMMARY: usize = 1024;

/// Tells PagerDuty.
pub struct PagerDuty {
    settings: Settings,
    api: SecretText,
    poster: Poster,
}

impl PagerDuty {
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
            poster: Poster::new("pagerduty", secrets, clock),
        })
    }
}

/// What PagerDuty is asked to do.
enum Deed {
    Trigger(&'static str),
    Resolve,
    Change,
}

impl Deed {
    fn of(message: &Message) -> Self {
        let over = ["succeeded", "rolled-back", "cancelled", "resumed"];
        let in_trouble = message.thread.is_some();
        match (message.tone, in_trouble) {
            (_, true) if over.contains(&message.event.as_str()) => Self::Resolve,
            (_, false) if over.contains(&message.event.as_str()) => Self::Change,
            (Tone::Bad, _) => Self::Trigger("critical"),
            (Tone::Warning, _) => Self::Trigger("warning"),
            (Tone::Good | Tone::Plain, _) => Self::Change,
        }
    }
}

#[async_trait]
impl Channel for PagerDuty {
    /// Alerts are told by their key; a change event that comes twice is shown twice.
    fn repeats(&self) -> Repeats {
        Repeats::Told
    }

    async fn send(&self, message: &Message, timeout: Span) -> Result<Receipt, Fault> {
        let deed = Deed::of(message);
        let incident = incident(message);
        let (path, body, thread) = match deed {
            Deed::Trigger(severity) => {
                let body = alert("trigger", &incident, Some(payload(message, severity)));
                (["v2", "enqueue"].as_slice(), body, Some(incident))
            }
            Deed::Resolve => (
                ["v2", "enqueue"].as_slice(),
                alert("resolve", &incident, None),
                None,
            ),
            Deed::Change => (
                ["v2", "change", "enqueue"].as_slice(),
                json!({ "payload": change(message) }),
                message.thread.clone(),
            ),
        };
        let key = self
            .poster
            .resolve(self.settings.routing_key.text())
            .await?;
        let mut body = body;
        body["routing_key"] = json!(key.expose());
        let letter = self.poster.letter(Method::POST, &self.api).await?;
        let letter = letter.holding(key).at(path).json(&body);
        let answer = self.poster.send(letter, timeout).await?;
        Ok(Receipt {
            thread,
            reference: answer["status"].as_str().map(str::to_owned),
        })
    }

    async fn greet(&self, _timeout: Span) -> Result<String, Fault> {
        self.poster
            .resolve(self.settings.routing_key.text())
            .await?;
        Ok("pagerduty: an integration key cannot be asked without telling somebody".to_owned())
    }
}

/// Names the incident: the one that the run has, or a new one under the key of this message.
///
/// A run's name alone would fold what two workspaces call by one name into one incident; the key
/// stays the same however often the message is sent.
fn incident(message: &Message) -> String {
    let new = || cut(&format!("{} {}", message.key, message.subject), 255);
    message.thread.clone().unwrap_or_else(new)
}

fn alert(action: &str, incident: &str, payload: Option<Value>) -> Value {
    let mut body = json!({ "event_action": action, "dedup_key": incident, "client": "Gantry" });
    if let Some(payload) = payload {
        body["payload"] = payload;
    }
    body
}

fn payload(message: &Message, severity: &str) -> Value {
    let mut payload = change(message);
    payload["severity"] = json!(severity);
    payload["component"] = json!(message.release);
    payload["group"] = json!(message.environment);
    payload["class"] = json!(message.event);
    payload
}

fn change(message: &Message) -> Value {
    json!({
        "summary": cut(&message.title, LONGEST_SUMMARY),
        "source": cut(&format!("gantry/{}/{}", message.environment, message.release), 255),
        "timestamp": message.at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true),
        "custom_details": { "text": message.body, "run": message.subject, "notice": message.key },
    })
}

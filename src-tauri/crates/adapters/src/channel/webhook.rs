//! Any program that takes a signed post.
//!
//! The signature covers time and body: `HMAC-SHA-256(secret, "{time}.{body}")`, in hexadecimal
//! after `sha256=`. A receiver refuses what is older than five minutes and what it has seen under
//! the same `Gantry-Notice` before.

use std::sync::Arc;

use async_trait::async_trait;
use gantry_model::{release::connection::channel::Webhook as Settings, unit::Span};
use gantry_port::{
    channel::{Channel, Message, Receipt, Repeats, Tone},
    clock::Clock,
    fault::Fault,
    secret::Secrets,
};
use reqwest::Method;
use ring::hmac;
use serde_json::json;

use super::post::Poster;

/// Posts to one address.
pub struct Webhook {
    settings: Settings,
    poster: Poster,
}

impl Webhook {
    /// Builds the channel; nothing is reached yet.
    pub fn new(settings: &Settings, secrets: Arc<dyn Secrets>, clock: Arc<dyn Clock>) -> Self {
        Self {
            settings: settings.clone(),
            poster: Poster::new("the webhook", secrets, clock),
        }
    }
}

#[async_trait]
impl Channel for Webhook {
    /// The key travels in `Gantry-Notice` and `Idempotency-Key`; a receiver that keeps it is not
    /// told twice.
    fn repeats(&self) -> Repeats {
        Repeats::Told
    }

    async fn send(&self, message: &Message, timeout: Span) -> Result<Receipt, Fault> {
        let body = body(message);
        let time = self.poster.clock().now().timestamp().to_string();
        let letter = self.poster.letter(Method::POST, &self.settings.webhook);
        let mut letter = letter
            .await?
            .header("gantry-notice", &message.key)?
            .header("idempotency-key", &message.key)?
            .header("gantry-time", &time)?;
        if let Some(secret) = &self.settings.secret {
            let secret = self.poster.resolve(secret.text()).await?;
            let signed = signature(secret.expose(), &time, &body);
            letter = letter.header("gantry-signature", &signed)?.holding(secret);
        }
        self.poster.send(letter.bytes(body), timeout).await?;
        Ok(Receipt::default())
    }

    async fn greet(&self, _timeout: Span) -> Result<String, Fault> {
        self.poster.resolve(&self.settings.webhook).await?;
        Ok("the address is known; it is not called, since every call tells somebody".to_owned())
    }
}

fn body(message: &Message) -> String {
    json!({
        "key": message.key,
        "release": message.release,
        "subject": message.subject,
        "environment": message.environment,
        "event": message.event,
        "tone": tone(message.tone),
        "at": message.at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true),
        "to": message.via.to,
        "title": message.title,
        "body": message.body,
    })
    .to_string()
}

fn tone(tone: Tone) -> &'static str {
    match tone {
        Tone::Good => "good",
        Tone::Plain => "plain",
        Tone::Warning => "warning",
        Tone::Bad => "bad",
    }
}

/// Signs time and body, so that neither can be changed nor an old post be sent again.
pub fn signature(secret: &str, time: &str, body: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let tag = hmac::sign(&key, format!("{time}.{body}").as_bytes());
    let hex: String = tag
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("sha256={hex}")
}

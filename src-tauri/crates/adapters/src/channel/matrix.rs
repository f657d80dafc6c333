//! Matrix: messages in a room, a thread for each run. The key is the transaction's id, so that the
//! homeserver itself takes a repeated message for the one it has.

use std::sync::Arc;

use async_trait::async_trait;
use gantry_model::{release::connection::channel::Matrix as Settings, unit::Span};
use gantry_port::{
    channel::{Channel, Message, Receipt, Repeats},
    clock::Clock,
    fault::Fault,
    secret::Secrets,
};
use reqwest::Method;
use serde_json::{Value, json};

use super::post::Poster;

const CLIENT: [&str; 3] = ["_matrix", "client", "v3"];

/// Writes into a room.
pub struct Matrix {
    settings: Settings,
    poster: Poster,
}

impl Matrix {
    /// Builds the channel; nothing is reached yet.
    pub fn new(settings: &Settings, secrets: Arc<dyn Secrets>, clock: Arc<dyn Clock>) -> Self {
        Self {
            settings: settings.clone(),
            poster: Poster::new("matrix", secrets, clock),
        }
    }
}

#[async_trait]
impl Channel for Matrix {
    fn repeats(&self) -> Repeats {
        Repeats::Told
    }

    async fn send(&self, message: &Message, timeout: Span) -> Result<Receipt, Fault> {
        let Some(room) = message.via.to.as_deref() else {
            return Err(Fault::refused("matrix: no room is named in `to`"));
        };
        let letter = self.poster.letter(Method::PUT, &self.settings.url).await?;
        let letter = letter.at(&CLIENT);
        let letter = letter.at(&["rooms", room, "send", "m.room.message", &message.key]);
        let token = &self.settings.token;
        let letter = letter.authorized(&self.poster, "Bearer", token).await?;
        let answer = self
            .poster
            .send(letter.json(&content(message)), timeout)
            .await?;
        let event = answer["event_id"].as_str().map(str::to_owned);
        Ok(Receipt {
            thread: message.thread.clone().or_else(|| event.clone()),
            reference: event,
        })
    }

    async fn greet(&self, timeout: Span) -> Result<String, Fault> {
        let letter = self.poster.letter(Method::GET, &self.settings.url).await?;
        let letter = letter.at(&CLIENT).at(&["account", "whoami"]);
        let token = &self.settings.token;
        let letter = letter.authorized(&self.poster, "Bearer", token).await?;
        let answer = self.poster.send(letter, timeout).await?;
        let who = answer["user_id"].as_str().unwrap_or("nobody");
        Ok(format!("matrix answers to {}", crate::wording::shown(who)))
    }
}

fn content(message: &Message) -> Value {
    let html = format!(
        "<strong>{}</strong><br>{}",
        escaped(&message.title),
        escaped(&message.body).replace('\n', "<br>")
    );
    let mut content = json!({
        "msgtype": "m.text",
        "body": format!("{}\n\n{}", message.title, message.body),
        "format": "org.matrix.custom.html",
        "formatted_body": html,
        // Nobody is called by a name that stands in a text.
        "m.mentions": {},
    });
    if let Some(thread) = &message.thread {
        content["m.relates_to"] = json!({
            "rel_type": "m.thread",
            "event_id": thread,
            "is_falling_back": true,
            "m.in_reply_to": { "event_id": thread },
        });
    }
    content
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

//! Discord: a webhook; in a forum channel every run gets a thread of its own.

use std::sync::Arc;

use async_trait::async_trait;
use gantry_model::{release::connection::channel::Discord as Settings, unit::Span};
use gantry_port::{
    channel::{Channel, Message, Receipt, Repeats, Tone},
    clock::Clock,
    fault::Fault,
    secret::Secrets,
};
use reqwest::Method;
use serde_json::{Value, json};

use super::post::{Poster, cut};

/// The longest title, text and name of a thread, in characters.
const LONGEST_TITLE: usize = 256;
const LONGEST_TEXT: usize = 4096;
const LONGEST_THREAD: usize = 100;

/// Writes to Discord.
pub struct Discord {
    settings: Settings,
    poster: Poster,
}

impl Discord {
    /// Builds the channel; nothing is reached yet.
    pub fn new(settings: &Settings, secrets: Arc<dyn Secrets>, clock: Arc<dyn Clock>) -> Self {
        Self {
            settings: settings.clone(),
            poster: Poster::new("discord", secrets, clock),
        }
    }
}

#[async_trait]
impl Channel for Discord {
    fn repeats(&self) -> Repeats {
        Repeats::Seen
    }

    async fn send(&self, message: &Message, timeout: Span) -> Result<Receipt, Fault> {
        let mut letter = self
            .poster
            .letter(Method::POST, &self.settings.webhook)
            .await?;
        // Without it Discord answers before it has taken the message.
        letter.url().query_pairs_mut().append_pair("wait", "true");
        let mut body = embed(message);
        match (&message.thread, self.settings.forum) {
            (Some(thread), _) => {
                letter
                    .url()
                    .query_pairs_mut()
                    .append_pair("thread_id", thread);
            }
            (None, true) => body["thread_name"] = json!(cut(&message.subject, LONGEST_THREAD)),
            (None, false) => {}
        }
        let answer = self.poster.send(letter.json(&body), timeout).await?;
        let begun = answer["channel_id"]
            .as_str()
            .filter(|_| self.settings.forum);
        Ok(Receipt {
            thread: message.thread.clone().or(begun.map(str::to_owned)),
            reference: answer["id"].as_str().map(str::to_owned),
        })
    }

    async fn greet(&self, timeout: Span) -> Result<String, Fault> {
        let letter = self
            .poster
            .letter(Method::GET, &self.settings.webhook)
            .await?;
        let answer = self.poster.send(letter, timeout).await?;
        let name = answer["name"]
            .as_str()
            .unwrap_or("a webhook without a name");
        Ok(format!("discord answers: {}", crate::wording::shown(name)))
    }
}

fn embed(message: &Message) -> Value {
    let colour = match message.tone {
        Tone::Good => 0x2e_9e_5b,
        Tone::Plain => 0x4a_6f_a5,
        Tone::Warning => 0xd9_91_00,
        Tone::Bad => 0xc6_28_28,
    };
    json!({
        "embeds": [{
            "title": cut(&escaped(&message.title), LONGEST_TITLE),
            "description": cut(&escaped(&message.body), LONGEST_TEXT),
            "color": colour,
            "timestamp": message.at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true),
            "footer": { "text": cut(&format!("{} · {}", message.subject, message.environment), 2048) },
        }],
        // Nobody is called by a name that stands in a text.
        "allowed_mentions": { "parse": [] },
    })
}

/// Keeps texts from being links or marks.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for sign in text.chars() {
        if matches!(
            sign,
            '\\' | '*' | '_' | '~' | '`' | '|' | '[' | ']' | '<' | '>' | '@' | '#'
        ) {
            escaped.push('\\');
        }
        escaped.push(sign);
    }
    escaped
}

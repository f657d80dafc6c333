//! Microsoft Teams: a workflow ("when a webhook request is received") that posts an Adaptive Card.

use std::sync::Arc;

use async_trait::async_trait;
use gantry_model::{release::connection::channel::Hook, unit::Span};
use gantry_port::{
    channel::{Channel, Message, Receipt, Repeats, Tone},
    clock::Clock,
    fault::Fault,
    secret::Secrets,
};
use reqwest::Method;
use serde_json::{Value, json};

use super::post::{Poster, cut};

/// A card may be 28 KB large; what is written stays far below.
const LONGEST_BODY: usize = 6000;

/// Writes to Teams.
pub struct Teams {
    settings: Hook,
    poster: Poster,
}

impl Teams {
    /// Builds the channel; nothing is reached yet.
    pub fn new(settings: &Hook, secrets: Arc<dyn Secrets>, clock: Arc<dyn Clock>) -> Self {
        Self {
            settings: settings.clone(),
            poster: Poster::new("teams", secrets, clock),
        }
    }
}

#[async_trait]
impl Channel for Teams {
    fn repeats(&self) -> Repeats {
        Repeats::Seen
    }

    async fn send(&self, message: &Message, timeout: Span) -> Result<Receipt, Fault> {
        let letter = self.poster.letter(Method::POST, &self.settings.webhook);
        let letter = letter.await?.json(&card(message));
        self.poster.send(letter, timeout).await?;
        Ok(Receipt::default())
    }

    async fn greet(&self, _timeout: Span) -> Result<String, Fault> {
        self.poster.resolve(&self.settings.webhook).await?;
        Ok("teams: a workflow cannot be asked without telling somebody".to_owned())
    }
}

fn card(message: &Message) -> Value {
    let colour = match message.tone {
        Tone::Good => "Good",
        Tone::Plain => "Default",
        Tone::Warning => "Warning",
        Tone::Bad => "Attention",
    };
    let body = cut(&message.body, LONGEST_BODY);
    let paragraphs = body.split("\n\n").filter(|text| !text.trim().is_empty());
    let mut items = vec![json!({
        "type": "TextBlock", "size": "Medium", "weight": "Bolder", "wrap": true,
        "color": colour, "text": plain(&message.title),
    })];
    items.extend(
        paragraphs.map(|text| json!({ "type": "TextBlock", "wrap": true, "text": plain(text) })),
    );
    items.push(json!({
        "type": "FactSet",
        "facts": [
            { "title": "Release", "value": plain(&message.subject) },
            { "title": "Environment", "value": plain(&message.environment) },
        ],
    }));
    json!({
        "type": "message",
        "attachments": [{
            "contentType": "application/vnd.microsoft.card.adaptive",
            "contentUrl": null,
            "content": {
                "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
                "type": "AdaptiveCard",
                "version": "1.4",
                "msteams": { "width": "Full" },
                "body": items,
            },
        }],
    })
}

/// Keeps texts from being links or marks: cards read a part of Markdown.
fn plain(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for sign in text.chars() {
        if matches!(sign, '\\' | '[' | ']' | '*' | '_' | '`' | '<') {
            escaped.push('\\');
        }
        escaped.push(sign);
    }
    escaped.replace('\n', "\n\n")
}

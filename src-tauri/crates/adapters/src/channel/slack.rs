//! Slack: an incoming webhook, or a bot, which alone can keep a thread for each run.

use std::sync::Arc;

use async_trait::async_trait;
use gantry_model::{
    release::connection::channel::Slack as Settings,
    secret::{SecretReference, SecretText},
    unit::Span,
};
use gantry_port::{
    channel::{Channel, Message, Receipt, Repeats, Tone},
    clock::Clock,
    fault::{Fault, FaultKind},
    secret::Secrets,
};
use reqwest::Method;
use serde_json::{Value, json};

use super::post::{Poster, cut};

const API: &str = "https://slack.com/api";
/// The longest text of a header and of a section, in characters.
const LONGEST_HEADER: usize = 150;
const LONGEST_SECTION: usize = 3000;

/// Writes to Slack.
pub struct Slack {
    way: Way,
    poster: Poster,
}

enum Way {
    Webhook(SecretText),
    Bot {
        api: SecretText,
        token: SecretReference,
    },
}

impl Slack {
    /// Builds the channel; nothing is reached yet.
    ///
    /// # Errors
    /// Refused where neither webhook nor token are there.
    pub fn new(
        settings: &Settings,
        secrets: Arc<dyn Secrets>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, Fault> {
        let nowhere = || Fault::refused("slack: expected `webhook` or `token`");
        let api = settings.url.clone();
        let way = match (&settings.token, &settings.webhook) {
            (Some(token), _) => Way::Bot {
                api: api.map_or_else(|| API.parse().map_err(|_| nowhere()), Ok)?,
                token: token.clone(),
            },
            (None, Some(webhook)) => Way::Webhook(webhook.clone()),
            (None, None) => return Err(nowhere()),
        };
        Ok(Self {
            way,
            poster: Poster::new("slack", secrets, clock),
        })
    }

    async fn post(
        &self,
        (api, token): (&SecretText, &SecretReference),
        message: &Message,
        timeout: Span,
    ) -> Result<Receipt, Fault> {
        let mut body = blocks(message);
        body["channel"] = json!(message.via.to.as_deref().unwrap_or_default());
        // Slack shows the key to nobody; whoever reads the channel by its API can tell repeats.
        body["metadata"] = json!({
            "event_type": "gantry_notice",
            "event_payload": { "key": message.key },
        });
        if let Some(thread) = &message.thread {
            body["thread_ts"] = json!(thread);
        }
        let letter = self.poster.letter(Method::POST, api).await?;
        let letter = letter.at(&["chat.postMessage"]);
        let letter = letter.authorized(&self.poster, "Bearer", token).await?;
        let answer = self.poster.send(letter.json(&body), timeout).await?;
        self.taken(&answer, message)
    }

    /// The API answers 200 to everything, and says in the body whether it took it.
    fn taken(&self, answer: &Value, message: &Message) -> Result<Receipt, Fault> {
        let ts = answer["ts"].as_str().map(str::to_owned);
        match (answer["ok"].as_bool(), answer["error"].as_str()) {
            (Some(true), _) => Ok(Receipt {
                thread: message.thread.clone().or_else(|| ts.clone()),
                reference: ts,
            }),
            (_, Some("ratelimited" | "rate_limited")) => {
                let busy = FaultKind::Busy { after: None };
                Err(Fault::new(busy, "slack asks for fewer messages"))
            }
            (_, Some(error @ ("internal_error" | "fatal_error" | "service_unavailable"))) => {
                Err(Fault::lost(format!("slack has a difficulty: {error}")))
            }
            (_, Some(error)) => Err(self.poster.refused(error)),
            (_, None) => Err(Fault::lost("slack answered something that is no answer")),
        }
    }
}

#[async_trait]
impl Channel for Slack {
    fn repeats(&self) -> Repeats {
        Repeats::Seen
    }

    async fn send(&self, message: &Message, timeout: Span) -> Result<Receipt, Fault> {
        match &self.way {
            Way::Bot { api, token } => self.post((api, token), message, timeout).await,
            Way::Webhook(webhook) => {
                let letter = self.poster.letter(Method::POST, webhook).await?;
                let letter = letter.json(&blocks(message));
                self.poster.send(letter, timeout).await?;
                Ok(Receipt::default())
            }
        }
    }

    async fn greet(&self, timeout: Span) -> Result<String, Fault> {
        let Way::Bot { api, token } = &self.way else {
            return Ok("slack: a webhook cannot be asked without telling somebody".to_owned());
        };
        let letter = self.poster.letter(Method::POST, api).await?;
        let letter = letter.at(&["auth.test"]);
        let letter = letter.authorized(&self.poster, "Bearer", token).await?;
        let answer = self.poster.send(letter, timeout).await?;
        match answer["team"].as_str() {
            Some(team) => Ok(format!("slack answers: {}", crate::wording::shown(team))),
            None => Err(self
                .poster
                .refused(answer["error"].as_str().unwrap_or("no answer"))),
        }
    }
}

fn blocks(message: &Message) -> Value {
    let mark = match message.tone {
        Tone::Good => ":white_check_mark: ",
        Tone::Plain => "",
        Tone::Warning => ":warning: ",
        Tone::Bad => ":red_circle: ",
    };
    let title = cut(&format!("{mark}{}", message.title), LONGEST_HEADER);
    json!({
        "text": escaped(&message.title),
        "unfurl_links": false,
        "unfurl_media": false,
        "blocks": [
            { "type": "header", "text": { "type": "plain_text", "text": title, "emoji": true } },
            { "type": "section",
              "text": { "type": "mrkdwn", "text": cut(&escaped(&message.body), LONGEST_SECTION) } },
            { "type": "context", "elements": [{ "type": "plain_text",
              "text": cut(&format!("{} · {}", message.subject, message.environment), 200) }] },
        ],
    })
}

/// Keeps texts from being links, mentions or marks: those three signs are all that Slack asks for.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

//! Where people are told; everything that lets somebody write there is a secret by reference.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::secret::{SecretReference, SecretText};

/// How Slack is written to: an incoming webhook, or a bot, which alone can keep threads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Slack {
    /// The whole address of an incoming webhook, which is a secret in itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub webhook: Option<SecretText>,
    /// The token of a bot with `chat:write`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<SecretReference>,
    /// Another base address than `https://slack.com/api`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<SecretText>,
}

/// An address that takes whatever is posted to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Hook {
    /// The whole address, which is a secret in itself.
    pub webhook: SecretText,
}

/// Where a Discord webhook is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Discord {
    /// The whole address, which is a secret in itself.
    pub webhook: SecretText,
    /// Whether the channel is a forum, in which every run gets a thread of its own.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub forum: bool,
}

/// Which service of PagerDuty is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct PagerDuty {
    /// The integration key.
    pub routing_key: SecretReference,
    /// Another base address than `https://events.pagerduty.com`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<SecretText>,
}

/// Which page of Statuspage is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct StatusPage {
    /// The page's id.
    pub page: String,
    /// The API key.
    pub token: SecretReference,
    /// Another base address than `https://api.statuspage.io`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<SecretText>,
}

/// Where a Matrix homeserver is; the room stands in `via.to`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Matrix {
    /// The base address.
    pub url: SecretText,
    /// The access token of the account that writes.
    pub token: SecretReference,
}

/// Where a webhook is, and how it knows that Gantry called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Webhook {
    /// The whole address, which is a secret in itself.
    pub webhook: SecretText,
    /// The key that bodies are signed with (HMAC-SHA-256).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<SecretReference>,
}

/// Where mail is handed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Smtp {
    /// The host.
    pub host: String,
    /// The port; 587 where nothing is said.
    #[serde(default = "submission")]
    pub port: u16,
    /// How the connection is protected.
    #[serde(default, skip_serializing_if = "MailProtection::is_starttls")]
    pub tls: MailProtection,
    /// The user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// The password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<SecretReference>,
    /// Who the mail is from; `gantry@HOST` where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
}

fn submission() -> u16 {
    587
}

/// How a connection to a mail server is protected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MailProtection {
    /// It begins in the clear and must switch to TLS before anything is said.
    #[default]
    Starttls,
    /// TLS from the first byte, usually on port 465.
    Tls,
    /// None; a password is refused then, except towards this machine.
    None,
}

impl MailProtection {
    fn is_starttls(&self) -> bool {
        *self == Self::Starttls
    }
}

/// The desktop; nothing to set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Desktop {}

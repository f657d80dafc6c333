//! Where platforms, metric sources and channels are; secrets are references, never values.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::secret::{SecretReference, SecretText};

/// One reachable thing, named by its product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Connection {
    /// A Docker Engine.
    Docker(Docker),
    /// An HAProxy with an admin socket.
    Haproxy(Haproxy),
    /// A Prometheus.
    Prometheus(Metrics),
    /// A VictoriaMetrics.
    VictoriaMetrics(Metrics),
    /// An Unleash flag server.
    Unleash(Unleash),
    /// A PostgreSQL database.
    Postgres(Database),
    /// A Slack incoming webhook.
    Slack(Webhook),
    /// A mail server.
    Smtp(Smtp),
    /// A generic webhook.
    Webhook(Webhook),
    /// The simulated platform, for rehearsals and tests.
    Simulated(Simulated),
}

impl Connection {
    /// Gives the product's name as it is written in a file.
    pub fn product(&self) -> &'static str {
        match self {
            Self::Docker(_) => "docker",
            Self::Haproxy(_) => "haproxy",
            Self::Prometheus(_) => "prometheus",
            Self::VictoriaMetrics(_) => "victoria-metrics",
            Self::Unleash(_) => "unleash",
            Self::Postgres(_) => "postgres",
            Self::Slack(_) => "slack",
            Self::Smtp(_) => "smtp",
            Self::Webhook(_) => "webhook",
            Self::Simulated(_) => "simulated",
        }
    }
}

/// Where a Docker Engine listens.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Docker {
    /// For example `unix:///var/run/docker.sock`; `DOCKER_HOST`, else that socket, where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
}

/// Where an HAProxy takes commands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Haproxy {
    /// The stats socket with `level admin`.
    pub socket: String,
}

/// Where metrics are asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Metrics {
    /// The base address.
    pub url: SecretText,
    /// A bearer token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<SecretReference>,
}

/// Where an Unleash server is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Unleash {
    /// The base address.
    pub url: SecretText,
    /// An admin token.
    pub token: SecretReference,
}

/// Where a database is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Database {
    /// The whole address; its password by reference.
    pub url: SecretText,
}

/// Where a webhook is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Webhook {
    /// The whole address, which is a secret in itself.
    pub webhook: SecretText,
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
    /// The user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// The password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<SecretReference>,
}

fn submission() -> u16 {
    587
}

/// The simulated platform; nothing to set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Simulated {}

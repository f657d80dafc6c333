//! Where platforms, metric sources and channels are; secrets are references, never values.

pub mod channel;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    secret::{SecretReference, SecretText},
    unit::Span,
};

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
    /// Any service that answers numbers as JSON over HTTP.
    JsonHttp(JsonHttp),
    /// Datadog.
    Datadog(Datadog),
    /// Amazon CloudWatch.
    #[serde(rename = "cloudwatch")]
    CloudWatch(CloudWatch),
    /// An Alertmanager of Prometheus.
    Alertmanager(Alertmanager),
    /// An Unleash flag server.
    Unleash(Unleash),
    /// A PostgreSQL database.
    Postgres(Database),
    /// Slack: an incoming webhook, or a bot.
    Slack(channel::Slack),
    /// A Microsoft Teams workflow that takes Adaptive Cards.
    Teams(channel::Hook),
    /// A Discord webhook.
    Discord(channel::Discord),
    /// PagerDuty: events and change events.
    #[serde(rename = "pagerduty")]
    PagerDuty(channel::PagerDuty),
    /// A page of Statuspage.
    #[serde(rename = "statuspage")]
    StatusPage(channel::StatusPage),
    /// A Matrix homeserver.
    Matrix(channel::Matrix),
    /// A mail server.
    Smtp(channel::Smtp),
    /// A generic webhook, signed where a secret is named.
    Webhook(channel::Webhook),
    /// The desktop of whoever runs Gantry.
    Desktop(channel::Desktop),
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
            Self::JsonHttp(_) => "json-http",
            Self::Datadog(_) => "datadog",
            Self::CloudWatch(_) => "cloudwatch",
            Self::Alertmanager(_) => "alertmanager",
            Self::Unleash(_) => "unleash",
            Self::Postgres(_) => "postgres",
            Self::Slack(_) => "slack",
            Self::Teams(_) => "teams",
            Self::Discord(_) => "discord",
            Self::PagerDuty(_) => "pagerduty",
            Self::StatusPage(_) => "statuspage",
            Self::Matrix(_) => "matrix",
            Self::Smtp(_) => "smtp",
            Self::Webhook(_) => "webhook",
            Self::Desktop(_) => "desktop",
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
    /// The base address; `/api/v1/query_range` is put behind it.
    pub url: SecretText,
    /// A bearer token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<SecretReference>,
    /// Headers that go along, such as the tenant's.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, SecretText>,
    /// How old a bucket must be before its number is final; nothing for Prometheus and 30 s for
    /// VictoriaMetrics, which makes up the newest numbers until then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settles_after: Option<Span>,
}

/// Where numbers are asked for as JSON; a metric's query says which number of the answer is meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct JsonHttp {
    /// The address; `{{service}}` and the like may stand in its path and query.
    pub url: SecretText,
    /// `GET`, where nothing is said, or `POST`.
    #[serde(default)]
    pub method: AskingMethod,
    /// What is sent along with `POST`: JSON, with `{{service}}` and the like inside its strings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<SecretText>,
    /// Headers that go along.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, SecretText>,
    /// A JSONPath to the time of the number: RFC 3339, or seconds or milliseconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
}

/// How a question is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum AskingMethod {
    /// Everything stands in the address.
    #[default]
    #[serde(rename = "GET")]
    Get,
    /// A body goes along.
    #[serde(rename = "POST")]
    Post,
}

/// Where Datadog is, and as whom it is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Datadog {
    /// The site, such as `datadoghq.eu`; `datadoghq.com` where nothing is said.
    #[serde(default = "datadog_site")]
    pub site: String,
    /// Another base address than that of the site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<SecretText>,
    /// The API key.
    pub api_key: SecretReference,
    /// The application key, which may read metrics.
    pub application_key: SecretReference,
    /// How old a bucket must be before its number is final; a minute where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settles_after: Option<Span>,
}

fn datadog_site() -> String {
    "datadoghq.com".to_owned()
}

/// Where Amazon CloudWatch is, and as whom it is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct CloudWatch {
    /// The region, such as `eu-central-1`.
    pub region: String,
    /// Another address than that of the region.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<SecretText>,
    /// The access key's id.
    pub access_key_id: SecretReference,
    /// The access key's secret.
    pub secret_access_key: SecretReference,
    /// The token of a session that ends by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_token: Option<SecretReference>,
    /// How old a bucket must be before its number is final; two minutes where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settles_after: Option<Span>,
}

/// Where an Alertmanager is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Alertmanager {
    /// The base address; `/api/v2` is put behind it.
    pub url: SecretText,
    /// A bearer token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<SecretReference>,
    /// Headers that go along, such as the tenant's.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, SecretText>,
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

/// The simulated platform; nothing to set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Simulated {}

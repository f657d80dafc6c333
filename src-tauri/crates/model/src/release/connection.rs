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
    /// An SQLite database, only read.
    Sqlite(Sqlite),
    /// GitHub: the checks of a commit.
    Github(Forge),
    /// GitLab: the statuses of a commit.
    Gitlab(Forge),
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
            Self::Sqlite(_) => "sqlite",
            Self::Github(_) => "github",
            Self::Gitlab(_) => "gitlab",
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

    /// Gives what people are told by; none for a connection that tells nobody.
    ///
    /// Whoever handles each channel matches on this, so that what is no channel is listed once.
    pub fn channel(&self) -> Option<Channel<'_>> {
        Some(match self {
            Self::Slack(settings) => Channel::Slack(settings),
            Self::Teams(settings) => Channel::Teams(settings),
            Self::Discord(settings) => Channel::Discord(settings),
            Self::PagerDuty(settings) => Channel::PagerDuty(settings),
            Self::StatusPage(settings) => Channel::StatusPage(settings),
            Self::Matrix(settings) => Channel::Matrix(settings),
            Self::Smtp(settings) => Channel::Smtp(settings),
            Self::Webhook(settings) => Channel::Webhook(settings),
            Self::Desktop(_) => Channel::Desktop,
            Self::Docker(_)
            | Self::Haproxy(_)
            | Self::Prometheus(_)
            | Self::VictoriaMetrics(_)
            | Self::JsonHttp(_)
            | Self::Datadog(_)
            | Self::CloudWatch(_)
            | Self::Alertmanager(_)
            | Self::Unleash(_)
            | Self::Postgres(_)
            | Self::Sqlite(_)
            | Self::Github(_)
            | Self::Gitlab(_)
            | Self::Simulated(_) => return None,
        })
    }

    /// Gives what is looked at; none for a connection that cannot be asked anything.
    pub fn source(&self) -> Option<Source<'_>> {
        Some(match self {
            Self::Prometheus(settings) => Source::Prometheus(settings),
            Self::VictoriaMetrics(settings) => Source::VictoriaMetrics(settings),
            Self::JsonHttp(settings) => Source::JsonHttp(settings),
            Self::Datadog(settings) => Source::Datadog(settings),
            Self::CloudWatch(settings) => Source::CloudWatch(settings),
            Self::Alertmanager(settings) => Source::Alertmanager(settings),
            Self::Postgres(settings) => Source::Postgres(settings),
            Self::Sqlite(settings) => Source::Sqlite(settings),
            Self::Github(settings) => Source::Github(settings),
            Self::Gitlab(settings) => Source::Gitlab(settings),
            Self::Docker(_)
            | Self::Haproxy(_)
            | Self::Unleash(_)
            | Self::Slack(_)
            | Self::Teams(_)
            | Self::Discord(_)
            | Self::PagerDuty(_)
            | Self::StatusPage(_)
            | Self::Matrix(_)
            | Self::Smtp(_)
            | Self::Webhook(_)
            | Self::Desktop(_)
            | Self::Simulated(_) => return None,
        })
    }
}

/// A connection by which people are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel<'a> {
    /// Slack.
    Slack(&'a channel::Slack),
    /// A Microsoft Teams workflow.
    Teams(&'a channel::Hook),
    /// A Discord webhook.
    Discord(&'a channel::Discord),
    /// PagerDuty.
    PagerDuty(&'a channel::PagerDuty),
    /// A page of Statuspage.
    StatusPage(&'a channel::StatusPage),
    /// A Matrix homeserver.
    Matrix(&'a channel::Matrix),
    /// A mail server.
    Smtp(&'a channel::Smtp),
    /// A generic webhook.
    Webhook(&'a channel::Webhook),
    /// The desktop of whoever runs Gantry.
    Desktop,
}

/// A connection that is asked: for metrics, for alerts, or by an item of a checklist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source<'a> {
    /// A Prometheus.
    Prometheus(&'a Metrics),
    /// A VictoriaMetrics.
    VictoriaMetrics(&'a Metrics),
    /// A service that answers numbers as JSON.
    JsonHttp(&'a JsonHttp),
    /// Datadog.
    Datadog(&'a Datadog),
    /// Amazon CloudWatch.
    CloudWatch(&'a CloudWatch),
    /// An Alertmanager.
    Alertmanager(&'a Alertmanager),
    /// A PostgreSQL database.
    Postgres(&'a Database),
    /// An SQLite database.
    Sqlite(&'a Sqlite),
    /// GitHub.
    Github(&'a Forge),
    /// GitLab.
    Gitlab(&'a Forge),
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

/// Where an SQLite database lies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Sqlite {
    /// The file; a relative one lies beside the release file.
    pub file: String,
}

/// Where commits are checked: GitHub or GitLab.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Forge {
    /// Another base address of its API than that of `github.com` or `gitlab.com`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<SecretText>,
    /// A token that may read the repository; public ones need none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<SecretReference>,
}

/// The simulated platform; nothing to set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Simulated {}

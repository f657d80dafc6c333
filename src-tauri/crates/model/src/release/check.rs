//! Looking at health, judging a bake, and what trips a rollback.

pub mod question;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::question::{BackupAge, CiQuestion, OtherRelease, QuietAlerts, Rehearsed, SqlQuestion};
use crate::{
    id::{ConnectionName, MetricName, ServiceName},
    unit::Span,
};

/// How health is looked at; one of `http`, `tcp` and `exec`, or the platform's own word if none is given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Health {
    /// Asks over HTTP.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub http: Option<HttpProbe>,
    /// Opens a TCP connection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tcp: Option<TcpProbe>,
    /// Runs a program; 0 is healthy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1))]
    pub exec: Option<Vec<String>>,
    /// How long it may take to become healthy.
    #[serde(default = "minute")]
    pub within: Span,
    /// How many times in a row it must be healthy.
    #[serde(default = "one")]
    #[schemars(range(min = 1, max = 1000))]
    pub consecutive: u32,
    /// How long between two looks.
    #[serde(default = "second")]
    pub every: Span,
}

fn minute() -> Span {
    Span::from_secs(60)
}

fn second() -> Span {
    Span::from_secs(1)
}

fn one() -> u32 {
    1
}

impl Default for Health {
    fn default() -> Self {
        Self {
            http: None,
            tcp: None,
            exec: None,
            within: minute(),
            consecutive: one(),
            every: second(),
        }
    }
}

/// Asks over HTTP and looks at the status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct HttpProbe {
    /// The path, asked of every instance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// A whole address, asked as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The port, where it is not the workload's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    /// The status that is healthy.
    #[serde(default = "ok_status")]
    #[schemars(range(min = 100, max = 599))]
    pub status: u16,
}

fn ok_status() -> u16 {
    200
}

/// Opens a TCP connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct TcpProbe {
    /// The port of every instance, where it is not the workload's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    /// A whole `host:port`, opened as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

/// How a bake is judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Judge {
    /// Where the metrics are.
    pub source: ConnectionName,
    /// Which metrics.
    pub metrics: Vec<MetricName>,
    /// How careful it is.
    #[serde(default)]
    pub profile: Profile,
    /// How long one bucket is; 1 s at least. Buckets below 15 s are for demos.
    #[serde(default = "minute", skip_serializing_if = "is_minute")]
    pub bucket: Span,
    /// How long new instances are given before what they do counts; two minutes where nothing is
    /// said, two buckets where those are shorter than 15 s.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warm_up: Option<Span>,
    /// When a bake that has passed goes on.
    #[serde(default, skip_serializing_if = "Promote::is_in_time")]
    pub promote: Promote,
    /// What happens when the time is up and what was seen does not exclude harm.
    #[serde(default, skip_serializing_if = "OnInconclusive::is_hold")]
    pub on_inconclusive: OnInconclusive,
}

fn is_minute(span: &Span) -> bool {
    *span == minute()
}

impl Judge {
    /// Gives how long new instances are given before what they do counts.
    pub fn warm_up(&self) -> Span {
        let short = self.bucket < Span::from_secs(15);
        self.warm_up.unwrap_or(match short {
            true => self.bucket + self.bucket,
            false => Span::from_secs(120),
        })
    }
}

/// When a bake that has passed goes on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Promote {
    /// When its declared time is over.
    #[default]
    InTime,
    /// As soon as the judge has excluded harm.
    Early,
}

impl Promote {
    fn is_in_time(&self) -> bool {
        *self == Self::InTime
    }
}

/// What happens when a bake's time is up and what was seen does not exclude harm.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OnInconclusive {
    /// A person lets it go on watching, promotes it or rolls it back.
    #[default]
    Hold,
    /// It is watched on, four times at most; then a person is asked.
    Extend,
    /// It counts as failed.
    Rollback,
    /// It goes on to the next share, where more is seen, as long as nothing speaks against it and
    /// enough was measured; the last bake beside the old version holds.
    Proceed,
}

impl OnInconclusive {
    fn is_hold(&self) -> bool {
        *self == Self::Hold
    }
}

/// Alerts that are silenced from the first change of a release to its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Silence {
    /// Where the alerts are.
    pub connection: ConnectionName,
    /// The labels that an alert must carry to be silent, all of them.
    #[serde(rename = "match")]
    #[schemars(extend("minProperties" = 1))]
    pub labels: BTreeMap<String, String>,
    /// After how long it ends by itself, should nobody be there to end it.
    #[serde(default = "hours", rename = "for")]
    pub lasting: Span,
}

fn hours() -> Span {
    Span::from_secs(4 * 60 * 60)
}

/// How careful the judge is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Profile {
    /// For services whose noise is not known.
    #[default]
    Safe,
    /// For services calibrated against themselves.
    Fast,
}

/// One thing that is looked at and must hold: one of these, nothing else beside it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Check {
    /// Asks over HTTP.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub http: Option<HttpProbe>,
    /// Opens a TCP connection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tcp: Option<TcpProbe>,
    /// Runs a program; 0 holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1))]
    pub exec: Option<Vec<String>>,
    /// Looks at a metric.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metric: Option<MetricName>,
    /// The service whose metric it is; each of the release that the metric can be read of where
    /// nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<ServiceName>,
    /// Holds while the metric is below this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub below: Option<String>,
    /// Holds while the metric is above this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub above: Option<String>,
    /// Asks a database for one value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sql: Option<Box<SqlQuestion>>,
    /// Asks a CI system what became of a commit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ci: Option<Box<CiQuestion>>,
    /// Looks at how old a backup is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backup: Option<Box<BackupAge>>,
    /// Looks at how long ago this plan was rehearsed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rehearsed: Option<Rehearsed>,
    /// Looks at whether another release has succeeded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release: Option<OtherRelease>,
    /// Looks at whether no alert fires.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alerts: Option<Box<QuietAlerts>>,
}

impl Check {
    /// Lists what is asked, by the words of a release file; one is right.
    pub fn forms(&self) -> Vec<&'static str> {
        let all = [
            ("http", self.http.is_some()),
            ("tcp", self.tcp.is_some()),
            ("exec", self.exec.is_some()),
            ("metric", self.metric.is_some()),
            ("sql", self.sql.is_some()),
            ("ci", self.ci.is_some()),
            ("backup", self.backup.is_some()),
            ("rehearsed", self.rehearsed.is_some()),
            ("release", self.release.is_some()),
            ("alerts", self.alerts.is_some()),
        ];
        let asked = all.into_iter().filter(|(_, asked)| *asked);
        asked.map(|(form, _)| form).collect()
    }

    /// Says what it asks about in a few words, without addresses, queries and arguments.
    pub fn about(&self) -> String {
        let limit = match (&self.below, &self.above) {
            (Some(below), _) => format!(" below {below}"),
            (None, Some(above)) => format!(" above {above}"),
            (None, None) => String::new(),
        };
        if let Some(metric) = &self.metric {
            let of = self.of.as_ref().map(|of| format!(" of {of}"));
            return format!("metric {metric}{}{limit}", of.unwrap_or_default());
        }
        if let Some(http) = &self.http {
            return format!("a call over HTTP that answers {}", http.status);
        }
        if let Some(sql) = &self.sql {
            return format!("a query to {}", sql.connection);
        }
        if let Some(ci) = &self.ci {
            return format!("the checks of {} at {}", ci.repository, ci.commit);
        }
        if let Some(backup) = &self.backup {
            return format!("a backup at most {} old", backup.within);
        }
        if let Some(rehearsed) = &self.rehearsed {
            let Rehearsed { within, outcome } = rehearsed;
            return format!("a rehearsal that {} within {within}", outcome.words());
        }
        if let Some(other) = &self.release {
            return format!("release {}, which must have succeeded", other.done);
        }
        if let Some(alerts) = &self.alerts {
            return format!("the alerts of {}", alerts.connection);
        }
        match (&self.tcp, &self.exec) {
            (Some(_), _) => "a connection over TCP".to_owned(),
            (None, Some(_)) => "a program".to_owned(),
            (None, None) => "a person".to_owned(),
        }
    }
}

/// A criterion with a sentence for people and a check.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Criterion {
    /// Its id inside its list.
    pub id: String,
    /// What must hold, in words.
    pub item: String,
    /// How it is looked at; a person answers where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<Check>,
}

/// What trips, and what happens then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Trigger {
    /// The metric that is watched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metric: Option<MetricName>,
    /// The alert that is watched, by its labels.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub alert: BTreeMap<String, String>,
    /// The service whose metric it is; the node's own where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<ServiceName>,
    /// Trips above this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub above: Option<String>,
    /// Trips below this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub below: Option<String>,
    /// For how long it must be so.
    #[serde(default, rename = "for")]
    pub lasting: Span,
    /// What happens then.
    #[serde(default)]
    pub then: Reaction,
}

/// What happens when a trigger trips.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Reaction {
    /// Everything that was touched is undone.
    #[default]
    RollbackRelease,
    /// The node and what was executed on top of it is undone.
    RollbackNode,
    /// New forward steps stop; a person decides.
    Hold,
    /// It is only told.
    Notify,
}

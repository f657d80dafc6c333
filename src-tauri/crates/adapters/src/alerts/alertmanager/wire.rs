//! What is sent and received.

use std::collections::BTreeMap;

use gantry_model::time::Timestamp;
use gantry_port::alerts::{Alert, Silence};
use serde::{Deserialize, Serialize};

/// An alert that has not ended.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Firing {
    labels: BTreeMap<String, String>,
    #[serde(default)]
    annotations: BTreeMap<String, String>,
    starts_at: Timestamp,
    status: AlertStatus,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AlertStatus {
    #[serde(default)]
    silenced_by: Vec<String>,
}

impl From<Firing> for Alert {
    fn from(firing: Firing) -> Self {
        let summary = ["summary", "description"].map(|name| firing.annotations.get(name).cloned());
        Self {
            labels: firing.labels,
            since: firing.starts_at,
            summary: summary.into_iter().flatten().next(),
            silenced: !firing.status.silenced_by.is_empty(),
        }
    }
}

/// A silence to be set.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Postable<'a> {
    matchers: Vec<Matcher<'a>>,
    starts_at: Timestamp,
    ends_at: Timestamp,
    created_by: &'a str,
    comment: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Matcher<'a> {
    name: &'a str,
    value: &'a str,
    is_regex: bool,
    is_equal: bool,
}

impl<'a> From<&'a Silence> for Postable<'a> {
    fn from(silence: &'a Silence) -> Self {
        let labels = silence.labels.iter();
        Self {
            matchers: labels
                .map(|(name, value)| Matcher {
                    name,
                    value,
                    is_regex: false,
                    is_equal: true,
                })
                .collect(),
            starts_at: silence.from,
            ends_at: silence.until,
            created_by: &silence.by,
            comment: &silence.comment,
        }
    }
}

/// What setting a silence answers.
#[derive(Deserialize)]
pub(super) struct Kept {
    #[serde(rename = "silenceID")]
    pub(super) id: String,
}

/// A silence that is kept, also after its end.
#[derive(Deserialize)]
pub(super) struct Known {
    pub(super) id: String,
    pub(super) comment: String,
    pub(super) status: SilenceStatus,
}

#[derive(Deserialize)]
pub(super) struct SilenceStatus {
    pub(super) state: State,
}

/// Where a silence is in its life.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum State {
    /// It is over.
    Expired,
    /// It is in force.
    Active,
    /// It will be.
    Pending,
}

/// What the program says of itself.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Status {
    pub(super) version_info: VersionInfo,
}

#[derive(Deserialize)]
pub(super) struct VersionInfo {
    pub(super) version: String,
}

/// Escapes a value for a matcher between quotes.
pub(super) fn quoted(value: &str) -> String {
    value
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
}

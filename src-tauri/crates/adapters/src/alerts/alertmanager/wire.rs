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

impl Firing {
    /// Whether somebody has silenced it.
    pub(super) fn is_silenced(&self) -> bool {
        !self.status.silenced_by.is_empty()
    }

    /// Puts it into the port's words; silences are told by the comments of those that are known.
    pub(super) fn told(self, silences: &[Known]) -> Alert {
        let comment = |id: &String| {
            let known = silences.iter().find(|known| known.id == *id);
            known.map_or_else(String::new, |known| known.comment.clone())
        };
        let silenced_by: Vec<String> = self.status.silenced_by.iter().map(comment).collect();
        let summary = ["summary", "description"].map(|name| self.annotations.get(name).cloned());
        Alert {
            labels: self.labels,
            since: self.starts_at,
            summary: summary.into_iter().flatten().next(),
            silenced: !silenced_by.is_empty(),
            silenced_by,
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
    status: SilenceStatus,
}

impl Known {
    /// Whether it is or will be in force.
    pub(super) fn is_in_force(&self) -> bool {
        match self.status.state {
            State::Active | State::Pending => true,
            State::Expired => false,
        }
    }
}

#[derive(Deserialize)]
pub(super) struct SilenceStatus {
    state: State,
}

/// Where a silence is in its life.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum State {
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

//! One message to one stakeholder, as it waits in the outbox.

use gantry_model::{
    digest::Digest,
    id::{EnvironmentName, ReleaseId, RunId},
    release::stakeholder::{Audience, Occasion, Via},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// One message to one stakeholder; what it says is settled when it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Notice {
    /// What makes it the same message as another, here and at whoever takes it.
    pub key: String,
    /// The release.
    pub release: ReleaseId,
    /// The run; none before there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<RunId>,
    /// Where the release goes.
    pub environment: EnvironmentName,
    /// The plan that names the channel.
    pub plan: Digest,
    /// Who is told, by name.
    pub stakeholder: String,
    /// Whose words it is in.
    pub audience: Audience,
    /// The channel and the address on it.
    pub via: Via,
    /// What it is about.
    pub occasion: Occasion,
    /// What it is about, more closely, as wordings name it.
    pub event: String,
    /// Whether it may wait in a storm.
    pub urgency: Urgency,
    /// Whether it is good news.
    pub mood: Mood,
    /// When what it tells happened.
    pub at: Timestamp,
    /// One line.
    pub title: String,
    /// What happens, what it means, what happens next.
    pub body: String,
}

/// Whether a message may wait while many are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Urgency {
    /// It may come later, with others.
    Ordinary,
    /// Somebody has to act, or the release turned or ended.
    Urgent,
}

/// Whether a message is good news; channels draw it as a colour or a severity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mood {
    /// All is well that was not, or is done.
    Good,
    /// It goes as planned.
    Plain,
    /// Somebody should look.
    Warning,
    /// Something went wrong.
    Bad,
}

impl Notice {
    /// Gives what its messages have in common at a channel: the run, else the release.
    pub fn thread(&self) -> String {
        match &self.run {
            Some(run) => run.to_string(),
            None => self.release.to_string(),
        }
    }
}

/// Makes the key of a message from what it is about; the same parts give the same key for ever.
///
/// Short and plain, because channels put limits on it. The instant keeps the runs of two
/// workspaces apart, whose names may be the same.
pub fn key(release: &ReleaseId, at: Timestamp, parts: &[&str]) -> String {
    let mut text = format!("{release}\n{}", at.timestamp_millis());
    for part in parts {
        text.push('\n');
        text.push_str(part);
    }
    let digest = Digest::of(text).to_string();
    let hex = digest.rsplit(':').next().unwrap_or_default();
    format!("gantry-{}", hex.get(..40).unwrap_or(hex))
}

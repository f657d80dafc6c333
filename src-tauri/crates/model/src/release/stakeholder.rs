//! Who is told what, by which channel, in whose words, and how often at most.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{id::ConnectionName, unit::Span};

/// Someone who is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Stakeholder {
    /// Who.
    pub name: String,
    /// By which channel.
    pub via: Via,
    /// On which events.
    pub on: Vec<Occasion>,
    /// The file with the wording; Gantry's own words for the audience where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
    /// Whose words they understand.
    #[serde(default, skip_serializing_if = "Audience::is_engineers")]
    pub audience: Audience,
}

/// A channel and an address on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Via {
    /// The channel.
    pub connection: ConnectionName,
    /// The address, where the channel needs one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
}

/// Whose words a notification is written in.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Audience {
    /// Who works on the services: nodes, steps, reasons and commands are named.
    #[default]
    Engineers,
    /// Who answers users: what users may notice, and until when.
    Support,
    /// Users: no internal name at all.
    Customers,
}

impl Audience {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Engineers, Self::Support, Self::Customers];

    /// Gives the word that stands in files and on screen.
    pub fn word(self) -> &'static str {
        match self {
            Self::Engineers => "engineers",
            Self::Support => "support",
            Self::Customers => "customers",
        }
    }

    fn is_engineers(&self) -> bool {
        *self == Self::Engineers
    }
}

/// What stakeholders are told about.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Occasion {
    /// The release has a time.
    Scheduled,
    /// A vote is asked for, reminded of, or overdue.
    Poll,
    /// It starts.
    Started,
    /// A node is done, or a step failed and is tried again.
    Progress,
    /// Somebody must approve or do something by hand.
    Waiting,
    /// It is held.
    Held,
    /// It goes on after a hold.
    Resumed,
    /// A rollback starts.
    RollingBack,
    /// It was rolled back.
    RolledBack,
    /// It failed.
    Failed,
    /// It ended, however it did.
    Finished,
}

impl Occasion {
    /// All of them, in the order in which they come.
    pub const ALL: [Self; 11] = [
        Self::Scheduled,
        Self::Poll,
        Self::Started,
        Self::Progress,
        Self::Waiting,
        Self::Held,
        Self::Resumed,
        Self::RollingBack,
        Self::RolledBack,
        Self::Failed,
        Self::Finished,
    ];

    /// Gives the word that stands in files.
    pub fn word(self) -> &'static str {
        match self {
            Self::Scheduled => "scheduled",
            Self::Poll => "poll",
            Self::Started => "started",
            Self::Progress => "progress",
            Self::Waiting => "waiting",
            Self::Held => "held",
            Self::Resumed => "resumed",
            Self::RollingBack => "rolling-back",
            Self::RolledBack => "rolled-back",
            Self::Failed => "failed",
            Self::Finished => "finished",
        }
    }

    /// Says it to people.
    pub fn words(self) -> &'static str {
        match self {
            Self::RollingBack => "rolling back",
            Self::RolledBack => "rolled back",
            Self::Scheduled
            | Self::Poll
            | Self::Started
            | Self::Progress
            | Self::Waiting
            | Self::Held
            | Self::Resumed
            | Self::Failed
            | Self::Finished => self.word(),
        }
    }
}

/// How often people are told at most, and when they are reminded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Notify {
    /// How many messages a stakeholder gets in `within` at most; the rest comes as one digest.
    #[schemars(range(min = 2, max = 1000))]
    pub at_most: u32,
    /// The time that `at-most` counts for.
    pub within: Span,
    /// After how long a vote that is missing is asked for again; never where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remind: Option<Span>,
    /// Who is told when a vote is still missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub escalate: Option<Escalate>,
}

impl Default for Notify {
    fn default() -> Self {
        Self {
            at_most: 20,
            within: Span::from_secs(60),
            remind: None,
            escalate: None,
        }
    }
}

impl Notify {
    /// Whether nothing was said, which needs no writing.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// Who is told when a vote is missing for long.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Escalate {
    /// How long after the poll was opened.
    pub after: Span,
    /// The stakeholder, by name.
    pub to: String,
}

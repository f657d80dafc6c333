//! What an item can ask by itself beyond health: a database, a CI system, alerts, and what has
//! been done before.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    id::{ConnectionName, ReleaseId},
    unit::Span,
};

/// Asks a database for one value and compares it; nothing is changed there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct SqlQuestion {
    /// The database.
    pub connection: ConnectionName,
    /// A query that answers one row with one column.
    pub query: String,
    /// Holds while the value is this; numbers are compared as numbers, everything else as text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub equals: Option<Value>,
    /// Holds while the number is below this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub below: Option<Value>,
    /// Holds while the number is above this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub above: Option<Value>,
}

/// A value to compare with: a number, a text, or true or false, kept as it was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Value {
    /// True or false.
    Truth(bool),
    /// A whole number.
    Whole(i64),
    /// Everything else; a number with decimals is written in quotes.
    Text(String),
}

impl Value {
    /// Gives the number that it stands for, if it does.
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Truth(_) => None,
            Self::Whole(number) => Some(*number as f64),
            Self::Text(text) => {
                let number: f64 = text.trim().parse().ok()?;
                number.is_finite().then_some(number)
            }
        }
    }
}

impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Truth(truth) => truth.fmt(f),
            Self::Whole(number) => number.fmt(f),
            Self::Text(text) => f.pad(text),
        }
    }
}

/// Asks a CI system what became of a commit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct CiQuestion {
    /// GitHub or GitLab.
    pub connection: ConnectionName,
    /// The repository: `owner/name`, for GitLab also `group/sub-group/name`.
    pub repository: String,
    /// The commit, or a branch or tag that leads to one.
    pub commit: String,
    /// The checks that must have succeeded, by name; all that there are where nothing is said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<String>,
}

/// Looks at how old a backup is: a file, or a time that an address or a program tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct BackupAge {
    /// A file on this machine; when it was last written counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// An address whose answer is a time; when it says it was changed, where the answer is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// A program whose first line is a time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1))]
    pub exec: Option<Vec<String>>,
    /// How old it may be.
    pub within: Span,
}

/// Looks at how long ago this very plan was rehearsed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Rehearsed {
    /// How long ago at most.
    pub within: Span,
    /// How it must have ended: going through is rehearsed, or going back.
    #[serde(default, skip_serializing_if = "RehearsedEnd::is_success")]
    pub outcome: RehearsedEnd,
}

/// How a rehearsal must have ended to count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RehearsedEnd {
    /// It went through.
    #[default]
    Succeeded,
    /// It went wrong on purpose and everything was put back.
    RolledBack,
}

impl RehearsedEnd {
    fn is_success(&self) -> bool {
        *self == Self::Succeeded
    }

    /// Says it after "a rehearsal that".
    pub fn words(self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::RolledBack => "was rolled back",
        }
    }
}

/// Looks at whether another release of this workspace has succeeded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct OtherRelease {
    /// The release whose latest run must have succeeded.
    pub done: ReleaseId,
    /// How long ago at most; however long ago where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<Span>,
}

/// Looks at whether no alert fires that nobody has silenced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct QuietAlerts {
    /// Where the alerts are.
    pub connection: ConnectionName,
    /// The labels of the alerts that count, all of them; every alert where nothing is said.
    #[serde(default, rename = "match", skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
}

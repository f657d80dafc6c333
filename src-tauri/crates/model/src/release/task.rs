//! Work that runs once: a program, a call over HTTP, or a person.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{secret::SecretText, unit::Span};

/// What is run, and what undoes it; one of `exec`, `http` and `manual`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Task {
    /// A program and its arguments; never a shell line.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1))]
    pub exec: Option<Vec<String>>,
    /// A call over HTTP.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub http: Option<HttpCall>,
    /// What a person does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub manual: Option<String>,
    /// What undoes it, in the same form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub undo: Option<UndoTask>,
    /// How long it may take.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout: Option<Span>,
    /// What stands in its environment beside the allow-list.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub env: BTreeMap<String, SecretText>,
    /// Who does a manual step.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// By when a manual step must be done, counted from its start.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deadline: Option<Span>,
    /// What happens when the deadline passes.
    pub on_deadline: OnDeadline,
}

/// What undoes a task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum UndoTask {
    /// What a person does.
    Manual(String),
    /// A program and its arguments.
    Exec(#[schemars(length(min = 1))] Vec<String>),
    /// A call over HTTP.
    Http(HttpCall),
}

/// A call over HTTP; every 2xx answer is success where no status is given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct HttpCall {
    /// The method; POST where nothing is said.
    #[serde(default = "post")]
    pub method: String,
    /// The address.
    pub url: SecretText,
    /// Headers.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, SecretText>,
    /// The body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<SecretText>,
    /// The one status that is success.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 100, max = 599))]
    pub status: Option<u16>,
}

fn post() -> String {
    "POST".into()
}

/// What happens when a person did not answer in time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OnDeadline {
    /// New forward steps stop; a person decides.
    #[default]
    Hold,
    /// The step has failed.
    Fail,
}

//! The JSON form: what is known of a run, under a schema with a version.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    account::Account,
    document::Line,
    incident::{five, head},
    insights::Insights,
};

/// An account with the sentences that stand first in every format.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Report")]
struct Form<'a> {
    #[serde(flatten)]
    account: Cow<'a, Account>,
    /// How it stands, in one sentence.
    lead: String,
    /// The five lines for somebody who reads nothing else.
    summary: Vec<Sentence>,
    /// How far the five steps of a rollback are; none where nothing was rolled back.
    steps: Vec<five::Step>,
}

/// A sentence, and the entries of the journal that it comes from.
#[derive(Serialize, JsonSchema)]
struct Sentence {
    text: String,
    sources: Vec<u64>,
}

impl<'a> Form<'a> {
    fn of(account: &'a Account) -> Self {
        let sentence = |line: Line| Sentence {
            text: line.text.words(),
            sources: line.sources.entries().collect(),
        };
        let summary: Vec<Sentence> = head::summary(account).into_iter().map(sentence).collect();
        let lead = summary.first().map(|first| first.text.clone());
        Self {
            account: Cow::Borrowed(account),
            lead: lead.unwrap_or_default(),
            summary,
            steps: five::steps(account),
        }
    }
}

/// Writes an account.
///
/// # Errors
/// Only if it cannot be written as JSON, which no account that can be built does.
pub fn write(account: &Account) -> Result<String, serde_json::Error> {
    pretty(&Form::of(account))
}

/// Writes delivery metrics.
///
/// # Errors
/// Only if they cannot be written as JSON, which none that can be built do.
pub fn write_insights(insights: &Insights) -> Result<String, serde_json::Error> {
    pretty(insights)
}

/// Gives the JSON Schema of reports.
///
/// # Errors
/// Only if the schema cannot be written as JSON.
pub fn schema() -> Result<String, serde_json::Error> {
    pretty(&schemars::schema_for!(Form<'static>))
}

fn pretty<T: Serialize>(value: &T) -> Result<String, serde_json::Error> {
    Ok(serde_json::to_string_pretty(value)? + "\n")
}

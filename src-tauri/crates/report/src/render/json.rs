//! The JSON form: what is known of a run, under a schema with a version.

use serde::Serialize;

use crate::{account::Account, insights::Insights};

/// Writes an account.
///
/// # Errors
/// Only if it cannot be written as JSON, which no account that can be built does.
pub fn write(account: &Account) -> Result<String, serde_json::Error> {
    pretty(account)
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
    pretty(&schemars::schema_for!(Account))
}

fn pretty<T: Serialize>(value: &T) -> Result<String, serde_json::Error> {
    Ok(serde_json::to_string_pretty(value)? + "\n")
}

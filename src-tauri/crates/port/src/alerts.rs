//! Alerts that fire, and silences over them.

use std::collections::BTreeMap;

use async_trait::async_trait;
use gantry_model::{time::Timestamp, unit::Span};

use crate::fault::Fault;

/// One alert that fires now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alert {
    /// Its labels, its name under `alertname`.
    pub labels: BTreeMap<String, String>,
    /// Since when it fires.
    pub since: Timestamp,
    /// Its summary, where it has one.
    pub summary: Option<String>,
    /// Whether somebody has silenced it.
    pub silenced: bool,
    /// The comments of the silences over it; an empty one where a silence has none that can be read.
    ///
    /// By its comment a run knows the silence that it set itself.
    pub silenced_by: Vec<String>,
}

/// A silence that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Silence {
    /// The labels that an alert must carry to be silent, all of them.
    pub labels: BTreeMap<String, String>,
    /// When it begins.
    pub from: Timestamp,
    /// When it ends by itself.
    pub until: Timestamp,
    /// Who asks.
    pub by: String,
    /// Why; carries the run's id, by which the silence is found again.
    pub comment: String,
}

/// A source of alerts.
#[async_trait]
pub trait Alerts: Send + Sync {
    /// Lists the alerts that fire and carry all of these labels, silenced ones too.
    async fn firing(
        &self,
        labels: &BTreeMap<String, String>,
        timeout: Span,
    ) -> Result<Vec<Alert>, Fault>;

    /// Sets a silence, or finds the one with the same comment that is in force, and gives its id.
    async fn silence(&self, silence: &Silence, timeout: Span) -> Result<String, Fault>;

    /// Ends a silence; one that is over or unknown is fine.
    async fn unsilence(&self, id: &str, timeout: Span) -> Result<(), Fault>;
}

//! `insights`: the delivery metrics of the workspace.

use chrono::TimeDelta;
use gantry_report::insights::{Caught, Insights, RunRecord, Scope, compute};
use serde::Deserialize;

use crate::{
    app::{App, Caller},
    command::{Access, Command},
    commands::report::events,
    error::ApiError,
    follow,
};

/// Computes the delivery metrics.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct ComputeInsights {
    /// How many days back are looked at.
    #[serde(default = "quarter")]
    pub days: u32,
    /// Whether what a canary caught counts as a failed deployment.
    #[serde(default)]
    pub caught: Caught,
}

fn quarter() -> u32 {
    90
}

impl Command for ComputeInsights {
    const NAME: &'static str = "insights";
    const ACCESS: Access = Access::Read;
    const ABOUT: &'static str = "Computes the five delivery metrics per service and environment, with counts and intervals.";
    type Answer = Insights;

    async fn execute(self, app: &App, _caller: &Caller) -> Result<Insights, ApiError> {
        let until = app.clock.now();
        let scope = Scope {
            from: until - TimeDelta::days(i64::from(self.days)),
            until,
            caught: self.caught,
        };
        let Some(journal) = app.journal_if_there()? else {
            return Ok(compute(&[], scope));
        };
        let mut records = Vec::new();
        for summary in journal.list().await? {
            let entries = journal.read(&summary.run, 0).await?;
            records.push(RunRecord {
                run: summary.run.to_string(),
                plan: follow::stored_plan(&*journal, &summary.run).await?,
                events: events(&summary.run, &entries)?,
            });
        }
        Ok(compute(&records, scope))
    }
}

//! `list`: all runs of the workspace.

use gantry_model::journal::RunSummary;
use serde::Deserialize;

use crate::{
    app::{App, Caller},
    command::{Access, Command},
    error::ApiError,
};

/// Lists all runs, the latest change first.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct ListRuns {}

impl Command for ListRuns {
    const NAME: &'static str = "list";
    const ACCESS: Access = Access::Read;
    const ABOUT: &'static str = "Lists all runs, the latest change first.";
    type Answer = Vec<RunSummary>;

    async fn execute(self, app: &App, _caller: &Caller) -> Result<Vec<RunSummary>, ApiError> {
        Ok(app.journal()?.list().await?)
    }
}

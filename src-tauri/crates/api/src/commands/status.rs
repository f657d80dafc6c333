//! `status`: why each node waits or stopped.

use gantry_engine::{drive, status};
use serde::Deserialize;

use crate::{
    app::{App, Caller},
    command::{Access, Command},
    error::ApiError,
    follow,
};

pub use gantry_engine::status::{HoldStatus, NodeState, NodeStatus, RollbackNow, RunStatus};

/// Says why each node of a run waits or stopped, and what going back now would mean.
#[derive(Clone, Debug, Deserialize)]
pub struct Status {
    /// The release id (its latest run), or `id#2`.
    pub release: String,
}

impl Command for Status {
    const NAME: &'static str = "status";
    const ACCESS: Access = Access::Read;
    const ABOUT: &'static str =
        "Says why each node of a run waits or stopped, and what going back now would mean.";
    type Answer = RunStatus;

    async fn execute(self, app: &App, _caller: &Caller) -> Result<RunStatus, ApiError> {
        let journal = app.journal()?;
        let run = follow::find(&*journal, &self.release).await?;
        Ok(status::status(&drive::read(&*journal, &run).await?))
    }
}

//! `status`: why each node waits or stopped, and when the run will be over.

use gantry_engine::{drive, status};
use gantry_forecast::forecast::Forecast;
use serde::{Deserialize, Serialize};

use crate::{
    app::{App, Caller},
    command::{Access, Command},
    error::ApiError,
    follow, forecast,
};

pub use gantry_engine::status::{HoldStatus, NodeState, NodeStatus, RollbackNow, RunStatus};

/// Says why each node of a run waits or stopped, and what going back now would mean.
#[derive(Clone, Debug, Deserialize)]
pub struct Status {
    /// The release id (its latest run), or `id#2`.
    pub release: String,
}

/// How a run stands, and when it will be over.
#[derive(Clone, Debug, Serialize)]
pub struct Standing {
    /// How it stands.
    #[serde(flatten)]
    pub run: RunStatus,
    /// How long it will still take; absent where it does not go forward.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub forecast: Option<Forecast>,
}

impl Command for Status {
    const NAME: &'static str = "status";
    const ACCESS: Access = Access::Read;
    const ABOUT: &'static str =
        "Says why each node of a run waits or stopped, and what going back now would mean.";
    type Answer = Standing;

    async fn execute(self, app: &App, _caller: &Caller) -> Result<Standing, ApiError> {
        let journal = app.journal()?;
        let run = follow::find(&*journal, &self.release).await?;
        if let Some(run) = drive::keep::ended_status(&*journal, &run).await? {
            let forecast = None;
            return Ok(Standing { run, forecast });
        }
        let whole = drive::read(&*journal, &run).await?;
        let stands = status::status(&whole);
        let forecast = match stands.outcome {
            None => forecast::of_run(app, &run, whole.plan()).await,
            Some(_) => None,
        };
        Ok(Standing {
            run: stands,
            forecast,
        })
    }
}

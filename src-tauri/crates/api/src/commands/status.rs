//! `status`: why each node waits or stopped, and when the run will be over.

use gantry_engine::{drive, status};
use gantry_forecast::{forecast::Forecast, timetable::Teller};
use serde::{Deserialize, Serialize};

use crate::{
    app::{App, Caller},
    command::{Access, Command},
    error::ApiError,
    follow, forecast,
    room::{self, Finish, WaitsFor, Wave},
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
    /// Where it is among its waves; absent once it has ended, as everything below.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wave: Option<Wave>,
    /// When it will be over, where enough is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finish: Option<Finish>,
    /// Who is waited for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub waits_for: Vec<WaitsFor>,
    /// What it changes, and nobody else may meanwhile.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<String>,
}

impl Standing {
    fn ended(run: RunStatus) -> Self {
        Self {
            run,
            forecast: None,
            wave: None,
            finish: None,
            waits_for: Vec::new(),
            claims: Vec::new(),
        }
    }
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
            return Ok(Standing::ended(run));
        }
        let whole = drive::read(&*journal, &run).await?;
        let mut stands = status::status(&whole);
        if stands.outcome.is_some() {
            return Ok(Standing::ended(stands));
        }
        let plan = whole.plan();
        let history = forecast::history(app, &plan.environment).await;
        let events = forecast::events(&*journal, &run).await.unwrap_or_default();
        room::fill(&mut stands, &whole, &events, &Teller::new(&history));
        let forecast = forecast::of_run(app, &run, plan).await;
        Ok(Standing {
            wave: Some(room::wave(plan, &stands)),
            finish: room::finish(forecast.as_ref()),
            waits_for: room::waits_for(plan, &stands),
            claims: drive::claims(plan),
            run: stands,
            forecast,
        })
    }
}

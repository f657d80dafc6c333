//! `plan`: what a release means, rollback plan first.

use std::{collections::BTreeMap, path::PathBuf};

use gantry_model::plan::Plan;
use gantry_planner::view::PlanView;
use serde::{Deserialize, Serialize};

use crate::{
    app::{App, Caller},
    catalogue::quarantine,
    command::{Access, Command},
    error::ApiError,
    forecast, load, observe,
};

pub use gantry_forecast::{
    forecast::{Expected, Forecast},
    people::Waits,
};

/// Plans a release file.
#[derive(Clone, Debug, Deserialize)]
pub struct PlanRelease {
    /// The release file.
    pub file: PathBuf,
    /// Whether the platforms are asked what runs now.
    #[serde(default)]
    pub observe: bool,
}

/// A plan, seen from outside.
#[derive(Clone, Debug, Serialize)]
pub struct Planned {
    #[serde(flatten)]
    view: PlanView,
    forecast: Forecast,
    #[serde(skip)]
    plan: Plan,
}

impl Planned {
    /// Adds how long a plan will take, and what follows from that.
    pub(crate) async fn of(app: &App, mut plan: Plan) -> Self {
        let forecast = forecast::of_plan(app, &plan).await;
        plan.findings.extend(forecast::finding(&forecast));
        plan.findings.extend(quarantine::findings(app, &plan).await);
        Self {
            view: gantry_planner::view::view(&plan),
            forecast,
            plan,
        }
    }

    /// Gives the whole plan, for doors that draw it.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Gives how long it will take, as earlier runs in this workspace make it likely.
    pub fn forecast(&self) -> &Forecast {
        &self.forecast
    }
}

impl Command for PlanRelease {
    const NAME: &'static str = "plan";
    const ACCESS: Access = Access::Read;
    const ABOUT: &'static str = "Plans a release file: order, steps, rollback plan, findings.";
    type Answer = Planned;

    async fn execute(self, app: &App, _caller: &Caller) -> Result<Planned, ApiError> {
        let loaded = load::load(app, &self.file).await?;
        let mut plan = load::plan(&loaded, BTreeMap::new())?;
        if self.observe {
            plan = load::plan(&loaded, observe::running(app, &plan).await?)?;
        }
        Ok(Planned::of(app, plan).await)
    }
}

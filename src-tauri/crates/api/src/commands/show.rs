//! `show`: one run with its plan.

use gantry_engine::{drive, status};
use gantry_model::{journal::RunSummary, plan::Plan};
use gantry_planner::view::PlanView;
use serde::{Deserialize, Serialize};

use crate::{
    app::{App, Caller},
    command::{Access, Command},
    commands::status::RunStatus,
    error::ApiError,
    follow,
};

/// Shows one run: its plan, and how far it has come.
#[derive(Clone, Debug, Deserialize)]
pub struct Show {
    /// The release id (its latest run), or `id#2`.
    pub release: String,
}

/// One run.
#[derive(Clone, Debug, Serialize)]
pub struct Shown {
    /// The run as lists show it.
    pub summary: RunSummary,
    /// How far it has come.
    pub status: RunStatus,
    /// What it was started with.
    pub plan: PlanView,
    #[serde(skip)]
    whole: Plan,
}

impl Shown {
    /// Gives the whole plan, for doors that draw it.
    pub fn whole_plan(&self) -> &Plan {
        &self.whole
    }
}

impl Command for Show {
    const NAME: &'static str = "show";
    const ACCESS: Access = Access::Read;
    const ABOUT: &'static str = "Shows one run: its plan, and how far it has come.";
    type Answer = Shown;

    async fn execute(self, app: &App, _caller: &Caller) -> Result<Shown, ApiError> {
        let journal = app.journal()?;
        let run = follow::find(&*journal, &self.release).await?;
        let whole = follow::stored_plan(&*journal, &run).await?;
        Ok(Shown {
            summary: journal.summary(&run).await?,
            status: status::status(&drive::read(&*journal, &run).await?),
            plan: gantry_planner::view::view(&whole),
            whole,
        })
    }
}

//! `notices`: who is told what, what it would read like, and what became of it.

use std::{collections::BTreeMap, path::Path};

use gantry_model::{id::ReleaseId, plan::Plan};
use gantry_notify::{
    matrix::{self, Row},
    preview::{self, Preview},
};
use serde::{Deserialize, Serialize};

use crate::{
    app::{App, Caller},
    command::{Access, Command},
    error::{ApiError, ErrorCode},
    follow, load,
    notices::{
        ledger::{self, Line},
        wordings,
    },
};

/// Shows the notifications of a release; sends nothing.
#[derive(Clone, Debug, Deserialize)]
pub struct ReadNotices {
    /// A release id or a run: what it told and tells; or a release file: what it would tell.
    pub release: String,
}

/// The notifications of a release.
#[derive(Clone, Debug, Serialize)]
pub struct Notices {
    /// Who is told of what.
    pub matrix: Vec<Row>,
    /// What it reads like, event by event.
    pub previews: Vec<Preview>,
    /// What became of each message.
    pub ledger: Vec<Line>,
}

impl Command for ReadNotices {
    const NAME: &'static str = "notices";
    const ACCESS: Access = Access::Read;
    const ABOUT: &'static str =
        "Shows who is told what of a release, what it reads like, and what became of each message.";
    type Answer = Notices;

    async fn execute(self, app: &App, _caller: &Caller) -> Result<Notices, ApiError> {
        let plan = match is_file(&self.release) {
            true => {
                let loaded = load::load(app, Path::new(&self.release)).await?;
                load::plan(&loaded, BTreeMap::new())?
            }
            false => last_plan(app, &self.release).await?,
        };
        let wordings = wordings::read(app, &plan).await;
        Ok(Notices {
            matrix: matrix::rows(&plan),
            previews: preview::all(&plan, &wordings, app.clock.now()),
            ledger: ledger::read(app, &plan.release).await?,
        })
    }
}

/// Whether a word names a file rather than a release, as everywhere.
pub(super) fn is_file(named: &str) -> bool {
    named.contains(['/', '\\']) || named.ends_with(".yaml") || named.ends_with(".yml")
}

/// Gives the id of the release that a word names: its own, or that of a run.
pub(super) fn release(named: &str) -> Result<ReleaseId, ApiError> {
    let name = named.split('#').next().unwrap_or(named);
    name.parse()
        .map_err(|error: gantry_model::id::InvalidName| {
            ApiError::new(
                ErrorCode::BadCall,
                error.to_string(),
                "name a release, a run or a release file",
            )
        })
}

/// Gives the plan of the last run, else the one that was put before people.
async fn last_plan(app: &App, named: &str) -> Result<Plan, ApiError> {
    let journal = app.journal()?;
    let missing = match follow::find(&*journal, named).await {
        Ok(run) => return follow::stored_plan(&*journal, &run).await,
        Err(missing) => missing,
    };
    let release = release(named)?;
    let nobody = Caller {
        name: "gantry".to_owned(),
        known: crate::app::KnownBy::System,
    };
    let desk = crate::readiness::desk::Desk::open(app, &nobody)?;
    let preparation = desk.preparation(&release).await?.state;
    let presented = preparation.presented.ok_or(missing)?;
    desk.plan(presented.plan).await?.ok_or_else(|| {
        let message = format!("the plan of {release} is not kept here");
        ApiError::new(ErrorCode::NoSuchRun, message, "name its file")
    })
}

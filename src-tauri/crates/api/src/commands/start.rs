//! `reach`, `start` and `resume`: driving a release in the process of a door.

use std::path::Path;

use gantry_model::{command::Command as Order, digest::Digest, id::RunId};
use serde::{Deserialize, Serialize};

use crate::{
    app::{App, Caller},
    command::{Access, Command},
    commands::steer::Steer,
    error::{ApiError, ErrorCode},
    follow, load,
    readiness::look::{reach_digest, reach_of},
    workspace,
};

/// Tells what a release may reach.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Reach {
    /// The release.
    pub release: String,
}

/// What a release may reach, for a person to confirm.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Reaches {
    /// Programs, hosts, files and secrets by name, sorted.
    pub reach: Vec<String>,
    /// The hash that `start` takes as the word of who has seen them.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub hash: Digest,
    /// Whether a person confirmed the same before.
    pub confirmed: bool,
}

impl Command for Reach {
    const NAME: &'static str = "reach";
    const ACCESS: Access = Access::Read;
    const ABOUT: &'static str =
        "Tells what a release may reach, with the hash by which a person confirms it.";
    type Answer = Reaches;

    async fn execute(self, app: &App, _caller: &Caller) -> Result<Reaches, ApiError> {
        let known = workspace::known(app, &self.release).await?;
        let reach = reach(app, Path::new(&known.file)).await?;
        let hash = reach_digest(&reach);
        Ok(Reaches {
            confirmed: known.reach == Some(hash),
            reach,
            hash,
        })
    }
}

/// Plans a file without asking any platform, and lists what it may reach.
async fn reach(app: &App, file: &Path) -> Result<Vec<String>, ApiError> {
    let loaded = load::load(app, file).await?;
    let plan = load::plan(&loaded, Default::default())?;
    let agenda = gantry_readiness::agenda::Agenda::of(&loaded.document.release, &plan);
    Ok(reach_of(&plan, &agenda))
}

/// Starts a release and drives it here.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Start {
    /// The release.
    pub release: String,
    /// The hash of what it may reach, from who has seen it.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub confirmed_reach: Digest,
}

/// A run that this door drives.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Driving {
    /// The run.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub run: RunId,
}

impl Command for Start {
    const NAME: &'static str = "start";
    const ACCESS: Access = Access::Operate;
    const ABOUT: &'static str =
        "Starts a release whose reach a person confirmed, and drives it in this process.";
    type Answer = Driving;

    async fn execute(self, app: &App, caller: &Caller) -> Result<Driving, ApiError> {
        let drives = app.drives()?;
        let known = workspace::known(app, &self.release).await?;
        let file = Path::new(&known.file);
        // Nothing is asked of a platform before a person has seen where that leads.
        self.refuse_unconfirmed(&reach(app, file).await?)?;
        let prepared = follow::prepare(app, file).await?;
        self.refuse_unconfirmed(&prepared.reach)?;
        let journal = app.journal()?;
        let list = workspace::list(&*journal)?;
        let signature = workspace::signature(app, caller);
        list.confirm_release(&known.release, self.confirmed_reach, signature)
            .await?;
        let run = drives.start(caller, prepared).await?;
        Ok(Driving { run })
    }
}

impl Start {
    fn refuse_unconfirmed(&self, reach: &[String]) -> Result<(), ApiError> {
        if reach_digest(reach) == self.confirmed_reach {
            return Ok(());
        }
        let message = "what the release may reach is not what was confirmed";
        let hint = "look at its reach and confirm it; nothing was started";
        Err(ApiError {
            chain: reach.to_vec(),
            ..ApiError::new(ErrorCode::NotConfirmed, message, hint)
        })
    }
}

/// Takes up a run that was held or interrupted, and drives it here.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Resume {
    /// The release id (its latest run), or `id#2`.
    pub release: String,
}

impl Command for Resume {
    const NAME: &'static str = "resume";
    const ACCESS: Access = Access::Operate;
    const ABOUT: &'static str = "Takes up a held or interrupted run and drives it in this process.";
    type Answer = Driving;

    async fn execute(self, app: &App, caller: &Caller) -> Result<Driving, ApiError> {
        app.drives()?;
        let journal = app.journal()?;
        let run = follow::find(&*journal, &self.release).await?;
        if journal.summary(&run).await?.ended {
            let message = format!("run {run} has ended");
            return Err(ApiError::new(ErrorCode::Refused, message, "start it again"));
        }
        let lift = Steer {
            release: run.to_string(),
            order: Order::Resume { node: None },
        };
        // The order itself takes the run up where nobody drives it.
        lift.execute(app, caller).await?;
        Ok(Driving { run })
    }
}

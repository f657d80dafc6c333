//! Driving a run in the process of a door: start, resume, and what both need.

mod evidence;

use std::{path::Path, sync::Arc};

use gantry_engine::drive::{self, DriveError, Driver, Inbox, NewRelease, World};
use gantry_model::{command::Actor, id::RunId, plan::Plan};
use gantry_performer::Performer;
use gantry_port::journal::{Journal, StoreError};
use gantry_readiness::agenda::Agenda;

use crate::{
    app::{App, Caller},
    catalogue::quarantine,
    error::{ApiError, ErrorCode},
    load,
    notices::telling,
    observe,
    readiness::{desk::Desk, gate, heads, look},
    templates,
};

/// A release that could start: what it means and what it may reach.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// The plan.
    pub plan: Arc<Plan>,
    /// What is asked of people.
    pub agenda: Agenda,
    /// Programs, hosts, files and secrets by name.
    pub reach: Vec<String>,
    /// The release file's text.
    pub text: String,
    /// The text of the template that it names.
    pub template: Option<String>,
    /// Why nothing counts that an earlier run measured of the same change; it counts where this is
    /// `None`.
    pub judge_anew: Option<String>,
}

/// Plans a file with what the platforms say runs now; changes nothing.
///
/// A platform that does not answer is not an error here: the preflights will tell all of them.
///
/// # Errors
/// `file-unreadable`, `file-invalid`, `plan-unsafe`.
pub async fn prepare(app: &App, file: &Path) -> Result<Prepared, ApiError> {
    let loaded = load::load(app, file).await?;
    let blind = match load::plan(&loaded, std::collections::BTreeMap::new()) {
        Ok(blind) => blind,
        Err(error) => return Err(templates::explain(app, &loaded, error).await),
    };
    load::refuse_unsafe(&loaded, &blind)?;
    let mut plan = load::plan(&loaded, observe::reachable(app, &blind).await)?;
    plan.findings.extend(quarantine::findings(app, &plan).await);
    load::refuse_unsafe(&loaded, &plan)?;
    let agenda = Agenda::of(&loaded.document.release, &plan);
    let reach = look::reach_of(&plan, &agenda);
    Ok(Prepared {
        plan: Arc::new(plan),
        agenda,
        reach,
        text: loaded.document.text().to_owned(),
        template: loaded.template_text,
        judge_anew: None,
    })
}

/// Starts a prepared release; the caller has confirmed its reach.
///
/// The one way to start: whatever checklists, polls and freezes say is asked here.
///
/// # Errors
/// `not-ready`, `unfinished`, `claimed`, `workspace`, `unreachable`.
pub async fn start(app: &App, caller: &Caller, prepared: Prepared) -> Result<Driver, ApiError> {
    let desk = Desk::open(app, caller)?;
    gate::before_start(app, &desk, &prepared).await?;
    templates::keep(app, prepared.template.as_deref()).await;
    let world = world(app, &prepared.plan).await?;
    let at_start = evidence::of_earlier(app, caller, &prepared).await?;
    let new = NewRelease {
        plan: prepared.plan,
        by: Actor::named(&caller.name),
        gantry: env!("CARGO_PKG_VERSION").into(),
        reach: prepared.reach,
        at_start,
    };
    let driver = drive::start(world, new, Inbox::default()).await?;
    let signed = match desk.signs() {
        true => heads::started(&desk, driver.run(), Some(&prepared.text)).await,
        false => Ok(()),
    };
    // Who asks nothing of people has no need of their signatures.
    if prepared.agenda.asks() {
        signed?;
    }
    Ok(driver)
}

/// Takes a run up again; what was in flight is looked at first.
///
/// # Errors
/// `no-such-run`, `driven`, `workspace`, `unreachable`.
pub async fn resume(app: &App, caller: &Caller, run: &RunId) -> Result<Driver, ApiError> {
    let journal = app.journal()?;
    let plan: Plan = stored_plan(&*journal, run).await?;
    let world = world(app, &plan).await?;
    let by = Actor::named(&caller.name);
    Ok(drive::resume(
        world,
        run,
        (&by, env!("CARGO_PKG_VERSION")),
        Inbox::default(),
    )
    .await?)
}

/// Finds a run by what a person calls it: the release's id means its latest run.
///
/// # Errors
/// `no-such-run` and `workspace`.
pub async fn find(journal: &dyn Journal, name: &str) -> Result<RunId, ApiError> {
    let unknown = || StoreError::NoSuchRun(name.to_owned());
    let run: RunId = name.parse().map_err(|_| unknown())?;
    if name.contains('#') {
        return Ok(journal.summary(&run).await?.run);
    }
    Ok(journal.latest(run.release()).await?)
}

/// Gives what a driver of this plan needs.
pub(crate) async fn world(app: &App, plan: &Plan) -> Result<World, ApiError> {
    let ports = app.connector.connect(plan).await?;
    let clock = Arc::clone(&app.clock);
    let platform = Arc::new(Performer::new(ports, Arc::clone(&clock)));
    Ok(World {
        journal: telling::journal(app, app.journal()?, plan).await,
        clock,
        platform,
    })
}

/// Reads the plan that a run was started with.
pub(crate) async fn stored_plan(journal: &dyn Journal, run: &RunId) -> Result<Plan, ApiError> {
    let text = journal.plan(run).await?;
    serde_json::from_str(&text).map_err(|error| {
        let message = format!("the plan of run {run} cannot be read: {error}");
        ApiError::new(
            ErrorCode::Workspace,
            message,
            "restore the workspace file from a copy",
        )
    })
}

impl From<DriveError> for ApiError {
    fn from(error: DriveError) -> Self {
        let code = match error {
            DriveError::Store(error) => return error.into(),
            DriveError::Fold { .. } | DriveError::Plan { .. } => ErrorCode::JournalBroken,
            DriveError::Malformed(_) | DriveError::Impossible(_) | DriveError::Unwritable(_) => {
                ErrorCode::Internal
            }
        };
        let hint =
            "the record is as it was; please report this with `gantry journal RELEASE --json`";
        Self {
            chain: causes(&error),
            ..Self::new(code, error.to_string(), hint)
        }
    }
}

fn causes(error: &dyn std::error::Error) -> Vec<String> {
    std::iter::successors(error.source(), |cause| cause.source())
        .map(ToString::to_string)
        .collect()
}

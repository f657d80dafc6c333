//! One release as lists show it: what its file says now, and where its latest run stands.

use std::{collections::BTreeMap, path::Path};

use gantry_engine::{
    drive,
    standing::{self, Standing},
};
use gantry_model::{
    id::{ReleaseId, RunId, ServiceName, Version},
    journal::RunSummary,
    release::Release,
    time::Timestamp,
};
use gantry_port::{
    journal::{Journal, StoreError},
    releases::KnownRelease,
};
use gantry_readiness::calendar;
use serde::Serialize;

use super::text;
use crate::{app::App, error::ApiError};

/// A release that the workspace knows.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct ReleaseRow {
    /// The release's id.
    pub release: String,
    /// Its file on this machine; absent where only its runs are known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "bindings", ts(optional))]
    pub file: Option<String>,
    /// What people call it: its title, or else its id.
    pub name: String,
    /// Where it goes.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "bindings", ts(optional))]
    pub environment: Option<String>,
    /// Who answers for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "bindings", ts(optional))]
    pub owner: Option<String>,
    /// How many changes it has.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "bindings", ts(optional))]
    pub nodes: Option<usize>,
    /// What it brings where.
    pub targets: Vec<Target>,
    /// When forward steps may run.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "bindings", ts(optional))]
    pub window: Option<WindowRow>,
    /// How many problems its file has.
    pub problems: usize,
    /// How it stands.
    pub state: ReleaseState,
    /// Its latest run.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "bindings", ts(optional, as = "Option<String>"))]
    pub run: Option<RunId>,
    /// The run's state in one word.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "bindings", ts(optional))]
    pub phase: Option<String>,
    /// What the run came to; absent while it goes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "bindings", ts(optional))]
    pub outcome: Option<String>,
    /// What is to be done, where only a person can move the run.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "bindings", ts(optional))]
    pub waits_for: Option<String>,
    /// How many steps of the run are done.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "bindings", ts(optional))]
    pub steps_done: Option<u32>,
    /// How many steps the run has.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "bindings", ts(optional))]
    pub steps_total: Option<u32>,
    /// When the run was started.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "bindings", ts(optional, as = "Option<String>"))]
    pub started: Option<Timestamp>,
    /// When anything of it changed last.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub updated: Timestamp,
}

/// A service that a release brings to a version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Target {
    /// The service.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub service: ServiceName,
    /// What runs today, where the file says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "bindings", ts(optional, as = "Option<String>"))]
    pub from: Option<Version>,
    /// What shall run.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub to: Version,
}

/// A window as instants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct WindowRow {
    /// When it opens.
    #[cfg_attr(feature = "bindings", ts(as = "Option<String>"))]
    pub from: Option<Timestamp>,
    /// When it closes.
    #[cfg_attr(feature = "bindings", ts(as = "Option<String>"))]
    pub to: Option<Timestamp>,
    /// The zone that its people think in.
    pub timezone: String,
}

/// How a release stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum ReleaseState {
    /// It was never run, and its file can be read.
    Draft,
    /// It was never run, and its file has problems.
    Broken,
    /// Its file is not there any more, and it was never run.
    Missing,
    /// Its run goes on by itself.
    Running,
    /// Only a person can move its run.
    Waiting,
    /// Nobody drives its run, which could go on: a crash, a sleep, a process that ended.
    Interrupted,
    /// Its latest run has ended.
    Ended,
}

/// What a file says today.
#[derive(Default)]
struct Told {
    release: Option<Release>,
    problems: usize,
    missing: bool,
}

/// Lists the releases that are known by file or by run, the latest change first.
///
/// # Errors
/// `workspace`.
pub async fn rows(app: &App) -> Result<Vec<ReleaseRow>, ApiError> {
    let mut files: BTreeMap<ReleaseId, KnownRelease> = super::all(app)
        .await?
        .into_iter()
        .map(|known| (known.release.clone(), known))
        .collect();
    let journal = app.journal()?;
    let mut latest: BTreeMap<ReleaseId, RunSummary> = BTreeMap::new();
    for summary in journal.list().await? {
        let kept = latest.get(summary.run.release());
        if kept.is_none_or(|kept| kept.run.number() < summary.run.number()) {
            latest.insert(summary.run.release().clone(), summary);
        }
    }
    let mut rows = Vec::new();
    for (release, summary) in latest {
        let known = files.remove(&release);
        rows.push(row(app, &*journal, (release, known, Some(summary))).await?);
    }
    for (release, known) in files {
        rows.push(row(app, &*journal, (release, Some(known), None)).await?);
    }
    rows.sort_by_key(|row| std::cmp::Reverse(row.updated));
    Ok(rows)
}

/// Gives the row of one release whose file is known.
///
/// # Errors
/// `workspace`.
pub async fn of(app: &App, known: KnownRelease) -> Result<ReleaseRow, ApiError> {
    let journal = app.journal()?;
    let summary = match journal.latest(&known.release).await {
        Ok(run) => Some(journal.summary(&run).await?),
        Err(StoreError::NoSuchRun(_)) => None,
        Err(error) => return Err(error.into()),
    };
    row(
        app,
        &*journal,
        (known.release.clone(), Some(known), summary),
    )
    .await
}

type Parts = (ReleaseId, Option<KnownRelease>, Option<RunSummary>);

async fn row(app: &App, journal: &dyn Journal, parts: Parts) -> Result<ReleaseRow, ApiError> {
    let (release, known, summary) = parts;
    let told = match &known {
        Some(known) => read(app, known).await,
        None => Told::default(),
    };
    let mut row = unrun(release, known.as_ref(), &told);
    if let Some(summary) = summary {
        run(app, journal, &mut row, summary).await?;
    }
    Ok(row)
}

async fn read(app: &App, known: &KnownRelease) -> Told {
    let bytes = match app.chosen.read(Path::new(&known.file), text::LIMIT).await {
        Ok(bytes) => bytes,
        Err(_) => {
            return Told {
                missing: true,
                ..Told::default()
            };
        }
    };
    match gantry_release_file::read(&known.file, &bytes) {
        Ok(document) => Told {
            release: Some(document.release),
            ..Told::default()
        },
        Err(problems) => Told {
            problems: problems.told().len(),
            ..Told::default()
        },
    }
}

/// Says of a release what its file says.
fn unrun(release: ReleaseId, known: Option<&KnownRelease>, told: &Told) -> ReleaseRow {
    let file = told.release.as_ref();
    let title = file.and_then(|file| file.title.clone());
    let state = match told {
        Told { missing: true, .. } => ReleaseState::Missing,
        Told { problems: 1.., .. } => ReleaseState::Broken,
        Told { .. } => ReleaseState::Draft,
    };
    ReleaseRow {
        name: title.unwrap_or_else(|| release.to_string()),
        release: release.to_string(),
        file: known.map(|known| known.file.clone()),
        environment: file.map(|file| file.environment.to_string()),
        owner: file.and_then(|file| file.owner.clone()),
        nodes: file.map(|file| file.nodes.len()),
        targets: file.map(targets).unwrap_or_default(),
        window: file.and_then(window),
        problems: told.problems,
        state,
        run: None,
        phase: None,
        outcome: None,
        waits_for: None,
        steps_done: None,
        steps_total: None,
        started: None,
        updated: known.map_or(Timestamp::UNIX_EPOCH, |known| known.changed_at),
    }
}

fn targets(release: &Release) -> Vec<Target> {
    let versions = release.nodes.iter().filter_map(|(id, node)| {
        let version = node.version.as_ref()?;
        let of_node = || ServiceName::from(id);
        Some(Target {
            service: node.service.clone().unwrap_or_else(of_node),
            from: version.from.clone(),
            to: version.to.clone(),
        })
    });
    versions.collect()
}

fn window(release: &Release) -> Option<WindowRow> {
    let window = release.window.as_ref()?;
    Some(WindowRow {
        from: calendar::opens(window),
        to: calendar::closes(window),
        timezone: window.timezone.name().to_owned(),
    })
}

/// Says of a release where its latest run stands.
async fn run(
    app: &App,
    journal: &dyn Journal,
    row: &mut ReleaseRow,
    summary: RunSummary,
) -> Result<(), ApiError> {
    let (state, waits_for) = stands(app, journal, &summary).await?;
    if row.file.is_none()
        && let Some(title) = &summary.title
    {
        row.name.clone_from(title);
    }
    let environment = row.environment.take();
    row.environment = environment.or_else(|| Some(summary.environment.to_string()));
    row.state = state;
    row.waits_for = waits_for;
    row.outcome = summary.ended.then(|| summary.state.clone());
    row.phase = Some(summary.state);
    row.steps_done = Some(summary.steps_done);
    row.steps_total = Some(summary.steps_total);
    row.started = Some(summary.started_at);
    row.updated = row.updated.max(summary.changed_at);
    row.run = Some(summary.run);
    Ok(())
}

/// Tells whether a run goes on, waits for a person, or lies there with nobody to drive it.
async fn stands(
    app: &App,
    journal: &dyn Journal,
    summary: &RunSummary,
) -> Result<(ReleaseState, Option<String>), ApiError> {
    if summary.ended {
        return Ok((ReleaseState::Ended, None));
    }
    let folded = drive::read(journal, &summary.run).await?;
    match standing::standing(&folded, app.clock.now()) {
        Some(Standing::WaitsForPerson(sentence)) => Ok((ReleaseState::Waiting, Some(sentence))),
        Some(Standing::Ended(_)) => Ok((ReleaseState::Ended, None)),
        None if journal.is_driven(&summary.run).await? => Ok((ReleaseState::Running, None)),
        None => Ok((ReleaseState::Interrupted, None)),
    }
}

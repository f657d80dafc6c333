//! From a path to a release and its plan.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use gantry_model::{
    digest::Digest,
    id::NodeId,
    plan::{Finding, Plan, Severity},
    platform::Baseline,
    release::{Release, node::Node, strategy::Strategy},
};
use gantry_planner::Observations;
use gantry_release_file::document::Document;

use crate::{
    app::App,
    error::{ApiError, ErrorCode},
    templates,
};

/// The longest release file, in bytes.
const RELEASE_LIMIT: u64 = 4 * 1024 * 1024;
/// The longest file that a release refers to, in bytes.
const REFERRED_LIMIT: u64 = 64 * 1024 * 1024;

/// A release file that was read.
#[derive(Debug)]
pub struct Loaded {
    /// The release and the places of everything in it.
    pub document: Document,
    /// The folder that relative names start from.
    pub folder: PathBuf,
    /// The files that it refers to, hashed; absent ones are findings.
    pub files: BTreeMap<String, Digest>,
    /// What is to be said about the template that it names.
    pub template: Vec<Finding>,
    /// The template's text, where it is the one that was pinned.
    pub template_text: Option<String>,
}

/// Reads a release file and hashes what it refers to; runs nothing and reaches nowhere.
///
/// # Errors
/// `file-unreadable`, or `file-invalid` with every problem and its place.
pub async fn load(app: &App, path: &Path) -> Result<Loaded, ApiError> {
    let bytes = app.files.read(path, RELEASE_LIMIT).await?;
    let name = if path == Path::new("-") {
        "standard input".into()
    } else {
        path.display().to_string()
    };
    let document = gantry_release_file::read(&name, &bytes)?;
    let absolute = app.files.absolute(path)?;
    let folder = absolute.parent().map(Path::to_path_buf).unwrap_or_default();
    Ok(beside(app, document, Some(folder)).await)
}

/// Hashes what a release refers to in a folder; without one, nothing is looked at.
pub async fn beside(app: &App, mut document: Document, folder: Option<PathBuf>) -> Loaded {
    let mut files = BTreeMap::new();
    let mut template = Vec::new();
    let mut template_text = None;
    if let Some(folder) = &folder {
        let templated = templates::fill(app, &mut document, folder).await;
        files.extend(templated.file);
        template = templated.findings;
        template_text = templated.text;
    }
    for name in referred(&document.release) {
        let Some(folder) = &folder else { break };
        let path = folder.join(&name);
        if let Ok(bytes) = app.files.read_referred(&path, REFERRED_LIMIT).await {
            files.insert(name, Digest::of(bytes));
        }
    }
    Loaded {
        document,
        folder: folder.unwrap_or_default(),
        files,
        template,
        template_text,
    }
}

/// Plans a loaded release.
///
/// # Errors
/// `file-invalid` with the place of everything that makes a plan impossible.
pub fn plan(loaded: &Loaded, running: BTreeMap<NodeId, Baseline>) -> Result<Plan, ApiError> {
    let mut told = loaded.template.iter();
    if told.any(|finding| finding.severity == Severity::Error) {
        return Err(loaded.document.problems(&loaded.template).into());
    }
    let observations = Observations {
        folder: loaded.folder.display().to_string(),
        files: loaded.files.clone(),
        running,
    };
    let planned = gantry_planner::plan(&loaded.document.release, &observations);
    let mut plan =
        planned.map_err(|findings| ApiError::from(loaded.document.problems(&findings)))?;
    plan.findings.extend(loaded.template.iter().cloned());
    Ok(plan)
}

/// Refuses a plan with findings that forbid a start.
///
/// # Errors
/// `plan-unsafe` with the place of every such finding.
pub fn refuse_unsafe(loaded: &Loaded, plan: &Plan) -> Result<(), ApiError> {
    let severe: Vec<_> = plan
        .findings
        .iter()
        .filter(|f| f.severity == Severity::Error)
        .cloned()
        .collect();
    if severe.is_empty() {
        return Ok(());
    }
    let error = ApiError::from(loaded.document.problems(&severe));
    Err(ApiError {
        code: ErrorCode::PlanUnsafe,
        ..error
    })
}

/// Lists the files that a release refers to.
fn referred(release: &Release) -> Vec<String> {
    release.nodes.values().flat_map(referred_by_node).collect()
}

fn referred_by_node(node: &Node) -> Vec<String> {
    let migrations = match &node.strategy {
        Some(Strategy::ExpandContract(phases)) => [
            Some(phases.expand.clone()),
            phases
                .backfill
                .as_ref()
                .map(|backfill| backfill.sql.clone()),
            phases
                .contract
                .as_ref()
                .map(|contract| contract.sql.clone()),
            phases.revert.clone(),
        ],
        Some(Strategy::ShadowWrites(phases)) => [
            Some(phases.expand.clone()),
            phases
                .backfill
                .as_ref()
                .map(|backfill| backfill.sql.clone()),
            phases
                .contract
                .as_ref()
                .map(|contract| contract.sql.clone()),
            None,
        ],
        Some(
            Strategy::Recreate(_)
            | Strategy::Rolling(_)
            | Strategy::BlueGreen(_)
            | Strategy::Canary(_)
            | Strategy::Progressive(_),
        )
        | None => [None, None, None, None],
    };
    let program = node.run.iter().filter_map(|run| run.exec.as_ref()?.first());
    let beside = program
        .filter(|name| name.contains('/') && !name.starts_with('/'))
        .cloned();
    migrations.into_iter().flatten().chain(beside).collect()
}

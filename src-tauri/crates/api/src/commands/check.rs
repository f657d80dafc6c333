//! `check`: all problems of a release file.

use std::{collections::BTreeMap, path::PathBuf};

use gantry_model::plan::{Finding, Severity};
use gantry_release_file::problem::Problem;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    app::{App, Caller},
    command::{Access, Command},
    error::ApiError,
    load,
};

/// Tells all problems of a release file, with places.
#[derive(Clone, Debug, Deserialize)]
pub struct Check {
    /// The release file.
    pub file: PathBuf,
}

/// What a file without errors has to say for itself.
#[derive(Clone, Debug, Serialize)]
pub struct Checked {
    /// The release's id.
    pub release: String,
    /// How many nodes it has.
    pub nodes: usize,
    /// How many steps it takes.
    pub steps: usize,
    /// Findings that do not forbid a start, with their places.
    pub problems: Vec<Value>,
    /// The same, one line each.
    #[serde(skip)]
    pub lines: Vec<String>,
}

impl Command for Check {
    const NAME: &'static str = "check";
    const ACCESS: Access = Access::Read;
    const ABOUT: &'static str = "Tells all problems of a release file, with places.";
    type Answer = Checked;

    async fn execute(self, app: &App, _caller: &Caller) -> Result<Checked, ApiError> {
        let loaded = load::load(app, &self.file).await?;
        let plan = load::plan(&loaded, BTreeMap::new())?;
        load::refuse_unsafe(&loaded, &plan)?;
        let warnings: Vec<Finding> = plan
            .findings
            .iter()
            .filter(|finding| finding.severity == Severity::Warning)
            .cloned()
            .collect();
        let located = loaded.document.problems(&warnings);
        Ok(Checked {
            release: plan.release.to_string(),
            nodes: plan.nodes.len(),
            steps: plan.steps.len(),
            problems: located
                .told()
                .iter()
                .filter_map(|p| serde_json::to_value(p).ok())
                .collect(),
            lines: located.told().iter().map(line).collect(),
        })
    }
}

/// Writes a warning as compilers do: place, how bad, what, and what to do.
fn line(problem: &Problem) -> String {
    let Problem {
        file,
        place,
        message,
        hint,
        ..
    } = problem;
    let message = message.trim_end_matches('.');
    let hint = if hint.is_empty() {
        String::new()
    } else {
        format!("; {hint}")
    };
    format!(
        "{file}:{}:{}: warning: {message}{hint}",
        place.line, place.column
    )
}

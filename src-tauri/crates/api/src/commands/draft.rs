//! `draft`: what a text means that nobody has saved yet.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use gantry_layout::picture::Picture;
use gantry_model::plan::Plan;
use gantry_release_file::{document::Document, problem::Problem};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    app::{App, Caller},
    command::{Access, Command},
    commands::plan::Planned,
    error::ApiError,
    load::{self, Loaded},
    picture::Wanted,
    workspace,
};

/// What problems call a text without a file.
const UNSAVED: &str = "unsaved";

/// Reads and plans a text; writes nothing, reaches nowhere.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Draft {
    /// The release file's text as it is being written.
    pub text: String,
    /// The release that it is the next text of: names in it start from that file's folder.
    #[serde(default)]
    #[cfg_attr(feature = "bindings", ts(optional))]
    pub name: Option<String>,
    /// How it is to be drawn.
    #[serde(flatten)]
    pub wanted: Wanted,
}

/// What a text means.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Drafted {
    /// Everything that is wrong or worth knowing, in the order of the text.
    pub problems: Vec<DraftProblem>,
    /// The plan, as `plan` gives it; absent while the text means nothing that can be planned.
    #[cfg_attr(feature = "bindings", ts(type = "unknown"))]
    pub plan: Option<Planned>,
    /// Where nodes and edges are drawn; there as soon as the text can be read, plan or not.
    #[cfg_attr(feature = "bindings", ts(type = "unknown"))]
    pub layout: Option<Picture>,
}

/// One problem with its place in the text.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct DraftProblem {
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1, in characters.
    pub column: u32,
    /// The line where it ends.
    pub end_line: u32,
    /// The column behind its last character.
    pub end_column: u32,
    /// A stable code in kebab-case.
    pub code: String,
    /// `error` or `warning`.
    #[cfg_attr(feature = "bindings", ts(type = "\"error\" | \"warning\""))]
    pub severity: Value,
    /// Where in the document, as a JSON pointer; empty for the whole.
    pub pointer: String,
    /// What is wrong.
    pub message: String,
    /// What was expected or what to do; may be empty.
    pub hint: String,
}

impl From<&Problem> for DraftProblem {
    fn from(problem: &Problem) -> Self {
        let place = problem.place;
        Self {
            line: place.line,
            column: place.column,
            end_line: place.line,
            end_column: place.column.saturating_add(place.length),
            code: problem.code.to_string(),
            severity: serde_json::to_value(problem.severity).unwrap_or_default(),
            pointer: problem.pointer.clone(),
            message: problem.message.clone(),
            hint: problem.hint.clone(),
        }
    }
}

impl Command for Draft {
    const NAME: &'static str = "draft";
    const ACCESS: Access = Access::Read;
    const ABOUT: &'static str =
        "Tells what an unsaved text means: its problems with places, its plan, its drawing.";
    type Answer = Drafted;

    async fn execute(self, app: &App, _caller: &Caller) -> Result<Drafted, ApiError> {
        let name = self.name.as_deref().unwrap_or(UNSAVED);
        let document = match gantry_release_file::read(name, self.text.as_bytes()) {
            Ok(document) => document,
            Err(problems) => return Ok(unplanned(problems.told())),
        };
        let loaded = loaded(app, document, self.name.as_deref()).await;
        let plan = match load::plan(&loaded, BTreeMap::new()) {
            Ok(plan) => plan,
            Err(error) => {
                let picture = self.wanted.of_release(&loaded.document.release);
                return Ok(refused(error, picture));
            }
        };
        Ok(drafted(app, &loaded, plan, &self.wanted).await)
    }
}

/// Gives the document the folder of the release that it is a text of.
async fn loaded(app: &App, document: Document, name: Option<&str>) -> Loaded {
    let folder = match name {
        Some(name) => folder_of(app, name).await,
        None => None,
    };
    load::beside(app, document, folder).await
}

async fn folder_of(app: &App, name: &str) -> Option<PathBuf> {
    let known = workspace::known(app, name).await.ok()?;
    Path::new(&known.file).parent().map(Path::to_path_buf)
}

async fn drafted(app: &App, loaded: &Loaded, plan: Plan, wanted: &Wanted) -> Drafted {
    let picture = wanted.of_plan(&plan);
    let plan = Planned::of(app, plan).await;
    let problems = loaded.document.problems(&plan.plan().findings);
    Drafted {
        problems: problems.told().iter().map(DraftProblem::from).collect(),
        layout: Some(picture),
        plan: Some(plan),
    }
}

fn unplanned(problems: &[Problem]) -> Drafted {
    Drafted {
        problems: problems.iter().map(DraftProblem::from).collect(),
        plan: None,
        layout: None,
    }
}

fn refused(error: ApiError, picture: Picture) -> Drafted {
    let shown = error.shown.as_ref();
    Drafted {
        layout: Some(picture),
        ..unplanned(shown.map_or(&[], |problems| problems.told()))
    }
}

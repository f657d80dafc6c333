//! `export`: the graph of a release, or its calendar, in the formats of other tools.

use std::{collections::BTreeMap, path::PathBuf};

use gantry_readiness::agenda::Agenda;
use serde::Deserialize;

use crate::{
    app::{App, Caller},
    command::{Access, Command},
    commands::plan::timetable,
    error::{ApiError, ErrorCode},
    export::{self, GraphFormat},
    load,
};

/// Writes a release file in another tool's format.
#[derive(Clone, Debug, Deserialize)]
pub struct Export {
    /// The release file.
    pub file: PathBuf,
    /// The format.
    pub format: Format,
}

/// The formats of other tools.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Format {
    /// The graph.
    Graph(GraphFormat),
    /// The calendar.
    Calendar(CalendarFormat),
}

/// The formats of a calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CalendarFormat {
    /// RFC 5545, which every calendar reads.
    Ics,
}

impl Command for Export {
    const NAME: &'static str = "export";
    const ACCESS: Access = Access::Read;
    const ABOUT: &'static str =
        "Writes the graph of a release file, or its calendar, in another tool's format.";
    type Answer = String;

    async fn execute(self, app: &App, _caller: &Caller) -> Result<String, ApiError> {
        let loaded = load::load(app, &self.file).await?;
        let plan = load::plan(&loaded, BTreeMap::new())?;
        match self.format {
            Format::Graph(format) => Ok(export::graph(&plan, format)),
            Format::Calendar(CalendarFormat::Ics) => {
                let agenda = Agenda::of(&loaded.document.release, &plan);
                let timetable = timetable(app, &plan).await;
                let now = app.clock.now();
                let written = export::calendar((&plan, &agenda), timetable.as_ref(), now);
                written.ok_or_else(timeless)
            }
        }
    }
}

fn timeless() -> ApiError {
    let message = "this release has no window, so that nothing of it has a time";
    let hint = "add `window: { opens, closes, timezone }` to the release file";
    ApiError::new(ErrorCode::BadCall, message, hint)
}

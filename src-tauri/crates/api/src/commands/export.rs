//! `export`: the graph of a release in the formats of other tools.

use std::{collections::BTreeMap, path::PathBuf};

use serde::Deserialize;

use crate::{
    app::{App, Caller},
    command::{Access, Command},
    error::ApiError,
    export::{self, GraphFormat},
    load,
};

/// Writes the graph of a release file in another tool's format.
#[derive(Clone, Debug, Deserialize)]
pub struct Export {
    /// The release file.
    pub file: PathBuf,
    /// The format.
    pub format: GraphFormat,
}

impl Command for Export {
    const NAME: &'static str = "export";
    const ACCESS: Access = Access::Read;
    const ABOUT: &'static str = "Writes the graph of a release file in another tool's format.";
    type Answer = String;

    async fn execute(self, app: &App, _caller: &Caller) -> Result<String, ApiError> {
        let loaded = load::load(app, &self.file).await?;
        let plan = load::plan(&loaded, BTreeMap::new())?;
        Ok(export::graph(&plan, self.format))
    }
}

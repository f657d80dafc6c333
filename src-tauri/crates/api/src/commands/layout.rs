//! `layout`: where the nodes and edges of a release stand in a picture.

use std::{collections::BTreeMap, path::PathBuf};

use gantry_layout::picture::Picture;
use serde::Deserialize;

use crate::{
    app::{App, Caller},
    command::{Access, Command},
    error::ApiError,
    load,
    picture::Wanted,
    source::Source,
};

/// Places the nodes and edges of a release.
#[derive(Clone, Debug, Deserialize)]
pub struct Layout {
    /// Which release.
    #[serde(flatten)]
    pub source: Source,
    /// How it is to be drawn.
    #[serde(flatten)]
    pub wanted: Wanted,
}

impl Layout {
    /// Asks for the picture of a file, as it comes.
    pub fn of_file(file: PathBuf) -> Self {
        Self {
            source: Source::of_file(file),
            wanted: Wanted::default(),
        }
    }
}

impl Command for Layout {
    const NAME: &'static str = "layout";
    const ACCESS: Access = Access::Read;
    const ABOUT: &'static str =
        "Says where the nodes and edges of a release stand in a picture: waves are columns.";
    type Answer = Picture;

    async fn execute(self, app: &App, _caller: &Caller) -> Result<Picture, ApiError> {
        let loaded = self.source.load(app).await?;
        Ok(match load::plan(&loaded, BTreeMap::new()) {
            Ok(plan) => self.wanted.of_plan(&plan),
            // A release that cannot be planned can be looked at all the same.
            Err(_) => self.wanted.of_release(&loaded.document.release),
        })
    }
}

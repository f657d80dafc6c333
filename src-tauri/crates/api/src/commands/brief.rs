//! `brief`: what people read before a release.

use std::{collections::BTreeMap, path::PathBuf};

use gantry_report::redact::{self, Profile};
use serde::Deserialize;

use crate::{
    app::{App, Caller},
    command::{Access, Command},
    error::ApiError,
    load,
    written::{DocumentFormat, Written, unwritable},
};

/// Writes the brief of a release file.
#[derive(Clone, Debug, Deserialize)]
pub struct WriteBrief {
    /// The release file.
    pub file: PathBuf,
    /// The format.
    pub format: DocumentFormat,
    /// Who reads it.
    #[serde(default)]
    pub profile: Profile,
}

impl Command for WriteBrief {
    const NAME: &'static str = "brief";
    const ACCESS: Access = Access::Read;
    const ABOUT: &'static str =
        "Writes the brief before a release: the way back first, then go or no-go and the steps.";
    type Answer = Written;

    async fn execute(self, app: &App, _caller: &Caller) -> Result<Written, ApiError> {
        let loaded = load::load(app, &self.file).await?;
        let plan = load::plan(&loaded, BTreeMap::new())?;
        let release = &loaded.document.release;
        let release = redact::release(self.profile, &plan, release).map_err(unwritable)?;
        let seen =
            redact::record(self.profile, &redact::Whole::plain(&plan, &[])).map_err(unwritable)?;
        let document = gantry_report::brief::document(&seen.plan, Some(&release));
        Written::of(&document, self.format)
    }
}

//! `open-release` and `close-release`: which files the workspace knows.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::{
    app::{App, Caller},
    command::{Access, Command},
    error::{ApiError, ErrorCode},
    workspace::{
        self,
        row::{self, ReleaseRow},
        text,
    },
};

/// Opens a release file that a person chose.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct OpenRelease {
    /// The file.
    pub file: PathBuf,
}

impl Command for OpenRelease {
    const NAME: &'static str = "open-release";
    const ACCESS: Access = Access::Operate;
    const ABOUT: &'static str = "Opens a release file: the workspace knows it from then on.";
    type Answer = ReleaseRow;

    async fn execute(self, app: &App, caller: &Caller) -> Result<ReleaseRow, ApiError> {
        let file = app.chosen.absolute(&self.file)?;
        let named = file.extension().and_then(|ending| ending.to_str());
        if !matches!(named, Some("yaml" | "yml")) {
            return Err(foreign(&file));
        }
        let bytes = app.chosen.read(&file, text::LIMIT).await?;
        // What is no release file is not quoted: this door may be asked for any file.
        let release = text::release_of(&bytes).ok_or_else(|| foreign(&file))?;
        let known = workspace::take_in(app, caller, &release, &file).await?;
        row::of(app, known).await
    }
}

fn foreign(file: &std::path::Path) -> ApiError {
    ApiError::new(
        ErrorCode::FileInvalid,
        format!("{} is not a release file", file.display()),
        "a release file ends in .yaml, and says `gantry: 1` and `release: ID`",
    )
}

/// Takes a release off the list.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct CloseRelease {
    /// The release.
    pub release: String,
}

/// Whether a release was taken off the list.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct ClosedRelease {
    /// Whether it was on it.
    pub closed: bool,
}

impl Command for CloseRelease {
    const NAME: &'static str = "close-release";
    const ACCESS: Access = Access::Operate;
    const ABOUT: &'static str =
        "Takes a release off the list of known files; the file and its runs stay as they are.";
    type Answer = ClosedRelease;

    async fn execute(self, app: &App, caller: &Caller) -> Result<ClosedRelease, ApiError> {
        let known = workspace::known(app, &self.release).await?;
        let journal = app.journal()?;
        let list = workspace::list(&*journal)?;
        let signature = workspace::signature(app, caller);
        let closed = list.close_release(&known.release, signature).await?;
        Ok(ClosedRelease { closed })
    }
}

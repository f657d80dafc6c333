//! `releases`: what this workspace knows, by file or by run.

use serde::Deserialize;

use crate::{
    app::{App, Caller},
    command::{Access, Command},
    error::ApiError,
    workspace::row::{self, ReleaseRow},
};

/// Lists the releases that this workspace knows.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Releases {}

impl Command for Releases {
    const NAME: &'static str = "releases";
    const ACCESS: Access = Access::Read;
    const ABOUT: &'static str =
        "Lists the releases that the workspace knows by file or by run, and how each stands.";
    type Answer = Vec<ReleaseRow>;

    async fn execute(self, app: &App, _caller: &Caller) -> Result<Vec<ReleaseRow>, ApiError> {
        row::rows(app).await
    }
}

//! `rehearsals`: what was rehearsed of a release, and how it went.

use gantry_model::id::ReleaseId;
use serde::Deserialize;

use crate::{
    app::{App, Caller},
    command::{Access, Command},
    error::ApiError,
    rehearsals::{self, Kept},
};

/// Lists the rehearsals of a release that were kept.
#[derive(Clone, Debug, Deserialize)]
pub struct Rehearsals {
    /// The release.
    pub release: ReleaseId,
}

impl Command for Rehearsals {
    const NAME: &'static str = "rehearsals";
    const ACCESS: Access = Access::Read;
    const ABOUT: &'static str =
        "Lists the rehearsals of a release that were kept, the latest first.";
    type Answer = Vec<Kept>;

    async fn execute(self, app: &App, _caller: &Caller) -> Result<Vec<Kept>, ApiError> {
        match app.journal_if_there()? {
            Some(journal) => rehearsals::list(&*journal, &self.release).await,
            None => Ok(Vec::new()),
        }
    }
}

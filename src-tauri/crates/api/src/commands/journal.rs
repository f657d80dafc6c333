//! `journal`: the record of a run.

use gantry_model::journal::Entry;
use serde::Deserialize;
use serde_json::Value;

use crate::{
    app::{App, Caller},
    command::{Access, Command},
    error::ApiError,
    follow,
};

/// Reads the record of a run.
#[derive(Clone, Debug, Deserialize)]
pub struct ReadJournal {
    /// The release id (its latest run), or `id#2`.
    pub release: String,
}

impl ReadJournal {
    /// Reads the entries themselves, for a door that prints their exact bytes.
    ///
    /// # Errors
    /// `no-such-run` and `workspace`.
    pub async fn entries(&self, app: &App) -> Result<Vec<Entry>, ApiError> {
        let journal = app.journal()?;
        let run = follow::find(&*journal, &self.release).await?;
        Ok(journal.read(&run, 0).await?)
    }
}

impl Command for ReadJournal {
    const NAME: &'static str = "journal";
    const ACCESS: Access = Access::Read;
    const ABOUT: &'static str = "Reads the record of a run.";
    type Answer = Vec<Value>;

    async fn execute(self, app: &App, _caller: &Caller) -> Result<Vec<Value>, ApiError> {
        let entries = self.entries(app).await?;
        Ok(entries
            .iter()
            .filter_map(|entry| serde_json::from_str(&entry.to_line()).ok())
            .collect())
    }
}

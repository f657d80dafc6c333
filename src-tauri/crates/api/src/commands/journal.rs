//! `journal`: the record of a run, or of what people did around it.

use gantry_model::{
    id::{ReleaseId, RunId},
    journal::Entry,
};
use serde::Deserialize;
use serde_json::Value;

use crate::{
    app::{App, Caller},
    command::{Access, Command},
    error::{ApiError, ErrorCode},
    follow,
    readiness::desk::Desk,
};

/// Reads the record of a run.
#[derive(Clone, Debug, Deserialize)]
pub struct ReadJournal {
    /// The release id (its latest run), or `id#2`.
    pub release: String,
    /// Which record.
    #[serde(default)]
    pub record: Recorded,
    /// Only what comes behind this entry.
    #[serde(default)]
    pub after: u64,
}

/// The records that there are of a release.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Recorded {
    /// What happened in a run.
    #[default]
    Run,
    /// What people did before and around the runs of the release.
    Preparation,
}

impl ReadJournal {
    /// Reads the entries themselves, for a door that prints their exact bytes.
    ///
    /// # Errors
    /// `no-such-run`, `workspace` and, of a preparation, `journal-broken`.
    pub async fn entries(&self, app: &App, caller: &Caller) -> Result<Vec<Entry>, ApiError> {
        match self.record {
            Recorded::Run => {
                let journal = app.journal()?;
                let run = follow::find(&*journal, &self.release).await?;
                Ok(journal.read(&run, self.after).await?)
            }
            Recorded::Preparation => {
                let desk = Desk::open(app, caller)?;
                let mut entries = desk.record_of(&self.release()?).await?.entries;
                entries.retain(|entry| entry.event.seq > self.after);
                Ok(entries)
            }
        }
    }

    /// Gives the release that is meant, also where one of its runs is named.
    fn release(&self) -> Result<ReleaseId, ApiError> {
        let run: Result<RunId, _> = self.release.parse();
        let run = run.map_err(|error| {
            let hint = "name a release, for example `shop-2.4`";
            ApiError::new(ErrorCode::BadCall, error.to_string(), hint)
        })?;
        Ok(run.release().clone())
    }
}

impl Command for ReadJournal {
    const NAME: &'static str = "journal";
    const ACCESS: Access = Access::Read;
    const ABOUT: &'static str =
        "Reads the record of a run, or of what people did around it, whole or behind an entry.";
    type Answer = Vec<Value>;

    async fn execute(self, app: &App, caller: &Caller) -> Result<Vec<Value>, ApiError> {
        let entries = self.entries(app, caller).await?;
        Ok(entries
            .iter()
            .filter_map(|entry| serde_json::from_str(&entry.to_line()).ok())
            .collect())
    }
}

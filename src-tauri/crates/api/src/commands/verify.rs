//! `journal verify`: proof that a record is whole.

use std::path::Path;

use gantry_model::{
    journal::Head,
    verify::{Broken, verify_bytes, verify_chain},
};
use serde::{Deserialize, Serialize};

use crate::{
    app::{App, Caller},
    command::{Access, Command},
    commands::journal::ReadJournal,
    error::{ApiError, ErrorCode},
};

/// The longest journal file, in bytes.
const LIMIT: u64 = 1024 * 1024 * 1024;

/// Proves that a record is whole.
#[derive(Clone, Debug, Deserialize)]
pub struct Verify {
    /// A file that `gantry journal RELEASE --json` wrote, or a release id.
    pub target: String,
}

/// A record that is whole.
#[derive(Clone, Debug, Serialize)]
pub struct Verified {
    /// What was looked at.
    pub target: String,
    /// Whether it is whole; a record that is not is an error.
    pub whole: bool,
    /// How many entries it has.
    pub entries: u64,
    /// The hash of its last entry: compare it with one that was printed elsewhere.
    pub head: String,
}

impl Command for Verify {
    const NAME: &'static str = "journal-verify";
    const ACCESS: Access = Access::Read;
    const ABOUT: &'static str = "Proves that a record is whole, from the workspace or from a file.";
    type Answer = Verified;

    async fn execute(self, app: &App, _caller: &Caller) -> Result<Verified, ApiError> {
        let head = match app.files.read(Path::new(&self.target), LIMIT).await {
            Ok(bytes) => verify_bytes(&bytes, None),
            // A path that is there but cannot be read is not a release of that name.
            Err(unreadable) if !unreadable.missing => return Err(unreadable.into()),
            Err(_) => self.stored(app).await?,
        };
        let Head { seq, hash } = head.map_err(|broken| self.broken(&broken))?;
        Ok(Verified {
            target: self.target,
            whole: true,
            entries: seq,
            head: hash.to_string(),
        })
    }
}

impl Verify {
    async fn stored(&self, app: &App) -> Result<Result<Head, Broken>, ApiError> {
        let entries = ReadJournal {
            release: self.target.clone(),
        }
        .entries(app)
        .await?;
        Ok(verify_chain(
            entries.iter().map(gantry_model::journal::Entry::to_line),
            None,
        ))
    }

    fn broken(&self, broken: &Broken) -> ApiError {
        let message = format!("{}, {broken}", self.target);
        ApiError::new(
            ErrorCode::JournalBroken,
            message,
            "the lines before it are intact; compare with a copy",
        )
    }
}

//! `read-release` and `save-release`: the text of a known release file.

use std::path::Path;

use gantry_model::digest::Digest;
use gantry_port::files::Over;
use serde::{Deserialize, Serialize};

use crate::{
    app::{App, Caller},
    command::{Access, Command},
    error::{ApiError, ErrorCode},
    workspace::{self, text},
};

/// Reads the text of a release file.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct ReadRelease {
    /// The release.
    pub release: String,
}

/// A text and the hash to save over it with.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct ReleaseText {
    /// The text.
    pub text: String,
    /// The file.
    pub file: String,
    /// The hash of its bytes.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub hash: Digest,
}

impl Command for ReadRelease {
    const NAME: &'static str = "read-release";
    const ACCESS: Access = Access::Read;
    const ABOUT: &'static str = "Reads the text of a known release file, with its hash.";
    type Answer = ReleaseText;

    async fn execute(self, app: &App, _caller: &Caller) -> Result<ReleaseText, ApiError> {
        let known = workspace::known(app, &self.release).await?;
        let bytes = app.chosen.read(Path::new(&known.file), text::LIMIT).await?;
        let hash = text::hash(&bytes);
        let text = String::from_utf8(bytes).map_err(|_| {
            let message = format!("{} is not UTF-8 text", known.file);
            ApiError::new(ErrorCode::FileInvalid, message, "save it in UTF-8")
        })?;
        Ok(ReleaseText {
            text,
            file: known.file,
            hash,
        })
    }
}

/// Saves the text of a release file.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct SaveRelease {
    /// The release.
    pub release: String,
    /// The whole new text.
    pub text: String,
    /// The hash of the text that it was made from.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub hash: Digest,
}

/// A text that was saved.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct SavedRelease {
    /// The release as the new text calls it.
    pub release: String,
    /// The hash of the new text.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub hash: Digest,
}

impl Command for SaveRelease {
    const NAME: &'static str = "save-release";
    const ACCESS: Access = Access::Operate;
    const ABOUT: &'static str =
        "Saves the text of a known release file, unless the file changed on disk meanwhile.";
    type Answer = SavedRelease;

    async fn execute(self, app: &App, caller: &Caller) -> Result<SavedRelease, ApiError> {
        let known = workspace::known(app, &self.release).await?;
        if self.text.len() as u64 > text::LIMIT {
            let message = "the text is longer than 4 MiB";
            return Err(ApiError::new(ErrorCode::FileInvalid, message, "shorten it"));
        }
        let file = Path::new(&known.file);
        // A text without an id would be a file that nobody can open again.
        let release = text::release_of(self.text.as_bytes()).ok_or_else(|| {
            ApiError::new(
                ErrorCode::FileInvalid,
                "the text names no release",
                "keep the lines `gantry: 1` and `release: ID`; nothing was saved",
            )
        })?;
        if release != known.release && workspace::known(app, release.as_str()).await.is_ok() {
            let message = format!("there is a release called {release} already");
            return Err(ApiError::new(
                ErrorCode::Refused,
                message,
                "choose another id",
            ));
        }
        let bytes = self.text.into_bytes();
        let hash = app.chosen.write(file, bytes, Over::Same(self.hash)).await?;
        workspace::take_in(app, caller, &release, file).await?;
        Ok(SavedRelease {
            release: release.to_string(),
            hash,
        })
    }
}

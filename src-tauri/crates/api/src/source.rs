//! Which release a command means: a text, a file, or one that the workspace knows.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::{
    app::App,
    error::{ApiError, ErrorCode},
    load::{self, Loaded},
    workspace,
};

/// What a text without a file is called in problems.
const UNSAVED: &str = "unsaved";

/// A release by its text, its file or its name; the first that is there counts.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Source {
    /// The release file's text as it is being written.
    #[serde(default)]
    pub text: Option<String>,
    /// The release file.
    #[serde(default)]
    pub file: Option<PathBuf>,
    /// A release that was opened in the workspace; beside a text, the one that it is the next text of.
    #[serde(default)]
    pub release: Option<String>,
}

impl Source {
    /// Means a file.
    pub fn of_file(file: PathBuf) -> Self {
        Self {
            file: Some(file),
            ..Self::default()
        }
    }

    /// Means a text.
    pub fn of_text(text: String) -> Self {
        Self {
            text: Some(text),
            ..Self::default()
        }
    }

    /// Reads the release.
    ///
    /// # Errors
    /// `bad-call` where nothing is meant; `file-unreadable`, `file-invalid`, `no-such-part`.
    pub(crate) async fn load(&self, app: &App) -> Result<Loaded, ApiError> {
        let known = match &self.release {
            Some(name) => Some(workspace::known(app, name).await?),
            None => None,
        };
        if let Some(text) = &self.text {
            let name = self.release.as_deref().unwrap_or(UNSAVED);
            let document = gantry_release_file::read(name, text.as_bytes())?;
            let file = known.as_ref().map(|known| Path::new(&known.file));
            let folder = file.and_then(Path::parent).map(Path::to_path_buf);
            return Ok(load::beside(app, document, folder).await);
        }
        if let Some(file) = &self.file {
            return load::load(app, file).await;
        }
        match known {
            Some(known) => load::load(app, Path::new(&known.file)).await,
            None => Err(ApiError::new(
                ErrorCode::BadCall,
                "no release is named",
                "give a `text`, a `file` or a `release`",
            )),
        }
    }
}

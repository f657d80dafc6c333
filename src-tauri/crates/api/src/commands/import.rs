//! `import compose`: a first release file from Compose files.

use std::path::{Path, PathBuf};

use gantry_import::compose::{self, ComposeFile, ImportError, Options, Router, Variables};
use gantry_port::files::Files;
use serde::{Deserialize, Serialize};

use crate::{
    app::{App, Caller},
    command::{Access, Command},
    error::{ApiError, ErrorCode},
};

/// The longest Compose or variable file, in bytes.
const LIMIT: u64 = 4 * 1024 * 1024;

/// Makes a first release file from Compose files.
#[derive(Clone, Debug, Deserialize)]
pub struct ImportCompose {
    /// The files; later ones add to earlier ones.
    pub files: Vec<PathBuf>,
    /// The file with variables; `.env` beside the first file where nothing is said.
    #[serde(default)]
    pub env_file: Option<PathBuf>,
    /// Profiles whose services are taken in.
    #[serde(default)]
    pub profiles: Vec<String>,
    /// Variables that are set already and win over the file, as in a shell.
    #[serde(default)]
    pub variables: Variables,
    /// The admin socket of an HAProxy that sends traffic to the services, where there is one.
    #[serde(default)]
    pub haproxy: Option<String>,
    /// The id of the release; the first file's folder where nothing is said.
    #[serde(default)]
    pub release: Option<String>,
}

/// A first release file.
#[derive(Clone, Debug, Serialize)]
pub struct FirstFile {
    /// The file.
    pub yaml: String,
    /// What was left out or guessed.
    pub notes: Vec<String>,
}

impl Command for ImportCompose {
    const NAME: &'static str = "import-compose";
    const ACCESS: Access = Access::Read;
    const ABOUT: &'static str = "Makes a first release file from Compose files.";
    type Answer = FirstFile;

    async fn execute(self, app: &App, _caller: &Caller) -> Result<FirstFile, ApiError> {
        self.import(&*app.files).await
    }
}

impl ImportCompose {
    /// Makes the file from what `files` lets be read.
    pub(crate) async fn import(self, files: &dyn Files) -> Result<FirstFile, ApiError> {
        let mut texts = Vec::new();
        for path in &self.files {
            texts.push((path.display().to_string(), read(files, path).await?));
        }
        let sources: Vec<ComposeFile<'_>> = texts
            .iter()
            .map(|(name, text)| ComposeFile { name, text })
            .collect();
        let variables = self.variables(files).await?;
        let router = self
            .haproxy
            .clone()
            .map_or(Router::None, |socket| Router::Haproxy { socket });
        let options = Options {
            release: Some(self.release_id(files)?),
            profiles: self.profiles.clone(),
            router,
        };
        let imported = compose::compose(&sources, &variables, &options).map_err(refused)?;
        Ok(FirstFile {
            yaml: imported.yaml,
            notes: imported.notes,
        })
    }
}

fn refused(error: ImportError) -> ApiError {
    match error {
        ImportError::Unreadable(problems) => problems.into(),
        ImportError::NoServices => ApiError::new(
            ErrorCode::FileInvalid,
            error.to_string(),
            "name a profile with --profile, or give the file that has the services",
        ),
    }
}

impl ImportCompose {
    async fn variables(&self, files: &dyn Files) -> Result<Variables, ApiError> {
        let text = match &self.env_file {
            Some(path) => read(files, path).await?,
            None => self.beside(files).await,
        };
        Ok(compose::variables(&text, &self.variables))
    }

    /// Reads `.env` beside the first file; most projects have none.
    async fn beside(&self, files: &dyn Files) -> String {
        let Some(folder) = self.files.first().and_then(|file| file.parent()) else {
            return String::new();
        };
        read(files, &folder.join(".env")).await.unwrap_or_default()
    }

    /// Takes the folder's name as id where none was given, made to fit.
    fn release_id(&self, files: &dyn Files) -> Result<String, ApiError> {
        if let Some(release) = &self.release {
            return Ok(release.clone());
        }
        let first = self
            .files
            .first()
            .map(PathBuf::as_path)
            .unwrap_or(Path::new("release"));
        let absolute = files.absolute(first)?;
        let folder = absolute
            .parent()
            .and_then(Path::file_name)
            .map(|name| name.to_string_lossy().into_owned());
        let fits = |c: char| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                '-'
            }
        };
        let id: String = folder
            .unwrap_or_default()
            .chars()
            .map(fits)
            .take(63)
            .collect();
        Ok(Some(id.trim_matches('-').to_owned())
            .filter(|id| !id.is_empty())
            .unwrap_or_else(|| "release".into()))
    }
}

async fn read(files: &dyn Files, path: &Path) -> Result<String, ApiError> {
    let bytes = files.read(path, LIMIT).await?;
    if bytes.len() as u64 > LIMIT {
        let message = format!("{} is longer than 4 MiB", path.display());
        return Err(ApiError::new(
            ErrorCode::FileInvalid,
            message,
            "give a Compose file",
        ));
    }
    String::from_utf8(bytes).map_err(|_| {
        let message = format!("{} is not UTF-8 text", path.display());
        ApiError::new(
            ErrorCode::FileInvalid,
            message,
            "give a Compose file in UTF-8",
        )
    })
}

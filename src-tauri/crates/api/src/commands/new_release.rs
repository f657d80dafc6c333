//! `new-release`: a release file that nobody had to write.

use std::path::{Path, PathBuf};

use gantry_model::id::ReleaseId;
use gantry_port::files::Over;
use serde::Deserialize;

use crate::{
    app::{App, Caller},
    command::{Access, Command},
    commands::import::ImportCompose,
    error::{ApiError, ErrorCode},
    workspace::{
        self,
        row::{self, ReleaseRow},
        text,
    },
};

/// A release of tasks alone that any machine can rehearse and run.
const SAMPLE: &str = include_str!("../../../../../examples/first-release.yaml");

/// How many releases of one name are numbered before that is a mistake.
const SAME_NAME: u32 = 1_000;

/// Makes a release file in the folder of the workspace and opens it.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct NewRelease {
    /// What it is made from.
    pub from: Origin,
    /// Its id; one that is free where nothing is said.
    #[serde(default)]
    #[cfg_attr(feature = "bindings", ts(optional))]
    pub id: Option<String>,
    /// The Compose files that it is made from, as a person chose them.
    #[serde(default)]
    #[cfg_attr(feature = "bindings", ts(optional, as = "Option<Vec<String>>"))]
    pub files: Vec<PathBuf>,
}

/// What a release file is made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// The sample that changes nothing.
    Sample,
    /// One task, to be written on.
    Empty,
    /// Compose files.
    Compose,
}

impl Command for NewRelease {
    const NAME: &'static str = "new-release";
    const ACCESS: Access = Access::Operate;
    const ABOUT: &'static str =
        "Makes a release file from the sample, from nothing or from Compose files, and opens it.";
    type Answer = ReleaseRow;

    async fn execute(self, app: &App, caller: &Caller) -> Result<ReleaseRow, ApiError> {
        let wanted = self.id.clone();
        let (text, proposed) = self.text(app).await?;
        let (release, file) = free(app, wanted, &proposed).await?;
        let text = text::renamed(&text, release.as_str());
        app.chosen
            .write(&file, text.into_bytes(), Over::Nothing)
            .await?;
        let known = workspace::take_in(app, caller, &release, &file).await?;
        row::of(app, known).await
    }
}

impl NewRelease {
    /// Gives the text and the id that fits it.
    async fn text(self, app: &App) -> Result<(String, String), ApiError> {
        match self.from {
            Origin::Sample => Ok((SAMPLE.to_owned(), "first-release".to_owned())),
            Origin::Empty => Ok((empty(), "new-release".to_owned())),
            Origin::Compose if self.files.is_empty() => Err(ApiError::new(
                ErrorCode::BadCall,
                "no Compose file is named",
                "choose one",
            )),
            Origin::Compose => {
                let import = ImportCompose {
                    files: self.files,
                    env_file: None,
                    profiles: Vec::new(),
                    variables: Default::default(),
                    haproxy: None,
                    release: self.id,
                };
                let first = import.import(&*app.chosen).await?;
                let id = text::release_of(first.yaml.as_bytes());
                let id = id.map_or_else(|| "imported".to_owned(), |id| id.to_string());
                Ok((first.yaml, id))
            }
        }
    }
}

fn empty() -> String {
    "gantry: 1\n\
     release: new-release\n\
     title: A new release\n\
     \n\
     nodes:\n  \
       first:\n    \
         kind: task\n    \
         run: { manual: Say what is to be done, undo: Say how it is taken back }\n"
        .to_owned()
}

/// Gives an id that no release and no file of this workspace has.
async fn free(
    app: &App,
    wanted: Option<String>,
    proposed: &str,
) -> Result<(ReleaseId, PathBuf), ApiError> {
    let folder = app.release_folder.as_deref().ok_or_else(|| {
        let message = "this door makes no release files";
        ApiError::new(ErrorCode::Refused, message, "open a file that is there")
    })?;
    if let Some(wanted) = wanted {
        let release = id(&wanted)?;
        let taken = workspace::known(app, &wanted).await.is_ok() || has_run(app, &release).await?;
        if taken {
            let message = format!("there is a release called {wanted} already");
            return Err(ApiError::new(
                ErrorCode::Refused,
                message,
                "choose another id",
            ));
        }
        let file = file(folder, &release);
        return Ok((release, file));
    }
    for number in 1..SAME_NAME {
        let name = if number == 1 {
            proposed.to_owned()
        } else {
            format!("{proposed}-{number}")
        };
        let release = id(&name)?;
        let file = file(folder, &release);
        let there = app.chosen.read(&file, 0).await.is_ok();
        let taken =
            there || workspace::known(app, &name).await.is_ok() || has_run(app, &release).await?;
        if !taken {
            return Ok((release, file));
        }
    }
    let message = format!("there are too many releases called {proposed}");
    Err(ApiError::new(ErrorCode::Refused, message, "name an id"))
}

async fn has_run(app: &App, release: &ReleaseId) -> Result<bool, ApiError> {
    let runs = app.journal()?.list().await?;
    Ok(runs.iter().any(|summary| summary.run.release() == release))
}

fn id(name: &str) -> Result<ReleaseId, ApiError> {
    name.parse()
        .map_err(|error: gantry_model::id::InvalidName| {
            let hint = "an id has small letters, digits and hyphens";
            ApiError::new(ErrorCode::BadCall, error.to_string(), hint)
        })
}

fn file(folder: &Path, release: &ReleaseId) -> PathBuf {
    folder.join(format!("{release}.yaml"))
}

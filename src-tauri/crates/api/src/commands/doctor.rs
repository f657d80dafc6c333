//! `doctor`: whether this machine has what Gantry needs.

use std::path::{Path, PathBuf};

use gantry_model::release::connection::{Connection, Docker};
use serde::{Deserialize, Serialize};

use crate::{
    app::{App, Caller},
    command::{Access, Command},
    commands::connections::TestConnections,
    error::ApiError,
    load,
};

mod samples;

/// Looks whether this machine, and the connections and metrics of a file, have what Gantry needs.
#[derive(Clone, Debug, Deserialize)]
pub struct Doctor {
    /// A release file whose connections are looked at too, and a sample of each of its metrics.
    #[serde(default)]
    pub file: Option<PathBuf>,
}

/// One thing that was looked at.
#[derive(Clone, Debug, Serialize)]
pub struct Examined {
    /// What.
    pub what: String,
    /// How it is.
    pub state: Health,
    /// What was seen, and what to do where it is not well.
    pub answer: String,
}

/// How a thing is that was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Health {
    /// It is there.
    Well,
    /// It is not there, and not everybody needs it.
    Absent,
    /// It is needed and not well.
    Unwell,
}

impl Command for Doctor {
    const NAME: &'static str = "doctor";
    const ACCESS: Access = Access::Read;
    const ABOUT: &'static str = "Looks whether this machine, and the connections and metrics of a file, have what Gantry needs.";
    type Answer = Vec<Examined>;

    async fn execute(self, app: &App, caller: &Caller) -> Result<Vec<Examined>, ApiError> {
        let mut examined = vec![workspace(app).await, docker(app).await];
        if let Some(file) = self.file {
            let loaded = load::load(app, &file).await?;
            let tested = TestConnections::of_file(file).execute(app, caller).await?;
            examined.extend(tested.into_iter().map(|one| Examined {
                what: format!("connection {} ({})", one.connection, one.product),
                state: if one.reachable {
                    Health::Well
                } else {
                    Health::Unwell
                },
                answer: one.answer,
            }));
            examined.extend(samples::of(app, &loaded.document.release).await);
        }
        Ok(examined)
    }
}

async fn workspace(app: &App) -> Examined {
    let what = "workspace file".to_owned();
    let listed = match app.journal() {
        Ok(journal) => journal.list().await.map_err(ApiError::from),
        Err(error) => Err(error),
    };
    match listed {
        Ok(runs) => Examined {
            what,
            state: Health::Well,
            answer: format!("opens, holds {} runs", runs.len()),
        },
        Err(error) => Examined {
            what,
            state: Health::Unwell,
            answer: error.message,
        },
    }
}

async fn docker(app: &App) -> Examined {
    let what = "Docker on this machine".to_owned();
    let local = Connection::Docker(Docker::default());
    let Ok(name) = "docker".parse() else {
        return Examined {
            what,
            state: Health::Absent,
            answer: String::new(),
        };
    };
    match app.connector.test(&name, &local, Path::new(".")).await {
        Ok(answer) => Examined {
            what,
            state: Health::Well,
            answer,
        },
        Err(fault) => Examined {
            what,
            state: Health::Absent,
            answer: fault.message,
        },
    }
}

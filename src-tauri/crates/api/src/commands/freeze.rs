//! `freeze`: periods in which nothing goes forward.

use gantry_model::time::Timestamp;
use gantry_readiness::{
    calendar::State,
    event::Happened,
    freeze::Freeze,
    house::{self, House},
    request::Request,
};
use serde::{Deserialize, Serialize};

use super::checklist;
use crate::{
    app::{App, Caller},
    command::{Access, Command},
    error::{ApiError, ErrorCode},
    readiness::desk::Desk,
};

/// Lists freezes, declares one, ends one, or goes ahead in one.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case")]
pub enum Freezes {
    /// Lists them.
    List,
    /// Declares one.
    Add {
        /// What it says.
        freeze: Box<Freeze>,
    },
    /// Ends one.
    End {
        /// Its name.
        name: String,
        /// Why.
        reason: String,
    },
    /// Lets a release go ahead in it.
    Override {
        /// Its name.
        name: String,
        /// A release id, or its file.
        release: String,
        /// Why.
        reason: String,
    },
}

/// A freeze as lists show it.
#[derive(Clone, Debug, Serialize)]
pub struct Shown {
    /// What it says.
    #[serde(flatten)]
    pub freeze: Freeze,
    /// Who declared it.
    pub by: String,
    /// When.
    pub declared_at: Timestamp,
    /// Whether it holds now.
    pub holds: bool,
    /// Until when, where it holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// When it begins next, where it does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<Timestamp>,
}

impl Command for Freezes {
    const NAME: &'static str = "freeze";
    const ACCESS: Access = Access::Operate;
    const ABOUT: &'static str =
        "Lists, declares and ends periods in which nothing goes forward; rollbacks always may.";
    type Answer = Vec<Shown>;

    async fn execute(self, app: &App, caller: &Caller) -> Result<Vec<Shown>, ApiError> {
        let desk = Desk::open(app, caller)?;
        match self {
            Self::List => {}
            Self::Add { freeze } => add(&desk, *freeze).await?,
            Self::End { name, reason } => end(&desk, name, reason).await?,
            Self::Override {
                name,
                release,
                reason,
            } => {
                let (release, _) = checklist::open(app, &desk, &release).await?;
                let freeze = name;
                let request = Request::OverrideFreeze { freeze, reason };
                let writer = desk.writer().await?;
                desk.ask(&release, &writer, &request).await?;
            }
        }
        Ok(shown(&desk.house().await?.state, app.clock.now()))
    }
}

async fn add(desk: &Desk<'_>, freeze: Freeze) -> Result<(), ApiError> {
    let bad = |message: String| {
        ApiError::new(
            ErrorCode::BadCall,
            message,
            "`gantry freeze add --help` shows how",
        )
    };
    freeze
        .period
        .check()
        .map_err(|error| bad(error.to_string()))?;
    if freeze.reason.trim().is_empty() || freeze.name.trim().is_empty() {
        return Err(bad("a freeze needs a name and a reason".into()));
    }
    let house = desk.house().await?.state;
    if house.freezes().contains_key(&freeze.name) {
        return Err(bad(format!(
            "there is a freeze called {} already",
            freeze.name
        )));
    }
    let writer = desk.writer().await?;
    let freeze = Box::new(freeze);
    desk.record(house::ROOM, &writer, &[Happened::FreezeDeclared { freeze }])
        .await
}

async fn end(desk: &Desk<'_>, freeze: String, reason: String) -> Result<(), ApiError> {
    let refused = |code, message: String| {
        Err(ApiError::new(
            code,
            message,
            "`gantry freeze list` shows all of them",
        ))
    };
    let house = desk.house().await?.state;
    if !house.freezes().contains_key(&freeze) {
        return refused(
            ErrorCode::NoSuchPart,
            format!("there is no freeze called {freeze}"),
        );
    }
    if reason.trim().is_empty() {
        return refused(ErrorCode::BadCall, "ending a freeze needs a reason".into());
    }
    let writer = desk.writer().await?;
    desk.record(
        house::ROOM,
        &writer,
        &[Happened::FreezeEnded { freeze, reason }],
    )
    .await
}

fn shown(house: &House, now: Timestamp) -> Vec<Shown> {
    let declared = house.freezes().values();
    declared
        .map(|declared| {
            let state = declared.freeze.state(now);
            let (until, next) = match state {
                State::Inside(until) => (Some(until), None),
                State::Outside(next) => (None, next),
            };
            Shown {
                freeze: declared.freeze.clone(),
                by: declared.by.clone(),
                declared_at: declared.at,
                holds: until.is_some(),
                until,
                next,
            }
        })
        .collect()
}

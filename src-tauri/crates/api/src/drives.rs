//! Runs that are driven in the process of a door: one task each, until they have ended.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use gantry_engine::drive::Driver;
use gantry_model::{event::RunEvent, id::RunId, journal::Entry};
use tokio::task::JoinHandle;

use crate::{
    app::{App, Caller},
    error::{ApiError, ErrorCode},
    feed::{Change, Topic},
    follow,
    readiness::guard,
};

/// The runs that this process drives.
#[derive(Debug)]
pub struct Drives {
    app: Weak<App>,
    tasks: Mutex<BTreeMap<RunId, JoinHandle<()>>>,
}

impl Drives {
    pub(crate) fn new(app: Weak<App>) -> Self {
        Self {
            app,
            tasks: Mutex::default(),
        }
    }

    /// Lists the runs that this process drives now.
    pub fn driven(&self) -> Vec<RunId> {
        let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        tasks.retain(|_, task| !task.is_finished());
        tasks.keys().cloned().collect()
    }

    /// Drives a run to its end in a task of its own; while only a person can move it, it waits.
    pub(crate) fn drive(&self, caller: &Caller, driver: Driver) -> Result<(), ApiError> {
        let app = self.app.upgrade().ok_or_else(closing)?;
        let run = driver.run().id().clone();
        let task = tokio::spawn(stay(app, caller.clone(), driver));
        let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        tasks.insert(run, task);
        Ok(())
    }
}

impl App {
    /// Gives the runs that this door drives; none in a door that drives nothing.
    pub fn driven(&self) -> Vec<RunId> {
        self.drives.as_ref().map(Drives::driven).unwrap_or_default()
    }

    /// Gives what drives runs in this process.
    ///
    /// # Errors
    /// `refused` in a door that does not stay.
    pub(crate) fn drives(&self) -> Result<&Drives, ApiError> {
        self.drives.as_ref().ok_or_else(|| {
            ApiError::new(
                ErrorCode::Refused,
                "this door drives no runs",
                "`gantry run` and `gantry resume` do",
            )
        })
    }

    /// Takes up a run that nobody drives and drives it here.
    ///
    /// # Errors
    /// As [`follow::resume`].
    pub(crate) async fn take_up(&self, caller: &Caller, run: &RunId) -> Result<(), ApiError> {
        let drives = self.drives()?;
        let driver = follow::resume(self, caller, run).await?;
        drives.drive(caller, driver)
    }
}

async fn stay(app: Arc<App>, caller: Caller, mut driver: Driver) {
    let run = driver.run().id().clone();
    let feed = app.feed().clone();
    let mut observer = |_: &Entry, _: &RunEvent| {
        feed.tell(Change::one(Topic::Run, run.to_string()));
    };
    let ended = guard::stay(&app, &caller, &mut driver, &mut observer).await;
    if let Err(error) = ended {
        // The record is whole; whoever looks sees a run that nobody drives, and may resume it.
        tracing::error!(%run, %error, "stops driving a run");
    }
    // The lease goes before the news, so that who hears it finds the run free.
    drop(driver);
    app.feed().tell(Change::of(Topic::Runs));
}

fn closing() -> ApiError {
    ApiError::new(
        ErrorCode::Refused,
        "this door is closing",
        "start Gantry again",
    )
}

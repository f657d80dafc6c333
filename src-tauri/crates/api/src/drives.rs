//! Runs that are driven in the process of a door: one task each, until they have ended.
//!
//! They have a thread of their own: a page that asks for a long rehearsal must not keep a guardrail
//! of a real run waiting.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    thread,
};

use gantry_engine::drive::Driver;
use gantry_model::{event::RunEvent, id::RunId, journal::Entry};
use tokio::{
    runtime::{Builder, Handle},
    sync::oneshot,
    task::JoinHandle,
};

use crate::{
    app::{App, Caller},
    error::{ApiError, ErrorCode},
    feed::{Change, Topic},
    follow::{self, Prepared},
    readiness::guard,
};

/// The runs that this process drives.
#[derive(Debug)]
pub struct Drives {
    app: Weak<App>,
    tasks: Mutex<BTreeMap<RunId, JoinHandle<()>>>,
    thread: Mutex<Option<Thread>>,
}

/// The thread that they are driven on; it ends when this is dropped.
#[derive(Debug)]
struct Thread {
    handle: Handle,
    _stop: oneshot::Sender<()>,
}

impl Drives {
    pub(crate) fn new(app: Weak<App>) -> Self {
        Self {
            app,
            tasks: Mutex::default(),
            thread: Mutex::default(),
        }
    }

    /// Lists the runs that this process drives now.
    fn driven(&self) -> Vec<RunId> {
        let mut tasks = self.tasks();
        tasks.retain(|_, task| !task.is_finished());
        tasks.keys().cloned().collect()
    }

    /// Starts a prepared release and drives it to its end.
    pub(crate) async fn start(
        &self,
        caller: &Caller,
        prepared: Prepared,
    ) -> Result<RunId, ApiError> {
        let (app, by) = (self.app()?, caller.clone());
        let start = async move { follow::start(&app, &by, prepared).await };
        self.drive(caller, self.handle()?.spawn(start)).await
    }

    /// Takes up a run that nobody drives and drives it to its end.
    async fn take_up(&self, caller: &Caller, run: &RunId) -> Result<RunId, ApiError> {
        let (app, by, run) = (self.app()?, caller.clone(), run.clone());
        let resume = async move { follow::resume(&app, &by, &run).await };
        self.drive(caller, self.handle()?.spawn(resume)).await
    }

    async fn drive(
        &self,
        caller: &Caller,
        made: JoinHandle<Result<Driver, ApiError>>,
    ) -> Result<RunId, ApiError> {
        let driver = made.await.map_err(|_| closing())??;
        let run = driver.run().id().clone();
        let stay = stay(self.app()?, caller.clone(), driver);
        let task = self.handle()?.spawn(stay);
        self.tasks().insert(run.clone(), task);
        Ok(run)
    }

    fn app(&self) -> Result<Arc<App>, ApiError> {
        self.app.upgrade().ok_or_else(closing)
    }

    fn tasks(&self) -> MutexGuard<'_, BTreeMap<RunId, JoinHandle<()>>> {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives the thread, started when the first run needs it.
    fn handle(&self) -> Result<Handle, ApiError> {
        let mut thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(thread) = &*thread {
            return Ok(thread.handle.clone());
        }
        let started = Thread::start().map_err(|error| {
            let message = format!("no thread to drive runs on: {error}");
            ApiError::new(ErrorCode::Internal, message, "nothing was started")
        })?;
        let handle = started.handle.clone();
        *thread = Some(started);
        Ok(handle)
    }
}

impl Thread {
    fn start() -> std::io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let handle = runtime.handle().clone();
        let (stop, stopped) = oneshot::channel::<()>();
        thread::Builder::new()
            .name("drives".into())
            .spawn(move || runtime.block_on(stopped))?;
        Ok(Self {
            handle,
            _stop: stop,
        })
    }
}

impl App {
    /// Gives the runs that this door drives; none in a door that drives nothing.
    pub fn driven(&self) -> Vec<RunId> {
        self.drives.as_ref().map(Drives::driven).unwrap_or_default()
    }

    /// Stops driving and frees the runs; each can be resumed, here or elsewhere.
    pub async fn stop_driving(&self) {
        let Some(drives) = &self.drives else { return };
        let tasks = std::mem::take(&mut *drives.tasks());
        for task in tasks.into_values() {
            task.abort();
            // How it ended stands in the record.
            let _ended = task.await;
        }
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
        self.drives()?.take_up(caller, run).await.map(drop)
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
    app.feed().tell(Change::of(Topic::Releases));
}

fn closing() -> ApiError {
    ApiError::new(
        ErrorCode::Refused,
        "this door is closing",
        "start Gantry again",
    )
}

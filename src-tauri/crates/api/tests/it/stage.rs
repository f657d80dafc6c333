//! An application in a world of its own: texts for files, a journal in memory, virtual time.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use async_trait::async_trait;
use gantry_api::{
    app::{App, Caller, KnownBy, WorkspaceFile},
    command,
    error::ApiError,
};
use gantry_engine::drive::{self, Inbox, NewRelease};
use gantry_model::{
    command::Actor, id::ConnectionName, plan::Plan, release::connection::Connection,
};
use gantry_performer::Performer;
use gantry_port::{
    connector::{Adapter, Connector},
    fault::{Fault, FaultKind},
    files::{Files, Unreadable},
    journal::Journal,
    ports::Ports,
};
use gantry_simulation::{
    journal::MemoryJournal,
    world::{Settings, World},
};
use serde_json::Value;

/// The release file that says everything that can be said.
pub(crate) const WHOLE: &str = include_str!("../../../../../examples/whole.yaml");

/// There are no files; a path ending in `whole.yaml` is the example.
struct Texts;

#[async_trait]
impl Files for Texts {
    async fn read(&self, path: &Path, _limit: u64) -> Result<Vec<u8>, Unreadable> {
        if path.ends_with("whole.yaml") {
            return Ok(WHOLE.into());
        }
        Err(Unreadable {
            path: path.into(),
            reason: "there is no such text".into(),
            missing: true,
        })
    }

    fn absolute(&self, path: &Path) -> Result<PathBuf, Unreadable> {
        Ok(Path::new("/texts").join(path))
    }
}

/// Reaches nowhere.
struct Nowhere;

#[async_trait]
impl Connector for Nowhere {
    async fn connect(&self, _plan: &Plan) -> Result<Ports, Fault> {
        Err(Fault::new(
            FaultKind::Unsupported,
            "nothing is reached here",
        ))
    }

    async fn test(
        &self,
        name: &ConnectionName,
        connection: &Connection,
        _folder: &Path,
    ) -> Result<String, Fault> {
        Ok(format!("{name} is {}", connection.product()))
    }

    fn adapters(&self) -> Vec<Adapter> {
        Vec::new()
    }
}

pub(crate) struct Stage {
    pub(crate) app: App,
    journal: Arc<dyn Journal>,
}

impl Stage {
    pub(crate) fn new() -> Self {
        Self::on(Arc::new(MemoryJournal::new()))
    }

    pub(crate) fn on(journal: Arc<dyn Journal>) -> Self {
        let release = gantry_release_file::read("whole", WHOLE.as_bytes()).unwrap();
        let plan = gantry_planner::plan(&release.release, &Default::default()).unwrap();
        let clock = World::from_plan(&plan, Settings::default()).clock();
        let opened = Arc::clone(&journal);
        let file = WorkspaceFile {
            is_there: Box::new(|| true),
            open: Box::new(move || Ok(Arc::clone(&opened))),
        };
        Self {
            app: App::new(clock, Arc::new(Texts), Arc::new(Nowhere), file),
            journal,
        }
    }

    pub(crate) async fn call(&self, name: &str, arguments: Value) -> Result<Value, ApiError> {
        let caller = Caller {
            name: "dana".into(),
            known: KnownBy::System,
        };
        command::call(&self.app, &caller, name, arguments).await
    }

    /// Runs a plan in a simulated world to its end, or until only a person can move it.
    pub(crate) async fn run(&self, plan: Plan) {
        let world = World::from_plan(&plan, Settings::default());
        let surroundings = drive::World {
            journal: Arc::clone(&self.journal),
            clock: world.clock(),
            platform: Arc::new(Performer::new(world.ports(), world.clock())),
        };
        let new = NewRelease {
            plan: Arc::new(plan),
            by: Actor::named("dana"),
            gantry: "test".into(),
            reach: Vec::new(),
            at_start: Vec::new(),
        };
        let mut driver = drive::start(surroundings, new, Inbox::Closed)
            .await
            .unwrap();
        driver.follow(&mut |_, _| {}).await.unwrap();
    }
}

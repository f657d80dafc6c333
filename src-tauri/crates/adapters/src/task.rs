//! Programs and HTTP calls as tasks.
//!
//! [`exec`] runs programs under a shim that outlives the driver; [`http`] makes calls.
//! [`Tasks`] is both behind the one port.

use std::{collections::BTreeMap, path::PathBuf, sync::Arc};

use async_trait::async_trait;
use gantry_model::{operation::Key, release::task::HttpCall};
use gantry_port::{
    clock::Clock,
    fault::Fault,
    ports::Call,
    secret::Secrets,
    task::{Finished, Program, Task, TaskSighting},
};

use self::{
    exec::{Programs, ShimCommand},
    http::HttpCalls,
};

pub mod exec;
pub mod http;

/// What tasks need from outside.
#[derive(Clone)]
pub struct TaskSettings {
    /// The folder that claims and records of programs lie in: beside the workspace, and gone with it, because a key means another program in another workspace.
    pub folder: PathBuf,
    /// How a shim is started.
    pub shim: ShimCommand,
    /// The driver's environment, of which programs get PATH, HOME, LANG and TZ.
    pub environment: BTreeMap<String, String>,
    /// Where secrets come from.
    pub secrets: Arc<dyn Secrets>,
    /// Time, for the deadlines of calls.
    pub clock: Arc<dyn Clock>,
}

/// Programs and HTTP calls behind the port.
pub struct Tasks {
    programs: Programs,
    calls: HttpCalls,
}

impl Tasks {
    /// Builds the port; nothing is touched until a task runs.
    pub fn new(settings: TaskSettings) -> Self {
        Self {
            calls: HttpCalls::new(settings.secrets.clone(), settings.clock),
            programs: Programs::new(
                settings.folder,
                settings.shim,
                settings.environment,
                settings.secrets,
            ),
        }
    }
}

#[async_trait]
impl Task for Tasks {
    async fn ready(&self, program: &Program) -> Result<(), Fault> {
        self.programs.ready(program)
    }

    async fn run(&self, call: &Call, program: &Program) -> Result<Finished, Fault> {
        self.programs.run(call, program).await
    }

    async fn find(&self, key: &Key) -> Result<TaskSighting, Fault> {
        self.programs.find(key)
    }

    async fn cancel(&self, key: &Key) -> Result<(), Fault> {
        self.programs.cancel(key).await
    }

    async fn call(&self, call: &Call, request: &HttpCall) -> Result<u16, Fault> {
        self.calls.call(call, request).await
    }
}

//! Settings to a running application made of real parts; the only place that knows all of them.

pub mod clock;
pub mod connector;
pub mod files;
pub mod keychain;
pub mod settings;
pub mod signer;

use std::{path::Path, sync::Arc};

use gantry_api::app::{App, WorkspaceFile};
use gantry_port::journal::{Journal, StoreError};
use gantry_store::workspace::Workspace;

use crate::{
    clock::SystemClock, connector::RealConnector, files::LocalFiles, settings::Settings,
    signer::LocalSigner,
};

/// Puts the application together from real parts; opens no file and reaches nowhere yet.
pub fn app(settings: &Settings) -> App {
    let clock = Arc::new(SystemClock::start());
    let path = settings.workspace.clone();
    let tasks = settings.task_folder();
    let open = move || -> Result<Arc<dyn Journal>, StoreError> {
        put_leftovers_away(&path, &tasks)?;
        let workspace: Arc<dyn Journal> = Arc::new(Workspace::open(&path)?);
        Ok(workspace)
    };
    let file = settings.workspace.clone();
    let workspace = WorkspaceFile {
        is_there: Box::new(move || file.exists()),
        open: Box::new(open),
    };
    let connector = RealConnector::new(settings, clock.clone());
    App::new(clock, Arc::new(LocalFiles), Arc::new(connector), workspace)
        .with_signer(Arc::new(LocalSigner::new(settings)))
        .with_release_folder(settings.release_folder())
}

/// Moves the task records of a workspace that is no more out of the way of a new one of its name:
/// keys begin anew with it, and an old record would answer for a program that never ran.
fn put_leftovers_away(workspace: &Path, tasks: &Path) -> Result<(), StoreError> {
    if workspace.exists() || !tasks.exists() {
        return Ok(());
    }
    let names = (1..=u32::MAX).map(|number| tasks.with_added_extension(format!("old-{number}")));
    let free = names
        .into_iter()
        .find(|name| !name.exists())
        .unwrap_or_else(|| tasks.with_added_extension("old"));
    std::fs::rename(tasks, &free).map_err(|error| {
        StoreError::Storage(format!(
            "{} is left from another workspace and cannot be moved: {error}",
            tasks.display()
        ))
    })
}

//! The dialogs of the system, in which a person points at files.

use std::path::PathBuf;

use tauri::AppHandle;
use tauri_plugin_dialog::{DialogExt, FileDialogBuilder, FilePath};
use tokio::sync::oneshot;

use crate::gateway::{Chooser, Chosen};

/// What release files and Compose files end in.
const YAML: [&str; 2] = ["yaml", "yml"];

/// Asks with the dialogs of the system.
pub(crate) struct Dialogs(pub(crate) AppHandle);

impl Dialogs {
    fn files(&self) -> FileDialogBuilder<tauri::Wry> {
        self.0.dialog().file()
    }
}

impl Chooser for Dialogs {
    fn release_file(&self) -> Chosen {
        let (answer, chosen) = oneshot::channel();
        let files = self.files().add_filter("Release files", &YAML);
        files.pick_file(move |file| {
            // A page that went away no longer wants to know.
            let _unheard = answer.send(file.map(|file| paths(vec![file])));
        });
        Box::pin(async move { chosen.await.ok().flatten() })
    }

    fn compose_files(&self) -> Chosen {
        let (answer, chosen) = oneshot::channel();
        let files = self.files().add_filter("Compose files", &YAML);
        files.pick_files(move |files| {
            let _unheard = answer.send(files.map(paths));
        });
        Box::pin(async move { chosen.await.ok().flatten() })
    }

    fn new_file(&self, name: &str) -> Chosen {
        let (answer, chosen) = oneshot::channel();
        self.files().set_file_name(name).save_file(move |file| {
            let _unheard = answer.send(file.map(|file| paths(vec![file])));
        });
        Box::pin(async move { chosen.await.ok().flatten() })
    }
}

fn paths(files: Vec<FilePath>) -> Vec<PathBuf> {
    let found = files.into_iter().filter_map(|file| file.into_path().ok());
    found.collect()
}

//! What the doors decide before anything is put together.

use std::{collections::BTreeMap, ffi::OsString, path::PathBuf};

/// Where things are on this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The workspace file.
    pub workspace: PathBuf,
    /// The program itself, which can serve as the shim of tasks.
    pub executable: PathBuf,
    /// The environment as the door found it: secrets, `DOCKER_HOST`, and what tasks may see.
    pub environment: BTreeMap<String, String>,
}

impl Settings {
    /// Gives the settings of this process: its program, its environment, and the workspace file
    /// that was named, or else the usual one.
    ///
    /// # Errors
    /// Where the program cannot find out where it lies itself.
    pub fn of_this_process(workspace: Option<PathBuf>) -> std::io::Result<Self> {
        // A variable that is not text cannot be a setting of ours.
        let text = |(name, value): (OsString, OsString)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        };
        Ok(Self {
            workspace: workspace.unwrap_or_else(default_workspace),
            executable: std::env::current_exe()?,
            environment: std::env::vars_os().filter_map(text).collect(),
        })
    }

    /// Gives the folder with the keys of people where there is no keychain: beside the workspace file.
    pub fn key_folder(&self) -> PathBuf {
        let mut name = self.workspace.clone().into_os_string();
        name.push(".keys");
        name.into()
    }

    /// Gives the folder in which new release files are made: beside the workspace file.
    pub fn release_folder(&self) -> PathBuf {
        let mut name = self.workspace.clone().into_os_string();
        name.push(".releases");
        std::path::absolute(&name).unwrap_or_else(|_| name.into())
    }

    /// Gives the folder in which tasks leave their records: beside the workspace file.
    pub fn task_folder(&self) -> PathBuf {
        let mut name = self.workspace.clone().into_os_string();
        name.push(".tasks");
        name.into()
    }
}

/// Gives the workspace file that is used where none is named: `gantry.db` in the platform's data
/// directory, or in the working directory on a machine without one.
fn default_workspace() -> PathBuf {
    directories::ProjectDirs::from("dev", "Gantry", "gantry").map_or_else(
        || "gantry.db".into(),
        |folders| folders.data_dir().join("gantry.db"),
    )
}

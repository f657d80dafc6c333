//! A folder with a workspace of its own in which the program is called.

use std::{
    env, fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};

use tempfile::TempDir;

use crate::{answer::Answer, binary, process::Process};

/// A folder for one test; it is removed at its end.
#[derive(Debug)]
pub struct Place {
    folder: TempDir,
}

impl Place {
    /// Makes an empty folder.
    pub fn new() -> Self {
        let folder = tempfile::Builder::new().prefix("gantry-test-").tempdir();
        Self {
            folder: folder.expect("the temporary folder can be written"),
        }
    }

    /// Gives the folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Gives the path of a file in it.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder().join(name)
    }

    /// Gives the workspace file.
    pub fn workspace(&self) -> PathBuf {
        self.path("workspace.db")
    }

    /// Writes a file.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.path(name), content).expect("the temporary folder can be written");
    }

    /// Writes a shell script that can be called as `./name`.
    pub fn script(&self, name: &str, body: &str) {
        self.write(name, format!("#!/bin/sh\n{body}"));
        let executable = fs::Permissions::from_mode(0o755);
        fs::set_permissions(self.path(name), executable).expect("the file was written");
    }

    /// Reads a file; one that is not there is empty.
    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_default()
    }

    /// Gives a call of `gantry` here, with an environment that is the same everywhere.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(binary::gantry());
        command
            .args(arguments)
            .current_dir(self.folder())
            .env_clear()
            .env("PATH", env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.folder())
            .env("USER", "tess")
            .env("GANTRY_KEYS", "files")
            .env("GANTRY_DB", self.workspace());
        command
    }

    /// Starts `gantry` and leaves it running.
    pub fn start(&self, arguments: &[&str]) -> Process {
        Process::start(self.command(arguments))
    }

    /// Calls `gantry` and waits for its end.
    #[track_caller]
    pub fn gantry(&self, arguments: &[&str]) -> Answer {
        self.start(arguments).end()
    }
}

/// A folder in which something went wrong is kept for a look.
impl Drop for Place {
    #[expect(
        clippy::print_stdout,
        reason = "the harness shows it beside the failure"
    )]
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.folder.disable_cleanup(true);
            println!("kept: {}", self.folder().display());
        }
    }
}

impl Default for Place {
    fn default() -> Self {
        Self::new()
    }
}

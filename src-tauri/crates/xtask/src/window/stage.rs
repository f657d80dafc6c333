//! What a window is opened on: a screen, a home of nobody's, and a release to drive.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use tempfile::TempDir;

use super::display::Display;

/// The release that the flows drive.
const LAUNCH: &str = include_str!("flows/launch.yaml");

/// What its programs do: they say that they ran, and the second waits until it may end.
const PROGRAMS: [(&str, &str); 2] = [
    ("work", "#!/bin/sh\necho \"$1\" >> ran\n"),
    (
        "wait",
        "#!/bin/sh\necho \"$1\" >> ran\nuntil test -e go; do sleep 0.1; done\n",
    ),
];

/// A screen and a home for one app, gone when it is dropped.
pub(super) struct Stage {
    folder: TempDir,
    display: Display,
    binary: PathBuf,
}

impl Stage {
    /// Sets it up for this program.
    pub(super) fn set(binary: &Path) -> Result<Self> {
        let folder = tempfile::tempdir().context("no folder for the window")?;
        for place in ["home", "data", "config", "cache", "runtime"] {
            fs::create_dir(folder.path().join(place)).context("no folder for the window")?;
        }
        let runtime = folder.path().join("runtime");
        fs::set_permissions(runtime, Permissions::from_mode(0o700)).context("no runtime folder")?;
        Ok(Self {
            folder,
            display: Display::start(1280, 800)?,
            binary: binary.to_path_buf(),
        })
    }

    /// The program that is opened.
    pub(super) fn binary(&self) -> &Path {
        &self.binary
    }

    /// A file of this name in the folder of the stage.
    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file and gives its path.
    pub(super) fn write(&self, name: &str, text: &str) -> Result<PathBuf> {
        let file = self.file(name);
        fs::write(&file, text).with_context(|| file.display().to_string())?;
        Ok(file)
    }

    /// Reads a file; nothing where there is none yet.
    pub(super) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.file(name)).unwrap_or_default()
    }

    /// Puts the release that is driven into the folder and gives its file.
    pub(super) fn launch(&self) -> Result<PathBuf> {
        for (name, text) in PROGRAMS {
            let file = self.write(name, text)?;
            fs::set_permissions(file, Permissions::from_mode(0o755)).context("no program")?;
        }
        self.write("launch.yaml", LAUNCH)
    }

    /// Puts the same release there, which nobody has to vote for.
    pub(super) fn launch_without_a_poll(&self) -> Result<PathBuf> {
        self.launch()?;
        let head = LAUNCH.split("go-no-go:").next().unwrap_or_default();
        let nodes = LAUNCH.find("nodes:").and_then(|at| LAUNCH.get(at..));
        let nodes = nodes.context("the release has no nodes")?;
        self.write("launch.yaml", &format!("{head}{nodes}"))
    }

    /// Lets a program find the screen and the home, and nothing of who runs the test.
    pub(super) fn lend(&self, command: &mut Command) {
        self.display.lend(command);
        command
            .env("USER", "ann")
            .env("GANTRY_KEYS", "files")
            .env("HOME", self.file("home"))
            .env("XDG_DATA_HOME", self.file("data"))
            .env("XDG_CONFIG_HOME", self.file("config"))
            .env("XDG_CACHE_HOME", self.file("cache"))
            .env("XDG_RUNTIME_DIR", self.file("runtime"))
            .env_remove("GANTRY_DB");
    }
}

//! A graph on disk in every language, and the programs that run it.

use std::{fs, path::Path, process::Command};

use anyhow::Result;
use tempfile::TempDir;

use crate::{
    child, facts,
    rounds::Contestant,
    rows::Settings,
    shape::Shape,
    text::{self, Work},
};

/// The files of one graph.
pub(crate) struct Scene<'a> {
    settings: &'a Settings,
    folder: TempDir,
    parallel: u32,
}

impl<'a> Scene<'a> {
    /// Writes the files; everybody may run so many nodes at once.
    pub(crate) fn new(
        settings: &'a Settings,
        shape: &Shape,
        work: Work,
        parallel: u32,
    ) -> Result<Self> {
        let folder = tempfile::tempdir_in(&settings.folder)?;
        let write = |name: &str, text: String| fs::write(folder.path().join(name), text);
        write("bench.yaml", text::release(shape, work, parallel))?;
        write("Makefile", text::makefile(shape, work))?;
        write("build.ninja", text::ninja(shape, work))?;
        Ok(Self {
            settings,
            folder,
            parallel,
        })
    }

    /// Gives the command that runs the graph in a fresh workspace.
    pub(crate) fn gantry(&self, workspace: &Path) -> Command {
        let mut command = Command::new(&self.settings.gantry);
        command
            .args(["--json", "--by", "bench", "--db"])
            .arg(workspace.join("gantry.db"))
            .args(["run", "--yes", "bench.yaml"])
            .current_dir(self.folder.path());
        command
    }

    /// Gives the command that makes the graph.
    pub(crate) fn make(&self) -> Command {
        self.peer("make", &["-s"])
    }

    fn peer(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command
            .args(arguments)
            .arg(format!("-j{}", self.parallel))
            .current_dir(self.folder.path());
        command
    }

    /// Gives everybody who can run it here: Gantry, and the peers that are installed.
    pub(crate) fn contestants(&'a self) -> Vec<Contestant<'a>> {
        let mut all = vec![Contestant::new("gantry run", || {
            // Kept until all rounds are over: ext4 makes files slowly for some seconds where many
            // were just deleted.
            let workspace = tempfile::tempdir_in(self.folder.path())?.keep();
            child::time(&mut self.gantry(&workspace))
        })];
        let peers: [(&str, &[&str]); 2] = [("make", &["-s"]), ("ninja", &["--quiet"])];
        for (program, arguments) in peers {
            if facts::is_installed(program) {
                all.push(Contestant::new(program, move || {
                    let seconds = child::time(&mut self.peer(program, arguments))?;
                    for log in [".ninja_log", ".ninja_deps"] {
                        // There is none after `make`.
                        let _absent = fs::remove_file(self.folder.path().join(log));
                    }
                    Ok(seconds)
                }));
            }
        }
        all
    }
}

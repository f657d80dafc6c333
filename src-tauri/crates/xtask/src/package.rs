//! `cargo xtask package`: the desktop app as packages of Debian and Red Hat.
//!
//! Tauri's own bundler makes them of an app that is built already, so nothing is compiled twice.
//! [`check`] installs the Debian package, opens what was installed and removes it again.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use crate::window::{self, Build};
use crate::{cargo, say::say};

/// The bundler, in the one version that is used; npm fetches it when it is first wanted.
const BUNDLER: &str = "@tauri-apps/cli@2.12.5";

/// What the package is called, and where its program lies once it is installed.
const PACKAGE: &str = "gantry";
const INSTALLED: &str = "/usr/bin/gantry-desktop";

/// What else is installed: an entry of the desktop's menu, which takes the links of releases.
const ENTRY: &str = "/usr/share/applications/Gantry.desktop";

/// What the entry has to say for links to come to the app: that it takes them, and how.
const LINKS: [&str; 2] = ["x-scheme-handler/gantry", "Exec=gantry-desktop %u"];

/// What became of the check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Checked {
    /// It was installed, opened and removed.
    Kept,
    /// It was made and not installed, for this reason.
    NotInstalled(String),
}

/// Builds the app as people get it and makes its packages.
///
/// # Errors
///
/// When something does not build, or the bundler cannot be had.
pub fn run() -> Result<()> {
    for package in bundle(&Build::Release.build()?)? {
        say(package.display());
    }
    Ok(())
}

/// Makes packages of an app, installs the one of Debian, opens it, and removes it.
///
/// # Errors
///
/// When one of these steps fails, or something of the package stays.
pub fn check(binary: &Path) -> Result<Checked> {
    let packages = bundle(binary)?;
    let debian = packages
        .iter()
        .find(|file| file.extension().is_some_and(|kind| kind == "deb"))
        .context("the bundler made no Debian package")?;
    if !rustix::process::geteuid().is_root() {
        return Ok(Checked::NotInstalled("only root may install it".into()));
    }
    if Path::new(INSTALLED).exists() {
        let reason = format!("{INSTALLED} is there already, and is left alone");
        return Ok(Checked::NotInstalled(reason));
    }
    let installed = Installed::of(debian)?;
    let entry = fs::read_to_string(ENTRY).context("no entry for the desktop's menu")?;
    let says = LINKS.iter().all(|words| entry.contains(words));
    ensure!(says, "links lead nowhere:\n{entry}");
    window::opens(Path::new(INSTALLED))?;
    installed.remove()?;
    let left = [INSTALLED, ENTRY]
        .into_iter()
        .find(|file| Path::new(file).exists());
    ensure!(left.is_none(), "the removed package left {left:?}");
    Ok(Checked::Kept)
}

/// Makes packages of an app that is built, in a folder of their own: the bundler writes into it.
fn bundle(binary: &Path) -> Result<Vec<PathBuf>> {
    let target = cargo::target().join("package");
    let folder = target.join("release");
    fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    let bundles = folder.join("bundle");
    if bundles.exists() {
        fs::remove_dir_all(&bundles).context("old packages cannot be removed")?;
    }
    let copy = folder.join("gantry-desktop");
    done(Command::new("strip").arg("-o").args([&copy, binary]))?;
    let words = ["exec", "--yes", "--package", BUNDLER, "--"];
    let bundler = ["tauri", "bundle", "--ci", "--bundles", "deb,rpm"];
    done(
        Command::new("npm")
            .args(words)
            .args(bundler)
            .current_dir(cargo::root())
            .env("CARGO_TARGET_DIR", &target),
    )?;
    let mut found = Vec::new();
    for kind in ["deb", "rpm"] {
        let entries = fs::read_dir(bundles.join(kind)).with_context(|| format!("no {kind}"))?;
        let files = entries.flatten().map(|entry| entry.path());
        found.extend(files.filter(|file| file.extension().is_some_and(|end| end == kind)));
    }
    Ok(found)
}

/// A package that is removed even when what is done with it fails.
struct Installed {
    is_there: bool,
}

impl Installed {
    fn of(package: &Path) -> Result<Self> {
        let installed = Self { is_there: true };
        done(Command::new("dpkg").arg("--install").arg(package))?;
        Ok(installed)
    }

    fn remove(mut self) -> Result<()> {
        self.is_there = false;
        purge()
    }
}

impl Drop for Installed {
    fn drop(&mut self) {
        if self.is_there
            && let Err(error) = purge()
        {
            say(format_args!("package: remove {PACKAGE} by hand: {error}"));
        }
    }
}

fn purge() -> Result<()> {
    done(Command::new("dpkg").args(["--purge", PACKAGE]))
}

fn done(command: &mut Command) -> Result<()> {
    say(format_args!("$ {command:?}"));
    let status = command
        .status()
        .with_context(|| format!("cannot run {}", command.get_program().display()))?;
    if !status.success() {
        bail!("{} ended with {status}", command.get_program().display());
    }
    Ok(())
}

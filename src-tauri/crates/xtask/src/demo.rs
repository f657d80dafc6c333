//! `cargo xtask demo`: a good release and a bad one, for real, on a stage of their own.
//!
//! The outer half installs what is missing, builds `gantry` and enters the sandbox; the inner half
//! ([`perform`]) opens the shop and types the commands that a person would type. Where no sandbox
//! can be had the bad release is rehearsed instead. Ctrl-C ends it like anything else that ends
//! the sandbox: the kernel takes every process, container, mount and address away with it.

mod acts;
mod end_state;
mod rehearsal;
mod words;

use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode};

use anyhow::{Context, Result};
use tempfile::TempDir;

use crate::cargo;
use crate::sandbox::{self, Sandbox};
use crate::say::{Consent, say};
use crate::setup::{self, Setup};
use crate::window::{self, Build};
pub use acts::perform;
use words::{styled, tell};

/// The first word of the hidden command by which this program performs inside the sandbox.
pub const INSIDE_COMMAND: &str = "demo-inside";

/// Names the `gantry` to be shown, as it does for the tests.
const BINARY_VARIABLE: &str = "GANTRY_BINARY";

/// The variables that say that there is a display.
const DISPLAYS: [&str; 2] = ["WAYLAND_DISPLAY", "DISPLAY"];

/// Exit status of a demo that did not keep what it promised.
const FAILED: u8 = 1;

/// Shows the demo, or a rehearsal where nothing real can be shown.
///
/// # Errors
///
/// When something cannot be installed, built or started.
pub fn run(consent: Consent) -> Result<ExitCode> {
    say(styled(
        "1",
        "Gantry: one release over several services, watched and taken back",
    ));
    let obstacle = obstacle(consent)?;
    let _window = open_window()?;
    build()?;
    match obstacle {
        Some(reason) => rehearsal::run(&reason),
        None => show(),
    }
}

/// Leaves a picture of each screen of the app in a folder; needs no display.
///
/// # Errors
///
/// When the app does not build, does not start or a screen does not come.
pub fn pictures(folder: &Path) -> Result<ExitCode> {
    window::screens(&Build::Debug.build()?, folder)?;
    Ok(ExitCode::SUCCESS)
}

/// Opens the app on the sample release where somebody has a display to look at it.
fn open_window() -> Result<Option<Window>> {
    if DISPLAYS.iter().all(|name| std::env::var_os(name).is_none()) {
        tell(
            "There is no display, so the app is not opened: --screenshot FOLDER makes pictures of it.",
        );
        return Ok(None);
    }
    let folder = tempfile::tempdir().context("no folder for the app")?;
    let child = Command::new(Build::Debug.build()?)
        .arg("--db")
        .arg(folder.path().join("gantry.db"))
        .arg(cargo::root().join("examples/first-release.yaml"))
        .spawn()
        .context("cannot open the app")?;
    tell("The app is open on the sample release; the demo ends once you have closed it.");
    Ok(Some(Window {
        child,
        _folder: folder,
    }))
}

/// The app as the demo opened it; the demo ends when somebody has closed it.
struct Window {
    child: Child,
    /// Its workspace, which goes with it.
    _folder: TempDir,
}

impl Drop for Window {
    fn drop(&mut self) {
        // Whoever opened the app keeps it until they close it.
        let _closed = self.child.wait();
    }
}

/// Installs what is missing and says what still stands in the way.
fn obstacle(consent: Consent) -> Result<Option<String>> {
    if !rustix::process::geteuid().is_root() {
        return Ok(Some(sandbox::Unavailable::NotRoot.to_string()));
    }
    if let Setup::Incomplete { missing, because } = setup::run_for_platforms(consent)? {
        return Ok(Some(format!("{} missing, {because}", missing.join(" "))));
    }
    Ok(sandbox::check_available()
        .err()
        .map(|reason| reason.to_string()))
}

/// Builds what is shown, unless `GANTRY_BINARY` names a `gantry` to be shown as it is.
fn build() -> Result<()> {
    if std::env::var_os(BINARY_VARIABLE).is_some() {
        return Ok(());
    }
    tell("Building what is shown; the first time this takes some minutes.");
    cargo::run(&["build", "--quiet", "-p", "gantry-cli", "-p", "gantry-shim"])
}

fn show() -> Result<ExitCode> {
    let sandbox = Sandbox::create()?;
    let program = std::env::current_exe().context("this program has no path")?;
    let status = sandbox
        .command(program.as_os_str(), &[INSIDE_COMMAND.into()])?
        .status()
        .context("cannot enter the sandbox")?;
    drop(sandbox);
    let ending = match status.code() {
        Some(0) => "Everything that was started is gone again.",
        Some(1) => "The demo did not go as it should. Everything that was started is gone again.",
        Some(_) | None => "Interrupted. Everything that was started is gone again.",
    };
    say(format_args!("\n{ending}"));
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(ExitCode::from(code.unwrap_or(FAILED)))
}

/// The program that people type.
fn gantry() -> Command {
    let built = || cargo::target().join("debug").join("gantry");
    let named = std::env::var_os(BINARY_VARIABLE).map(PathBuf::from);
    Command::new(named.unwrap_or_else(built))
}

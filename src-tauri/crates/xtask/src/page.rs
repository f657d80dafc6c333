//! The page that the window shows: built, checked and looked at with the tools of `ui`.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use anyhow::{Context, Result, bail};

use crate::cargo;
use crate::say::say;

/// Builds `ui/dist`, which the window and `gantry serve` carry in them.
///
/// # Errors
///
/// When Node.js is not there, or a step of the build fails.
pub fn build() -> Result<()> {
    fetch_packages()?;
    npm(&["run", "build"])
}

/// Checks the types of the page and runs its tests.
///
/// # Errors
///
/// When one of them fails.
pub fn test() -> Result<()> {
    fetch_packages()?;
    npm(&["run", "check"])?;
    npm(&["test"])
}

/// Opens every screen in a browser, in both themes, and looks for what keeps people out.
///
/// # Errors
///
/// When a screen does not open or breaks a rule of accessibility.
pub fn look_at_screens() -> Result<()> {
    fetch_packages()?;
    npm(&["run", "axe"])
}

/// Does in a browser what people do, against the program's own door on fresh workspaces.
///
/// # Errors
///
/// When one of the flows does not come to its end.
pub fn try_flows() -> Result<()> {
    fetch_packages()?;
    let program = cargo::target().join("debug/gantry");
    npm(&[
        "run",
        "flows",
        "--",
        &format!("--gantry={}", program.display()),
    ])
}

/// Brings `ui/node_modules` to what `package-lock.json` says, where it is not that already.
fn fetch_packages() -> Result<()> {
    let wanted = changed(&folder().join("package-lock.json"));
    // npm writes this one last.
    let had = changed(&folder().join("node_modules/.package-lock.json"));
    if had.is_some() && had >= wanted {
        return Ok(());
    }
    npm(&["ci"])
}

fn changed(file: &Path) -> Option<SystemTime> {
    file.metadata().and_then(|data| data.modified()).ok()
}

fn folder() -> PathBuf {
    cargo::root().join("ui")
}

fn npm(arguments: &[&str]) -> Result<()> {
    let words = arguments.join(" ");
    say(format_args!("$ npm {words}"));
    let status = Command::new("npm")
        .args(arguments)
        .current_dir(folder())
        .status()
        .context("cannot run npm: the page is built with Node.js 20 or newer")?;
    if !status.success() {
        bail!("npm {words} ended with {status}");
    }
    Ok(())
}

//! Running cargo from a chore.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::say::say;

/// The folder of the repository: this crate lies three folders below it.
#[must_use]
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(3).unwrap_or(here).to_path_buf()
}

/// Where cargo puts what it builds.
#[must_use]
pub fn target() -> PathBuf {
    let chosen = std::env::var_os("CARGO_TARGET_DIR").map(|folder| root().join(folder));
    chosen.unwrap_or_else(|| root().join("target"))
}

/// The cargo that runs this chore, to be called again in the repository's folder.
#[must_use]
pub fn cargo() -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(program);
    command.current_dir(root());
    command
}

/// Runs cargo with its output where everybody sees it.
///
/// # Errors
///
/// When cargo cannot be started or fails.
pub fn run(arguments: &[&str]) -> Result<()> {
    say(format_args!("$ cargo {}", arguments.join(" ")));
    let status = cargo()
        .args(arguments)
        .status()
        .context("cannot run cargo")?;
    if !status.success() {
        bail!("cargo {} ended with {status}", arguments.join(" "));
    }
    Ok(())
}

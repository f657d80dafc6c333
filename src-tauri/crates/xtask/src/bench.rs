//! `cargo xtask bench`: Gantry against make, ninja, bare SQLite and a reference engine.
//!
//! Everything is built with the release profile first; what is measured, and what came of it the
//! last time, stands in `docs/performance.md`.

use std::ffi::OsString;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::cargo;

const PACKAGES: [&str; 3] = ["gantry-cli", "gantry-shim", "gantry-bench"];

/// Builds what is measured and measures it; prints tables in Markdown.
///
/// # Errors
///
/// When something does not build or a run does not end as it should; never because it is slow.
pub fn run(arguments: &[OsString]) -> Result<()> {
    let packages = PACKAGES.iter().flat_map(|package| ["--package", package]);
    let build: Vec<&str> = ["build", "--release"].into_iter().chain(packages).collect();
    cargo::run(&build)?;
    let bench = cargo::target().join("release/gantry-bench");
    let status = Command::new(&bench)
        .args(arguments)
        .status()
        .with_context(|| format!("cannot run {}", bench.display()))?;
    if !status.success() {
        bail!("the bench ended with {status}");
    }
    Ok(())
}

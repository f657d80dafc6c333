//! `cargo xtask bench`: Gantry against make, ninja, bare SQLite and a reference engine.
//!
//! Everything is built with the release profile first; what is measured, and what came of it the
//! last time, stands in `docs/performance.md`.

use std::ffi::OsString;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{cargo, window};

/// Asks for the window against the smallest one, which is measured alone.
const WINDOW: &str = "window";

const PACKAGES: [&str; 3] = ["gantry-cli", "gantry-shim", "gantry-bench"];

/// What is measured by benches of its own crate: the word that asks for it, the crate, the bench.
const OWN: [(&str, &str, &str); 5] = [
    ("judge", "gantry-judge", "cost"),
    ("judge-tools", "gantry-judge", "comparison"),
    ("forecast", "gantry-forecast", "speed"),
    ("forecast-coverage", "gantry-forecast", "coverage"),
    ("layout", "gantry-layout", "quality"),
];

/// Builds what is measured and measures it; prints tables in Markdown.
///
/// # Errors
///
/// When something does not build or a run does not end as it should; never because it is slow.
pub fn run(arguments: &[OsString]) -> Result<()> {
    if arguments.iter().any(|argument| argument == WINDOW) {
        return window::measure();
    }
    let (own, arguments): (Vec<_>, Vec<_>) = arguments
        .iter()
        .partition(|argument| OWN.iter().any(|(word, _, _)| *argument == word));
    for (_, package, bench) in OWN
        .iter()
        .filter(|(word, _, _)| own.iter().any(|asked| *asked == word))
    {
        cargo::run(&["bench", "--package", package, "--bench", bench])?;
    }
    if arguments.is_empty() && !own.is_empty() {
        return Ok(());
    }
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

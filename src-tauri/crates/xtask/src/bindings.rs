//! `cargo xtask bindings`: writes what follows from the list of commands.

use anyhow::{Result, bail};

use crate::cargo;

/// The test that compares, and writes where it is asked to.
const TEST: [&str; 8] = [
    "test",
    "--package",
    "gantry-api",
    "--features",
    "bindings",
    "--test",
    "it",
    "--",
];

/// Writes `ui/src/api/generated.ts` and `docs/commands.md` anew.
///
/// # Errors
/// Where cargo fails.
pub fn write() -> Result<()> {
    let mut command = cargo::cargo();
    command.args(TEST).args(["bindings", "docs"]);
    let status = command.env("GANTRY_WRITE", "1").status()?;
    if !status.success() {
        bail!("the bindings cannot be written: {status}");
    }
    Ok(())
}

/// Fails where `ui/src/api/generated.ts` is not what the commands say.
///
/// # Errors
/// Where it is stale, or cargo fails.
pub fn check() -> Result<()> {
    let arguments: Vec<&str> = TEST.into_iter().chain(["bindings"]).collect();
    cargo::run(&arguments)
}

//! The demo where there is no platform: the same release, rehearsed.

use std::process::ExitCode;

use anyhow::{Context, Result};

use super::words::{heading, tell, typed};
use super::{FAILED, gantry};
use crate::cargo;
use crate::say::say;

/// Says why nothing real is shown, and rehearses the bad release instead.
pub(super) fn run(reason: &str) -> Result<ExitCode> {
    tell(&format!(
        "Nothing real can be shown here: {reason}.\n\
         The same release is rehearsed instead: the real engine in virtual time, on a simulated\n\
         platform, where orders turns bad at 25 %."
    ));
    heading("Rehearsal: shop-1.2, and orders fails at 25 %");
    let words = [
        "gantry",
        "rehearse",
        "examples/shop/shop-1.2.yaml",
        "--fail",
        "orders@25%",
    ];
    typed(&words);
    let status = gantry()
        .args(words.iter().skip(1))
        .current_dir(cargo::root())
        .status()
        .context("cannot run gantry")?;
    say(format_args!(
        "\nExit status {}: rolled back. With root on Debian, `cargo xtask demo` shows it for real.",
        status.code().unwrap_or(-1)
    ));
    Ok(if status.code() == Some(3) {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(FAILED)
    })
}

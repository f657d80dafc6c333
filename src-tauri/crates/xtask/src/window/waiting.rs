//! Waiting for what a window comes to; never for a time.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

/// How long anything may take on a machine that is busy with other things.
pub(super) const PATIENCE: Duration = Duration::from_secs(90);

const PAUSE: Duration = Duration::from_millis(50);

/// Tries until it works and gives what came of it, or the last reason why it did not.
pub(super) fn until<T>(what: &str, mut attempt: impl FnMut() -> Result<T>) -> Result<T> {
    let started = Instant::now();
    loop {
        match attempt() {
            Ok(found) => return Ok(found),
            Err(error) if started.elapsed() > PATIENCE => {
                return Err(error.context(format!("never came: {what}")));
            }
            Err(_) => std::thread::sleep(PAUSE),
        }
    }
}

/// Waits until something is so.
pub(super) fn until_so(what: &str, mut is_so: impl FnMut() -> bool) -> Result<()> {
    until(what, || {
        if is_so() {
            Ok(())
        } else {
            bail!("it is not so")
        }
    })
}

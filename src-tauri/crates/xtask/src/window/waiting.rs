//! Waiting for what a window comes to; never for a time.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

/// How long anything may take on a machine that is busy with other things.
pub(super) const PATIENCE: Duration = Duration::from_secs(90);

/// How long is waited for what may as well not come.
const SOON: Duration = Duration::from_secs(10);

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

/// Tells whether something is so within some seconds.
pub(super) fn soon(mut is_so: impl FnMut() -> bool) -> bool {
    let started = Instant::now();
    while !is_so() {
        if started.elapsed() > SOON {
            return false;
        }
        std::thread::sleep(PAUSE);
    }
    true
}

//! The right to drive a run: a lock of the operating system and an epoch.

use std::{fs, thread, time::Duration};

use gantry_model::id::RunId;
use gantry_port::journal::{Lease, StoreError};

use crate::{failure::Failure, lock::LockFile, place::Place};

/// A lease on a run; the lock ends when this is dropped or the process dies, and children do not
/// inherit it.
pub(crate) struct FileLease {
    run: RunId,
    epoch: u64,
    _lock: LockFile,
}

impl FileLease {
    /// Joins the lock with the epoch that was made durable under it.
    pub(crate) fn new(run: RunId, epoch: u64, lock: LockFile) -> Self {
        Self {
            run,
            epoch,
            _lock: lock,
        }
    }
}

impl Lease for FileLease {
    fn run(&self) -> &RunId {
        &self.run
    }

    fn epoch(&self) -> u64 {
        self.epoch
    }
}

/// How often, and how long apart, a taken lock is tried again: somebody may only be looking at it.
const TRIES: u32 = 3;
const PAUSE: Duration = Duration::from_millis(2);

/// Takes the lock of a run, or says who holds it.
pub(crate) fn lock(place: &Place, run: &RunId, holder: &str) -> Result<LockFile, Failure> {
    let file = place.run_lock(run)?;
    for _ in 0..TRIES {
        if file.try_exclusive().map_err(Failure::file(place.file()))? {
            return Ok(file);
        }
        thread::sleep(PAUSE);
    }
    Err(StoreError::Driven {
        run: run.clone(),
        holder: holder.into(),
    }
    .into())
}

/// Says whether somebody holds the lock of a run, and lets go of it at once.
pub(crate) fn is_locked(place: &Place, run: &RunId) -> Result<bool, Failure> {
    let file = place.run_lock(run)?;
    let free = file.try_shared().map_err(Failure::file(place.file()))?;
    Ok(!free)
}

/// Names this process for people who look for the one that drives a run.
pub(crate) fn this_process() -> String {
    let name = fs::read_to_string("/proc/sys/kernel/hostname");
    let host = name.as_deref().map_or("this machine", str::trim);
    format!("process {} on {host}", std::process::id())
}

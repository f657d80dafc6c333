//! The right to drive a run: a lock of the operating system and an epoch.

use std::{
    fs::{self, File, TryLockError},
    thread,
    time::Duration,
};

use gantry_model::id::RunId;
use gantry_port::journal::{Lease, StoreError};

use crate::{failure::Failure, place::Place};

/// A lease on a run; the lock ends when this is dropped or the process dies, and children do not
/// inherit it.
pub(crate) struct FileLease {
    run: RunId,
    epoch: u64,
    _lock: File,
}

impl FileLease {
    /// Joins the lock with the epoch that was made durable under it.
    pub(crate) fn new(run: RunId, epoch: u64, lock: File) -> Self {
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
pub(crate) fn lock(place: &Place, run: &RunId, holder: &str) -> Result<File, Failure> {
    let file = place.run_lock(run)?;
    for _ in 0..TRIES {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) => thread::sleep(PAUSE),
            Err(TryLockError::Error(error)) => return Err(Failure::file(place.file())(error)),
        }
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
    match file.try_lock_shared() {
        Ok(()) => Ok(false),
        Err(TryLockError::WouldBlock) => Ok(true),
        Err(TryLockError::Error(error)) => Err(Failure::file(place.file())(error)),
    }
}

/// Names this process for people who look for the one that drives a run.
pub(crate) fn this_process() -> String {
    let name = fs::read_to_string("/proc/sys/kernel/hostname");
    let host = name.as_deref().map_or("this machine", str::trim);
    format!("process {} on {host}", std::process::id())
}

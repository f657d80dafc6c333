//! Waits for a program that somebody else started.

use std::{path::Path, time::Duration};

use gantry_shim::{
    claim::{self, Claim, Look, Serving},
    process::Process,
};
use rustix::process::{PidfdFlags, pidfd_open};
use tokio::{
    io::{Interest, unix::AsyncFd},
    time::sleep,
};

/// How often is looked where the kernel cannot wake us, at first and at most.
const FIRST: Duration = Duration::from_millis(1);
const LONGEST: Duration = Duration::from_millis(50);

/// Waits until the claim on a key is no longer held as it was.
///
/// The kernel wakes us when the shim ends, or the program of a keeper, which itself may live on.
/// The rest is short, or somebody was killed and nothing wakes us: then the folder is looked at at
/// growing intervals.
pub(super) async fn until_changed(task: &Path, claim: &Claim) {
    let ending = match claim.serving {
        Serving::One => claim.shim,
        Serving::Many => claim.program,
    };
    if let Some(ending) = ending {
        until_ended(ending).await;
    }
    let mut pause = FIRST;
    while let Ok(Look::Held(held)) = claim::look(task) {
        if held.shim != claim.shim {
            return;
        }
        sleep(pause).await;
        pause = (pause * 2).min(LONGEST);
    }
}

/// Waits until a process ends; comes back at once if it cannot be waited for.
async fn until_ended(process: Process) {
    let Ok(handle) = pidfd_open(process.id, PidfdFlags::NONBLOCK) else {
        return;
    };
    // The handle is of whatever has this number now; only if that is the process does it count.
    if !process.runs() {
        return;
    }
    #[expect(
        deprecated,
        reason = "its successor is unsafe for handles that share theirs, and an owned one does not"
    )]
    let handle = AsyncFd::with_interest(handle, Interest::READABLE);
    if let Ok(handle) = handle {
        let _ended = handle.readable().await;
    }
}

//! Ends what runs under a key.

use std::{path::Path, time::Duration};

use gantry_model::operation::Key;
use gantry_port::fault::Fault;
use gantry_shim::{claim::Look, process::Process};
use rustix::process::{Signal, kill_process_group, test_kill_process_group};
use tokio::time::{Instant, sleep};

use super::{look, prepare::GRACE};

/// How long is waited for a process that was killed, or for a shim to note what it started.
const MOMENT: Duration = Duration::from_secs(5);
const PAUSE: Duration = Duration::from_millis(5);

/// Asks the process group to end, waits, and kills what is left.
pub(super) async fn cancel(key: &Key, task: &Path) -> Result<(), Fault> {
    let Some(program) = running(key, task).await? else {
        return Ok(());
    };
    for (signal, patience) in [(Signal::TERM, GRACE), (Signal::KILL, MOMENT)] {
        send(program, signal);
        let until = Instant::now() + patience;
        while Instant::now() < until {
            if !held(task)? && !group_exists(program) {
                return Ok(());
            }
            sleep(PAUSE).await;
        }
    }
    // Where nobody reaps orphans, a dead group goes on existing.
    if held(task)? {
        return Err(still_there(key));
    }
    Ok(())
}

/// Gives the program that runs; `None` if nothing runs.
async fn running(key: &Key, task: &Path) -> Result<Option<Process>, Fault> {
    let until = Instant::now() + MOMENT;
    loop {
        match look(task)? {
            Look::Absent | Look::Left(_) | Look::Finished(_) => return Ok(None),
            Look::Held(claim) if claim.program.is_some() => return Ok(claim.program),
            // The shim is just about to start it or to note it.
            Look::Held(_) if Instant::now() < until => sleep(PAUSE).await,
            Look::Held(_) => return Err(still_there(key)),
        }
    }
}

fn held(task: &Path) -> Result<bool, Fault> {
    Ok(matches!(look(task)?, Look::Held(_)))
}

/// Signals the group unless its number is somebody else's by now: a number is free for another
/// process only once the group is empty.
fn send(program: Process, signal: Signal) {
    if !is_a_strangers(program) {
        let _empty = kill_process_group(program.id, signal);
    }
}

fn group_exists(program: Process) -> bool {
    !is_a_strangers(program) && test_kill_process_group(program.id).is_ok()
}

fn is_a_strangers(program: Process) -> bool {
    Process::of(program.id).is_some_and(|now| now.start != program.start)
}

fn still_there(key: &Key) -> Fault {
    Fault::lost(format!(
        "task {key} was told to end and is still there; look for a process that cannot be killed"
    ))
}

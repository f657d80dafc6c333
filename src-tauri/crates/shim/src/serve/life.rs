//! The life of one task: claim, start, watch, record.

use std::{
    io,
    os::unix::process::CommandExt,
    process::{Child, Command, ExitCode, Stdio},
    thread,
    time::{Duration, Instant},
};

use rustix::process::Pid;

use super::{
    ALREADY_CLAIMED, NOT_STARTED,
    desk::Desk,
    watch::{Ending, watch},
};
use crate::{
    claim::{self, Serving, Taken},
    process::Process,
    redaction::Patterns,
    reply::Reply,
    spec::Spec,
};

/// How often a record is tried that cannot be written, for example because the disk is full.
const RECORD_TRIES: u32 = 3600;

/// Where the driver hears what becomes of a task.
pub(super) type Hear<'a> = &'a dyn Fn(&Reply);

/// Runs a task to its end, telling what happens meanwhile; gives how a shim for it alone exits.
pub(super) fn live(spec: &Spec, (desk, serving): (&Desk, Serving), hear: Hear<'_>) -> ExitCode {
    let names = desk.names(&spec.task);
    let mut taken = match claim::take(&spec.task, &spec.key, serving, &names) {
        Ok(Some(taken)) => taken,
        Ok(None) => {
            hear(&Reply::Taken);
            return ExitCode::from(ALREADY_CLAIMED);
        }
        Err(error) => {
            let place = spec.task.display();
            return not_started(hear, &format!("{place} cannot be claimed: {error}"));
        }
    };
    let begun = Instant::now();
    let child = match desk.start_alone(|| inheriting(&taken, spec)) {
        Ok(child) => child,
        Err(error) => return give_up(spec, hear, taken, &error),
    };
    note(&mut taken, &child);
    hear(&Reply::Started);
    let patterns = Patterns::of(spec.secrets.iter().map(Vec::as_slice));
    match watch(child, spec, &patterns, begun) {
        Ok(ending) => record(spec, (desk, hear), &patterns, ending),
        // What cannot be watched has no recorded end; the claim stays and says so.
        Err(_) => ExitCode::FAILURE,
    }
}

fn not_started(hear: Hear<'_>, reason: &str) -> ExitCode {
    hear(&Reply::NotStarted(reason.to_owned()));
    ExitCode::from(NOT_STARTED)
}

/// Frees the key before the driver hears of it, so that whoever hears can try again.
fn give_up(spec: &Spec, hear: Hear<'_>, taken: Taken, error: &io::Error) -> ExitCode {
    let program = spec.program.display();
    let folder = spec.directory.display();
    let reason = format!("`{program}` cannot be started in {folder}: {error}");
    match taken.give_up() {
        Ok(()) => not_started(hear, &reason),
        Err(_) => ExitCode::FAILURE,
    }
}

/// Starts the program as the only one that inherits the claim.
fn inheriting(taken: &Taken, spec: &Spec) -> io::Result<Child> {
    taken.share()?;
    let child = start(spec);
    taken.keep()?;
    child
}

fn start(spec: &Spec) -> io::Result<Child> {
    let (name, arguments) = spec.argv.split_first().unzip();
    Command::new(&spec.program)
        .arg0(name.map_or(spec.program.as_os_str(), |name| name))
        .args(arguments.unwrap_or_default())
        .env_clear()
        .envs(spec.environment.iter().map(|(name, value)| (name, value)))
        .current_dir(&spec.directory)
        .process_group(0)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
}

fn note(taken: &mut Taken, child: &Child) {
    if let Some(program) = Pid::from_raw(child.id().cast_signed()).and_then(Process::of) {
        taken.note(program);
    }
}

/// Records the end. The driver is told as soon as the record can be read and before it is durable:
/// if power fails in between, either the driver has journaled the end or the outcome is unknown.
fn record(
    spec: &Spec,
    (desk, hear): (&Desk, Hear<'_>),
    patterns: &Patterns,
    ending: Ending,
) -> ExitCode {
    let mut record = ending.into_record(spec.output_cap, patterns);
    for attempt in 0..RECORD_TRIES {
        if let Ok(file) = record.write(&spec.task) {
            hear(&Reply::Finished);
            let names = || desk.names(&spec.task).flush();
            let durable = file.sync_data().and_then(|()| names());
            return durable.map_or(ExitCode::FAILURE, |()| ExitCode::SUCCESS);
        }
        record.leave_out_output();
        if attempt > 0 {
            thread::sleep(Duration::from_secs(1));
        }
    }
    ExitCode::FAILURE
}

//! The shim's life: claim, start, watch, record.

use std::{
    fs::File,
    io,
    os::fd::{AsFd, OwnedFd},
    os::unix::process::CommandExt,
    process::{Child, Command, ExitCode, Stdio},
    thread,
    time::{Duration, Instant},
};

use rustix::{
    process::{Pid, setsid},
    stdio::stdin,
};

use crate::{
    claim::{self, Taken},
    process::Process,
    record::Record,
    redaction::Patterns,
    reply::Reply,
    serve::watch::{Ending, watch},
    spec::Spec,
};

mod watch;

/// The exit status of a shim that found the key claimed and did nothing.
pub const ALREADY_CLAIMED: u8 = 75;
/// The exit status of a shim whose program could not be started.
pub const NOT_STARTED: u8 = 76;
/// The exit status of a shim that was not given a whole task.
pub const NO_TASK: u8 = 64;
/// How often a record is tried that cannot be written, for example because the disk is full.
const RECORD_TRIES: u32 = 3600;

/// Serves as the shim for the one task that comes through standard input, and comes back when the
/// task has ended. Call it before anything else in a process that does nothing else.
pub fn serve() -> ExitCode {
    // Fails only if this process leads a group already; it then still outlives the driver.
    let _leader = setsid();
    let Ok(driver) = stdin().try_clone_to_owned() else {
        return ExitCode::from(NO_TASK);
    };
    let driver = File::from(driver);
    match Spec::read(&driver) {
        Ok(spec) => run(&spec, &OwnedFd::from(driver)),
        Err(_) => ExitCode::from(NO_TASK),
    }
}

fn run(spec: &Spec, driver: &OwnedFd) -> ExitCode {
    let mut taken = match claim::take(&spec.task, &spec.key) {
        Ok(Some(taken)) => taken,
        Ok(None) => {
            Reply::Taken.send(driver);
            return ExitCode::from(ALREADY_CLAIMED);
        }
        Err(error) => {
            let place = spec.task.display();
            return not_started(driver, &format!("{place} cannot be claimed: {error}"));
        }
    };
    let begun = Instant::now();
    let child = match taken.share().and_then(|()| start(spec)) {
        Ok(child) => child,
        Err(error) => return give_up(spec, driver, taken, &error),
    };
    note(&mut taken, &child);
    Reply::Started.send(driver);
    let patterns = Patterns::of(spec.secrets.iter().map(Vec::as_slice));
    match watch(child, spec, &patterns, begun) {
        Ok(ending) => record(spec, driver, &patterns, ending),
        // What cannot be watched has no recorded end; the claim stays and says so.
        Err(_) => ExitCode::FAILURE,
    }
}

fn not_started(driver: &OwnedFd, reason: &str) -> ExitCode {
    Reply::NotStarted(reason.to_owned()).send(driver);
    ExitCode::from(NOT_STARTED)
}

/// Frees the key before the driver hears of it, so that whoever hears can try again.
fn give_up(spec: &Spec, driver: &OwnedFd, taken: Taken, error: &io::Error) -> ExitCode {
    let program = spec.program.display();
    let folder = spec.directory.display();
    let reason = format!("`{program}` cannot be started in {folder}: {error}");
    match taken.give_up() {
        Ok(()) => not_started(driver, &reason),
        Err(_) => ExitCode::FAILURE,
    }
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
fn record(spec: &Spec, driver: &OwnedFd, patterns: &Patterns, ending: Ending) -> ExitCode {
    let mut record = ending.into_record(spec.output_cap, patterns);
    for attempt in 0..RECORD_TRIES {
        if let Ok(file) = record.write(&spec.task) {
            Reply::Finished.send(driver.as_fd());
            let durable = file
                .sync_data()
                .and_then(|()| claim::sync_names(&spec.task));
            return durable.map_or(ExitCode::FAILURE, |()| ExitCode::SUCCESS);
        }
        leave_out_output(&mut record);
        if attempt > 0 {
            thread::sleep(Duration::from_secs(1));
        }
    }
    ExitCode::FAILURE
}

/// How it ended matters more than what it printed, and may fit where both do not.
fn leave_out_output(record: &mut Record) {
    record.stdout.end.clear();
    record.stderr.end.clear();
}

//! Whether a program ends with 0.

use std::{
    io::ErrorKind,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use futures_util::FutureExt;
use gantry_model::unit::Span;
use gantry_port::{fault::Fault, probe::ProbeAnswer};
use rustix::process::{Pid, Signal, kill_process_group};
use tokio::{
    io::AsyncReadExt,
    process::{Child, ChildStderr, Command},
};

use super::{healthy, unhealthy};
use crate::wording::shown;

/// Of what it prints on standard error, this much is kept; the rest is read and dropped.
const MOST_WORDS: usize = 4096;

/// How long what was printed last may take to arrive after the end.
const LAST_WORDS: Duration = Duration::from_millis(50);

pub(super) async fn probe(
    argv: &[String],
    folder: &str,
    environment: &[(String, String)],
    timeout: Span,
) -> Result<ProbeAnswer, Fault> {
    let (mut command, program) = prepared(argv, folder, environment)?;
    let child = command
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| not_started(program, folder, &error))?;
    Ok(watch(child, program, timeout).await)
}

/// Runs a program and gives the beginning of what it printed.
///
/// # Errors
/// Where it does not start, ends with something else than 0, or not in time.
pub(super) async fn printed(
    argv: &[String],
    folder: &str,
    environment: &[(String, String)],
    timeout: Span,
) -> Result<String, Fault> {
    let (mut command, program) = prepared(argv, folder, environment)?;
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| not_started(program, folder, &error))?;
    let group = Group::of(&child);
    let stdout = child.stdout.take();
    let end = async {
        let mut words = Vec::new();
        if let Some(stdout) = stdout {
            // What is longer is no time; the program is not waited for any more.
            let mut begin = stdout.take(MOST_WORDS as u64);
            begin.read_to_end(&mut words).await?;
        }
        let status = child.wait().await?;
        std::io::Result::Ok((status, words))
    };
    let ended = tokio::time::timeout(timeout.as_duration(), end).await;
    group.end();
    match ended {
        Err(_) => Err(Fault::lost(format!(
            "`{program}` was not over within {timeout} and was ended"
        ))),
        Ok(Err(error)) => Err(Fault::lost(format!("`{program}` was lost: {error}"))),
        Ok(Ok((status, _))) if !status.success() => {
            Err(Fault::refused(format!("`{program}`: {status}")))
        }
        Ok(Ok((_, words))) => Ok(String::from_utf8_lossy(&words).into_owned()),
    }
}

/// Prepares a program that gets the variables of the allow-list and is ended with whom it started.
fn prepared<'a>(
    argv: &'a [String],
    folder: &str,
    environment: &[(String, String)],
) -> Result<(Command, &'a str), Fault> {
    let Some((program, arguments)) = argv.split_first() else {
        return Err(Fault::refused("a probe without a program"));
    };
    let mut command = Command::new(located(program, folder));
    command
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .envs(environment.iter().map(|(name, value)| (name, value)))
        .stdin(Stdio::null())
        .process_group(0)
        .kill_on_drop(true);
    Ok((command, program))
}

/// A program with a slash is relative to the folder; a bare name is looked up in `PATH`.
fn located(program: &str, folder: &str) -> PathBuf {
    if program.contains('/') {
        Path::new(folder).join(program)
    } else {
        program.into()
    }
}

fn not_started(program: &str, folder: &str, error: &std::io::Error) -> Fault {
    let sentence = format!("cannot start `{program}` in {folder}: {error}");
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::PermissionDenied => Fault::unsent(sentence),
        _ => Fault::refused(sentence),
    }
}

async fn watch(mut child: Child, program: &str, timeout: Span) -> ProbeAnswer {
    let group = Group::of(&child);
    let stderr = child.stderr.take();
    let end = async {
        let mut words = Vec::new();
        let mut reading = Box::pin(keep(stderr, &mut words).fuse());
        let status = tokio::select! {
            status = child.wait() => status,
            () = &mut reading => child.wait().await,
        };
        // What a grandchild keeps open must not keep us, and what was printed last must not be lost.
        let _still_open = tokio::time::timeout(LAST_WORDS, &mut reading).await;
        drop(reading);
        (status, String::from_utf8_lossy(&words).into_owned())
    };
    let ended = tokio::time::timeout(timeout.as_duration(), end).await;
    group.end();
    match ended {
        Err(_) => unhealthy(format!(
            "`{program}` was not over within {timeout} and was ended"
        )),
        Ok((Err(error), _)) => unhealthy(format!("`{program}` was lost: {error}")),
        Ok((Ok(status), _)) if status.success() => healthy(format!("`{program}` ended with 0")),
        Ok((Ok(status), words)) => unhealthy(format!(
            "`{program}`: {status}: {}",
            shown(last_line(&words))
        )),
    }
}

async fn keep(stderr: Option<ChildStderr>, words: &mut Vec<u8>) {
    let Some(mut stderr) = stderr else { return };
    let mut piece = [0; 1024];
    while let Ok(read) = stderr.read(&mut piece).await {
        if read == 0 {
            return;
        }
        words.extend(piece.iter().take(read));
        let surplus = words.len().saturating_sub(MOST_WORDS);
        words.drain(..surplus);
    }
}

fn last_line(words: &str) -> &str {
    words.trim_end().lines().last().unwrap_or_default()
}

/// The program and whatever it started.
struct Group(Option<Pid>);

impl Group {
    fn of(child: &Child) -> Self {
        let id = child.id().and_then(|id| i32::try_from(id).ok());
        Self(id.and_then(Pid::from_raw))
    }

    /// Ends what is left of it; nothing being left is the usual case.
    fn end(self) {
        if let Some(group) = self.0 {
            let _nothing_left = kill_process_group(group, Signal::KILL);
        }
    }
}

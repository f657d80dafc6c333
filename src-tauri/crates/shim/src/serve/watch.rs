//! Watches one program to its end: takes in what it prints, and ends it when its time is over.

use std::{
    io,
    os::{
        fd::{AsFd, OwnedFd},
        unix::process::ExitStatusExt,
    },
    process::{Child, ChildStderr, ChildStdout, ExitStatus},
    time::{Duration, Instant},
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    process::{Pid, PidfdFlags, Signal, kill_process_group, pidfd_open},
};

use crate::{
    output::{Buffer, More, Stream},
    record::Record,
    redaction::Patterns,
    spec::Spec,
};

/// How many reads the rest of an output may take after the program's end: what a pipe holds, and
/// no more if something that it left behind goes on printing.
const LAST_READS: usize = 32;

/// How a program ended, its output still unredacted.
pub(super) struct Ending {
    status: ExitStatus,
    timed_out: bool,
    took: Duration,
    stdout: Stream<ChildStdout>,
    stderr: Stream<ChildStderr>,
}

impl Ending {
    /// Gives what may be written to disk.
    pub(super) fn into_record(self, cap: usize, patterns: &Patterns) -> Record {
        Record {
            status: self.status.code(),
            signal: self.status.signal(),
            timed_out: self.timed_out,
            took: self.took,
            stdout: self.stdout.finish(cap, patterns),
            stderr: self.stderr.finish(cap, patterns),
        }
    }
}

/// Watches a child that leads its own process group.
pub(super) fn watch(
    mut child: Child,
    spec: &Spec,
    patterns: &Patterns,
    begun: Instant,
) -> io::Result<Ending> {
    let kept = spec.output_cap.saturating_add(patterns.reach());
    let id = Pid::from_raw(child.id().cast_signed()).ok_or(io::ErrorKind::InvalidData)?;
    let mut watching = Watching {
        group: id,
        exit: Some(pidfd_open(id, PidfdFlags::empty())?),
        stdout: Stream::of(child.stdout.take(), kept)?,
        stderr: Stream::of(child.stderr.take(), kept)?,
        buffer: Buffer::default(),
        stage: Stage::Running {
            until: begun.checked_add(spec.timeout),
        },
        grace: spec.grace,
    };
    while !watching.over() {
        watching.wait()?;
        watching.keep_time();
    }
    watching.drain();
    let timed_out = !matches!(watching.stage, Stage::Running { .. });
    if timed_out {
        watching.signal(Signal::KILL);
    }
    // Only now is the child reaped: until here its number, which is the group's, is nobody else's.
    let status = child.wait()?;
    Ok(Ending {
        status,
        timed_out,
        took: begun.elapsed(),
        stdout: watching.stdout,
        stderr: watching.stderr,
    })
}

struct Watching {
    group: Pid,
    /// Readable once the leader has exited, and then put away.
    exit: Option<OwnedFd>,
    stdout: Stream<ChildStdout>,
    stderr: Stream<ChildStderr>,
    buffer: Buffer,
    stage: Stage,
    grace: Duration,
}

enum Stage {
    /// `None` is a moment too far away to be written.
    Running { until: Option<Instant> },
    /// The group was asked to end.
    Asked { until: Instant },
    /// The group was killed.
    Killed,
}

impl Watching {
    /// While the group was asked to end, those that the leader leaves behind have their grace too;
    /// that they are gone shows in that nobody holds the outputs open.
    fn over(&self) -> bool {
        match self.stage {
            Stage::Running { .. } | Stage::Killed => self.exit.is_none(),
            Stage::Asked { .. } => {
                let silent = self.stdout.open().is_none() && self.stderr.open().is_none();
                self.exit.is_none() && silent
            }
        }
    }

    /// Waits until something happens or the stage is over, and takes in what was printed.
    fn wait(&mut self) -> io::Result<()> {
        let timeout = self.remaining().map(timespec);
        let exited = {
            let mut events = Vec::with_capacity(3);
            let exit = self.exit.as_ref().map(AsFd::as_fd);
            for source in [exit, self.stdout.open(), self.stderr.open()] {
                events.extend(source.map(|fd| PollFd::from_borrowed_fd(fd, PollFlags::IN)));
            }
            match poll(&mut events, timeout.as_ref()) {
                Ok(_) | Err(rustix::io::Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
            let happened = events.first().is_some_and(|e| !e.revents().is_empty());
            exit.is_some() && happened
        };
        self.stdout.take_in(&mut self.buffer);
        self.stderr.take_in(&mut self.buffer);
        if exited {
            self.exit = None;
        }
        Ok(())
    }

    fn remaining(&self) -> Option<Duration> {
        let until = match self.stage {
            Stage::Running { until } => until?,
            Stage::Asked { until } => until,
            Stage::Killed => return None,
        };
        Some(until.saturating_duration_since(Instant::now()))
    }

    fn keep_time(&mut self) {
        if self.over() || self.remaining() != Some(Duration::ZERO) {
            return;
        }
        match self.stage {
            Stage::Running { .. } => {
                self.signal(Signal::TERM);
                let until = Instant::now() + self.grace;
                self.stage = Stage::Asked { until };
            }
            Stage::Asked { .. } => {
                self.signal(Signal::KILL);
                self.stage = Stage::Killed;
            }
            Stage::Killed => {}
        }
    }

    /// The leader is not reaped yet, so the group cannot be a stranger's; it may be empty.
    fn signal(&self, signal: Signal) {
        let _empty = kill_process_group(self.group, signal);
    }

    fn drain(&mut self) {
        for _ in 0..LAST_READS {
            let stdout = self.stdout.take_in(&mut self.buffer);
            let stderr = self.stderr.take_in(&mut self.buffer);
            if (stdout, stderr) == (More::NotNow, More::NotNow) {
                return;
            }
        }
    }
}

fn timespec(duration: Duration) -> Timespec {
    Timespec {
        tv_sec: i64::try_from(duration.as_secs()).unwrap_or(i64::MAX),
        tv_nsec: i64::from(duration.subsec_nanos()),
    }
}

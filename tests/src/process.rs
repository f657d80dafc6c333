//! A program that runs while the test goes on.

use std::{
    io::{BufRead, BufReader, Read},
    process::{Child, Command, Stdio},
    sync::mpsc::{Receiver, RecvTimeoutError, channel},
    thread::JoinHandle,
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::answer::Answer;

/// How long anything may take before the test calls it stuck.
const PATIENCE: Duration = Duration::from_secs(60);

/// A program under way; it is killed when it is dropped.
#[derive(Debug)]
pub struct Process {
    call: String,
    child: Child,
    lines: Receiver<String>,
    errors: Option<JoinHandle<String>>,
    seen: Vec<String>,
}

impl Process {
    /// Starts a command with nothing to read.
    pub fn start(mut command: Command) -> Self {
        let call = format!("{command:?}");
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program can be started");
        let out = child.stdout.take().expect("standard output is a pipe");
        let mut err = child.stderr.take().expect("standard error is a pipe");
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(out).split(b'\n').map_while(Result::ok) {
                drop(sender.send(String::from_utf8_lossy(&line).into_owned()));
            }
        });
        let errors = std::thread::spawn(move || {
            let mut bytes = Vec::new();
            drop(err.read_to_end(&mut bytes));
            String::from_utf8_lossy(&bytes).into_owned()
        });
        Self {
            call,
            child,
            lines,
            errors: Some(errors),
            seen: Vec::new(),
        }
    }

    /// Gives the process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Gives the next line of standard output; `None` at its end.
    #[track_caller]
    pub fn line(&mut self) -> Option<String> {
        match self.lines.recv_timeout(PATIENCE) {
            Ok(line) => {
                self.seen.push(line.clone());
                Some(line)
            }
            Err(RecvTimeoutError::Disconnected) => None,
            Err(RecvTimeoutError::Timeout) => {
                let seen = self.seen.join("\n");
                drop(self.child.kill());
                panic!("`{}` says nothing more after\n{seen}", self.call);
            }
        }
    }

    /// Lets the program run for a while, or until standard output ends.
    pub fn pass(&mut self, span: Duration) {
        let until = Instant::now() + span;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            match self.lines.recv_timeout(left) {
                Ok(line) => self.seen.push(line),
                Err(_) => return,
            }
        }
    }

    /// Tells whether the program still has standard output open; reads what there is.
    pub fn has_more(&mut self) -> bool {
        loop {
            match self.lines.try_recv() {
                Ok(line) => self.seen.push(line),
                Err(error) => return error == std::sync::mpsc::TryRecvError::Empty,
            }
        }
    }

    /// Reads on to an event of a kind at a step (or at none).
    #[track_caller]
    pub fn until(&mut self, kind: &str, step: &str) -> Value {
        while let Some(line) = self.line() {
            let event: Value = serde_json::from_str(&line).unwrap_or_default();
            let is = |key: &str| event.get(key).and_then(Value::as_str).unwrap_or_default();
            if is("kind") == kind && is("step") == step {
                return event;
            }
        }
        panic!(
            "`{}` ended without {kind} {step} after\n{}",
            self.call,
            self.seen.join("\n")
        );
    }

    /// Kills the program as power loss does, and waits until it is gone; tells whether it still ran.
    pub fn kill(&mut self) -> bool {
        let ran = self.child.try_wait().ok().flatten().is_none();
        drop(self.child.kill());
        drop(self.child.wait());
        ran
    }

    /// Sends the signal of Ctrl-C.
    pub fn interrupt(&self) {
        let status = Command::new("kill")
            .args(["-INT", &self.id().to_string()])
            .status();
        assert!(status.expect("`kill` can be started").success());
    }

    /// Waits for the end and gives everything that was said.
    #[track_caller]
    pub fn end(mut self) -> Answer {
        while self.line().is_some() {}
        let status = self.child.wait().expect("the program can be waited for");
        let errors = self.errors.take().map(JoinHandle::join);
        Answer {
            call: std::mem::take(&mut self.call),
            status: status.code(),
            out: self.seen.iter().map(|line| format!("{line}\n")).collect(),
            err: errors.and_then(Result::ok).unwrap_or_default(),
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

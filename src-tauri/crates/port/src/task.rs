//! Work that runs once, outside.

use async_trait::async_trait;
use gantry_model::{
    id::SecretName, operation::Key, release::task::HttpCall, secret::SecretText, unit::Span,
};
use serde::{Deserialize, Serialize};

use crate::{fault::Fault, ports::Call};

/// A program to run, exactly once per key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// Program and arguments; never a shell line.
    pub argv: Vec<String>,
    /// The folder it starts in; a program with a slash is relative to it.
    pub folder: String,
    /// What stands in its environment beside the allow-list; secrets by reference.
    pub env: Vec<(String, SecretText)>,
    /// How long it may run.
    pub timeout: Span,
    /// Secrets handed in as `GANTRY_SECRET_…`.
    pub secrets: Vec<SecretName>,
    /// Whether repeating it with the same key after a machine crash does no harm.
    pub idempotent: bool,
}

/// What a program did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finished {
    /// Its exit status; `None` if a signal ended it.
    pub status: Option<i32>,
    /// The signal that ended it.
    pub signal: Option<i32>,
    /// The end of what it printed on standard output, capped and redacted.
    pub stdout: String,
    /// The end of what it printed on standard error, capped and redacted.
    pub stderr: String,
    /// How long it ran.
    pub took: Span,
    /// Whether its time was over.
    pub timed_out: bool,
}

/// What is known of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TaskSighting {
    /// Nothing was ever started under it.
    NeverStarted,
    /// It runs.
    Running,
    /// It has finished.
    Finished(Finished),
    /// It was started and no longer runs, and nobody recorded how it ended (the machine crashed).
    Vanished,
}

/// Runs programs and HTTP calls as tasks.
///
/// Guarantees: `run` with a key that already runs attaches to it and waits; with a key that has
/// finished it answers with the record; the program is never started twice under one key.
#[async_trait]
pub trait Task: Send + Sync {
    /// Looks, before anything is changed, whether the program could be started; starts nothing.
    /// Where nobody can tell before the start, that is fine.
    async fn ready(&self, _program: &Program) -> Result<(), Fault> {
        Ok(())
    }

    /// Runs the program, or attaches to the one that runs under the call's key.
    /// Dropping the future leaves the program running.
    async fn run(&self, call: &Call, program: &Program) -> Result<Finished, Fault>;

    /// Looks what became of a key.
    async fn find(&self, key: &Key) -> Result<TaskSighting, Fault>;

    /// Ends what runs under a key, with its process group.
    async fn cancel(&self, key: &Key) -> Result<(), Fault>;

    /// Makes an HTTP call; the key travels in the `Idempotency-Key` header. Answers with the status.
    async fn call(&self, call: &Call, request: &HttpCall) -> Result<u16, Fault>;
}

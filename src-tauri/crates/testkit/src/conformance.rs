//! What every adapter has to do, whatever it stands for.
//!
//! A suite asks one port, over and over, what its contract promises, and answers with the first
//! promise that is broken. The simulated world and the real things pass the same suites; what a
//! suite cannot know (addresses that answer, programs that exist) an environment tells it.

pub mod alerts;
pub mod database;
pub mod flags;
pub mod metrics;
pub mod router;
pub mod task;
pub mod workload;

use std::fmt;

use gantry_model::{
    id::{ReleaseId, RunId, StepId},
    operation::{Direction, Key},
    time::Timestamp,
};
use gantry_port::{fault::Fault, ports::Call};

/// A promise that was not kept.
#[derive(Debug, thiserror::Error)]
#[error("{promise}: {detail}")]
pub struct Broken {
    /// The promise.
    pub promise: &'static str,
    /// What was seen instead.
    pub detail: String,
}

impl Broken {
    pub(crate) fn new(promise: &'static str, detail: impl fmt::Debug) -> Self {
        Self {
            promise,
            detail: format!("{detail:?}"),
        }
    }
}

/// Says that a promise holds, or what was seen instead.
pub(crate) fn holds(
    condition: bool,
    promise: &'static str,
    seen: impl fmt::Debug,
) -> Result<(), Broken> {
    match condition {
        true => Ok(()),
        false => Err(Broken::new(promise, seen)),
    }
}

/// Takes an answer that has to be one.
pub(crate) fn answer<T>(answer: Result<T, Fault>, promise: &'static str) -> Result<T, Broken> {
    answer.map_err(|fault| Broken::new(promise, fault))
}

/// Builds a call under a key of its own; the same word gives the same key.
///
/// # Errors
/// If the word cannot stand in a step's id.
pub fn call(word: &str, deadline: Timestamp) -> Result<Call, Broken> {
    let invalid = |error| Broken::new("a call is named by a word", format!("{error}"));
    let release: ReleaseId = "conformance".parse().map_err(invalid)?;
    let run = RunId::new(release, 1);
    let step: StepId = format!("conformance/{word}").parse().map_err(invalid)?;
    Ok(Call {
        key: Key::new(&run, &step, Direction::Do, 1),
        epoch: 1,
        run,
        step,
        direction: Direction::Do,
        deadline,
    })
}

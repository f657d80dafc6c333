//! From a journal back to a run.

use std::sync::Arc;

use gantry_model::{
    event::{RunEvent, UnreadableEvent},
    journal::Entry,
    plan::Plan,
    run::{IllegalTransition, Run},
};

/// Why a journal cannot be folded.
#[derive(Debug, thiserror::Error)]
pub enum FoldError {
    /// There is no entry at all.
    #[error("the journal is empty")]
    Empty,
    /// An entry cannot be read.
    #[error(transparent)]
    Unreadable(#[from] UnreadableEvent),
    /// An entry does not follow from the ones before.
    #[error("the journal contradicts itself")]
    Illegal(#[from] IllegalTransition),
}

/// Folds the entries of a run, from the first, into the run.
///
/// # Errors
/// If there are none, or one cannot be read or does not follow.
pub fn fold(plan: Arc<Plan>, entries: &[Entry]) -> Result<Run, FoldError> {
    let (first, rest) = entries.split_first().ok_or(FoldError::Empty)?;
    let first = RunEvent::from_body(&first.event.body)?;
    fold_on(Run::begin(plan, &first)?, rest)
}

/// Folds further entries into a run.
///
/// # Errors
/// If one cannot be read or does not follow.
pub fn fold_on(mut run: Run, entries: &[Entry]) -> Result<Run, FoldError> {
    for entry in entries {
        run.apply(&RunEvent::from_body(&entry.event.body)?)?;
    }
    Ok(run)
}

//! What happened to an undo action.

use gantry_model::{
    event::{Happened, Knowledge, Place, Seen},
    operation::{Direction, Evidence, Key, Sighting},
    run::{Run, UndoIndex, UndoState},
    time::Timestamp,
    unit::Span,
};
use gantry_port::fault::{Fault, FaultKind};

use super::forward::{NOT_APPLIED, UNDER_WAY};
use crate::{backoff::pause, schedule};

/// How often an undo is repeated in one round when its reply was lost.
const ATTEMPTS: u32 = 6;

/// The first pause before an undo is repeated in the same round.
const PAUSE: Span = Span::from_secs(1);

fn place(run: &Run, undo: UndoIndex) -> Option<Place> {
    Place::of_undo(run.plan(), &run.undo(undo).action)
}

fn key(run: &Run, undo: UndoIndex) -> Key {
    let record = run.undo(undo);
    Key::new(run.id(), &record.action.id, Direction::Undo, record.round)
}

/// A call has answered.
pub(super) fn answered(
    run: &Run,
    undo: UndoIndex,
    answer: &Result<Evidence, Fault>,
    now: Timestamp,
) -> Vec<Happened> {
    if run.undo(undo).state != UndoState::Acting {
        return Vec::new();
    }
    let fault = match answer {
        Ok(evidence) => return succeeded(run, undo, Knowledge::Answer, evidence.clone()),
        Err(fault) => fault,
    };
    let message = fault.message.as_str();
    match fault.kind {
        FaultKind::Lost => lost(run, undo, message),
        FaultKind::Busy { after } => {
            let after = after.unwrap_or(Span::ZERO);
            failed(run, undo, (run.undo(undo).round, after), message, now)
        }
        FaultKind::Unsent | FaultKind::Refused => definite(run, undo, message, now),
        // Asking again cannot help; a person must look.
        FaultKind::Unsupported | FaultKind::Conflict => stuck(run, undo, message),
    }
}

/// A lost undo was looked at.
pub(super) fn observed(
    run: &Run,
    undo: UndoIndex,
    seen: &Sighting,
    now: Timestamp,
) -> Vec<Happened> {
    let record = run.undo(undo);
    let UndoState::Lost { seen: before, .. } = &record.state else {
        return Vec::new();
    };
    let late = record.deadline.is_some_and(|deadline| now >= deadline);
    match seen {
        Sighting::Applied { evidence } => {
            succeeded(run, undo, Knowledge::Observed, evidence.clone())
        }
        Sighting::Failed { message } => definite(run, undo, message, now),
        Sighting::UnderWay if late => {
            let timeout = record.action.timeout;
            stuck(run, undo, &format!("it is still under way after {timeout}"))
        }
        Sighting::UnderWay if *before == Some(Seen::UnderWay) => Vec::new(),
        Sighting::UnderWay => saw(run, undo, Seen::UnderWay, None, UNDER_WAY),
        Sighting::NotApplied if record.attempt >= ATTEMPTS => {
            stuck(run, undo, &format!("its reply was lost {ATTEMPTS} times"))
        }
        Sighting::NotApplied => {
            let pause = match record.attempt {
                0 => Span::ZERO,
                attempt => pause(PAUSE, Some(&key(run, undo)), attempt),
            };
            let until = Some(now + pause.as_delta());
            saw(run, undo, Seen::NotApplied, until, NOT_APPLIED)
        }
        Sighting::Unknown { message } => stuck(run, undo, message),
    }
}

/// An instant that an undo waits for has passed.
pub(super) fn due(run: &Run, undo: UndoIndex, now: Timestamp) -> Vec<Happened> {
    let record = run.undo(undo);
    let late = record.deadline.is_some_and(|deadline| now >= deadline);
    match &record.state {
        UndoState::BackingOff { until, .. } if now >= *until => {
            schedule::start_due_undo(run, undo, now)
        }
        UndoState::Acting if late => {
            let message = format!("no answer within {}", record.action.timeout);
            lost(run, undo, &message)
        }
        UndoState::BackingOff { .. }
        | UndoState::Acting
        | UndoState::Lost { .. }
        | UndoState::Waiting
        | UndoState::Ready
        | UndoState::ByHand
        | UndoState::Stuck { .. }
        | UndoState::Succeeded
        | UndoState::Skipped
        | UndoState::Accepted => Vec::new(),
    }
}

fn succeeded(run: &Run, undo: UndoIndex, known: Knowledge, evidence: Evidence) -> Vec<Happened> {
    let event = place(run, undo).map(|place| Happened::UndoSucceeded {
        place,
        round: run.undo(undo).round,
        known,
        by: None,
        evidence,
    });
    event.into_iter().collect()
}

/// A definite failure is repeated as a new round.
fn definite(run: &Run, undo: UndoIndex, message: &str, now: Timestamp) -> Vec<Happened> {
    let next = run.undo(undo).round + 1;
    failed(run, undo, (next, Span::ZERO), message, now)
}

fn failed(
    run: &Run,
    undo: UndoIndex,
    (round, after): (u32, Span),
    message: &str,
    now: Timestamp,
) -> Vec<Happened> {
    let record = run.undo(undo);
    let retry = record.action.retry;
    if record.failures >= retry.times {
        return stuck(run, undo, message);
    }
    let pause = pause(retry.backoff, Some(&key(run, undo)), record.failures + 1).max(after);
    let event = place(run, undo).map(|place| Happened::UndoFailed {
        place,
        round,
        until: now + pause.as_delta(),
        message: message.to_owned(),
    });
    event.into_iter().collect()
}

fn stuck(run: &Run, undo: UndoIndex, message: &str) -> Vec<Happened> {
    let event = place(run, undo).map(|place| Happened::UndoStuck {
        place,
        round: run.undo(undo).round,
        message: message.to_owned(),
    });
    event.into_iter().collect()
}

fn lost(run: &Run, undo: UndoIndex, message: &str) -> Vec<Happened> {
    let event = place(run, undo).map(|place| Happened::UndoLost {
        place,
        round: run.undo(undo).round,
        message: message.to_owned(),
    });
    event.into_iter().collect()
}

fn saw(
    run: &Run,
    undo: UndoIndex,
    seen: Seen,
    until: Option<Timestamp>,
    message: &str,
) -> Vec<Happened> {
    let event = place(run, undo).map(|place| Happened::UndoObserved {
        place,
        round: run.undo(undo).round,
        seen,
        until,
        message: message.to_owned(),
    });
    event.into_iter().collect()
}

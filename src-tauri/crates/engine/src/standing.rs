//! Whether a run goes on by itself, has ended, or waits for a person.

use gantry_model::{
    event::{HoldReason, Outcome},
    release::task::OnDeadline,
    run::{Overdue, Phase, Run, Slot, StepState, UndoState},
    time::Timestamp,
};

use crate::{
    criteria,
    decide::forward::on_deadline,
    explain,
    schedule::{holds_backward, holds_forward},
    silence, window,
};

/// How a run stands when following it stops.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It has ended.
    Ended(Outcome),
    /// Only a person can move it; what they can do, in a sentence.
    WaitsForPerson(String),
}

/// Tells how a run stands; `None` while it goes on by itself: calls, watches, timers, windows.
pub fn standing(run: &Run, now: Timestamp) -> Option<Standing> {
    if let Phase::Ended(outcome) = run.phase() {
        return Some(Standing::Ended(outcome));
    }
    if run.phase() == Phase::Preflight || goes_on(run, now) {
        return None;
    }
    Some(Standing::WaitsForPerson(explain::what_a_person_can_do(run)))
}

fn goes_on(run: &Run, now: Timestamp) -> bool {
    let mut live = run.queues().live.iter();
    live.any(|slot| moves_by_itself(run, *slot, now))
        || waits_for_window(run, now)
        || criteria::are_wanted(run)
        || !silence::wanted(run).is_empty()
}

fn waits_for_window(run: &Run, now: Timestamp) -> bool {
    let held = run
        .holds()
        .iter()
        .any(|hold| hold.reason == HoldReason::Window);
    let window = run.plan().window.as_ref();
    held && window.is_some_and(|window| window::next_change(window, now).is_some())
}

fn moves_by_itself(run: &Run, slot: Slot, now: Timestamp) -> bool {
    match slot {
        Slot::Step(step) => match &run.step(step).state {
            StepState::Acting | StepState::Lost { .. } => true,
            // A held watch whose time is over only guards: a person has to let it go on.
            StepState::Watching(watch) => {
                now < watch.until || !holds_forward(run, run.planned_step(step).node)
            }
            StepState::Scheduled { .. } | StepState::BackingOff { .. } => {
                !holds_forward(run, run.planned_step(step).node)
            }
            StepState::ByHand { overdue } => {
                *overdue == Overdue::No && on_deadline(run, step) == OnDeadline::Fail
            }
            StepState::Asking { .. }
            | StepState::Unknown { .. }
            | StepState::Waiting
            | StepState::Ready
            | StepState::Succeeded
            | StepState::Failed { .. }
            | StepState::Cancelled
            | StepState::Skipped
            | StepState::NotRun => false,
        },
        Slot::Undo(undo) => match &run.undo(undo).state {
            UndoState::Acting | UndoState::Lost { .. } => true,
            UndoState::BackingOff { .. } => !holds_backward(run, run.undo(undo).action.node),
            UndoState::Waiting
            | UndoState::Ready
            | UndoState::ByHand
            | UndoState::Stuck { .. }
            | UndoState::Succeeded
            | UndoState::Skipped
            | UndoState::Accepted => false,
        },
    }
}

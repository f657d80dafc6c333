//! What should be in flight for a run.
//!
//! [`effect_of`] and [`wake_of`] look at one slot, so that a driver which knows what a turn changed
//! stays at the cost of the change; [`effects`] looks at all of them, after a restart.

use gantry_model::{
    plan::StepIndex,
    run::{Phase, Run, Slot, StepState, UndoState, Way},
    time::Timestamp,
};

/// One call that should be in flight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// A node is looked at before anything is changed.
    Preflight(StepIndex),
    /// A step or undo is performed.
    Perform(Slot),
    /// A step or undo whose reply was lost is looked at.
    Observe(Slot),
    /// A watch takes a look from time to time.
    Sample(StepIndex),
    /// A step is performed, and asked to stop because the direction turned.
    Cancel(StepIndex),
}

/// Gives the call that should be in flight for a slot.
pub fn effect_of(run: &Run, slot: Slot) -> Option<Effect> {
    match slot {
        Slot::Step(index) => effect_of_step(run, index),
        Slot::Undo(index) => match run.undo(index).state {
            UndoState::Acting => Some(Effect::Perform(slot)),
            UndoState::Lost { .. } => Some(Effect::Observe(slot)),
            UndoState::Waiting
            | UndoState::Ready
            | UndoState::BackingOff { .. }
            | UndoState::ByHand
            | UndoState::Stuck { .. }
            | UndoState::Succeeded
            | UndoState::Skipped
            | UndoState::Accepted => None,
        },
    }
}

fn effect_of_step(run: &Run, index: StepIndex) -> Option<Effect> {
    let step = run.planned_step(index);
    let back = run.node(step.node).way == Way::Back || run.phase() == Phase::Backward;
    match run.step(index).state {
        StepState::Acting if back && step.cancel => Some(Effect::Cancel(index)),
        StepState::Acting => Some(Effect::Perform(Slot::Step(index))),
        StepState::Lost { .. } => Some(Effect::Observe(Slot::Step(index))),
        StepState::Watching(_) => Some(Effect::Sample(index)),
        StepState::Waiting
        | StepState::Ready
        | StepState::Scheduled { .. }
        | StepState::BackingOff { .. }
        | StepState::Asking { .. }
        | StepState::ByHand { .. }
        | StepState::Unknown { .. }
        | StepState::Succeeded
        | StepState::Failed { .. }
        | StepState::Cancelled
        | StepState::Skipped
        | StepState::NotRun => None,
    }
}

/// Gives the instant at which something about a slot is due.
pub fn wake_of(run: &Run, slot: Slot) -> Option<Timestamp> {
    match slot {
        Slot::Step(index) => {
            let record = run.step(index);
            match &record.state {
                StepState::Scheduled { until } | StepState::BackingOff { until, .. } => {
                    Some(*until)
                }
                StepState::Acting
                | StepState::Lost { .. }
                | StepState::Asking { .. }
                | StepState::ByHand { .. } => record.deadline,
                // A watch ends when a look says so.
                StepState::Watching(_)
                | StepState::Waiting
                | StepState::Ready
                | StepState::Unknown { .. }
                | StepState::Succeeded
                | StepState::Failed { .. }
                | StepState::Cancelled
                | StepState::Skipped
                | StepState::NotRun => None,
            }
        }
        Slot::Undo(index) => {
            let record = run.undo(index);
            match &record.state {
                UndoState::BackingOff { until, .. } => Some(*until),
                UndoState::Acting | UndoState::Lost { .. } => record.deadline,
                UndoState::Waiting
                | UndoState::Ready
                | UndoState::ByHand
                | UndoState::Stuck { .. }
                | UndoState::Succeeded
                | UndoState::Skipped
                | UndoState::Accepted => None,
            }
        }
    }
}

/// Gives everything that should be in flight.
pub fn effects(run: &Run) -> Vec<Effect> {
    let preflights = (run.phase() == Phase::Preflight)
        .then(|| preflights(run))
        .into_iter()
        .flatten();
    let live = run.queues().live.iter();
    preflights
        .chain(live.filter_map(|slot| effect_of(run, *slot)))
        .collect()
}

/// Gives the preflights that have not passed.
pub fn preflights(run: &Run) -> Vec<Effect> {
    let steps = run.steps().filter(|(index, record)| {
        record.state == StepState::Ready
            && run.planned_step(*index).action == gantry_model::plan::Action::Preflight
    });
    steps.map(|(index, _)| Effect::Preflight(index)).collect()
}

//! What happened to a forward step.

use gantry_model::{
    event::{Cause, Effect, Happened, Knowledge, Place, Seen},
    operation::{Direction, Evidence, Key, Sighting},
    plan::{Action, Nature, StepIndex},
    release::task::OnDeadline,
    run::{Manner, Overdue, Phase, Run, StepState, Way, manner, only_looks},
    time::Timestamp,
    unit::Span,
};
use gantry_port::fault::{Fault, FaultKind};

use crate::{backoff::pause, schedule};

/// How often a call is repeated in one round when it was busy or its reply was lost.
const ATTEMPTS: u32 = 6;

/// The first pause before a call is repeated in the same round.
const PAUSE: Span = Span::from_secs(1);

/// What a look says that finds a call still under way.
pub(super) const UNDER_WAY: &str = "it is still under way and is waited for";

/// What a look says that finds that a call had no effect yet.
pub(super) const NOT_APPLIED: &str = "it was not applied and is asked for again";

/// Names a step as events do; every index of a run is of its plan.
pub(super) fn place(run: &Run, step: StepIndex) -> Option<Place> {
    Place::of_step(run.plan(), step)
}

/// Whether a step can go on forward at all.
fn is_back(run: &Run, step: StepIndex) -> bool {
    run.phase() == Phase::Backward || run.node(run.planned_step(step).node).way == Way::Back
}

fn key(run: &Run, step: StepIndex) -> Key {
    let record = run.step(step);
    let id = &run.planned_step(step).id;
    Key::new(run.id(), id, Direction::Do, record.round)
}

/// A call has answered.
pub(super) fn answered(
    run: &Run,
    step: StepIndex,
    answer: &Result<Evidence, Fault>,
    now: Timestamp,
) -> Vec<Happened> {
    if run.step(step).state != StepState::Acting {
        return Vec::new();
    }
    let fault = match answer {
        Ok(evidence) => return succeeded(run, step, Knowledge::Answer, evidence.clone()),
        Err(fault) => fault,
    };
    let message = fault.message.as_str();
    match fault.kind {
        // What only looks changed nothing: it is simply asked again.
        FaultKind::Lost if only_looks(&run.planned_step(step).action) => {
            busy(run, step, None, message, now)
        }
        FaultKind::Lost => lost(run, step, message),
        FaultKind::Busy { after } => busy(run, step, after, message, now),
        FaultKind::Unsent => definite(run, step, (Cause::Unsent, Effect::None), message, now),
        FaultKind::Refused => definite(run, step, (Cause::Refused, Effect::Possible), message, now),
        FaultKind::Unsupported => failed(run, step, (Cause::Unsupported, Effect::None), message),
        FaultKind::Conflict => failed(run, step, (Cause::Conflict, Effect::Possible), message),
    }
}

/// A lost step was looked at.
pub(super) fn observed(
    run: &Run,
    step: StepIndex,
    seen: &Sighting,
    now: Timestamp,
) -> Vec<Happened> {
    let record = run.step(step);
    let StepState::Lost { seen: before, .. } = &record.state else {
        return Vec::new();
    };
    let late = record.deadline.is_some_and(|deadline| now >= deadline);
    match seen {
        Sighting::Applied { evidence } => {
            succeeded(run, step, Knowledge::Observed, evidence.clone())
        }
        Sighting::Failed { message } => {
            definite(run, step, (Cause::Refused, Effect::Possible), message, now)
        }
        Sighting::UnderWay if late => {
            let message = format!("it is still under way after {}", timeout(run, step));
            failed(run, step, (Cause::Timeout, Effect::Possible), &message)
        }
        Sighting::UnderWay if *before == Some(Seen::UnderWay) => Vec::new(),
        Sighting::UnderWay => saw(run, step, Seen::UnderWay, None, UNDER_WAY),
        Sighting::NotApplied if is_back(run, step) => gone(
            run,
            step,
            "the direction turned before it was asked for again",
        ),
        Sighting::NotApplied if late => {
            let message = format!("it was not applied within {}", timeout(run, step));
            failed(run, step, (Cause::Timeout, Effect::Possible), &message)
        }
        Sighting::NotApplied => again(run, step, Seen::NotApplied, NOT_APPLIED, now),
        Sighting::Unknown { message } if is_back(run, step) => gone(run, step, message),
        Sighting::Unknown { message } if run.planned_step(step).idempotent => {
            again(run, step, Seen::Repeatable, message, now)
        }
        Sighting::Unknown { message } => saw(run, step, Seen::Unknown, None, message),
    }
}

/// A step that was asked to stop has stopped.
pub(super) fn cancelled(run: &Run, step: StepIndex) -> Vec<Happened> {
    if !run.step(step).state.is_acting() {
        return Vec::new();
    }
    gone(run, step, "it was stopped because the direction turned")
}

/// An instant that a step waits for has passed.
pub(super) fn due(run: &Run, step: StepIndex, now: Timestamp) -> Vec<Happened> {
    let record = run.step(step);
    let late = record.deadline.is_some_and(|deadline| now >= deadline);
    match &record.state {
        StepState::Scheduled { until } | StepState::BackingOff { until, .. } if now >= *until => {
            schedule::start_due(run, step, now)
        }
        StepState::Acting if late => {
            let message = format!("no answer within {}", timeout(run, step));
            lost(run, step, &message)
        }
        StepState::Asking { overdue, .. } if late && *overdue == Overdue::No => {
            overdue_hold(run, step, "nobody approved it in time")
        }
        StepState::ByHand { overdue } if late && *overdue == Overdue::No => {
            match on_deadline(run, step) {
                OnDeadline::Hold => overdue_hold(run, step, "it was not marked done in time"),
                OnDeadline::Fail => {
                    let message = "it was not marked done in time";
                    failed(run, step, (Cause::Deadline, Effect::Possible), message)
                }
            }
        }
        // Too early, or the look at a lost step will find that it is late.
        StepState::Scheduled { .. }
        | StepState::BackingOff { .. }
        | StepState::Acting
        | StepState::Lost { .. }
        | StepState::Asking { .. }
        | StepState::ByHand { .. }
        | StepState::Watching(_)
        | StepState::Waiting
        | StepState::Ready
        | StepState::Unknown { .. }
        | StepState::Succeeded
        | StepState::Failed { .. }
        | StepState::Cancelled
        | StepState::Skipped
        | StepState::NotRun => Vec::new(),
    }
}

/// What the file says about a manual step whose deadline passes.
pub(crate) fn on_deadline(run: &Run, step: StepIndex) -> OnDeadline {
    let step = run.planned_step(step);
    let task = run.planned_node(step.node).run.as_ref();
    match manner(run.plan(), step) {
        Manner::Hand => task.map(|task| task.on_deadline).unwrap_or_default(),
        Manner::Preflight | Manner::Call | Manner::Watch(_) | Manner::Gate(_) => OnDeadline::Hold,
    }
}

fn overdue_hold(run: &Run, step: StepIndex, message: &str) -> Vec<Happened> {
    let planned = run.planned_step(step);
    vec![Happened::Held {
        node: None,
        step: Some(planned.id.clone()),
        reason: gantry_model::event::HoldReason::Deadline,
        by: None,
        message: format!("{}: {message}", planned.id),
    }]
}

pub(crate) fn succeeded(
    run: &Run,
    step: StepIndex,
    known: Knowledge,
    evidence: Evidence,
) -> Vec<Happened> {
    let Some(place) = place(run, step) else {
        return Vec::new();
    };
    vec![Happened::StepSucceeded {
        place,
        round: run.step(step).round,
        known,
        by: None,
        evidence,
    }]
}

pub(crate) fn failed(
    run: &Run,
    step: StepIndex,
    (cause, effect): (Cause, Effect),
    message: &str,
) -> Vec<Happened> {
    let Some(place) = place(run, step) else {
        return Vec::new();
    };
    vec![Happened::StepFailed {
        place,
        round: run.step(step).round,
        cause,
        effect,
        message: message.to_owned(),
    }]
}

/// A definite failure is repeated as a new round, as often as the step says.
fn definite(
    run: &Run,
    step: StepIndex,
    (cause, effect): (Cause, Effect),
    message: &str,
    now: Timestamp,
) -> Vec<Happened> {
    let record = run.step(step);
    let retry = run.planned_step(step).retry;
    if is_back(run, step) || record.retries >= retry.times {
        return failed(run, step, (cause, effect), message);
    }
    let pause = pause(retry.backoff, Some(&key(run, step)), record.retries + 1);
    retried(run, step, record.round + 1, (pause, now), (effect, message))
}

/// A busy answer is repeated in the same round, within its deadline.
fn busy(
    run: &Run,
    step: StepIndex,
    after: Option<Span>,
    message: &str,
    now: Timestamp,
) -> Vec<Happened> {
    let record = run.step(step);
    let pause = pause(PAUSE, Some(&key(run, step)), record.attempt);
    let pause = pause.max(after.unwrap_or(Span::ZERO));
    let in_time = record
        .deadline
        .is_none_or(|deadline| now + pause.as_delta() < deadline);
    let effect = effect_before(&run.planned_step(step).action);
    if is_back(run, step) || record.attempt >= ATTEMPTS || !in_time {
        return failed(run, step, (Cause::Busy, effect), message);
    }
    retried(run, step, record.round, (pause, now), (effect, message))
}

/// What a step may have changed when one of its calls was turned away: where it makes several,
/// those before may have had their effect.
fn effect_before(action: &Action) -> Effect {
    match action.nature() {
        Nature::States => Effect::Possible,
        Nature::Looks | Nature::Does => Effect::None,
    }
}

fn retried(
    run: &Run,
    step: StepIndex,
    round: u32,
    (pause, now): (Span, Timestamp),
    (effect, message): (Effect, &str),
) -> Vec<Happened> {
    let Some(place) = place(run, step) else {
        return Vec::new();
    };
    vec![Happened::StepRetried {
        place,
        round,
        until: now + pause.as_delta(),
        effect,
        by: None,
        message: message.to_owned(),
    }]
}

/// What was not applied, or may be repeated, is asked for again under the same key.
fn again(run: &Run, step: StepIndex, seen: Seen, message: &str, now: Timestamp) -> Vec<Happened> {
    let record = run.step(step);
    if record.attempt >= ATTEMPTS {
        let message = format!("its reply was lost {ATTEMPTS} times");
        return failed(run, step, (Cause::Lost, Effect::Possible), &message);
    }
    let pause = match record.attempt {
        // The driver was lost, not the reply: there is nobody to be spared.
        0 => Span::ZERO,
        attempt => pause(PAUSE, Some(&key(run, step)), attempt),
    };
    saw(run, step, seen, Some(now + pause.as_delta()), message)
}

fn saw(
    run: &Run,
    step: StepIndex,
    seen: Seen,
    until: Option<Timestamp>,
    message: &str,
) -> Vec<Happened> {
    let Some(place) = place(run, step) else {
        return Vec::new();
    };
    vec![Happened::StepObserved {
        place,
        round: run.step(step).round,
        seen,
        until,
        message: message.to_owned(),
    }]
}

fn lost(run: &Run, step: StepIndex, message: &str) -> Vec<Happened> {
    let Some(place) = place(run, step) else {
        return Vec::new();
    };
    // What only looks changed nothing: its lost reply needs no looking at.
    if only_looks(&run.planned_step(step).action) {
        return failed(run, step, (Cause::Timeout, Effect::None), message);
    }
    vec![Happened::StepLost {
        place,
        round: run.step(step).round,
        message: message.to_owned(),
    }]
}

fn gone(run: &Run, step: StepIndex, message: &str) -> Vec<Happened> {
    let Some(place) = place(run, step) else {
        return Vec::new();
    };
    vec![Happened::StepCancelled {
        place,
        effect: Effect::Possible,
        message: message.to_owned(),
    }]
}

fn timeout(run: &Run, step: StepIndex) -> Span {
    run.planned_step(step).timeout
}

/// Whether a step is the clean-up of the old version, whose failure never undoes anything.
pub(crate) fn is_clean_up(action: &Action) -> bool {
    matches!(action, Action::Retire { .. })
}

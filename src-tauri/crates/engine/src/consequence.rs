//! What an event leads to at once, by policy; asked after the event was taken in.

use gantry_model::{
    event::{Cause, Effect, Happened, HoldReason, Lifted, Place, RollbackTrigger, RunEvent},
    id::StepId,
    plan::{Action, NodeIndex, StepIndex},
    release::OnFailure,
    run::{Phase, Progress, Run, Slot, StepState, Way, only_looks},
    time::Timestamp,
};

use crate::{
    decide::forward::{is_clean_up, succeeded},
    judging::Bench,
    retreat::{self, Retreat},
    trigger,
    watch::bake,
};

/// Decides what an event that was just taken in leads to.
pub fn consequences(
    run: &Run,
    bench: &mut Bench,
    event: &RunEvent,
    now: Timestamp,
) -> Vec<Happened> {
    match &event.what {
        Happened::StepFailed { place, cause, .. } => failure(run, &place.step, *cause),
        Happened::RollbackStarted(_) => end_waits(run),
        Happened::AbortRequested { by, reason } => abort(run, by, reason.as_deref()),
        Happened::Resumed {
            lifted: Lifted::Holds,
            ..
        } => {
            let mut events = postponed_rollbacks(run);
            events.extend(bake::resumed(run, now));
            events
        }
        Happened::BakeMeasured { place, .. } => {
            let step = run.find_step(&place.step);
            step.map_or_else(Vec::new, |step| bake::consequences(run, bench, step, now))
        }
        Happened::TriggerTripped(trip) => trigger::tripped(run, trip),
        Happened::Approved {
            place: Some(place), ..
        }
        | Happened::StepStarted { place, .. } => gate_opens(run, &place.step),
        Happened::Started(_)
        | Happened::DriverStarted { .. }
        | Happened::PreflightPassed { .. }
        | Happened::PreflightFailed { .. }
        | Happened::StepScheduled { .. }
        | Happened::StepSucceeded { .. }
        | Happened::StepRetried { .. }
        | Happened::StepLost { .. }
        | Happened::StepObserved { .. }
        | Happened::StepCancelled { .. }
        | Happened::StepSkipped { .. }
        | Happened::BakeSampled { .. }
        | Happened::BakeExtended { .. }
        | Happened::BakeJudged(_)
        | Happened::EvidenceCarried(_)
        | Happened::TriggerCleared { .. }
        | Happened::SilenceSet { .. }
        | Happened::SilenceEnded { .. }
        | Happened::Approved { place: None, .. }
        | Happened::Held { .. }
        | Happened::Resumed {
            lifted: Lifted::Window | Lifted::Data,
            ..
        }
        | Happened::LeftInPlace { .. }
        | Happened::UndoStarted { .. }
        | Happened::UndoSucceeded { .. }
        | Happened::UndoSkipped { .. }
        | Happened::UndoFailed { .. }
        | Happened::UndoLost { .. }
        | Happened::UndoObserved { .. }
        | Happened::UndoStuck { .. }
        | Happened::UndoRetried { .. }
        | Happened::Resolved { .. }
        | Happened::Steered(_)
        | Happened::CriterionMet { .. }
        | Happened::CriterionUnmet { .. }
        | Happened::ClockJumped { .. }
        | Happened::Note { .. }
        | Happened::Finished { .. } => Vec::new(),
    }
}

/// Gives what a failure of a step does: its node's policy, but clean-up never undoes anything.
pub(crate) fn policy_of(run: &Run, step: StepIndex) -> OnFailure {
    let planned = run.planned_step(step);
    if is_clean_up(&planned.action) {
        OnFailure::Hold
    } else {
        run.planned_node(planned.node).on_failure
    }
}

fn failure(run: &Run, step: &StepId, cause: Cause) -> Vec<Happened> {
    let Some(step) = run.find_step(step) else {
        return Vec::new();
    };
    let node = run.planned_step(step).node;
    // A rollback under way is as wide as it gets for this node; it is never triggered twice.
    if run.phase() != Phase::Forward || run.node(node).way == Way::Back {
        return Vec::new();
    }
    let held = run
        .holds()
        .iter()
        .any(|hold| hold.reason == HoldReason::Failure);
    // What the file says about bakes without a verdict is more than to leave the node alone.
    let policy = match (policy_of(run, step), cause) {
        (OnFailure::Hold | OnFailure::Continue, Cause::Inconclusive) => OnFailure::RollbackNode,
        (policy, _) => policy,
    };
    match policy {
        OnFailure::RollbackRelease => retreat::events(run, &of_failure(run, step, cause, None)),
        OnFailure::Hold => vec![hold_for(run, step)],
        // The widest policy of several failures wins: a hold waits for a person first.
        OnFailure::RollbackNode if held => Vec::new(),
        OnFailure::RollbackNode => {
            retreat::events(run, &of_failure(run, step, cause, Some(vec![node])))
        }
        OnFailure::Continue => Vec::new(),
    }
}

fn of_failure(run: &Run, step: StepIndex, cause: Cause, nodes: Option<Vec<NodeIndex>>) -> Retreat {
    let trigger = match cause {
        Cause::Unhealthy => RollbackTrigger::Health,
        Cause::Guardrail => RollbackTrigger::Guardrail,
        Cause::Judge | Cause::Inconclusive => RollbackTrigger::Judge,
        Cause::Timeout | Cause::Deadline => RollbackTrigger::Timeout,
        Cause::Refused
        | Cause::Unsent
        | Cause::Busy
        | Cause::Unsupported
        | Cause::Conflict
        | Cause::Lost => RollbackTrigger::Failure,
    };
    let message = match &run.step(step).state {
        StepState::Failed { message, .. } => message.as_str(),
        _ => "it failed",
    };
    Retreat {
        trigger,
        nodes,
        step: Some(step),
        by: None,
        message: format!("{}: {message}", run.planned_step(step).id),
    }
}

fn hold_for(run: &Run, step: StepIndex) -> Happened {
    let planned = run.planned_step(step);
    Happened::Held {
        node: None,
        step: Some(planned.id.clone()),
        reason: HoldReason::Failure,
        by: None,
        message: format!("{} failed, and its policy is to hold", planned.id),
    }
}

/// Waits, watches and gates of what turned round end at once, without verdict.
fn end_waits(run: &Run) -> Vec<Happened> {
    let all_back = run.phase() == Phase::Backward;
    let live = run.queues().live.iter().filter_map(|slot| match slot {
        Slot::Step(step) => Some(*step),
        Slot::Undo(_) => None,
    });
    let turned =
        live.filter(|step| all_back || run.node(run.planned_step(*step).node).way == Way::Back);
    let ended = turned.filter_map(|step| {
        let effect = effect_of_ending(run, step)?;
        Some(Happened::StepCancelled {
            place: Place::of_step(run.plan(), step)?,
            effect,
            message: "the direction turned".into(),
        })
    });
    ended.collect()
}

/// Gives what ending a step now leaves behind; `None` if it has to be awaited.
fn effect_of_ending(run: &Run, step: StepIndex) -> Option<Effect> {
    match &run.step(step).state {
        StepState::Scheduled { .. }
        | StepState::BackingOff { .. }
        | StepState::Watching(_)
        | StepState::Asking { .. } => Some(Effect::None),
        // A person may have begun, and nobody will find out about the unknown any more.
        StepState::ByHand { .. } | StepState::Unknown { .. } => Some(Effect::Possible),
        StepState::Acting | StepState::Lost { .. } => {
            only_looks(&run.planned_step(step).action).then_some(Effect::None)
        }
        StepState::Waiting
        | StepState::Ready
        | StepState::Succeeded
        | StepState::Failed { .. }
        | StepState::Cancelled
        | StepState::Skipped
        | StepState::NotRun => None,
    }
}

/// Nodes under way go back with what was executed on top of them; done nodes stay.
fn abort(run: &Run, by: &str, reason: Option<&str>) -> Vec<Happened> {
    let under_way = run.nodes().filter(|(index, node)| {
        let mut steps = run.planned_node(*index).steps();
        node.done == Progress::Open && steps.any(|step| run.is_touched(step))
    });
    let retreat = Retreat {
        trigger: RollbackTrigger::Abort,
        nodes: Some(under_way.map(|(index, _)| index).collect()),
        step: None,
        by: Some(by.to_owned()),
        message: reason.unwrap_or("the run was aborted").to_owned(),
    };
    retreat::events(run, &retreat)
}

/// Rollbacks of single nodes that a hold for another failure put off.
fn postponed_rollbacks(run: &Run) -> Vec<Happened> {
    if run.phase() != Phase::Forward {
        return Vec::new();
    }
    let failed = run.queues().failed.iter().copied();
    let put_off = failed.filter(|step| {
        let node = run.planned_step(*step).node;
        run.node(node).way == Way::Forward && policy_of(run, *step) == OnFailure::RollbackNode
    });
    let nodes: Vec<NodeIndex> = put_off.map(|step| run.planned_step(step).node).collect();
    if nodes.is_empty() {
        return Vec::new();
    }
    let retreat = Retreat {
        trigger: RollbackTrigger::Failure,
        nodes: Some(nodes),
        step: None,
        by: None,
        message: "the hold that put this rollback off was lifted".into(),
    };
    retreat::events(run, &retreat)
}

/// A gate is passed once enough people said yes.
fn gate_opens(run: &Run, step: &StepId) -> Vec<Happened> {
    let Some(step) = run.find_step(step) else {
        return Vec::new();
    };
    let StepState::Asking { approved, .. } = &run.step(step).state else {
        return Vec::new();
    };
    let Action::Approve { count, .. } = run.planned_step(step).action else {
        return Vec::new();
    };
    if approved.len() < count as usize {
        return Vec::new();
    }
    let by = approved.join(", ");
    let evidence = gantry_model::operation::Evidence::sentence(format!("approved by {by}"));
    succeeded(run, step, gantry_model::event::Knowledge::Person, evidence)
}

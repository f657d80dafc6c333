//! Saying yes at a gate.

use gantry_model::{
    event::{Happened, HoldReason, Knowledge, Place},
    id::GateName,
    operation::Evidence,
    plan::{Action, NodeIndex, StepIndex},
    run::{Phase, Run, Slot, StepState},
};

use super::{Accepted, Refusal, still_going};
use crate::{
    criteria::{self, is_success},
    schedule::{is_start, start_approvals_wanted, start_gate_is_closed},
};

/// Approves the gate that is named, or the one that waits.
pub(super) fn approve(
    run: &Run,
    by: &str,
    (gate, node): (Option<&GateName>, Option<NodeIndex>),
    note: Option<String>,
) -> Result<Accepted, Refusal> {
    still_going(run, "approve")?;
    if run.phase() == Phase::Backward {
        return Err(Refusal::GoesBack("nothing is left to approve".into()));
    }
    if run.plan().policy.approvals.not_the_author && by == run.author() {
        return Err(Refusal::NotAllowed(format!(
            "{by} started this release and may not approve it: somebody else must"
        )));
    }
    let start_named = gate.is_some_and(is_start);
    let start_waits = gate.is_none() && node.is_none() && start_gate_is_closed(run);
    if start_named || start_waits {
        return approve_start(run, by, note);
    }
    if let Some(step) = doubted(run, gate, node) {
        return Ok(promote(run, by, step, note.as_deref()));
    }
    let success_waits = gate.is_none() && node.is_none() && criteria::hold(run);
    if gate.is_some_and(is_success) || (success_waits && open_gates(run).next().is_none()) {
        return accept_success(run, by, note.as_deref());
    }
    let open: Vec<StepIndex> = open_gates(run)
        .filter(|step| node.is_none_or(|node| run.planned_step(*step).node == node))
        .filter(|step| gate.is_none_or(|gate| gate_of(run, *step) == Some(gate)))
        .collect();
    match open.as_slice() {
        [] => Err(Refusal::Unfit("no such gate waits for approval now".into())),
        [step] => approve_step(run, by, *step, note),
        several => {
            let names = several
                .iter()
                .map(|step| run.planned_step(*step).id.as_str());
            let names: Vec<&str> = names.collect();
            Err(Refusal::Unfit(format!(
                "several gates wait ({}): name the node",
                names.join(", ")
            )))
        }
    }
}

/// Gives the bake that the judge holds, where its promotion is what is approved.
fn doubted(run: &Run, gate: Option<&GateName>, node: Option<NodeIndex>) -> Option<StepIndex> {
    let named = gate.is_some_and(|gate| gate.as_str() == "judge");
    let waits = gate.is_none() && open_gates(run).next().is_none();
    if !named && !waits {
        return None;
    }
    let holds = run.holds().iter();
    let mut doubted = holds.filter(|hold| {
        hold.reason == HoldReason::Judge && node.is_none_or(|node| hold.node == Some(node))
    });
    doubted
        .find_map(|hold| hold.step)
        .filter(|step| matches!(run.step(*step).state, StepState::Watching(_)))
}

/// A person promotes a bake although the judge cannot exclude harm.
fn promote(run: &Run, by: &str, step: StepIndex, note: Option<&str>) -> Accepted {
    let note = note.unwrap_or("without a word why");
    let event = Place::of_step(run.plan(), step).map(|place| Happened::StepSucceeded {
        place,
        round: run.step(step).round,
        known: Knowledge::Person,
        by: Some(by.to_owned()),
        evidence: Evidence::sentence(format!(
            "promoted by {by} although the judge could not exclude harm: {note}"
        )),
    });
    let sentence = format!("{} is promoted as it is", run.planned_step(step).id);
    Accepted::with(sentence, event.into_iter().collect())
}

fn approve_start(run: &Run, by: &str, note: Option<String>) -> Result<Accepted, Refusal> {
    let wanted = start_approvals_wanted(run);
    if run.start_approvals().iter().any(|name| name == by) {
        return Ok(Accepted::nothing(format!(
            "{by} has approved the start already"
        )));
    }
    if !start_gate_is_closed(run) {
        return Ok(Accepted::nothing("the start needs no further approval"));
    }
    let gates = run.plan().policy.approvals.gates.keys();
    let Some(gate) = gates.into_iter().find(|gate| is_start(gate)) else {
        return Err(Refusal::Unfit(
            "this release has no gate before its start".into(),
        ));
    };
    let have = run.start_approvals().len() + 1;
    Ok(Accepted::with(
        format!("the start is approved by {have} of {wanted}"),
        vec![Happened::Approved {
            place: None,
            gate: gate.clone(),
            by: by.to_owned(),
            note,
        }],
    ))
}

/// A person declares the release good although some criterion does not hold or cannot be seen.
fn accept_success(run: &Run, by: &str, note: Option<&str>) -> Result<Accepted, Refusal> {
    let open: Vec<&str> = criteria::open(run).map(|open| open.id.as_str()).collect();
    if open.is_empty() {
        return Ok(Accepted::nothing("no success criterion waits for anybody"));
    }
    if !criteria::are_pending(run) {
        return Err(Refusal::Unfit(
            "the success criteria are asked once every node is done".into(),
        ));
    }
    let message = note.unwrap_or("accepted as it is");
    let events = open.iter().map(|criterion| Happened::CriterionMet {
        criterion: (*criterion).to_owned(),
        by: Some(by.to_owned()),
        message: message.to_owned(),
    });
    let sentence = format!("{by} accepts {}", open.join(", "));
    Ok(Accepted::with(sentence, events.collect()))
}

fn approve_step(
    run: &Run,
    by: &str,
    step: StepIndex,
    note: Option<String>,
) -> Result<Accepted, Refusal> {
    let StepState::Asking { approved, .. } = &run.step(step).state else {
        return Err(Refusal::Unfit("that gate does not wait now".into()));
    };
    let planned = run.planned_step(step);
    let Action::Approve { gate, count } = &planned.action else {
        return Err(Refusal::Unfit(format!("{} is not a gate", planned.id)));
    };
    if approved.iter().any(|name| name == by) {
        return Ok(Accepted::nothing(format!(
            "{by} has approved {} already",
            planned.id
        )));
    }
    let events = Place::of_step(run.plan(), step).map(|place| Happened::Approved {
        place: Some(place),
        gate: gate.clone(),
        by: by.to_owned(),
        note,
    });
    Ok(Accepted::with(
        format!(
            "{} is approved by {} of {count}",
            planned.id,
            approved.len() + 1
        ),
        events.into_iter().collect(),
    ))
}

fn open_gates(run: &Run) -> impl Iterator<Item = StepIndex> {
    run.queues().live.iter().filter_map(|slot| match slot {
        Slot::Step(step) => {
            matches!(run.step(*step).state, StepState::Asking { .. }).then_some(*step)
        }
        Slot::Undo(_) => None,
    })
}

fn gate_of(run: &Run, step: StepIndex) -> Option<&GateName> {
    match &run.planned_step(step).action {
        Action::Approve { gate, .. } => Some(gate),
        _ => None,
    }
}

//! The success criteria: what is asked once every node is done, before a run has succeeded.
//!
//! Looking changes nothing, so no intent is journaled for it: a driver that takes the run up again
//! simply looks again. What does not hold, or what nobody but a person can look at, holds the run:
//! `resume` looks again, approving `success` accepts it as it is.

use futures_util::future::join_all;
use gantry_model::{
    event::{Happened, HoldReason},
    id::GateName,
    operation::{Sample, SampleHealth},
    release::check::Criterion,
    run::{Phase, Progress, Run, Way},
};
use gantry_port::{fault::Fault, platform::Platform};

use crate::decide::Look;

/// Whether a gate is the acceptance of the success criteria.
pub(crate) fn is_success(gate: &GateName) -> bool {
    gate.as_str() == "success"
}

/// Whether all nodes are done and some criterion is not met.
pub(crate) fn are_pending(run: &Run) -> bool {
    run.phase() == Phase::Forward
        && run.criteria().any(|(_, state)| !state.is_met())
        && run
            .nodes()
            .all(|(_, node)| node.done == Progress::Done && node.way == Way::Forward)
}

/// Whether a criterion holds the run until a person has said something.
pub(crate) fn hold(run: &Run) -> bool {
    let mut holds = run.holds().iter();
    holds.any(|hold| hold.reason == HoldReason::Criterion)
}

/// Whether the criteria should be looked at now.
pub(crate) fn are_wanted(run: &Run) -> bool {
    !run.plan().success.is_empty()
        && !hold(run)
        && run.queues().unseen.is_empty()
        && are_pending(run)
}

/// Gives the criteria that are not met.
pub(crate) fn open(run: &Run) -> impl Iterator<Item = &Criterion> {
    run.criteria()
        .filter(|(_, state)| !state.is_met())
        .map(|(criterion, _)| criterion)
}

/// Looks once at all criteria that are not met.
pub(crate) async fn look(platform: &dyn Platform, run: &Run) -> Vec<Look> {
    let looks = open(run).map(async |criterion| Look {
        criterion: criterion.id.clone(),
        answer: match criterion.check {
            Some(_) => platform.check(run.id(), run.plan(), criterion).await,
            None => Ok(for_a_person()),
        },
    });
    join_all(looks).await
}

fn for_a_person() -> Sample {
    Sample {
        health: SampleHealth::NoData,
        summary: "only a person can tell".into(),
        facts: Default::default(),
    }
}

/// Decides what the looks mean; looks that nobody waits for any more mean nothing.
pub(crate) fn looked(run: &Run, looks: &[Look]) -> Vec<Happened> {
    if !are_wanted(run) {
        return Vec::new();
    }
    let mut events: Vec<Happened> = looks.iter().map(judged).collect();
    // Where two criteria share an id, the one that does not hold has the last word.
    events.sort_by_key(|event| complaint(event).is_some());
    let unmet: Vec<String> = events.iter().filter_map(complaint).collect();
    if !unmet.is_empty() {
        events.push(Happened::Held {
            node: None,
            step: None,
            reason: HoldReason::Criterion,
            by: None,
            message: format!("success is not declared: {}", unmet.join("; ")),
        });
    }
    events
}

fn judged(look: &Look) -> Happened {
    let criterion = look.criterion.clone();
    match &look.answer {
        Ok(sample) => match sample.health {
            SampleHealth::Healthy => Happened::CriterionMet {
                criterion,
                by: None,
                message: sample.summary.clone(),
            },
            SampleHealth::Unhealthy | SampleHealth::Tripped | SampleHealth::NoData => {
                Happened::CriterionUnmet {
                    criterion,
                    message: sample.summary.clone(),
                }
            }
        },
        Err(fault) => Happened::CriterionUnmet {
            criterion,
            message: format!("it could not be looked at: {}", unended(fault)),
        },
    }
}

fn unended(fault: &Fault) -> &str {
    fault.message.trim_end_matches('.')
}

fn complaint(event: &Happened) -> Option<String> {
    match event {
        Happened::CriterionUnmet { criterion, message } => Some(format!("{criterion}: {message}")),
        _ => None,
    }
}

//! The end: the outcome says what the world looks like.

use std::collections::BTreeSet;

use gantry_model::{
    command::Answer,
    event::{Happened, Outcome, RunEvent},
    plan::{Action, Plan, PlannedNode},
    unit::Weight,
};
use gantry_simulation::world::snapshot::Snapshot;

use super::{Case, Findings, Honesty, LOOKED, outcome};

/// Compares the outcome with the world.
pub(super) fn check(case: &Case<'_>, events: &[RunEvent], findings: &mut Findings) {
    if case.platform == Honesty::Lying || was_guessed(events) {
        return;
    }
    let Some(outcome) = outcome(case.entries) else {
        return;
    };
    match outcome {
        Outcome::RolledBack => all_is_back(case, findings),
        Outcome::Succeeded => all_is_new(case, events, findings),
        Outcome::Cancelled | Outcome::Failed | Outcome::PartlyRolledBack => {
            unnamed_is_unchanged(case, events, findings);
        }
        Outcome::Held => findings.add("a journal never ends held", "held"),
    }
}

/// A person's guess at what became of a step is not the machine's to prove.
fn was_guessed(events: &[RunEvent]) -> bool {
    events.iter().any(|event| match &event.what {
        Happened::Resolved { answer, reason, .. } => {
            *answer != Answer::Accepted && reason != LOOKED
        }
        _ => false,
    })
}

fn all_is_back(case: &Case<'_>, findings: &mut Findings) {
    const RULE: &str = "after a rollback everything is as it was before";
    let (before, after) = (case.before, case.after);
    findings.expect(
        before.fleets == after.fleets,
        RULE,
        format!("{:?} was {:?}", after.fleets, before.fleets),
    );
    findings.expect(
        before.backends == after.backends,
        RULE,
        format!("{:?} was {:?}", after.backends, before.backends),
    );
    findings.expect(
        before.flags == after.flags,
        RULE,
        format!("{:?} was {:?}", after.flags, before.flags),
    );
}

fn all_is_new(case: &Case<'_>, events: &[RunEvent], findings: &mut Findings) {
    let skipped: BTreeSet<&str> = events
        .iter()
        .filter_map(|event| match &event.what {
            Happened::StepSkipped { place, .. } => Some(place.node.as_str()),
            _ => None,
        })
        .collect();
    let nodes = case
        .plan
        .nodes
        .iter()
        .filter(|node| !skipped.contains(node.id.as_str()));
    for node in nodes {
        if !is_new(case.plan, node, case.after) {
            let found = format!("{}: {:?}", node.id, case.after);
            findings.add("after a success every node is what the plan says", found);
        }
    }
}

fn is_new(plan: &Plan, node: &PlannedNode, world: &Snapshot) -> bool {
    let serves = match (&node.version, &node.router) {
        (Some(version), Some(route)) => world.backends.get(&route.backend).is_some_and(|shares| {
            shares.keys().all(|v| *v == version.to.as_str()) && !shares.is_empty()
        }),
        _ => true,
    };
    let runs = match (&node.version, &node.workload) {
        (Some(version), Some(workload)) => world
            .fleets
            .get(node.service.as_str())
            .and_then(|fleet| fleet.get(&version.to))
            .is_some_and(|count| *count == workload.replicas as usize),
        _ => true,
    };
    let last = |action: fn(&Action) -> Option<Weight>| {
        let steps = node
            .steps()
            .rev()
            .filter_map(|step| plan.steps.get(step.at()));
        steps.filter_map(|step| action(&step.action)).next()
    };
    let share = last(|action| match action {
        Action::SetFlag { weight } => Some(*weight),
        _ => None,
    });
    let flagged = share.is_none_or(|share| world.flags.values().any(|flag| flag.share == share));
    serves && runs && flagged
}

/// What the last event does not name as changed is as it was.
fn unnamed_is_unchanged(case: &Case<'_>, events: &[RunEvent], findings: &mut Findings) {
    const RULE: &str = "what is not named as changed is as it was";
    let Some(Happened::Finished { changed, .. }) = events.last().map(|event| &event.what) else {
        return;
    };
    let (before, after) = (case.before, case.after);
    for node in case
        .plan
        .nodes
        .iter()
        .filter(|node| !changed.contains(&node.id))
    {
        let service = node.service.as_str();
        let (was, is) = (before.fleets.get(service), after.fleets.get(service));
        findings.expect(was == is, RULE, format!("{}: {is:?} was {was:?}", node.id));
        let backend = node.router.as_ref().map(|route| &route.backend);
        let shares = |world: &Snapshot| backend.and_then(|name| world.backends.get(name)).cloned();
        let (was, is) = (shares(before), shares(after));
        findings.expect(was == is, RULE, format!("{}: {is:?} was {was:?}", node.id));
        let flag = node.flag.as_ref();
        let flag = flag.map(|flag| format!("default/{}/default", flag.name));
        let on = |world: &Snapshot| {
            flag.as_ref()
                .and_then(|path| world.flags.get(path))
                .copied()
        };
        let (was, is) = (on(before), on(after));
        findings.expect(was == is, RULE, format!("{}: {is:?} was {was:?}", node.id));
    }
}

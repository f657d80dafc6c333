//! The end: the outcome says what the world looks like.

use std::collections::BTreeSet;

use gantry_model::{
    event::{Happened, Outcome, RunEvent},
    plan::{Action, Plan, PlannedNode},
    unit::Weight,
};
use gantry_simulation::world::snapshot::Snapshot;

use super::{Case, Findings, Honesty, outcome};

/// Compares the outcome with the world.
pub(super) fn check(case: &Case<'_>, events: &[RunEvent], findings: &mut Findings) {
    if case.platform == Honesty::Lying || was_resolved(events) {
        return;
    }
    let Some(outcome) = outcome(case.entries) else {
        return;
    };
    match outcome {
        Outcome::RolledBack => all_is_back(case, findings),
        Outcome::Succeeded => all_is_new(case, events, findings),
        // What is left changed is named by the journal; the rest of the world is as it was.
        Outcome::Cancelled | Outcome::Failed | Outcome::PartlyRolledBack => {
            untouched_is_untouched(case, events, findings);
        }
        Outcome::Held => findings.add("a journal never ends held", "held"),
    }
}

/// A person's word on what became of a step is not the machine's to prove.
fn was_resolved(events: &[RunEvent]) -> bool {
    events
        .iter()
        .any(|event| matches!(event.what, Happened::Resolved { .. }))
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

fn untouched_is_untouched(case: &Case<'_>, events: &[RunEvent], findings: &mut Findings) {
    let touched: BTreeSet<&str> = events
        .iter()
        .filter_map(|event| match &event.what {
            Happened::StepStarted { place, .. } => Some(place.node.as_str()),
            _ => None,
        })
        .collect();
    for node in &case.plan.nodes {
        let service = node.service.as_str();
        let same = case.before.fleets.get(service) == case.after.fleets.get(service);
        let untouched = !touched.contains(node.id.as_str());
        findings.expect(
            !untouched || same,
            "what was not started is as it was",
            &node.id,
        );
    }
}

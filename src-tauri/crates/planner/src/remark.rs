//! What somebody should know before the start, though it keeps nobody from starting.

use gantry_model::{
    plan::{Action, Finding, Step, Undo},
    release::{connection::Connection, node::Kind},
    unit::Weight,
};

use crate::{
    assemble::Assembled,
    judged, recommend,
    settled::{Deployment, Settled},
};

/// Remarks on every node.
pub(crate) fn remarks(plan: &Assembled<'_>, found: &mut Vec<Finding>) {
    for (node, at) in plan.nodes.iter().zip(0_u32..) {
        found.extend(of_node(plan, node.settled, plan.steps_of(at)));
    }
    found.extend(unwatched_limits(plan));
}

fn of_node(plan: &Assembled<'_>, settled: &Settled<'_>, steps: &[Step]) -> Vec<Finding> {
    let (id, place) = (settled.id, &settled.place);
    let serves = matches!(settled.node.kind, Kind::App | Kind::Config);
    let mut found = Vec::new();
    if steps
        .iter()
        .any(|step| step.action == Action::Run && step.undo == Undo::None)
    {
        let message = format!("`{id}` has no undo: a rollback leaves what it did.");
        found.push(
            place
                .at("run")
                .warning("no-undo", message, "add `undo` to `run`"),
        );
    }
    if serves && settled.health.is_none() {
        let message = format!("`{id}` has no health check: the platform's own word is taken.");
        let hint = "add `health` to the node or to `defaults`";
        found.push(place.warning("no-health", message, hint));
    }
    found.extend(left_open(plan, settled));
    if settled.deployment == Deployment::First {
        let message = format!(
            "Nothing of `{}` runs yet: this is its first deployment.",
            settled.service
        );
        found.push(place.note("first-deployment", message, "going back means removing it"));
    }
    found.extend(outage(settled, steps));
    found.extend(balancing(plan, settled, steps));
    found.extend(judged::remarks(plan.release, settled, steps));
    found
}

/// What nobody wrote down, and what was done about it.
fn left_open(plan: &Assembled<'_>, settled: &Settled<'_>) -> Vec<Finding> {
    let (id, place) = (settled.id, &settled.place);
    let mut found = Vec::new();
    if settled.node.strategy.is_none() && settled.node.kind != Kind::Task {
        let reason = recommend::reason(plan.release, settled.node, settled.name);
        let message = format!(
            "`{id}` takes the recommended strategy {}. {reason}",
            settled.name
        );
        found.push(place.note(
            "strategy-recommended",
            message,
            "write `strategy` to choose another",
        ));
    }
    if settled.node.estimate.is_none() {
        let message = format!("`{id}` has no history and no estimate.");
        let hint = "add `estimate`; until then only its bakes and soaks are counted";
        found.push(place.note("no-estimate", message, hint));
    }
    if settled.node.kind == Kind::Flag && settled.judge.is_some() && settled.node.service.is_none()
    {
        let message =
            format!("`{id}` names no service, so that metrics are asked for about `{id}`.");
        let hint = "add `service` with the service that the flag changes";
        found.push(place.note("flag-without-service", message, hint));
    }
    found
}

fn outage(settled: &Settled<'_>, steps: &[Step]) -> Option<Finding> {
    let stops = steps.iter().any(|step| step.action == Action::StopOld);
    let message = format!(
        "`{}` is away while it is recreated, and again in a rollback.",
        settled.id
    );
    let hint = "take `rolling`, or a router and `blue-green`, if that is too long";
    stops.then(|| settled.place.note("outage", message, hint))
}

/// HAProxy's round robin was seen to send 60 to 73 % where 25 % was asked for.
fn balancing(plan: &Assembled<'_>, settled: &Settled<'_>, steps: &[Step]) -> Option<Finding> {
    let route = settled.node.router.as_ref()?;
    let connection = plan.release.connections.get(&route.connection)?;
    // All or nothing is kept by every way of balancing; only a part needs a good one.
    let part =
        |step: &Step| matches!(step.action, Action::Shift { weight } if weight < Weight::FULL);
    let shares = steps.iter().any(part);
    let applies = shares && matches!(connection, Connection::Haproxy(_));
    let message = format!(
        "`{}` shares traffic by HAProxy weights, which `balance roundrobin` keeps badly.",
        settled.id
    );
    let hint = format!(
        "give backend `{}` the line `balance random(1)`",
        route.backend
    );
    applies.then(|| {
        settled
            .place
            .at("router")
            .note("haproxy-balance", message, hint)
    })
}

/// A limit on a metric that judges nobody never trips.
fn unwatched_limits(plan: &Assembled<'_>) -> Vec<Finding> {
    let judges = plan
        .nodes
        .iter()
        .filter_map(|node| node.settled.judge.as_ref());
    let watched: std::collections::BTreeSet<_> = judges.flat_map(|judge| &judge.metrics).collect();
    let limited = plan
        .release
        .metrics
        .iter()
        .filter(|(_, metric)| metric.never_above.is_some() || metric.never_below.is_some());
    let unwatched = limited.filter(|(name, _)| !watched.contains(name));
    unwatched
        .map(|(name, _)| {
            let message =
                format!("`{name}` has a limit, but judges no node, so that it never trips.");
            let hint = "list it in a node's `judge`, or in `defaults`";
            crate::place::Place::top("metrics")
                .at(name)
                .warning("guardrail-unused", message, hint)
        })
        .collect()
}

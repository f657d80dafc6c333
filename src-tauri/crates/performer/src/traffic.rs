//! Arms, shares and what routers count.

use gantry_model::{
    id::Version,
    operation::Evidence,
    platform::{Arm, Instance, RouteState, Server},
    unit::{Span, Weight},
};
use gantry_port::fault::Fault;

use crate::deployment::{Backend, Deployment, addresses};

/// How far a router may be from what it was told: weights are whole numbers inside routers.
const ROUNDING: u16 = 100;
/// How long it is watched where requests really go, at most.
const WATCH: Span = Span::from_secs(2);
/// How long between two looks at the counters.
const PAUSE: Span = Span::from_millis(500);
/// So many requests say enough.
const ENOUGH: u64 = 200;

/// Gives instances of a version a share.
pub(crate) fn arm(version: &Version, instances: &[Instance], share: Weight) -> Arm {
    Arm {
        version: version.clone(),
        addresses: addresses(instances),
        share,
    }
}

/// Tells the router the shares and reads back whether it took them over.
pub(crate) async fn route(
    deployment: &Deployment<'_>,
    backend: &Backend<'_>,
    arms: &[Arm],
) -> Result<RouteState, Fault> {
    let empty = arms
        .iter()
        .find(|arm| arm.share > Weight::ZERO && arm.addresses.is_empty());
    if let Some(arm) = empty {
        let (service, version) = (&deployment.scene.node.service, &arm.version);
        let share = arm.share;
        return Err(Fault::refused(format!(
            "no instance of {service} {version} runs that could be given {share} of the traffic"
        )));
    }
    let call = &deployment.scene.call;
    backend.router.route(call, backend.name, arms).await?;
    let state = backend.router.observe(backend.name).await?;
    match arms.iter().find(|arm| !is_so(&state, arm)) {
        None => Ok(state),
        Some(arm) => Err(not_taken_over(backend, &state, arm)),
    }
}

/// Whether the router has given an arm its share.
pub(crate) fn is_so(state: &RouteState, arm: &Arm) -> bool {
    let is = share_of(state, &arm.addresses).basis_points();
    match arm.share {
        Weight::ZERO => is == 0,
        share => is.abs_diff(share.basis_points()) <= ROUNDING,
    }
}

/// Whether the arms have their shares and nobody else has any.
pub(crate) fn are_so(state: &RouteState, arms: &[Arm]) -> bool {
    let known = |server: &&Server| {
        arms.iter()
            .any(|arm| arm.addresses.contains(&server.address))
    };
    let strangers = state.servers.iter().filter(|server| !known(server));
    arms.iter().all(|arm| is_so(state, arm))
        && strangers
            .map(|server| server.commanded)
            .all(|share| share == Weight::ZERO)
}

/// Adds up the commanded shares of some addresses.
pub(crate) fn share_of(state: &RouteState, addresses: &[String]) -> Weight {
    let points: u32 = at(state, addresses)
        .map(|s| u32::from(s.commanded.basis_points()))
        .sum();
    u16::try_from(points)
        .ok()
        .and_then(Weight::from_basis_points)
        .unwrap_or(Weight::FULL)
}

/// Whether requests of some addresses are under way.
pub(crate) fn under_way(state: &RouteState, addresses: &[String]) -> u64 {
    at(state, addresses).map(|server| server.active).sum()
}

fn at<'a>(state: &'a RouteState, addresses: &'a [String]) -> impl Iterator<Item = &'a Server> {
    state
        .servers
        .iter()
        .filter(|server| addresses.contains(&server.address))
}

fn not_taken_over(backend: &Backend<'_>, state: &RouteState, arm: &Arm) -> Fault {
    let product = backend.router.capabilities().product;
    let is = share_of(state, &arm.addresses);
    let (name, share, version) = (backend.name, arm.share, &arm.version);
    Fault::refused(format!(
        "{product} gives {version} {is} of `{name}` after it was told {share}"
    ))
}

/// Requests and failures of an arm and of the whole backend between two looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counted {
    pub(crate) requests: u64,
    pub(crate) errors: u64,
    pub(crate) requests_of_all: u64,
    pub(crate) errors_of_all: u64,
}

impl Counted {
    /// Counts what came between two looks; a router that started anew counts from zero.
    pub(crate) fn between(before: &RouteState, after: &RouteState, addresses: &[String]) -> Self {
        let mut counted = Self::default();
        for server in &after.servers {
            let earlier = before.servers.iter().find(|s| s.address == server.address);
            let since = |now: u64, then: Option<u64>| match then {
                Some(then) if then <= now => now - then,
                Some(_) | None => now,
            };
            let requests = since(server.requests, earlier.map(|s| s.requests));
            let errors = since(server.errors, earlier.map(|s| s.errors));
            counted.requests_of_all += requests;
            counted.errors_of_all += errors;
            if addresses.contains(&server.address) {
                counted.requests += requests;
                counted.errors += errors;
            }
        }
        counted
    }

    /// Gives the arm's part of all requests in basis points, if there were any.
    pub(crate) fn share(self) -> Option<u64> {
        (self.requests * 10_000).checked_div(self.requests_of_all)
    }

    /// Says what was measured, beside what was commanded; nothing where nobody came.
    pub(crate) fn words(self) -> String {
        let points = self.share().and_then(|points| u16::try_from(points).ok());
        let share = points.and_then(Weight::from_basis_points);
        share.map_or_else(String::new, |share| {
            format!(", measured {share} of {} requests", self.requests_of_all)
        })
    }

    /// Gives the part of the arm's requests that failed, in basis points, if there were any.
    pub(crate) fn failing(self) -> Option<u64> {
        (self.errors * 10_000).checked_div(self.requests)
    }
}

/// Watches for a moment where requests really go.
pub(crate) async fn measure(
    deployment: &Deployment<'_>,
    backend: &Backend<'_>,
    before: &RouteState,
    addresses: &[String],
) -> Counted {
    let clock = deployment.scene.clock;
    let until = clock.elapsed() + WATCH.min(deployment.scene.time_left());
    let mut counted = Counted::default();
    if !backend.router.capabilities().counts {
        return counted;
    }
    while counted.requests_of_all < ENOUGH && clock.elapsed() < until {
        clock.wait(PAUSE).await;
        // The shift is done; a look that fails only leaves its measure unknown.
        if let Ok(after) = backend.router.observe(backend.name).await {
            counted = Counted::between(before, &after, addresses);
        }
    }
    counted
}

/// Writes shares into evidence: what was commanded, and what was measured.
pub(crate) fn note_shares(evidence: &mut Evidence, commanded: Weight, counted: Counted) {
    let facts = &mut evidence.facts;
    facts.insert("commanded_bp".into(), commanded.basis_points().into());
    facts.insert("measured_bp".into(), counted.share().into());
    facts.insert("requests".into(), counted.requests_of_all.into());
    facts.insert("errors".into(), counted.errors.into());
}

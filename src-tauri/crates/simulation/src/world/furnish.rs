//! What runs in a world before anybody changes it.

use std::collections::BTreeSet;

use gantry_model::{
    digest::Digest,
    id::{ConnectionName, Version},
    plan::{Plan, PlannedNode},
    platform::{FlagState, Server},
    release::node::{Route, Workload},
    unit::{Span, Weight},
};

use crate::{
    state::{Backend, BackendName, Condition, FlagName, FleetName, Member, Remembered, State},
    wire::Owners,
};

/// Lets the old version of everything run and serve.
pub(super) fn furnish(state: &mut State, plan: &Plan) {
    for node in &plan.nodes {
        if let Some(workload) = &node.workload {
            let members = members(state, node, workload);
            if let Some(route) = &node.router {
                let backend = Remembered::new(backend(&members));
                state.backends.insert(backend_name(route), backend);
            }
            state
                .fleets
                .insert(fleet_name(plan, node, workload), Remembered::new(members));
        }
        if let (Some(flag), Some(connection)) = (&node.flag, &node.connection) {
            let off = FlagState {
                on: false,
                share: Weight::ZERO,
            };
            let name = FlagName::of(connection, flag);
            state.flags.insert(name, Remembered::new(Some(off)));
        }
    }
}

/// Lists the connections that nodes name.
pub(super) fn connections(plan: &Plan) -> Vec<ConnectionName> {
    let named = plan.nodes.iter().flat_map(|node| {
        let workload = node.workload.as_ref().map(|workload| &workload.connection);
        let router = node.router.as_ref().map(|router| &router.connection);
        [workload, router, node.connection.as_ref()]
            .into_iter()
            .flatten()
    });
    let names: BTreeSet<ConnectionName> = named.chain(plan.connections.keys()).cloned().collect();
    names.into_iter().collect()
}

impl Owners {
    /// Notes which node each thing belongs to.
    pub(super) fn of(plan: &Plan) -> Self {
        let mut owners = Self::default();
        for node in &plan.nodes {
            if let Some(workload) = &node.workload {
                owners
                    .fleets
                    .insert(fleet_name(plan, node, workload), node.clone());
            }
            if let Some(route) = &node.router {
                owners.backends.insert(backend_name(route), node.id.clone());
            }
            if let Some(version) = &node.version {
                owners.versions.insert(node.id.clone(), version.to.clone());
            }
            if let (Some(flag), Some(connection)) = (&node.flag, &node.connection) {
                owners
                    .flags
                    .insert(FlagName::of(connection, flag), node.id.clone());
            }
        }
        owners
    }
}

fn members(state: &mut State, node: &PlannedNode, workload: &Workload) -> Vec<Member> {
    let Some(version) = old_version(node) else {
        return Vec::new();
    };
    let image = workload.image.replace("{{version}}", version.as_str());
    let digest = Digest::of(image.replace("{{service}}", node.service.as_str())).to_string();
    let member = |number: u32| Member {
        id: format!("{}-{version}-{number:04}", node.service),
        version: version.clone(),
        digest: Some(digest.clone()),
        address: state.next_address(workload.port.unwrap_or(80)),
        made_by: None,
        condition: Condition::Live,
        ready_at: Span::ZERO,
    };
    (1..=workload.replicas).map(member).collect()
}

/// Gives the version that runs before the release; none for a first deployment.
fn old_version(node: &PlannedNode) -> Option<Version> {
    if node.first_deployment {
        return None;
    }
    let declared = node
        .version
        .as_ref()
        .and_then(|version| version.from.clone());
    declared.or_else(|| "previous".parse().ok())
}

fn backend(members: &[Member]) -> Backend {
    let count = u16::try_from(members.len()).unwrap_or(u16::MAX).max(1);
    let (each, rest) = (10_000 / count, 10_000 % count);
    let server = |(place, member): (usize, &Member)| Server {
        name: format!("{}-{place}", member.version),
        address: member.address.clone(),
        commanded: Weight::from_basis_points(each + u16::from(place < usize::from(rest)))
            .unwrap_or(Weight::FULL),
        up: true,
        requests: 0,
        errors: 0,
        active: 0,
    };
    Backend {
        servers: members.iter().enumerate().map(server).collect(),
        counted_until: Span::ZERO,
    }
}

fn fleet_name(plan: &Plan, node: &PlannedNode, workload: &Workload) -> FleetName {
    FleetName {
        connection: workload.connection.clone(),
        environment: plan.environment.clone(),
        service: node.service.clone(),
    }
}

fn backend_name(route: &Route) -> BackendName {
    BackendName {
        connection: route.connection.clone(),
        backend: route.backend.clone(),
    }
}

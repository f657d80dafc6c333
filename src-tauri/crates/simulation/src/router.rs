//! A simulated router with traffic of its own.

use std::sync::Arc;

use async_trait::async_trait;
use gantry_model::{
    id::ConnectionName,
    platform::{Arm, RouteState, Server},
    unit::{Span, Weight},
};
use gantry_port::{
    fault::Fault,
    ports::Call,
    router::{Router, RouterCapabilities},
};

use crate::{
    fault::{FaultMode, PortKind},
    ledger::Target,
    state::{Backend, BackendName, State},
    wire::{Site, Wire},
};

/// Shares a steady stream of requests between servers and counts what becomes of them.
pub(crate) struct SimulatedRouter {
    pub(crate) wire: Arc<Wire>,
    pub(crate) connection: ConnectionName,
}

const ROUTE: Span = Span::from_millis(200);
/// How many of 10,000 requests a well version fails.
const WELL: f64 = 0.001;
/// How many a bad version fails.
const BAD: f64 = 0.5;

#[async_trait]
impl Router for SimulatedRouter {
    fn capabilities(&self) -> RouterCapabilities {
        RouterCapabilities {
            product: "simulated",
            weights: true,
            counts: true,
        }
    }

    async fn observe(&self, backend: &str) -> Result<RouteState, Fault> {
        let name = self.name(backend);
        let site = Site {
            node: self.wire.owners.backends.get(&name),
            step: None,
            direction: None,
            port: PortKind::Router,
        };
        let seen = self.wire.read(site, |state, strike| {
            if strike.0 != Some(FaultMode::NoData) {
                self.wire.count_requests(state, &name);
            }
            let backend = state.backends.get(&name)?;
            let backend = if strike.is_stale() {
                backend.stale()
            } else {
                &backend.now
            };
            Some(shown(backend))
        });
        let missing = || {
            Fault::refused(format!(
                "router `{}` has no backend `{backend}`",
                self.connection
            ))
        };
        seen.await?.ok_or_else(missing)
    }

    async fn route(&self, call: &Call, backend: &str, arms: &[Arm]) -> Result<RouteState, Fault> {
        let name = self.name(backend);
        self.wire
            .change(call, PortKind::Router, ROUTE, |state, _| {
                self.wire.count_requests(state, &name);
                state.route(call, &name, arms);
                self.wire.judge_arms(state, arms);
                self.wire.note_shares(state, &name, arms);
                Ok(state
                    .backends
                    .get(&name)
                    .map(|b| shown(&b.now))
                    .unwrap_or(shown(&Backend::default())))
            })
            .await
    }
}

impl SimulatedRouter {
    fn name(&self, backend: &str) -> BackendName {
        BackendName {
            connection: self.connection.clone(),
            backend: backend.to_owned(),
        }
    }
}

impl State {
    fn route(&mut self, call: &Call, name: &BackendName, arms: &[Arm]) {
        let elapsed = self.elapsed;
        let backend = self.backends.entry(name.clone()).or_default();
        let servers = servers(&backend.now.servers, arms);
        let shares = |servers: &[Server]| -> Vec<(String, Weight)> {
            servers
                .iter()
                .map(|s| (s.address.clone(), s.commanded))
                .collect()
        };
        let changed = shares(&servers) != shares(&backend.now.servers);
        *backend.change() = Backend {
            servers,
            counted_until: elapsed,
        };
        if changed {
            let word = |arm: &Arm| format!("{} {}", arm.version, arm.share);
            let words: Vec<String> = arms.iter().map(word).collect();
            let what = format!("route {}", words.join(", "));
            self.record(call, Target::Backend(name.backend.clone()), what);
        }
    }
}

impl Wire {
    /// Lets the traffic since the last count arrive.
    pub(crate) fn count_requests(&self, state: &mut State, name: &BackendName) {
        let Some(mut backend) = state.backends.get(name).map(|backend| backend.now.clone()) else {
            return;
        };
        let passed = state
            .elapsed
            .as_millis()
            .saturating_sub(backend.counted_until.as_millis());
        let arriving = passed as f64 / 1000.0 * self.requests_per_second;
        for server in &mut backend.servers {
            let expected = arriving * server.commanded.fraction();
            let requests = self
                .about(state, &server.address, expected)
                .min(expected * 2.0);
            let failing = failure_rate(state, &server.address);
            let errors = self
                .about(state, &server.address, requests * failing)
                .min(requests);
            server.requests += requests as u64;
            server.errors += errors as u64;
        }
        backend.counted_until = state.elapsed;
        if let Some(kept) = state.backends.get_mut(name) {
            kept.now = backend;
        }
    }

    /// Gives a whole number near an expected one, as far off as independent requests would be.
    fn about(&self, state: &mut State, label: &str, expected: f64) -> f64 {
        let roll = state.next_roll();
        let noise = self.chance.around_zero(label, roll) * expected.sqrt();
        (expected + noise + self.chance.fraction(label, roll))
            .max(0.0)
            .floor()
            .max(0.0)
            .round()
    }

    fn judge_arms(&self, state: &mut State, arms: &[Arm]) {
        for arm in arms {
            let fleet = arm
                .addresses
                .iter()
                .find_map(|address| state.at_address(address).map(|(fleet, _)| fleet.clone()));
            let Some(fleet) = fleet else { continue };
            let new = self
                .owners
                .fleets
                .get(&fleet)
                .and_then(|node| node.version.as_ref());
            if new.is_some_and(|new| new.to == arm.version) && arm.share > Weight::ZERO {
                self.turn_bad(state, &fleet, arm.share);
            }
        }
    }
}

/// Spreads each arm's share over its addresses and keeps the counters of servers that stay.
fn servers(before: &[Server], arms: &[Arm]) -> Vec<Server> {
    let mut servers = Vec::new();
    for arm in arms {
        let count = u16::try_from(arm.addresses.len())
            .unwrap_or(u16::MAX)
            .max(1);
        let (each, rest) = (
            arm.share.basis_points() / count,
            arm.share.basis_points() % count,
        );
        for (place, address) in arm.addresses.iter().enumerate() {
            let points = each + u16::from(place < usize::from(rest));
            let known = before.iter().find(|server| server.address == *address);
            servers.push(Server {
                name: format!("{}-{place}", arm.version),
                address: address.clone(),
                commanded: Weight::from_basis_points(points).unwrap_or(Weight::FULL),
                up: true,
                requests: known.map_or(0, |server| server.requests),
                errors: known.map_or(0, |server| server.errors),
                active: 0,
            });
        }
    }
    servers
}

fn failure_rate(state: &State, address: &str) -> f64 {
    match state.at_address(address) {
        // Nobody listens there: every request fails.
        None => 1.0,
        Some((_, member)) if !member.is_live() => 1.0,
        Some((fleet, member)) if state.is_bad(fleet, &member.version) => BAD,
        Some(_) => WELL,
    }
}

fn shown(backend: &Backend) -> RouteState {
    RouteState {
        algorithm: "random".into(),
        servers: backend.servers.clone(),
    }
}

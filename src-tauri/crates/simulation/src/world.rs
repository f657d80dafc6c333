//! The simulated world of a plan.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use chrono::DateTime;
use gantry_model::{
    id::{ConnectionName, NodeId},
    plan::Plan,
    time::Timestamp,
};
use gantry_port::ports::Ports;

use crate::{
    alerts::SimulatedAlerts,
    chance::Chance,
    clock::VirtualClock,
    database::SimulatedDatabase,
    fault::FaultPlan,
    flag::SimulatedFlags,
    inquiry::SimulatedInquiry,
    ledger::Effect,
    metrics::SimulatedMetrics,
    probe::SimulatedProbe,
    router::SimulatedRouter,
    signal::{Signals, Silenced},
    state::{Remembered, State},
    task::SimulatedTask,
    wire::{Owners, Wire},
    workload::SimulatedWorkload,
};

mod furnish;
pub mod snapshot;

/// How a world is made.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// The seed of everything that is left to chance.
    pub seed: u64,
    /// What the clock shows at first.
    pub start: Timestamp,
    /// What goes wrong.
    pub faults: FaultPlan,
    /// How many times as long the changes of a node take.
    pub slow: BTreeMap<NodeId, f64>,
    /// How much traffic each backend has.
    pub requests_per_second: f64,
    /// How the services feel from outside.
    pub signals: Signals,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            seed: 0,
            start: DateTime::UNIX_EPOCH + chrono::TimeDelta::days(20_000),
            faults: FaultPlan::default(),
            slow: BTreeMap::new(),
            requests_per_second: 50.0,
            signals: Signals::default(),
        }
    }
}

/// A world in which the old version of everything that a plan changes runs and serves.
///
/// It is a cheap handle: clones share the one world, so that a test can look at what an engine
/// did, and a second engine can find what a first one, crashed, has left.
#[derive(Clone)]
pub struct World {
    wire: Arc<Wire>,
    connections: Vec<ConnectionName>,
}

impl World {
    /// Makes the world of a plan: every workload runs the version that the plan comes from
    /// (`previous` where it does not say), behind its router; flags are off, schemas untouched.
    /// Nodes that the plan knows to be first deployments run nothing.
    pub fn from_plan(plan: &Plan, settings: Settings) -> Self {
        let mut state = State::empty(settings.start, settings.faults.rules.len());
        furnish::furnish(&mut state, plan);
        let estimates = plan
            .steps
            .iter()
            .filter_map(|step| Some((step.id.clone(), step.estimate?)))
            .collect();
        let wire = Wire {
            clock: Arc::new(VirtualClock::new(settings.start)),
            faults: settings.faults,
            chance: Chance::new(settings.seed),
            slow: settings.slow,
            owners: Owners::of(plan),
            estimates,
            requests_per_second: settings.requests_per_second,
            signals: settings.signals,
            metrics: plan.metrics.values().cloned().collect(),
            start: settings.start,
            state: Mutex::new(state),
        };
        Self {
            wire: Arc::new(wire),
            connections: furnish::connections(plan),
        }
    }

    /// Gives the world's time.
    pub fn clock(&self) -> Arc<VirtualClock> {
        Arc::clone(&self.wire.clock)
    }

    /// Gives the ports onto the world: every connection of the plan can be used as whatever its
    /// nodes use it for.
    pub fn ports(&self) -> Ports {
        let mut ports = Ports {
            workloads: BTreeMap::new(),
            routers: BTreeMap::new(),
            flags: BTreeMap::new(),
            databases: BTreeMap::new(),
            metrics: BTreeMap::new(),
            alerts: BTreeMap::new(),
            inquiries: BTreeMap::new(),
            task: Arc::new(SimulatedTask {
                wire: Arc::clone(&self.wire),
            }),
            probe: Arc::new(SimulatedProbe {
                wire: Arc::clone(&self.wire),
            }),
        };
        for name in &self.connections {
            self.open(name, &mut ports);
        }
        ports
    }

    /// Takes everything that runs and serves away, as before a first deployment.
    pub fn clear(&self) {
        let mut state = self.wire.lock();
        for fleet in state.fleets.values_mut() {
            *fleet = Remembered::default();
        }
        for backend in state.backends.values_mut() {
            *backend = Remembered::default();
        }
    }

    /// Lists everything that was changed so far.
    pub fn ledger(&self) -> Vec<Effect> {
        self.wire.lock().ledger.clone()
    }

    /// Counts the calls that each rule for faults has met so far, those that it let go well too;
    /// rules that look at shares meet no call.
    pub fn met(&self) -> Vec<u32> {
        self.wire.lock().matches.clone()
    }

    /// Lists the silences that were ever set, those that are over too.
    pub fn silences(&self) -> Vec<Silenced> {
        self.wire.lock().silences.clone()
    }

    fn open(&self, name: &ConnectionName, ports: &mut Ports) {
        let wire = || Arc::clone(&self.wire);
        let connection = || name.clone();
        let workload = SimulatedWorkload {
            wire: wire(),
            connection: connection(),
        };
        let router = SimulatedRouter {
            wire: wire(),
            connection: connection(),
        };
        let flags = SimulatedFlags {
            wire: wire(),
            connection: connection(),
        };
        ports.workloads.insert(connection(), Arc::new(workload));
        ports.routers.insert(connection(), Arc::new(router));
        ports.flags.insert(connection(), Arc::new(flags));
        ports
            .metrics
            .insert(connection(), Arc::new(SimulatedMetrics { wire: wire() }));
        ports
            .alerts
            .insert(connection(), Arc::new(SimulatedAlerts { wire: wire() }));
        ports
            .inquiries
            .insert(connection(), Arc::new(SimulatedInquiry));
        ports
            .databases
            .insert(connection(), Arc::new(SimulatedDatabase { wire: wire() }));
    }
}

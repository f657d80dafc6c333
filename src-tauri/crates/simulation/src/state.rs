//! What is so in the simulated world.

use std::collections::{BTreeMap, BTreeSet};

use gantry_model::{
    id::{ConnectionName, EnvironmentName, NodeId, ServiceName, Version},
    operation::Key,
    platform::{FlagState, Instance, InstanceState, Revision, Server},
    time::Timestamp,
    unit::{Span, Weight},
};
use gantry_port::{ports::Call, task::Finished};

use crate::{
    fault::FaultMode,
    ledger::{Effect, Target},
    signal::Silenced,
};

/// Everything that runs, serves, is stored and was done.
#[derive(Clone, Debug)]
pub(crate) struct State {
    /// The moment of the present call, by the machine.
    pub(crate) elapsed: Span,
    /// The moment of the present call, by the wall.
    pub(crate) at: Timestamp,
    pub(crate) fleets: BTreeMap<FleetName, Remembered<Vec<Member>>>,
    pub(crate) backends: BTreeMap<BackendName, Remembered<Backend>>,
    pub(crate) flags: BTreeMap<FlagName, Remembered<Option<FlagState>>>,
    pub(crate) schemas: BTreeMap<NodeId, Remembered<Vec<String>>>,
    pub(crate) tasks: BTreeMap<Key, Record>,
    pub(crate) calls: BTreeSet<Key>,
    /// Versions that have turned bad.
    pub(crate) bad: BTreeSet<(FleetName, Version)>,
    pub(crate) ledger: Vec<Effect>,
    /// Every share that a new version was given, oldest first.
    pub(crate) shares: Vec<Given>,
    pub(crate) silences: Vec<Silenced>,
    /// When something of a node was delivered last.
    pub(crate) delivered_at: BTreeMap<NodeId, Span>,
    /// How many calls each fault rule has matched.
    pub(crate) matches: Vec<u32>,
    /// Counts what chance is asked about.
    pub(crate) rolls: u64,
    pub(crate) addresses: u32,
}

/// A value with what it was before the last change, for reads that lag behind.
#[derive(Clone, Debug, Default)]
pub(crate) struct Remembered<T> {
    pub(crate) now: T,
    before: Option<T>,
}

impl<T: Clone> Remembered<T> {
    pub(crate) fn new(now: T) -> Self {
        Self { now, before: None }
    }

    /// Gives the value for changing it, and keeps what it was.
    pub(crate) fn change(&mut self) -> &mut T {
        self.before = Some(self.now.clone());
        &mut self.now
    }

    pub(crate) fn stale(&self) -> &T {
        self.before.as_ref().unwrap_or(&self.now)
    }
}

/// The instances of a service in an environment on a platform.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct FleetName {
    pub(crate) connection: ConnectionName,
    pub(crate) environment: EnvironmentName,
    pub(crate) service: ServiceName,
}

impl FleetName {
    pub(crate) fn of(connection: &ConnectionName, revision: &Revision) -> Self {
        Self {
            connection: connection.clone(),
            environment: revision.environment.clone(),
            service: revision.service.clone(),
        }
    }
}

/// A backend of a router.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct BackendName {
    pub(crate) connection: ConnectionName,
    pub(crate) backend: String,
}

/// A flag of a flag service: its connection and `project/name/environment`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct FlagName {
    pub(crate) connection: ConnectionName,
    pub(crate) path: String,
}

/// One simulated instance.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    pub(crate) id: String,
    pub(crate) version: Version,
    pub(crate) digest: Option<String>,
    pub(crate) address: String,
    pub(crate) made_by: Option<String>,
    pub(crate) condition: Condition,
    pub(crate) ready_at: Span,
}

/// Whether an instance runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Condition {
    Live,
    Stopped,
    Crashed,
}

impl Member {
    pub(crate) fn is_live(&self) -> bool {
        self.condition == Condition::Live
    }
}

/// A backend with its servers, and until when their counters are up to date.
#[derive(Clone, Debug, Default)]
pub(crate) struct Backend {
    pub(crate) servers: Vec<Server>,
    pub(crate) counted_until: Span,
}

/// A share of the traffic that the new version of a node was given.
#[derive(Clone, Debug)]
pub(crate) struct Given {
    pub(crate) node: String,
    pub(crate) at: Timestamp,
    pub(crate) canary: Weight,
}

/// A program that was started.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    pub(crate) ends_at: Span,
    pub(crate) finished: Finished,
    pub(crate) vanished: bool,
}

impl State {
    pub(crate) fn empty(at: Timestamp, rules: usize) -> Self {
        Self {
            elapsed: Span::ZERO,
            at,
            fleets: BTreeMap::new(),
            backends: BTreeMap::new(),
            flags: BTreeMap::new(),
            schemas: BTreeMap::new(),
            tasks: BTreeMap::new(),
            calls: BTreeSet::new(),
            bad: BTreeSet::new(),
            ledger: Vec::new(),
            shares: Vec::new(),
            silences: Vec::new(),
            delivered_at: BTreeMap::new(),
            matches: vec![0; rules],
            rolls: 0,
            addresses: 0,
        }
    }

    pub(crate) fn record(&mut self, call: &Call, target: Target, what: String) {
        self.ledger.push(Effect {
            at: self.at,
            key: call.key.as_str().to_owned(),
            epoch: call.epoch,
            step: call.step.clone(),
            direction: call.direction,
            target,
            what,
        });
    }

    /// Gives what goes wrong now: a read that lags is stale until its platform has settled.
    pub(crate) fn as_it_lags(&self, mode: &FaultMode, node: Option<&NodeId>) -> Option<FaultMode> {
        let FaultMode::LaggingRead { by } = mode else {
            return Some(mode.clone());
        };
        let since = node.and_then(|node| self.delivered_at.get(node))?;
        let settled = self.elapsed >= *since + *by;
        (!settled).then_some(FaultMode::StaleRead)
    }

    /// Notes which share the new version of a node has from now on.
    pub(crate) fn give(&mut self, node: &NodeId, canary: Weight) {
        self.shares.push(Given {
            node: node.to_string(),
            at: self.at,
            canary,
        });
    }

    pub(crate) fn next_roll(&mut self) -> u64 {
        self.rolls += 1;
        self.rolls
    }

    pub(crate) fn next_address(&mut self, port: u16) -> String {
        self.addresses += 1;
        let [_, high, middle, low] = self.addresses.to_be_bytes();
        format!("10.{high}.{middle}.{low}:{port}")
    }

    pub(crate) fn is_bad(&self, fleet: &FleetName, version: &Version) -> bool {
        self.bad.contains(&(fleet.clone(), version.clone()))
    }

    /// Finds who listens at an address.
    pub(crate) fn at_address(&self, address: &str) -> Option<(&FleetName, &Member)> {
        self.fleets.iter().find_map(|(name, members)| {
            let member = members.now.iter().find(|m| m.address == address)?;
            Some((name, member))
        })
    }

    /// Shows an instance as the platform would.
    pub(crate) fn show(&self, fleet: &FleetName, member: &Member) -> Instance {
        let state = match member.condition {
            Condition::Stopped => InstanceState::Stopped,
            Condition::Crashed => InstanceState::Failed,
            Condition::Live if self.elapsed < member.ready_at => InstanceState::Starting,
            Condition::Live if self.is_bad(fleet, &member.version) => InstanceState::Unhealthy,
            Condition::Live => InstanceState::Running,
        };
        Instance {
            id: member.id.clone(),
            version: member.version.clone(),
            digest: member.digest.clone(),
            state,
            address: Some(member.address.clone()),
            made_by: member.made_by.clone(),
        }
    }
}

//! A simulated workload platform.

use std::sync::Arc;

use async_trait::async_trait;
use gantry_model::{
    digest::Digest,
    id::{ConnectionName, NodeId, Version},
    platform::{Instance, Revision, Template},
    unit::{Span, Weight},
};
use gantry_port::{
    fault::Fault,
    ports::Call,
    workload::{Workload, WorkloadCapabilities},
};

use crate::{
    fault::{FaultMode, PortKind},
    ledger::Target,
    state::{Condition, FleetName, Member, State},
    wire::{Site, Strike, Wire},
};

/// Runs instances that take a moment to become ready.
pub(crate) struct SimulatedWorkload {
    pub(crate) wire: Arc<Wire>,
    pub(crate) connection: ConnectionName,
}

const SCALE: Span = Span::from_secs(4);
const REMOVE: Span = Span::from_secs(2);
const STARTING: Span = Span::from_millis(1500);

#[async_trait]
impl Workload for SimulatedWorkload {
    fn capabilities(&self) -> WorkloadCapabilities {
        WorkloadCapabilities {
            product: "simulated",
            side_by_side: true,
            addresses: true,
            health: true,
            restart: true,
        }
    }

    async fn pin(&self, template: &Template) -> Result<String, Fault> {
        let owner = self.owner_of_image(&template.image);
        let site = Site {
            node: owner.as_ref(),
            // Images are only pinned at preflight, which is the one read that belongs to a step.
            step: Some("preflight"),
            direction: None,
            port: PortKind::Workload,
        };
        let digest = Digest::of(&template.image).to_string();
        self.wire.read(site, |_, _| digest).await
    }

    async fn instances(&self, revision: &Revision) -> Result<Vec<Instance>, Fault> {
        let fleet = FleetName::of(&self.connection, revision);
        let site = Site {
            node: self.wire.owners.fleets.get(&fleet).map(|node| &node.id),
            step: None,
            direction: None,
            port: PortKind::Workload,
        };
        self.wire
            .read(site, |state, strike| listed(state, &fleet, strike))
            .await
    }

    async fn scale(
        &self,
        call: &Call,
        revision: &Revision,
        template: Option<&Template>,
        replicas: u32,
    ) -> Result<Vec<Instance>, Fault> {
        let fleet = FleetName::of(&self.connection, revision);
        let usual = self.wire.estimate(&call.step, SCALE);
        let ready = self.wire.length(None, STARTING, call.key.as_str());
        let order = Order {
            call,
            fleet: &fleet,
            version: &revision.version,
            template,
            ready,
        };
        self.wire
            .change(call, PortKind::Workload, usual, |state, strike| {
                order.scale(state, reach(strike, replicas))?;
                self.turn_bad(state, &fleet);
                let running = |i: &Instance| i.version == revision.version && is_live(i);
                let mut instances = listed(state, &fleet, &Strike(None));
                instances.retain(running);
                Ok(instances)
            })
            .await
    }

    async fn remove(&self, call: &Call, revision: &Revision) -> Result<(), Fault> {
        let fleet = FleetName::of(&self.connection, revision);
        self.wire
            .change(call, PortKind::Workload, REMOVE, |state, _| {
                let members = state.fleets.entry(fleet.clone()).or_default().change();
                let before = members.len();
                members.retain(|member| member.version != revision.version);
                if members.len() < before {
                    let what = format!("remove {}", revision.version);
                    state.record(call, Target::Fleet(fleet.service.to_string()), what);
                }
                Ok(())
            })
            .await
    }
}

impl SimulatedWorkload {
    fn owner_of_image(&self, image: &str) -> Option<NodeId> {
        let owners = &self.wire.owners.fleets;
        let node = owners.values().find(|node| {
            let workload = node.workload.as_ref();
            let version = node.version.as_ref().map_or("", |v| v.to.as_str());
            workload.is_some_and(|workload| {
                let named = workload.image.replace("{{version}}", version);
                named.replace("{{service}}", node.service.as_str()) == image
            })
        });
        node.map(|node| node.id.clone())
    }

    /// Lets the new version turn bad where a rule says so and no router has a say in its share.
    fn turn_bad(&self, state: &mut State, fleet: &FleetName) {
        let Some(node) = self.wire.owners.fleets.get(fleet) else {
            return;
        };
        let share = match &node.router {
            Some(_) => Weight::ZERO,
            None => share_by_count(state, fleet, node.version.as_ref().map(|v| &v.to)),
        };
        self.wire.turn_bad(state, fleet, share);
    }
}

impl Wire {
    /// Lets a fleet's new version turn bad or crash if a rule says so for the share it has now.
    pub(crate) fn turn_bad(&self, state: &mut State, fleet: &FleetName, share: Weight) {
        let Some(node) = self.owners.fleets.get(fleet) else {
            return;
        };
        let Some(version) = node.version.as_ref().map(|version| &version.to) else {
            return;
        };
        for rule in &self.faults.rules {
            if rule.node.as_ref().is_some_and(|id| *id != node.id) {
                continue;
            }
            match rule.mode {
                FaultMode::TurnsBad { from } if share >= from => {
                    state.bad.insert((fleet.clone(), version.clone()));
                }
                FaultMode::CrashLoop { from } if share >= from => crash(state, fleet, version),
                _ => {}
            }
        }
    }
}

fn crash(state: &mut State, fleet: &FleetName, version: &Version) {
    let Some(members) = state.fleets.get_mut(fleet) else {
        return;
    };
    let of_version = |member: &&mut Member| member.version == *version && member.is_live();
    for member in members.now.iter_mut().filter(of_version) {
        member.condition = Condition::Crashed;
    }
}

/// What is asked of a fleet.
struct Order<'a> {
    call: &'a Call,
    fleet: &'a FleetName,
    version: &'a Version,
    template: Option<&'a Template>,
    ready: Span,
}

impl Order<'_> {
    fn scale(&self, state: &mut State, replicas: u32) -> Result<(), Fault> {
        let live = self.count(state, Condition::Live);
        if live == replicas {
            return Ok(());
        }
        if live > replicas {
            self.stop(state, live - replicas);
        } else {
            let started = self.start(state, replicas - live);
            self.make(state, replicas - live - started)?;
        }
        let what = format!("scale {} from {live} to {replicas}", self.version);
        let target = Target::Fleet(self.fleet.service.to_string());
        state.record(self.call, target, what);
        Ok(())
    }

    /// Stops surplus instances, the last by id first.
    fn stop(&self, state: &mut State, mut surplus: u32) {
        let members = state.fleets.entry(self.fleet.clone()).or_default().change();
        for member in members.iter_mut().rev() {
            if surplus > 0 && member.version == *self.version && member.is_live() {
                member.condition = Condition::Stopped;
                surplus -= 1;
            }
        }
    }

    /// Starts stopped instances again and says how many.
    fn start(&self, state: &mut State, missing: u32) -> u32 {
        let ready_at = state.elapsed + self.ready;
        let members = state.fleets.entry(self.fleet.clone()).or_default().change();
        let mut started = 0;
        for member in members.iter_mut() {
            if started < missing && member.version == *self.version && !member.is_live() {
                member.condition = Condition::Live;
                member.ready_at = ready_at;
                started += 1;
            }
        }
        started
    }

    fn make(&self, state: &mut State, missing: u32) -> Result<(), Fault> {
        if missing == 0 {
            return Ok(());
        }
        let Some(template) = self.template else {
            return Err(Fault::refused(format!(
                "{missing} instances of {} {} are missing and there is no template to make them from",
                self.fleet.service, self.version
            )));
        };
        for _ in 0..missing {
            let member = self.member(state, template);
            let members = state.fleets.entry(self.fleet.clone()).or_default();
            members.now.push(member);
            members.now.sort_by(|a, b| a.id.cmp(&b.id));
        }
        Ok(())
    }

    fn member(&self, state: &mut State, template: &Template) -> Member {
        let address = state.next_address(template.port.unwrap_or(80));
        Member {
            id: format!(
                "{}-{}-{:04}",
                self.fleet.service, self.version, state.addresses
            ),
            version: self.version.clone(),
            digest: Some(Digest::of(&template.image).to_string()),
            address,
            made_by: Some(self.call.key.as_str().to_owned()),
            condition: Condition::Live,
            ready_at: state.elapsed + self.ready,
        }
    }

    fn count(&self, state: &State, condition: Condition) -> u32 {
        let members = state.fleets.get(self.fleet);
        let alike = members.into_iter().flat_map(|members| &members.now);
        let count = alike
            .filter(|m| m.version == *self.version && m.condition == condition)
            .count();
        u32::try_from(count).unwrap_or(u32::MAX)
    }
}

fn listed(state: &State, fleet: &FleetName, strike: &Strike) -> Vec<Instance> {
    let Some(members) = state.fleets.get(fleet) else {
        return Vec::new();
    };
    let members = if strike.is_stale() {
        members.stale()
    } else {
        &members.now
    };
    members
        .iter()
        .map(|member| state.show(fleet, member))
        .collect()
}

fn is_live(instance: &Instance) -> bool {
    use gantry_model::platform::InstanceState::{Running, Starting, Unhealthy};
    matches!(instance.state, Starting | Running | Unhealthy)
}

/// Gives how many instances a call gets done.
fn reach(strike: &Strike, replicas: u32) -> u32 {
    match strike.0 {
        Some(FaultMode::PartialSuccess { instances }) => replicas.min(instances),
        _ => replicas,
    }
}

fn share_by_count(state: &State, fleet: &FleetName, version: Option<&Version>) -> Weight {
    let Some(members) = state.fleets.get(fleet) else {
        return Weight::ZERO;
    };
    let live = members.now.iter().filter(|m| m.is_live()).count().max(1);
    let new = members
        .now
        .iter()
        .filter(|m| m.is_live() && Some(&m.version) == version);
    let points = new.count() * 10_000 / live;
    u16::try_from(points)
        .ok()
        .and_then(Weight::from_basis_points)
        .unwrap_or(Weight::FULL)
}

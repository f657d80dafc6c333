//! Looking at the health of simulated instances.

use std::sync::Arc;

use async_trait::async_trait;
use gantry_model::{platform::InstanceState, time::Timestamp, unit::Span};
use gantry_port::{
    clock::Clock,
    fault::Fault,
    probe::{Probe, ProbeAnswer, ProbeTarget, Stamp},
};

use crate::{
    fault::{FaultMode, PortKind},
    state::State,
    wire::{Site, Strike, Wire},
};

/// Looks at the instance behind an address; whatever else is asked is well.
pub(crate) struct SimulatedProbe {
    pub(crate) wire: Arc<Wire>,
}

#[async_trait]
impl Probe for SimulatedProbe {
    async fn probe(&self, target: &ProbeTarget, _: Span) -> Result<ProbeAnswer, Fault> {
        let address = match target {
            ProbeTarget::Http { url, .. } => host_and_port(url),
            ProbeTarget::Tcp { address } => address.as_str(),
            ProbeTarget::Exec { .. } => "",
        };
        let node = {
            let state = self.wire.lock();
            let fleet = state.at_address(address).map(|(fleet, _)| fleet);
            let owner = fleet.and_then(|fleet| self.wire.owners.fleets.get(fleet));
            owner.map(|node| node.id.clone())
        };
        let site = Site {
            node: node.as_ref(),
            step: None,
            direction: None,
            port: PortKind::Probe,
        };
        self.wire
            .read(site, |state, strike| {
                look(&self.wire, state, strike, address)
            })
            .await
    }

    /// In a simulated world everything was made just now.
    async fn stamp(&self, _: &Stamp, _: Span) -> Result<Timestamp, Fault> {
        Ok(self.wire.clock.now())
    }
}

fn look(wire: &Wire, state: &mut State, strike: &Strike, address: &str) -> ProbeAnswer {
    let seen = state.at_address(address).map(|(fleet, member)| {
        let new = wire
            .owners
            .fleets
            .get(fleet)
            .and_then(|node| node.version.as_ref());
        let is_new = new.is_some_and(|new| new.to == member.version);
        (state.show(fleet, member).state, is_new)
    });
    let flaps = strike.0 == Some(FaultMode::FlappingHealth)
        && seen.is_some_and(|(_, is_new)| is_new)
        && state.next_roll().is_multiple_of(2);
    let (healthy, detail) = match seen.map(|(state, _)| state) {
        Some(_) if flaps => (false, "answered 503"),
        None | Some(InstanceState::Running) => (true, "answered 200"),
        Some(InstanceState::Unhealthy) => (false, "answered 503"),
        Some(InstanceState::Starting | InstanceState::Stopped | InstanceState::Failed) => {
            (false, "refused the connection")
        }
    };
    ProbeAnswer {
        healthy,
        detail: detail.into(),
    }
}

fn host_and_port(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split('/').next().unwrap_or(rest)
}

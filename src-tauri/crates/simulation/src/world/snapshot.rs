//! What a world looks like at one moment, for comparing it with another.

use std::collections::BTreeMap;

use gantry_model::{id::Version, platform::FlagState, unit::Weight};

use super::World;
use crate::state::Member;

/// What serves, and what is stored: everything that a rollback has to put back.
///
/// Ids, addresses, stopped instances and counters are left out: they may differ after a rollback.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// Live instances by service and version.
    pub fleets: BTreeMap<String, BTreeMap<Version, usize>>,
    /// Shares above zero by backend and version; `nobody` where nobody listens.
    pub backends: BTreeMap<String, BTreeMap<String, Weight>>,
    /// Flags that are on.
    pub flags: BTreeMap<String, FlagState>,
    /// Applied phases by database node.
    pub schemas: BTreeMap<String, Vec<String>>,
}

impl World {
    /// Looks at the whole world at once, past all faults.
    pub fn snapshot(&self) -> Snapshot {
        let state = self.wire.lock();
        let fleets = state
            .fleets
            .iter()
            .map(|(name, members)| (name.service.to_string(), live_by_version(&members.now)));
        let backends = state.backends.iter().map(|(name, backend)| {
            let mut shares: BTreeMap<String, u16> = BTreeMap::new();
            for server in &backend.now.servers {
                let member = state.at_address(&server.address);
                let version = member.map_or("nobody".into(), |(_, m)| m.version.to_string());
                *shares.entry(version).or_default() += server.commanded.basis_points();
            }
            (name.backend.clone(), above_zero(shares))
        });
        let flags = state.flags.iter().filter_map(|(name, flag)| {
            let on = flag.now.filter(|flag| flag.on)?;
            Some((name.path.clone(), on))
        });
        let schemas = state.schemas.iter();
        Snapshot {
            fleets: fleets.collect(),
            backends: backends.collect(),
            flags: flags.collect(),
            schemas: schemas
                .map(|(id, phases)| (id.to_string(), phases.now.clone()))
                .collect(),
        }
    }
}

fn live_by_version(members: &[Member]) -> BTreeMap<Version, usize> {
    let mut counts = BTreeMap::new();
    for member in members.iter().filter(|member| member.is_live()) {
        *counts.entry(member.version.clone()).or_default() += 1;
    }
    counts
}

fn above_zero(shares: BTreeMap<String, u16>) -> BTreeMap<String, Weight> {
    let weight = |points| Weight::from_basis_points(points).unwrap_or(Weight::FULL);
    let shares = shares
        .into_iter()
        .map(|(version, points)| (version, weight(points)));
    shares.filter(|(_, share)| *share > Weight::ZERO).collect()
}

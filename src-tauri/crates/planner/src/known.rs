//! The names that a release knows, found quickly however many there are.

use std::{cell::Cell, collections::BTreeMap};

use gantry_model::{
    id::{NodeId, ServiceName},
    release::Release,
};

use crate::settled::Settled;

/// After so many wrong names the nearest right one is no longer looked for: a file with nothing
/// but wrong names must not take forever to refuse.
const GUESSES: u32 = 100;

/// A release with an index of its names.
pub(crate) struct Known<'a> {
    pub(crate) release: &'a Release,
    pub(crate) nodes: &'a [Settled<'a>],
    pub(crate) directory: Directory<'a>,
    guesses: Cell<u32>,
}

impl<'a> Known<'a> {
    /// Indexes the names of a release.
    pub(crate) fn new(release: &'a Release, nodes: &'a [Settled<'a>]) -> Self {
        Self {
            release,
            nodes,
            directory: Directory::of(nodes.iter()),
            guesses: Cell::new(GUESSES),
        }
    }

    /// Whether a neighbour or a node of the release is this service.
    pub(crate) fn has_service(&self, service: &ServiceName) -> bool {
        self.release.services.contains_key(service) || self.directory.has_service(service)
    }

    /// Says which of the known names is meant, or lists some of them.
    pub(crate) fn nearest<'n>(
        &self,
        name: &str,
        known: impl Iterator<Item = &'n str> + Clone,
    ) -> String {
        let Some(left) = self.guesses.get().checked_sub(1) else {
            return "check the spelling, here and in the places above".into();
        };
        self.guesses.set(left);
        nearest(name, known)
    }
}

/// Which nodes go by which name: their id, or their service.
pub(crate) struct Directory<'a> {
    ids: BTreeMap<&'a str, u32>,
    services: BTreeMap<&'a str, Vec<u32>>,
}

impl<'a> Directory<'a> {
    /// Indexes nodes in their order.
    pub(crate) fn of(nodes: impl Iterator<Item = &'a Settled<'a>>) -> Self {
        let mut ids = BTreeMap::new();
        let mut services: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
        for (settled, at) in nodes.zip(0_u32..) {
            ids.insert(settled.id.as_str(), at);
            services
                .entry(settled.service.as_str())
                .or_default()
                .push(at);
        }
        Self { ids, services }
    }

    /// Finds a node by its id.
    pub(crate) fn node(&self, id: &NodeId) -> Option<u32> {
        self.ids.get(id.as_str()).copied()
    }

    /// Whether a node is of this service.
    pub(crate) fn has_service(&self, service: &ServiceName) -> bool {
        self.services.contains_key(service.as_str())
    }

    /// Gives the nodes of a service.
    pub(crate) fn of_service(&self, service: &ServiceName) -> &[u32] {
        self.services
            .get(service.as_str())
            .map_or(&[], Vec::as_slice)
    }

    /// Gives the node of that id alone, or else the nodes of that service.
    pub(crate) fn called(&self, name: &ServiceName) -> &[u32] {
        let node = self.ids.get(name.as_str());
        node.map_or_else(|| self.of_service(name), std::slice::from_ref)
    }
}

/// Says which of the known names is meant, or lists some of them.
pub(crate) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str> + Clone) -> String {
    let scored = known
        .clone()
        .map(|other| (strsim::osa_distance(name, other), other));
    match scored.min() {
        Some((distance, other)) if distance <= (name.len() / 3).max(2) => {
            format!("did you mean `{other}`?")
        }
        Some(_) => {
            let some: Vec<String> = known.take(8).map(|other| format!("`{other}`")).collect();
            format!("known are {}", some.join(", "))
        }
        None => "there are none".into(),
    }
}

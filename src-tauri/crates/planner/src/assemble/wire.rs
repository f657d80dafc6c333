//! Which step waits for which.

use std::collections::BTreeSet;

use gantry_model::{
    id::{NodeId, StepId},
    plan::{Finding, Nature, NodeIndex, Step, StepIndex},
    release::Release,
};

use crate::{
    graph::Graph,
    needs::{Compiled, Edge},
    steps::{Draft, Waits, limit},
};

/// Where everything is, for wiring steps together.
pub(super) struct Wiring<'a> {
    nodes: &'a [Compiled<'a>],
    edges: &'a [Edge],
    graph: &'a Graph,
    /// The place of each node's first step.
    pub(super) firsts: Vec<u32>,
}

impl<'a> Wiring<'a> {
    pub(super) fn new(nodes: &'a [Compiled<'a>], edges: &'a [Edge], graph: &'a Graph) -> Self {
        let counts = nodes.iter().map(|node| node.drafts.len() as u32);
        let firsts = counts.scan(0, |next, count| {
            let first = *next;
            *next += count;
            Some(first)
        });
        Self {
            nodes,
            edges,
            graph,
            firsts: firsts.collect(),
        }
    }

    /// Makes the steps, node by node.
    pub(super) fn steps(&self, release: &Release) -> Vec<Step> {
        let mut edges = self.edges;
        let mut steps = Vec::with_capacity(self.nodes.iter().map(|n| n.drafts.len()).sum());
        for (node, at) in self.nodes.iter().zip(0_u32..) {
            // Edges are sorted by the node that needs.
            let own = edges.partition_point(|edge| edge.node <= at);
            let (needs, rest) = edges.split_at(own);
            edges = rest;
            for (draft, place) in node.drafts.iter().zip(0_u32..) {
                let needs = self.needs_of((at, place), draft, needs);
                steps.push(step(release, node, (at, draft), needs));
            }
        }
        steps
    }

    fn needs_of(&self, (at, place): (u32, u32), draft: &Draft, edges: &[Edge]) -> Vec<StepIndex> {
        let mut needs = Vec::new();
        if place > 0 {
            needs.extend(self.step(at, place - 1));
        }
        if place == 1 {
            needs.extend(self.needed(edges));
        }
        match &draft.waits {
            Waits::Nothing => {}
            Waits::Dependents => {
                let dependents = self.graph.dependents(at).iter();
                needs.extend(dependents.filter_map(|dependent| self.done(*dependent)));
            }
            Waits::DependentsAnd(after) => {
                let late = self.after_contract(at, place);
                let dependents = self.graph.dependents(at).iter();
                let in_time = dependents.filter(|dependent| !late.contains(dependent));
                needs.extend(in_time.filter_map(|dependent| self.done(*dependent)));
                let named = after.iter().filter_map(|id| self.find(id));
                needs.extend(named.filter(|n| *n != at).filter_map(|n| self.done(n)));
            }
        }
        needs.sort_unstable();
        needs.dedup();
        needs
    }

    /// The steps that reach what is needed; of several in one node only the last.
    fn needed(&self, edges: &[Edge]) -> impl Iterator<Item = StepIndex> {
        let mut needed: Vec<(u32, u32)> = edges.iter().map(|e| (e.needed, e.step)).collect();
        needed.sort_unstable_by_key(|(node, step)| (*node, std::cmp::Reverse(*step)));
        needed.dedup_by_key(|(node, _)| *node);
        needed
            .into_iter()
            .filter_map(|(node, step)| self.step(node, step))
    }

    /// The nodes that cannot start before this node's old shape is gone, so that it cannot wait
    /// for them.
    fn after_contract(&self, at: u32, place: u32) -> BTreeSet<u32> {
        let waiting = |edge: &Edge| edge.needed == at && edge.step > place;
        let dependents = self.graph.dependents(at);
        let late = dependents
            .iter()
            .filter(|node| self.edges_of(**node).any(waiting));
        let mut open: Vec<u32> = late.copied().collect();
        let mut late = BTreeSet::new();
        while let Some(node) = open.pop() {
            if late.insert(node) {
                open.extend_from_slice(self.graph.dependents(node));
            }
        }
        late
    }

    /// Edges are sorted by the node that needs.
    fn edges_of(&self, node: u32) -> impl Iterator<Item = &Edge> {
        let start = self.edges.partition_point(|edge| edge.node < node);
        self.edges
            .iter()
            .skip(start)
            .take_while(move |edge| edge.node == node)
    }

    fn find(&self, id: &NodeId) -> Option<u32> {
        let place = self
            .nodes
            .binary_search_by(|node| node.settled.id.cmp(id))
            .ok()?;
        u32::try_from(place).ok()
    }

    fn step(&self, node: u32, place: u32) -> Option<StepIndex> {
        Some(StepIndex(self.firsts.get(node as usize)? + place))
    }

    fn done(&self, node: u32) -> Option<StepIndex> {
        self.step(node, self.nodes.get(node as usize)?.done())
    }
}

fn step(
    release: &Release,
    node: &Compiled<'_>,
    (at, draft): (u32, &Draft),
    needs: Vec<StepIndex>,
) -> Step {
    let (settled, defaults) = (node.settled, &release.defaults);
    let nature = draft.action.nature();
    Step {
        id: StepId::new(settled.id, &draft.name),
        node: NodeIndex(at),
        needs,
        undo: draft.undo,
        timeout: limit::timeout(settled, defaults, &draft.action),
        retry: limit::retry(settled, defaults),
        estimate: limit::estimate(settled, &draft.action),
        cancel: settled.node.cancel || nature == Nature::Looks,
        idempotent: settled.node.idempotent || nature != Nature::Does,
        reaches: draft.reaches.clone(),
        action: draft.action.clone(),
    }
}

/// Tells steps that wait for each other, which only contracts can bring about.
pub(super) fn tell_rings(
    nodes: &[Compiled<'_>],
    steps: &[Step],
    found: &mut Vec<Finding>,
) -> Option<()> {
    let count = u32::try_from(steps.len()).ok()?;
    let numbered = steps.iter().zip(0_u32..);
    let edges: Vec<(u32, u32)> = numbered
        .flat_map(|(step, at)| step.needs.iter().map(move |need| (at, need.0)))
        .collect();
    let rings = match Graph::new(count, &edges).ok()?.shape(&[]) {
        Ok(_) => return Some(()),
        Err(rings) => rings.0,
    };
    found.extend(
        rings
            .iter()
            .filter_map(|ring| tell_ring(nodes, steps, ring)),
    );
    None
}

/// Tells one ring at the node whose contract takes part in it.
fn tell_ring(nodes: &[Compiled<'_>], steps: &[Step], ring: &[u32]) -> Option<Finding> {
    let of_ring = ring.iter().chain(ring.first());
    let steps: Vec<&Step> = of_ring.filter_map(|at| steps.get(*at as usize)).collect();
    let ids: Vec<String> = steps.iter().map(|step| format!("`{}`", step.id)).collect();
    let mut of_steps = steps.iter().filter_map(|step| nodes.get(step.node.at()));
    let first = of_steps.clone().next();
    let node = of_steps.find(|node| waits_for_others(node)).or(first)?;
    let message = format!(
        "These steps wait for each other: {}.",
        ids.join(" waits for ")
    );
    let hint = "let the contract wait only for nodes that do not need it";
    let place = node.settled.place.at("strategy").at(node.settled.name);
    Some(
        place
            .at("contract")
            .at("after")
            .error("cycle", message, hint),
    )
}

fn waits_for_others(node: &Compiled<'_>) -> bool {
    let mut waits = node.drafts.iter().map(|draft| &draft.waits);
    waits.any(|waits| matches!(waits, Waits::DependentsAnd(_)))
}

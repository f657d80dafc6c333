//! What a node waits for, directly and through others.

use std::collections::BTreeMap;

use crate::{assemble::Assembled, needs::Edge};

/// For each node that is waited for, the furthest of its steps that is waited for.
pub(super) struct Awaited {
    steps: BTreeMap<u32, u32>,
}

impl Awaited {
    /// Follows the needs of some nodes to their ends.
    pub(super) fn by(plan: &Assembled<'_>, nodes: impl IntoIterator<Item = u32>) -> Self {
        let mut steps = BTreeMap::new();
        let mut open: Vec<u32> = nodes.into_iter().collect();
        while let Some(node) = open.pop() {
            for edge in needs_of(&plan.edges, node) {
                if !steps.contains_key(&edge.needed) {
                    open.push(edge.needed);
                }
                let furthest = steps.entry(edge.needed).or_insert(edge.step);
                *furthest = edge.step.max(*furthest);
            }
        }
        Self { steps }
    }

    /// Gives the furthest step of a node that is waited for, if it is waited for at all.
    pub(super) fn step(&self, node: u32) -> Option<u32> {
        self.steps.get(&node).copied()
    }
}

/// Edges are sorted by the node that needs.
fn needs_of(edges: &[Edge], node: u32) -> impl Iterator<Item = &Edge> {
    let start = edges.partition_point(|edge| edge.node < node);
    edges
        .iter()
        .skip(start)
        .take_while(move |edge| edge.node == node)
}

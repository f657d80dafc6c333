//! What a node waits for, directly and through others.

use std::cell::Cell;

use crate::assemble::Assembled;

/// So many edges are followed; a release that needs more is told that not all pairs were checked.
const MOST_VISITS: u64 = 50_000_000;

/// Follows needs, up to a number of edges in all.
pub(super) struct Walk<'p> {
    plan: &'p Assembled<'p>,
    /// Where the edges of each node start.
    starts: Vec<usize>,
    left: Cell<u64>,
}

/// For each node that is waited for, the furthest of its steps that is waited for.
pub(super) struct Awaited {
    /// One more than the step; 0 where the node is not waited for.
    steps: Vec<u32>,
}

impl<'p> Walk<'p> {
    pub(super) fn new(plan: &'p Assembled<'p>) -> Self {
        let count = plan.graph.count();
        // Edges are sorted by the node that needs.
        let start = |node: u32| plan.edges.partition_point(|edge| edge.node < node);
        Self {
            plan,
            starts: (0..=count).map(start).collect(),
            left: Cell::new(MOST_VISITS),
        }
    }

    /// Follows the needs of some nodes to their ends; `None` once there were too many to follow.
    pub(super) fn awaited(&self, nodes: impl IntoIterator<Item = u32>) -> Option<Awaited> {
        let mut steps = vec![0_u32; self.plan.nodes.len()];
        let mut open: Vec<u32> = nodes.into_iter().collect();
        while let Some(node) = open.pop() {
            let start = *self.starts.get(node as usize)?;
            let end = *self.starts.get(node as usize + 1)?;
            let edges = self.plan.edges.get(start..end)?;
            let left = self.left.get().checked_sub(edges.len() as u64 + 1);
            self.left.set(left.unwrap_or_default());
            left?;
            for edge in edges {
                let furthest = steps.get_mut(edge.needed as usize)?;
                if *furthest == 0 {
                    open.push(edge.needed);
                }
                *furthest = (edge.step + 1).max(*furthest);
            }
        }
        Some(Awaited { steps })
    }
}

impl Awaited {
    /// Gives the furthest step of a node that is waited for, if it is waited for at all.
    pub(super) fn step(&self, node: u32) -> Option<u32> {
        self.steps.get(node as usize)?.checked_sub(1)
    }
}

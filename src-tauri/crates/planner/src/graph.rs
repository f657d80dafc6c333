//! The graph alone, over dense arrays: acyclic check, order, levels, longest path, slack.
//!
//! Nodes are numbered from 0 in the order of their names, so that the number breaks ties by name.
//! Everything is linear but for one sort of machine words: 100,000 nodes and 300,000 edges take a
//! few milliseconds. petgraph's own sort is several times slower at that size.

/// Who needs whom, both ways, in compressed rows.
#[derive(Clone, Debug)]
pub struct Graph {
    needs: Rows,
    dependents: Rows,
}

/// An edge that names a node which is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an edge names node {node}, but there are only {count}")]
pub struct UnknownNode {
    /// The number in the edge.
    pub node: u32,
    /// How many nodes there are.
    pub count: u32,
}

/// The cycles of a graph, each as its nodes in the order "needs"; the last needs the first.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the graph has {} cycles", .0.len())]
pub struct Rings(pub Vec<Vec<u32>>);

/// What an acyclic graph with a weight for each node looks like.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    /// A topological order; ties go to the longest remaining path, then to the number.
    pub order: Vec<u32>,
    /// The earliest level of each node, from 0.
    pub levels: Vec<u32>,
    /// How many levels there are.
    pub level_count: u32,
    /// One heaviest path, first to last.
    pub critical: Vec<u32>,
    /// Its weight.
    pub total: u64,
    /// How much heavier each node could be without `total` growing.
    pub slack: Vec<u64>,
}

impl Graph {
    /// Builds the graph from edges `(node, what it needs)`; the same edge twice does no harm.
    ///
    /// # Errors
    /// An edge that names a node which is not there.
    pub fn new(count: u32, edges: &[(u32, u32)]) -> Result<Self, UnknownNode> {
        let unknown = edges.iter().find(|(a, b)| *a.max(b) >= count);
        if let Some((a, b)) = unknown {
            let node = *a.max(b);
            return Err(UnknownNode { node, count });
        }
        Ok(Self {
            needs: Rows::new(count, edges.iter().copied()),
            dependents: Rows::new(count, edges.iter().map(|(a, b)| (*b, *a))),
        })
    }

    /// Gives how many nodes there are.
    pub fn count(&self) -> u32 {
        self.needs.count()
    }

    /// Gives what a node needs.
    pub fn needs(&self, node: u32) -> &[u32] {
        self.needs.row(node)
    }

    /// Gives who needs a node.
    pub fn dependents(&self, node: u32) -> &[u32] {
        self.dependents.row(node)
    }

    /// Orders the graph and finds its levels, its heaviest path and everybody's slack.
    /// A weight that is missing counts as 0.
    ///
    /// # Errors
    /// The cycles, if there are any; each is a true ring and no node is in two of them.
    pub fn shape(&self, weights: &[u64]) -> Result<Shape, Rings> {
        let weight = |node: u32| weights.get(node as usize).copied().unwrap_or_default();
        let (sorted, reached) = self.sort(weight)?;
        let remaining = self.remaining(&sorted, weight);
        let total = remaining.iter().map(|path| path.0).max().unwrap_or(0);
        let levels = reached.iter().map(|node| node.level);
        let through = reached.iter().zip(&remaining);
        let through = through.map(|(before, rest)| before.weight.saturating_add(rest.0));
        Ok(Shape {
            order: by_remaining(&remaining),
            level_count: levels.clone().max().map_or(0, |level| level + 1),
            levels: levels.collect(),
            critical: self.critical(&remaining),
            total,
            slack: through
                .map(|through| total.saturating_sub(through))
                .collect(),
        })
    }

    /// Sorts by Kahn's method; the order is one of many, levels and weights before are exact.
    fn sort(&self, weight: impl Fn(u32) -> u64) -> Result<(Vec<u32>, Vec<Reached>), Rings> {
        let start = |node| Reached {
            weight: 0,
            level: 0,
            waiting: self.needs(node).len() as u32,
        };
        let mut reached: Vec<Reached> = (0..self.count()).map(start).collect();
        let mut sorted: Vec<u32> = Vec::with_capacity(reached.len());
        sorted.extend((0..self.count()).filter(|node| reached[*node as usize].waiting == 0));
        let mut next = 0;
        while let Some(node) = sorted.get(next).copied() {
            next += 1;
            let own = reached[node as usize];
            let after = own.weight.saturating_add(weight(node));
            for dependent in self.dependents(node) {
                let slot = &mut reached[*dependent as usize];
                slot.level = slot.level.max(own.level + 1);
                slot.weight = slot.weight.max(after);
                slot.waiting -= 1;
                if slot.waiting == 0 {
                    sorted.push(*dependent);
                }
            }
        }
        if sorted.len() == reached.len() {
            Ok((sorted, reached))
        } else {
            Err(Rings(self.rings(&reached)))
        }
    }

    /// Finds rings among the nodes that still wait: each of them needs another one that waits, so
    /// following one such need from each must come round.
    fn rings(&self, reached: &[Reached]) -> Vec<Vec<u32>> {
        const UNSEEN: u32 = u32::MAX;
        let waits = |node: u32| reached[node as usize].waiting > 0;
        let mut walk_of = vec![UNSEEN; reached.len()];
        let mut rings = Vec::new();
        for start in (0..self.count()).filter(|node| waits(*node)) {
            let mut path = Vec::new();
            let mut node = start;
            while walk_of[node as usize] == UNSEEN {
                walk_of[node as usize] = start;
                path.push(node);
                let mut needs = self.needs(node).iter().copied();
                node = needs.find(|need| waits(*need)).unwrap_or(node);
            }
            if walk_of[node as usize] == start {
                let ring = path.into_iter().skip_while(|other| *other != node);
                rings.push(ring.collect());
            }
        }
        rings
    }

    /// The heaviest path from each node to an end, itself included: its weight and its nodes.
    fn remaining(&self, sorted: &[u32], weight: impl Fn(u32) -> u64) -> Vec<(u64, u32)> {
        let mut remaining = vec![(0_u64, 0_u32); sorted.len()];
        for node in sorted.iter().rev() {
            let rest = self.dependents(*node).iter();
            let rest = rest.map(|dependent| remaining[*dependent as usize]).max();
            let (heaviest, nodes) = rest.unwrap_or_default();
            remaining[*node as usize] = (heaviest.saturating_add(weight(*node)), nodes + 1);
        }
        remaining
    }

    fn critical(&self, remaining: &[(u64, u32)]) -> Vec<u32> {
        let heaviest = |nodes: &[u32]| {
            let keyed = nodes.iter().map(|node| (remaining[*node as usize], *node));
            // Among equals the first by number.
            keyed.max_by_key(|(rest, node)| (*rest, std::cmp::Reverse(*node)))
        };
        let sources: Vec<u32> = (0..self.count())
            .filter(|node| self.needs(*node).is_empty())
            .collect();
        let mut path = Vec::new();
        let mut next = heaviest(&sources);
        while let Some((_, node)) = next {
            path.push(node);
            next = heaviest(self.dependents(node));
        }
        path
    }
}

/// How far sorting has come with a node; one small record, so that it is one look into memory.
#[derive(Clone, Copy)]
struct Reached {
    /// The heaviest path that ends before it.
    weight: u64,
    level: u32,
    /// How many of its needs have not been sorted yet.
    waiting: u32,
}

/// Sorts by the longest remaining path, then by number. A node's path is always longer than its
/// dependents' (by weight, or at least by one node), so this *is* the topological order that takes
/// the longest of the ready ones each time.
fn by_remaining(remaining: &[(u64, u32)]) -> Vec<u32> {
    let numbered = remaining.iter().zip(0_u32..);
    let mut keys: Vec<u128> = numbered
        .map(|((weight, nodes), node)| {
            u128::from(!weight) << 64 | u128::from(!nodes) << 32 | u128::from(node)
        })
        .collect();
    keys.sort_unstable();
    // The number stands in the lowest 32 bits.
    keys.into_iter().map(|key| key as u32).collect()
}

/// Rows of numbers, one behind the other.
#[derive(Clone, Debug)]
struct Rows {
    starts: Vec<u32>,
    items: Vec<u32>,
}

impl Rows {
    fn new(count: u32, pairs: impl Iterator<Item = (u32, u32)> + Clone) -> Self {
        let mut starts = vec![0_u32; count as usize + 1];
        for (row, _) in pairs.clone() {
            starts[row as usize + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut next = starts.clone();
        let mut items = vec![0_u32; starts.last().map_or(0, |end| *end as usize)];
        for (row, item) in pairs {
            let slot = &mut next[row as usize];
            items[*slot as usize] = item;
            *slot += 1;
        }
        Self { starts, items }
    }

    fn count(&self) -> u32 {
        self.starts.len() as u32 - 1
    }

    fn row(&self, row: u32) -> &[u32] {
        let bound = |at: usize| self.starts.get(at).map_or(0, |start| *start as usize);
        let range = bound(row as usize)..bound(row as usize + 1);
        self.items.get(range).unwrap_or_default()
    }
}

//! What goes in: nodes with their waves, edges, and the critical path.

use std::collections::{BTreeMap, BTreeSet};

use gantry_model::plan::Plan;

use crate::picture::{Picture, PlacedNode};

/// Beyond this many pixels no picture was ever drawn.
const FARTHEST: f64 = 1e7;

/// A graph that is to be drawn.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    pub(crate) ids: Vec<String>,
    pub(crate) waves: Vec<u32>,
    /// From what is needed to what needs it, each pair once.
    pub(crate) edges: Vec<(u32, u32)>,
    /// The critical path, first to last.
    pub(crate) critical: Vec<u32>,
    /// Where nodes were in an earlier picture.
    pub(crate) before: BTreeMap<u32, PlacedNode>,
    /// The lines between those nodes in it.
    pub(crate) lines: BTreeMap<(u32, u32), Vec<(f64, f64)>>,
}

impl Graph {
    /// Takes the graph of a plan: its waves and its critical path.
    pub fn of(plan: &Plan) -> Self {
        let needs = plan.nodes.iter().zip(0_u32..);
        let edges = needs.flat_map(|(node, at)| node.needs.iter().map(move |n| (n.node.0, at)));
        Self {
            ids: plan.nodes.iter().map(|node| node.id.to_string()).collect(),
            waves: plan.nodes.iter().map(|node| node.wave).collect(),
            edges: pairs(plan.nodes.len(), edges),
            critical: plan.critical_path.nodes.iter().map(|node| node.0).collect(),
            before: BTreeMap::new(),
            lines: BTreeMap::new(),
        }
    }

    /// Takes nodes by name and edges by place, (what is needed, what needs it), as they stand in a
    /// file that may not be a plan yet: waves are the earliest levels, and an edge that closes a
    /// cycle is drawn against the stream.
    pub fn new(ids: Vec<String>, edges: impl IntoIterator<Item = (u32, u32)>) -> Self {
        let edges = pairs(ids.len(), edges.into_iter());
        Self {
            waves: levels(ids.len(), &edges),
            ids,
            edges,
            critical: Vec::new(),
            before: BTreeMap::new(),
            lines: BTreeMap::new(),
        }
    }

    /// Names the nodes of the critical path, first to last; those that are not there are left out.
    #[must_use]
    pub fn with_critical(mut self, critical: impl IntoIterator<Item = u32>) -> Self {
        let known = |at: &u32| (*at as usize) < self.ids.len();
        self.critical = critical.into_iter().filter(known).collect();
        self
    }

    /// Keeps nodes, and the lines between them, where they are in an earlier picture, as far as they
    /// still have their waves. Nodes that a person moved since stay where they were moved to.
    #[must_use]
    pub fn beside(mut self, earlier: &Picture) -> Self {
        let places: BTreeMap<&str, &PlacedNode> = earlier
            .nodes
            .iter()
            .map(|node| (node.id.as_str(), node))
            .collect();
        let nodes = self.ids.iter().zip(&self.waves).zip(0_u32..);
        let kept = nodes.filter_map(|((id, wave), at)| {
            let place = *places.get(id.as_str())?;
            let sound = place.wave == *wave && is_near((place.x, place.y));
            sound.then(|| (at, place.clone()))
        });
        self.before = kept.collect();
        let lines: BTreeMap<_, _> = earlier
            .edges
            .iter()
            .filter(|edge| edge.points.iter().copied().all(is_near))
            .map(|edge| ((edge.from.as_str(), edge.to.as_str()), &edge.points))
            .collect();
        let stay = |(from, to): &&(u32, u32)| {
            self.before.contains_key(from) && self.before.contains_key(to)
        };
        let kept = self.edges.iter().filter(stay).filter_map(|edge| {
            let from = self.ids.get(edge.0 as usize)?;
            let to = self.ids.get(edge.1 as usize)?;
            let points = *lines.get(&(from.as_str(), to.as_str()))?;
            Some((*edge, points.clone()))
        });
        self.lines = kept.collect();
        self
    }

    /// Whether some node stays where it was.
    pub(crate) fn is_beside_another(&self) -> bool {
        !self.before.is_empty()
    }

    /// How many nodes there are.
    pub(crate) fn count(&self) -> usize {
        self.ids.len()
    }

    /// The edges of the critical path.
    pub(crate) fn critical_edges(&self) -> BTreeSet<(u32, u32)> {
        let pairs = self.critical.windows(2).filter_map(|pair| match pair {
            [from, to] => Some((*from, *to)),
            _ => None,
        });
        pairs.collect()
    }
}

fn is_near((x, y): (f64, f64)) -> bool {
    x.abs() < FARTHEST && y.abs() < FARTHEST
}

/// Leaves out loops, ends that are not there, and every pair but the first of its kind.
fn pairs(count: usize, edges: impl Iterator<Item = (u32, u32)>) -> Vec<(u32, u32)> {
    let known = |at: u32| (at as usize) < count;
    let mut seen = BTreeSet::new();
    edges
        .filter(|(from, to)| from != to && known(*from) && known(*to))
        .filter(|pair| seen.insert(*pair))
        .collect()
}

/// Gives the earliest level of each node. Where a cycle leaves no node free, its first one by name
/// order is taken as if it needed nothing.
fn levels(count: usize, edges: &[(u32, u32)]) -> Vec<u32> {
    let users = crate::lists::Lists::of(count, edges.iter().copied());
    let mut open = vec![0_u32; count];
    for (_, to) in edges {
        open[*to as usize] += 1;
    }
    let mut levels = vec![0_u32; count];
    let mut taken = vec![false; count];
    let mut free: Vec<u32> = (0_u32..)
        .take(count)
        .filter(|at| open[*at as usize] == 0)
        .collect();
    let mut next = 0_u32;
    loop {
        while let Some(node) = free.pop() {
            taken[node as usize] = true;
            for user in users.get(node) {
                let user = *user as usize;
                if taken[user] {
                    continue;
                }
                levels[user] = levels[user].max(levels[node as usize] + 1);
                open[user] -= 1;
                if open[user] == 0 {
                    free.push(user as u32);
                }
            }
        }
        // Whatever is left waits for itself; a cycle is broken at its first node.
        while taken.get(next as usize) == Some(&true) {
            next += 1;
        }
        if next as usize >= count {
            return levels;
        }
        free.push(next);
        open[next as usize] = u32::MAX;
    }
}

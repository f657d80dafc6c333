//! Graphs: a chain, a fan, layers; the same seed gives the same graph.

use rand::{RngExt, SeedableRng, seq::index::sample};
use rand_chacha::ChaCha8Rng;

/// What every graph is drawn with.
const SEED: u64 = 20_261_201;

/// A graph whose nodes are numbered in a topological order.
#[derive(Clone, Debug)]
pub(crate) struct Shape {
    /// What it is called in tables.
    pub(crate) name: String,
    /// What each node needs.
    pub(crate) needs: Vec<Vec<u32>>,
    /// How many levels it has.
    pub(crate) levels: u32,
}

impl Shape {
    /// Each node needs the one before.
    pub(crate) fn chain(count: u32) -> Self {
        let needs = (0..count).map(|node| node.checked_sub(1).into_iter().collect());
        Self {
            name: format!("chain-{count}"),
            needs: needs.collect(),
            levels: count,
        }
    }

    /// One first, one last, and all others side by side between the two.
    pub(crate) fn wide(count: u32) -> Self {
        let last = count.saturating_sub(1);
        let needs = (0..count).map(|node| match node {
            0 => Vec::new(),
            node if node == last => (1..last).collect(),
            _ => vec![0],
        });
        Self {
            name: format!("wide-{count}"),
            needs: needs.collect(),
            levels: 3,
        }
    }

    /// About as many layers as each is wide; each node needs up to three of the layer before.
    pub(crate) fn layered(count: u32) -> Self {
        let width = count.isqrt().max(1);
        let mut random = ChaCha8Rng::seed_from_u64(SEED);
        let needs = (0..count).map(|node| {
            let Some(first) = (node - node % width).checked_sub(width) else {
                return Vec::new();
            };
            let chosen = sample(&mut random, width as usize, 3.min(width as usize));
            let mut needs: Vec<u32> = chosen.iter().map(|at| first + at as u32).collect();
            needs.sort_unstable();
            needs
        });
        Self {
            name: format!("layered-{count}"),
            needs: needs.collect(),
            levels: count.div_ceil(width),
        }
    }

    /// Edges between any two nodes in order, for the graph core alone: `(node, what it needs)`.
    pub(crate) fn edges(count: u32, edges: usize) -> Vec<(u32, u32)> {
        let mut random = ChaCha8Rng::seed_from_u64(SEED);
        let draw = |random: &mut ChaCha8Rng| {
            let node = random.random_range(1..count);
            (node, random.random_range(0..node))
        };
        (0..edges).map(|_| draw(&mut random)).collect()
    }

    /// How many nodes there are.
    pub(crate) fn count(&self) -> usize {
        self.needs.len()
    }
}

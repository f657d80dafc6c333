//! Graphs for tests; the same seed gives the same graph.

use gantry_layout::graph::Graph;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Layers of about as many nodes as there are layers, two edges a node, one in twenty a long one.
pub(crate) fn layered(count: usize, seed: u64) -> Vec<(u32, u32)> {
    let width = count.isqrt().max(1);
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut edges = Vec::new();
    for node in width..count {
        let layer = node / width;
        for _ in 0..2 {
            let is_long = layer > 1 && random.random_range(0..20) == 0;
            let from = match is_long {
                true => random.random_range(0..(layer - 1) * width),
                false => (layer - 1) * width + random.random_range(0..width),
            };
            edges.push((from as u32, node as u32));
        }
    }
    edges
}

/// Names that sort as their numbers do.
pub(crate) fn names(count: usize) -> Vec<String> {
    (0..count).map(|at| format!("n{at:05}")).collect()
}

/// A graph of edges with its longest chain as the critical path.
pub(crate) fn graph(count: usize, edges: &[(u32, u32)]) -> Graph {
    let graph = Graph::new(names(count), edges.iter().copied());
    graph.with_critical(longest(count, edges))
}

/// The longest chain of a graph whose edges go from smaller to larger numbers.
pub(crate) fn longest(count: usize, edges: &[(u32, u32)]) -> Vec<u32> {
    let mut best: Vec<(u32, Option<u32>)> = vec![(0, None); count];
    let mut sorted = edges.to_vec();
    sorted.sort_by_key(|(_, to)| *to);
    for (from, to) in sorted {
        let length = best[from as usize].0 + 1;
        if length > best[to as usize].0 {
            best[to as usize] = (length, Some(from));
        }
    }
    let mut chain: Vec<u32> = (0_u32..)
        .take(count)
        .max_by_key(|at| best[*at as usize].0)
        .into_iter()
        .collect();
    while let Some(before) = chain.last().and_then(|at| best[*at as usize].1) {
        chain.push(before);
    }
    chain.reverse();
    chain
}

//! The graph against a naive oracle that shares no code with it.

use gantry_planner::graph::Graph;
use proptest::prelude::*;

/// A graph of up to forty nodes whose edges may point anywhere.
fn any_graph() -> impl Strategy<Value = (u32, Vec<(u32, u32)>)> {
    (1_u32..40).prop_flat_map(|count| {
        let edges = prop::collection::vec((0..count, 0..count), 0..80);
        (Just(count), edges)
    })
}

/// An acyclic graph with weights: a random order of the numbers decides which way edges point.
fn acyclic() -> impl Strategy<Value = (Vec<(u32, u32)>, Vec<u64>)> {
    (1_u32..40).prop_flat_map(|count| {
        let ranks = Just((0..count).collect::<Vec<u32>>()).prop_shuffle();
        let edges = prop::collection::vec((0..count, 0..count), 0..120);
        let weights = prop::collection::vec(0_u64..5, count as usize);
        (ranks, edges, weights).prop_map(|(ranks, edges, weights)| {
            let forward = edges.into_iter().filter(|(a, b)| a != b);
            let point = |(a, b): (u32, u32)| match ranks[a as usize] > ranks[b as usize] {
                true => (a, b),
                false => (b, a),
            };
            (forward.map(point).collect(), weights)
        })
    })
}

/// Takes, again and again, the ready node with the longest way to go, then the lowest number.
fn naive_order(count: usize, edges: &[(u32, u32)], weights: &[u64]) -> Option<Vec<u32>> {
    let mut done = vec![false; count];
    let mut order = Vec::new();
    while order.len() < count {
        let is_ready = |node: u32| edges.iter().all(|(a, b)| *a != node || done[*b as usize]);
        let ready = (0..count as u32).filter(|node| !done[*node as usize] && is_ready(*node));
        let next = ready.min_by_key(|node| {
            let (weight, nodes) = naive_way(*node, edges, weights);
            (std::cmp::Reverse(weight), std::cmp::Reverse(nodes), *node)
        })?;
        done[next as usize] = true;
        order.push(next);
    }
    Some(order)
}

/// The heaviest way from a node to an end, by trying all of them level by level.
fn naive_way(node: u32, edges: &[(u32, u32)], weights: &[u64]) -> (u64, u32) {
    let mut best = weights
        .iter()
        .map(|weight| (*weight, 1))
        .collect::<Vec<_>>();
    for _ in 0..weights.len() {
        for (a, b) in edges {
            let through = (
                best[*a as usize].0 + weights[*b as usize],
                best[*a as usize].1 + 1,
            );
            best[*b as usize] = best[*b as usize].max(through);
        }
    }
    best[node as usize]
}

fn naive_levels(count: usize, edges: &[(u32, u32)]) -> Vec<u32> {
    let mut levels = vec![0; count];
    for _ in 0..count {
        for (a, b) in edges {
            levels[*a as usize] = levels[*a as usize].max(levels[*b as usize] + 1);
        }
    }
    levels
}

/// The heaviest path that ends before each node.
fn naive_before(count: usize, edges: &[(u32, u32)], weights: &[u64]) -> Vec<u64> {
    let mut before = vec![0; count];
    for _ in 0..count {
        for (a, b) in edges {
            before[*a as usize] =
                before[*a as usize].max(before[*b as usize] + weights[*b as usize]);
        }
    }
    before
}

proptest! {
    #[test]
    fn order_levels_and_longest_path_agree_with_the_oracle((edges, weights) in acyclic()) {
        let count = weights.len();
        let shape = Graph::new(count as u32, &edges).unwrap().shape(&weights).unwrap();
        prop_assert_eq!(Some(shape.order.clone()), naive_order(count, &edges, &weights));
        prop_assert_eq!(&shape.levels, &naive_levels(count, &edges));
        let before = naive_before(count, &edges, &weights);
        let ways: Vec<u64> = (0..count as u32).map(|n| naive_way(n, &edges, &weights).0).collect();
        let total = ways.iter().copied().max().unwrap_or(0);
        prop_assert_eq!(shape.total, total);
        let on_path: u64 = shape.critical.iter().map(|node| weights[*node as usize]).sum();
        prop_assert_eq!(on_path, total);
        for pair in shape.critical.windows(2) {
            prop_assert!(edges.contains(&(pair[1], pair[0])));
        }
        for node in 0..count {
            prop_assert_eq!(shape.slack[node], total - before[node] - ways[node]);
        }
    }

    #[test]
    fn a_cycle_is_told_as_true_rings((count, edges) in any_graph()) {
        let graph = Graph::new(count, &edges).unwrap();
        let unweighted = vec![0; count as usize];
        let acyclic = naive_order_exists(count, &edges);
        match graph.shape(&unweighted) {
            Ok(_) => prop_assert!(acyclic),
            Err(rings) => {
                prop_assert!(!acyclic);
                prop_assert!(!rings.0.is_empty());
                let mut seen = std::collections::BTreeSet::new();
                for ring in &rings.0 {
                    let next = ring.iter().cycle().skip(1);
                    for (node, needed) in ring.iter().zip(next) {
                        prop_assert!(edges.contains(&(*node, *needed)));
                        prop_assert!(seen.insert(*node));
                    }
                }
            }
        }
    }
}

/// Whether taking ready nodes away, one after the other, leaves nothing.
fn naive_order_exists(count: u32, edges: &[(u32, u32)]) -> bool {
    let mut left: Vec<u32> = (0..count).collect();
    loop {
        let waits = |node: &u32| edges.iter().any(|(a, b)| a == node && left.contains(b));
        let stuck: Vec<u32> = left.iter().copied().filter(waits).collect();
        if stuck.len() == left.len() {
            return left.is_empty();
        }
        left = stuck;
    }
}

#[test]
fn an_edge_to_nowhere_is_refused() {
    assert_eq!(Graph::new(2, &[(0, 2)]).unwrap_err().node, 2);
}

#[test]
fn an_empty_graph_has_an_empty_shape() {
    let shape = Graph::new(0, &[]).unwrap().shape(&[]).unwrap();
    assert_eq!(
        (shape.total, shape.level_count, shape.order.len()),
        (0, 0, 0)
    );
}

#[test]
fn a_ring_of_a_hundred_thousand_is_told_whole() {
    let count = 100_000;
    let edges: Vec<(u32, u32)> = (0..count).map(|node| (node, (node + 1) % count)).collect();
    let rings = Graph::new(count, &edges).unwrap().shape(&[]).unwrap_err();
    assert_eq!(rings.0.len(), 1);
    assert_eq!(rings.0[0].len(), 100_000);
}

//! The two crates, turned so that layers are columns.

use ascii_dag::graph::Graph;
use rust_sugiyama::configure::{Config, RankingType};

use crate::shape::{Drawn, Shape};

/// `ascii-dag` as it comes.
pub(crate) fn ascii_dag(shape: &Shape) -> Drawn {
    let names: Vec<(usize, &str)> = (0..shape.count).map(|at| (at, "")).collect();
    let edges = shape.edges.iter();
    let edges: Vec<(usize, usize)> = edges.map(|(a, b)| (*a as usize, *b as usize)).collect();
    let picture = Graph::from_edges(&names, &edges).compute_layout();
    let mut drawn = vec![(0.0, 0.0); shape.count];
    for node in picture.nodes() {
        if let Some(place) = drawn.get_mut(node.id) {
            *place = (node.y as f64, node.center_x as f64);
        }
    }
    drawn
}

/// `rust-sugiyama` as it comes.
pub(crate) fn sugiyama(shape: &Shape) -> Drawn {
    with(shape, &Config::default())
}

/// `rust-sugiyama` without its slow step, and with the earliest levels.
pub(crate) fn sugiyama_quick(shape: &Shape) -> Drawn {
    let config = Config {
        transpose: false,
        ranking_type: RankingType::Up,
        ..Config::default()
    };
    with(shape, &config)
}

fn with(shape: &Shape, config: &Config) -> Drawn {
    let nodes = (0_u32..).take(shape.count);
    let nodes: Vec<(u32, (f64, f64))> = nodes.map(|at| (at, (10.0, 10.0))).collect();
    let parts = rust_sugiyama::from_vertices_and_edges(&nodes, &shape.edges, config);
    let mut drawn = vec![(0.0, 0.0); shape.count];
    let mut beside = 0.0;
    for (nodes, _, _) in parts {
        let widest = nodes.iter().map(|(_, (x, _))| *x).fold(0.0, f64::max);
        for (node, (x, y)) in nodes {
            drawn[node] = (y, x + beside);
        }
        // Parts that do not hang together stand beside each other.
        beside += widest + 20.0;
    }
    drawn
}

//! Where each box stands.

use std::collections::BTreeMap;

use gantry_model::plan::{NodeIndex, Plan};

use crate::figure::Way;

/// How wide a box is.
pub(super) const WIDTH: f64 = 176.0;
/// How high a box is.
pub(super) const HEIGHT: f64 = 64.0;
/// Between boxes of one layer.
const BESIDE: f64 = 18.0;
/// Between layers.
const BETWEEN: f64 = 52.0;
/// Around everything.
const MARGIN: f64 = 6.0;
/// How wide a picture may be before it grows downwards.
const SHEET: f64 = 980.0;

/// Boxes with their places.
pub(super) struct Placed {
    pub(super) way: Way,
    pub(super) width: f64,
    pub(super) height: f64,
    places: BTreeMap<NodeIndex, (f64, f64)>,
    names: BTreeMap<String, NodeIndex>,
}

impl Placed {
    /// Places all nodes of a plan.
    pub(super) fn of(plan: &Plan) -> Self {
        let layers = ordered(plan);
        let widest = layers.iter().map(Vec::len).max().unwrap_or(0) as f64;
        let count = layers.len() as f64;
        let right = count * (WIDTH + BETWEEN) - BETWEEN;
        let down = widest * (WIDTH + BESIDE) - BESIDE;
        let way = if right <= SHEET || right <= down {
            Way::Right
        } else {
            Way::Down
        };
        let mut places = BTreeMap::new();
        for (layer, nodes) in layers.iter().enumerate() {
            for (row, node) in nodes.iter().enumerate() {
                let centred = row as f64 + (widest - nodes.len() as f64) / 2.0;
                places.insert(*node, corner(way, layer as f64, centred));
            }
        }
        let (width, height) = match way {
            Way::Right => (right, widest * (HEIGHT + BESIDE) - BESIDE),
            Way::Down => (down, count * (HEIGHT + BETWEEN) - BETWEEN),
        };
        let named = (0..).map(NodeIndex).zip(&plan.nodes);
        Self {
            way,
            width: width.max(WIDTH) + 2.0 * MARGIN,
            height: height.max(HEIGHT) + 2.0 * MARGIN,
            places,
            names: named.map(|(at, node)| (node.id.to_string(), at)).collect(),
        }
    }

    /// Gives the upper left corner of a box.
    pub(super) fn at(&self, id: &str) -> Option<(f64, f64)> {
        self.places.get(self.names.get(id)?).copied()
    }

    /// Walks the edges from what is needed to what needs it, by the corners of their boxes.
    pub(super) fn edges<'a>(
        &'a self,
        plan: &'a Plan,
    ) -> impl Iterator<Item = ((f64, f64), (f64, f64))> + 'a {
        let nodes = (0..).map(NodeIndex).zip(&plan.nodes);
        nodes.flat_map(move |(at, node)| {
            node.needs.iter().filter_map(move |need| {
                Some((*self.places.get(&need.node)?, *self.places.get(&at)?))
            })
        })
    }
}

fn corner(way: Way, layer: f64, row: f64) -> (f64, f64) {
    match way {
        Way::Right => (
            MARGIN + layer * (WIDTH + BETWEEN),
            MARGIN + row * (HEIGHT + BESIDE),
        ),
        Way::Down => (
            MARGIN + row * (WIDTH + BESIDE),
            MARGIN + layer * (HEIGHT + BETWEEN),
        ),
    }
}

/// Orders each wave so that edges cross little: four sweeps of barycentres, there and back.
fn ordered(plan: &Plan) -> Vec<Vec<NodeIndex>> {
    let mut layers = plan.waves.clone();
    let mut users: BTreeMap<NodeIndex, Vec<NodeIndex>> = BTreeMap::new();
    for (at, node) in (0..).map(NodeIndex).zip(&plan.nodes) {
        for need in &node.needs {
            users.entry(need.node).or_default().push(at);
        }
    }
    let needs = |node: &NodeIndex| -> Vec<NodeIndex> {
        let planned = plan.nodes.get(node.at());
        let needs = planned.into_iter().flat_map(|planned| &planned.needs);
        needs.map(|need| need.node).collect()
    };
    for _ in 0..4 {
        for layer in 1..layers.len() {
            sort(&mut layers, layer, &needs);
        }
        for layer in (0..layers.len().saturating_sub(1)).rev() {
            sort(&mut layers, layer, &|node: &NodeIndex| {
                users.get(node).cloned().unwrap_or_default()
            });
        }
    }
    layers
}

/// Sorts one layer by the mean place of each node's neighbours; ties keep their order.
fn sort(
    layers: &mut [Vec<NodeIndex>],
    layer: usize,
    neighbours: &dyn Fn(&NodeIndex) -> Vec<NodeIndex>,
) {
    let mut rows: BTreeMap<NodeIndex, f64> = BTreeMap::new();
    for nodes in layers.iter() {
        let middle = nodes.len() as f64 / 2.0;
        rows.extend(
            nodes
                .iter()
                .enumerate()
                .map(|(row, node)| (*node, row as f64 - middle)),
        );
    }
    let Some(nodes) = layers.get_mut(layer) else {
        return;
    };
    let centre = |node: &NodeIndex| {
        let all: Vec<f64> = neighbours(node)
            .iter()
            .filter_map(|n| rows.get(n).copied())
            .collect();
        match all.is_empty() {
            true => rows.get(node).copied().unwrap_or(0.0),
            false => all.iter().sum::<f64>() / all.len() as f64,
        }
    };
    let mut keyed: Vec<(f64, NodeIndex)> = nodes.iter().map(|node| (centre(node), *node)).collect();
    keyed.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    *nodes = keyed.into_iter().map(|(_, node)| node).collect();
}

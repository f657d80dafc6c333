//! The release as a graph: waves as layers, nodes with their state.
//!
//! Boxes and lines stand where the layout of the window puts them. Above a size at which boxes could
//! not be read any more, each wave becomes a bar of how many of its nodes stand how.

mod place;
mod waves;

use std::collections::BTreeMap;

use gantry_layout::picture::PlacedEdge;
use gantry_model::plan::Plan;

use super::{Anchor, Drawing, Figure, Head, Paint, Shape, Way, fitted};
use crate::{
    account::nodes::{Node, NodeState},
    document::{Sources, Table, Text, Tone},
};

/// How many nodes are drawn as boxes.
const READABLE: usize = 60;

/// Draws the graph; `state` says how each node is shown.
pub(crate) fn draw(
    plan: &Plan,
    nodes: &[Node],
    caption: &str,
    state: impl Fn(&Node) -> NodeState,
) -> Figure {
    let drawing = match nodes.len() > READABLE {
        true => waves::draw(nodes, &state),
        false => boxes(plan, nodes, &state),
    };
    let mut numbers = Table::new(&[("Wave>", 1), ("Node", 3), ("State", 2), ("Needs", 4)]);
    for node in nodes {
        let shown = state(node);
        let needs = plan
            .nodes
            .iter()
            .find(|planned| planned.id.as_str() == node.id)
            .into_iter()
            .flat_map(|planned| &planned.needs)
            .filter_map(|need| plan.nodes.get(need.node.at()));
        numbers.row(
            shown.tone(),
            Sources::of(node.entries.map(|(_, last)| last)),
            vec![
                Text::plain((node.wave + 1).to_string()),
                Text::code(&node.id),
                Text::plain(shown.words()),
                Text::codes(needs.map(|needed| &needed.id)),
            ],
        );
    }
    Figure {
        caption: caption.to_owned(),
        words: counted(nodes, &state),
        numbers,
        drawing,
    }
}

/// Says how many nodes stand how.
pub(crate) fn counted(nodes: &[Node], state: &impl Fn(&Node) -> NodeState) -> String {
    let mut counts = std::collections::BTreeMap::<NodeState, usize>::new();
    for node in nodes {
        *counts.entry(state(node)).or_default() += 1;
    }
    let parts: Vec<String> = counts
        .iter()
        .map(|(state, count)| format!("{count} {}", state.words()))
        .collect();
    let noun = if nodes.len() == 1 { "node" } else { "nodes" };
    format!("{} {noun}: {}.", nodes.len(), parts.join(", "))
}

fn boxes(plan: &Plan, nodes: &[Node], state: &impl Fn(&Node) -> NodeState) -> Drawing {
    let (picture, way) = place::placed(plan);
    let mut drawing = Drawing {
        width: picture.width,
        height: picture.height,
        shapes: Vec::new(),
    };
    for edge in &picture.edges {
        line(&mut drawing, edge, way);
    }
    let places: BTreeMap<&str, (f64, f64)> = picture
        .nodes
        .iter()
        .map(|placed| (placed.id.as_str(), (placed.x, placed.y)))
        .collect();
    for node in nodes {
        if let Some(at) = places.get(node.id.as_str()) {
            node_box(&mut drawing, *at, node, state(node));
        }
    }
    drawing
}

/// Draws a line piece by piece: level beside boxes, and in a curve between them.
fn line(drawing: &mut Drawing, edge: &PlacedEdge, way: Way) {
    let paint = match edge.critical {
        true => Paint::Ink,
        false => Paint::Soft,
    };
    let last = edge.points.len().saturating_sub(2);
    for (at, piece) in edge.points.windows(2).enumerate() {
        let [from, to] = piece else {
            continue;
        };
        let head = if at == last { Head::Arrow } else { Head::None };
        drawing.shapes.push(Shape::Edge {
            from: *from,
            to: *to,
            way,
            paint,
            head,
        });
    }
}

fn node_box(drawing: &mut Drawing, (x, y): (f64, f64), node: &Node, state: NodeState) {
    let tone = state.tone();
    drawing.shapes.push(Shape::Box {
        x,
        y,
        width: place::WIDTH,
        height: place::HEIGHT,
        radius: 6.0,
        paint: Paint::Area(tone),
    });
    drawing.label(
        (x + 12.0, y + 20.0),
        (Anchor::Start, 13.0, Paint::Ink),
        fitted(&node.id, 20),
    );
    drawing.label(
        (x + 12.0, y + 36.0),
        (Anchor::Start, 10.5, Paint::Soft),
        fitted(&change(node), 26),
    );
    drawing.label(
        (x + 12.0, y + 53.0),
        (Anchor::Start, 11.0, Paint::Stroke(tone)),
        format!("{} {}", mark(tone), state.words()),
    );
}

fn mark(tone: Tone) -> &'static str {
    tone.mark()
}

fn change(node: &Node) -> String {
    match (&node.from, &node.to) {
        (Some(from), Some(to)) => format!("{from} → {to} · {}", node.strategy),
        (None, Some(to)) => format!("{to} · {}", node.strategy),
        (_, None) => format!("{} · {}", node.kind, node.strategy),
    }
}

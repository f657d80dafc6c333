//! A large release: a bar for each wave, of how many of its nodes stand how.

use std::collections::BTreeMap;

use crate::{
    account::nodes::{Node, NodeState},
    figure::{Anchor, Drawing, Paint, Shape},
};

/// How many waves get a bar of their own.
const BARS: usize = 60;
const BAR: f64 = 22.0;
const LEFT: f64 = 90.0;
const LENGTH: f64 = 760.0;

/// Draws the bars.
pub(super) fn draw(nodes: &[Node], state: &impl Fn(&Node) -> NodeState) -> Drawing {
    let mut waves: BTreeMap<u32, BTreeMap<NodeState, usize>> = BTreeMap::new();
    for node in nodes {
        let wave = waves.entry(node.wave).or_default();
        *wave.entry(state(node)).or_default() += 1;
    }
    let largest = waves.values().map(|wave| wave.values().sum()).max();
    let largest: usize = largest.unwrap_or(1);
    let rows = waves.len().min(BARS);
    let mut drawing = Drawing {
        width: LEFT + LENGTH + 90.0,
        height: rows as f64 * (BAR + 8.0) + 30.0,
        shapes: Vec::new(),
    };
    for (row, (wave, states)) in waves.iter().take(BARS).enumerate() {
        let y = row as f64 * (BAR + 8.0) + 4.0;
        drawing.label(
            (LEFT - 10.0, y + 15.0),
            (Anchor::End, 11.0, Paint::Soft),
            format!("wave {}", wave + 1),
        );
        bar(&mut drawing, y, states, largest);
    }
    if waves.len() > BARS {
        let y = rows as f64 * (BAR + 8.0) + 18.0;
        let more = format!("and {} waves more, in the table", waves.len() - BARS);
        drawing.label((LEFT, y), (Anchor::Start, 11.0, Paint::Soft), more);
    }
    drawing
}

fn bar(drawing: &mut Drawing, y: f64, states: &BTreeMap<NodeState, usize>, largest: usize) {
    let mut x = LEFT;
    for (state, count) in states {
        let width = LENGTH * *count as f64 / largest as f64;
        drawing.shapes.push(Shape::Box {
            x,
            y,
            width,
            height: BAR,
            radius: 2.0,
            paint: Paint::Area(state.tone()),
        });
        let words = format!("{} {count} {}", state.tone().mark(), state.words());
        if width > words.chars().count() as f64 * 6.5 {
            let paint = Paint::Stroke(state.tone());
            drawing.label((x + 6.0, y + 15.0), (Anchor::Start, 10.5, paint), words);
        }
        x += width;
    }
    let total: usize = states.values().sum();
    drawing.label(
        (x + 8.0, y + 15.0),
        (Anchor::Start, 11.0, Paint::Ink),
        total.to_string(),
    );
}

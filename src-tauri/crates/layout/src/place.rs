//! Where in its column each vertex stands: in order, without touching, as straight as can be.
//!
//! Each column in turn wants its vertices where their neighbours are; the nearest places that keep
//! the order and the distances are a regression with bounds, which the pooling of neighbours that
//! would overlap solves exactly. The critical path is bound to the top.

use crate::{
    graph::Graph,
    layers::{Course, Layers},
    picture::{Measure, Way},
};

/// How far a line keeps from a box, and from another line.
const LINE: f64 = 14.0;
/// How often all columns are looked at, there and back.
const ROUNDS: usize = 6;
/// How much harder a vertex stays where it was than its neighbours pull.
const KEPT: f64 = 1_000.0;

/// Gives the middle of each vertex across its column, from 0 at the middle of the upper row.
pub(crate) fn rows(layers: &Layers, graph: &Graph, measure: &Measure) -> Vec<f64> {
    let mut rows = packed(layers, measure);
    let kept = kept(layers, graph, measure);
    if graph.is_beside_another() {
        for (vertex, row) in kept.iter().enumerate() {
            rows[vertex] = row.unwrap_or(rows[vertex]);
        }
    }
    let last = layers.columns.len();
    for round in 0..ROUNDS {
        let sides = if round + 1 < ROUNDS {
            Sides::One
        } else {
            Sides::Both
        };
        for at in 0..last {
            settle(layers, (measure, &kept), at, (Look::Left, sides), &mut rows);
        }
        for at in (0..last).rev() {
            settle(
                layers,
                (measure, &kept),
                at,
                (Look::Right, sides),
                &mut rows,
            );
        }
    }
    let least = rows.iter().copied().fold(0.0, f64::min);
    rows.iter().map(|row| (row - least).round()).collect()
}

/// Gives where each vertex would like to be: where it was, or where its neighbours were.
pub(crate) fn wishes(layers: &Layers, kept: &[Option<f64>]) -> Vec<f64> {
    let mut wishes = kept.to_vec();
    // Twice, because what is new may hang on what is new.
    for _ in 0..2 {
        for column in &layers.columns {
            for vertex in column {
                if wishes[*vertex as usize].is_none() {
                    let around = layers
                        .left
                        .get(*vertex)
                        .iter()
                        .chain(layers.right.get(*vertex));
                    let known: Vec<f64> =
                        around.filter_map(|next| wishes[*next as usize]).collect();
                    let mean = known.iter().sum::<f64>() / known.len().max(1) as f64;
                    wishes[*vertex as usize] = (!known.is_empty()).then_some(mean);
                }
            }
        }
    }
    // What hangs on nothing goes to the end.
    wishes
        .into_iter()
        .map(|wish| wish.unwrap_or(f64::MAX))
        .collect()
}

/// Where the vertices were: nodes by their boxes, bends by the lines that went through their column.
pub(crate) fn kept(layers: &Layers, graph: &Graph, measure: &Measure) -> Vec<Option<f64>> {
    let half = extent(measure) / 2.0;
    let mut kept = vec![None; layers.count()];
    for (node, place) in &graph.before {
        kept[*node as usize] = Some(turned(measure, (place.x, place.y)).1 - measure.margin);
    }
    for (edge, course) in graph.edges.iter().zip(&layers.courses) {
        let (Some(line), Course::Through(bends)) = (graph.lines.get(edge), course) else {
            continue;
        };
        for bend in bends.clone() {
            let across = crossing(measure, line, layers.column[bend as usize]);
            kept[bend as usize] = across.map(|across| across - measure.margin - half);
        }
    }
    kept
}

/// Where a line goes through the middle of a column.
fn crossing(measure: &Measure, line: &[(f64, f64)], column: u32) -> Option<f64> {
    let (start, end) = span(measure, column);
    let along = (start + end) / 2.0;
    line.windows(2).find_map(|piece| {
        let [one, two] = piece else {
            return None;
        };
        let (one, two) = (turned(measure, *one), turned(measure, *two));
        let share = (along - one.0) / (two.0 - one.0);
        (0.0..=1.0)
            .contains(&share)
            .then_some(one.1 + share * (two.1 - one.1))
    })
}

/// Where a column begins and ends along the way.
pub(crate) fn span(measure: &Measure, column: u32) -> (f64, f64) {
    let length = turned(measure, (measure.width, measure.height)).0;
    let start = measure.margin + f64::from(column) * (length + measure.between);
    (start, start + length)
}

/// Turns a point of the sheet to (along, across) the way, and back.
pub(crate) fn turned(measure: &Measure, (x, y): (f64, f64)) -> (f64, f64) {
    match measure.way {
        Way::Right => (x, y),
        Way::Down => (y, x),
    }
}

#[derive(Clone, Copy)]
enum Look {
    Left,
    Right,
}

#[derive(Clone, Copy, PartialEq)]
enum Sides {
    One,
    Both,
}

/// The extent of a box across the columns.
pub(crate) fn extent(measure: &Measure) -> f64 {
    turned(measure, (measure.width, measure.height)).1
}

/// The least distance between the middles of two vertices that follow each other.
fn distance(layers: &Layers, measure: &Measure, upper: u32, lower: u32) -> f64 {
    let half = extent(measure) / 2.0;
    match (layers.is_bend(upper), layers.is_bend(lower)) {
        (false, false) => 2.0 * half + measure.beside,
        (true, true) => LINE,
        (true, false) | (false, true) => half + LINE,
    }
}

/// Puts every column together from the top.
fn packed(layers: &Layers, measure: &Measure) -> Vec<f64> {
    let mut rows = vec![0.0; layers.count()];
    for column in &layers.columns {
        let mut row = 0.0;
        let mut above: Option<u32> = None;
        for vertex in column {
            row += above.map_or(0.0, |above| distance(layers, measure, above, *vertex));
            rows[*vertex as usize] = row;
            above = Some(*vertex);
        }
    }
    rows
}

/// Some vertices that touch, as one: the sum of their wishes and of the weights.
struct Pool {
    wish: f64,
    weight: f64,
    size: usize,
}

impl Pool {
    fn mean(&self) -> f64 {
        self.wish / self.weight
    }
}

/// Moves the vertices of one column to the nearest places that they can have.
fn settle(
    layers: &Layers,
    (measure, kept): (&Measure, &[Option<f64>]),
    at: usize,
    look: (Look, Sides),
    rows: &mut [f64],
) {
    let column = &layers.columns[at];
    let mut pools: Vec<Pool> = Vec::with_capacity(column.len());
    let mut offsets = Vec::with_capacity(column.len());
    let mut offset = 0.0;
    let mut above: Option<u32> = None;
    for vertex in column {
        offset += above.map_or(0.0, |above| distance(layers, measure, above, *vertex));
        above = Some(*vertex);
        offsets.push(offset);
        let kept = kept.get(*vertex as usize).copied().flatten();
        let (wish, weight) = wish(layers, *vertex, look, (rows, kept));
        let wish = wish - offset;
        pools.push(Pool {
            wish: wish * weight,
            weight,
            size: 1,
        });
        while let [.., upper, lower] = pools.as_mut_slice()
            && upper.mean() > lower.mean()
        {
            upper.wish += lower.wish;
            upper.weight += lower.weight;
            upper.size += lower.size;
            pools.pop();
        }
    }
    let places = pools
        .iter()
        .flat_map(|pool| std::iter::repeat_n(pool.mean().max(0.0), pool.size));
    for ((vertex, offset), place) in column.iter().zip(offsets).zip(places) {
        rows[*vertex as usize] = place + offset;
    }
}

/// Where one vertex would like to be and how much: at the top, where it was, or at its neighbours.
fn wish(
    layers: &Layers,
    vertex: u32,
    (look, sides): (Look, Sides),
    (rows, kept): (&[f64], Option<f64>),
) -> (f64, f64) {
    if layers.top[vertex as usize] {
        return (0.0, KEPT * KEPT);
    }
    if let Some(row) = kept {
        return (row, KEPT);
    }
    let (left, right) = (layers.left.get(vertex), layers.right.get(vertex));
    let (first, second) = match look {
        Look::Left => (left, right),
        Look::Right => (right, left),
    };
    let second = if sides == Sides::Both || first.is_empty() {
        second
    } else {
        &[]
    };
    let (mut sum, mut weight) = (0.0, 0.0);
    for next in first.iter().chain(second) {
        let link = match (layers.is_bend(vertex), layers.is_bend(*next)) {
            (true, true) => 8.0,
            (true, false) | (false, true) => 2.0,
            (false, false) => 1.0,
        };
        sum += link * rows[*next as usize];
        weight += link;
    }
    if weight > 0.0 {
        (sum / weight, weight)
    } else {
        // Nothing pulls it: it stays, and gives way.
        (rows[vertex as usize], 0.1)
    }
}

//! Row 18: how quickly graphs are drawn and how often their lines cross, beside the two best crates.
//!
//! Crossings are those of straight lines between the middles of boxes, because one of the crates
//! says no more of its lines. Ours are also counted with the critical path laid at the top, and
//! theirs with the same nodes moved there: what a straight path costs is nobody's merit.

mod peers;
mod shape;

use std::time::Instant;

use gantry_layout::{draw, graph::Graph, picture::Measure};

use shape::{Drawn, Shape};

const ROUNDS: usize = 5;
/// Above so many nodes the slow one of the crates is left out and crossings are not counted.
const COUNTED: usize = 1_000;

#[expect(clippy::print_stdout, reason = "a bench prints what it measured")]
fn main() {
    println!(
        "| nodes, edges | who | ms, median [least] ({ROUNDS}) | crossings | x best crate | path at the top | x best crate |"
    );
    println!("|---|---|---|---|---|---|---|");
    for count in [50, 200, 1_000, 5_000] {
        let shape = Shape::layered(count);
        let mut rows = measure(&shape);
        let best = |pick: fn(&Row) -> Option<u64>| {
            let of_crates = rows.iter().filter(|row| row.name != OURS);
            of_crates.filter_map(pick).min()
        };
        let (best, best_at_top) = (best(|row| row.crossings), best(|row| row.at_top));
        rows.sort_by_key(|row| row.name != OURS);
        for row in &rows {
            println!(
                "| {count}, {} | {} | {:.2} [{:.2}] | {} | {} | {} | {} |",
                shape.edges.len(),
                row.name,
                row.median,
                row.least,
                number(row.crossings),
                ratio(row.crossings, best),
                number(row.at_top),
                ratio(row.at_top, best_at_top),
            );
        }
    }
}

const OURS: &str = "gantry-layout";

/// What came of one of those who take turns.
struct Row {
    name: &'static str,
    median: f64,
    least: f64,
    crossings: Option<u64>,
    at_top: Option<u64>,
}

/// One who takes turns.
type Contestant = (&'static str, fn(&Shape) -> Drawn);

/// Lets everybody draw once a round.
fn measure(shape: &Shape) -> Vec<Row> {
    let mut all: Vec<Contestant> = vec![
        (OURS, ours),
        ("ascii-dag", peers::ascii_dag),
        ("rust-sugiyama, transpose off", peers::sugiyama_quick),
    ];
    if shape.count <= COUNTED {
        all.push(("rust-sugiyama", peers::sugiyama));
    }
    let mut spent = vec![Vec::new(); all.len()];
    let mut drawn = Vec::new();
    for _ in 0..ROUNDS {
        drawn.clear();
        for ((_, draw), spent) in all.iter().zip(&mut spent) {
            let start = Instant::now();
            drawn.push(std::hint::black_box(draw(shape)));
            spent.push(start.elapsed().as_secs_f64() * 1e3);
        }
    }
    let rows = all.into_iter().zip(spent).zip(drawn);
    let rows = rows.map(|(((name, _), mut spent), drawn)| {
        spent.sort_by(f64::total_cmp);
        let counted = shape.count <= COUNTED;
        let at_top = || match name {
            OURS => shape.crossings(&ours_at_top(shape)),
            _ => shape.crossings(&shape.with_path_at_top(&drawn)),
        };
        Row {
            name,
            median: spent[spent.len() / 2],
            least: spent[0],
            crossings: counted.then(|| shape.crossings(&drawn)),
            at_top: counted.then(at_top),
        }
    });
    rows.collect()
}

fn ours(shape: &Shape) -> Drawn {
    drawn(
        shape,
        Graph::new(shape.names(), shape.edges.iter().copied()),
    )
}

fn ours_at_top(shape: &Shape) -> Drawn {
    let graph = Graph::new(shape.names(), shape.edges.iter().copied());
    drawn(shape, graph.with_critical(shape.path()))
}

fn drawn(shape: &Shape, graph: Graph) -> Drawn {
    let picture = draw(&graph, &Measure::default());
    let middles = picture.nodes.iter().map(|node| (node.x, node.y));
    let middles: Drawn = middles.collect();
    assert_eq!(middles.len(), shape.count);
    middles
}

fn number(number: Option<u64>) -> String {
    number.map_or_else(|| "-".to_owned(), |number| number.to_string())
}

fn ratio(number: Option<u64>, base: Option<u64>) -> String {
    let ratio = number
        .zip(base)
        .map(|(number, base)| number as f64 / base as f64);
    ratio.map_or_else(|| "-".to_owned(), |ratio| format!("{ratio:.2}"))
}

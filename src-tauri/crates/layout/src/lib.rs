//! Where the nodes and edges of a release stand in a picture; pure.
//!
//! [`draw`] is the whole of it: a [`graph::Graph`] becomes a [`picture::Picture`] for window, SVG and
//! reports alike. Columns are waves, the critical path is a straight line at the top, and edges keep
//! off the boxes. The same graph always gives the same picture, and a picture that was drawn before
//! ([`graph::Graph::beside`]) keeps its nodes where they were.
//!
//! How: `layers` puts a bend into every column that an edge passes, `start` gives first orders,
//! `sweep` untangles them, `place` finds the rows and `route` the lines. Edges that are too long for
//! bends of their own, and those of a cycle, go round below everything. Why no crate does it is told
//! in `docs/decisions`.

pub mod graph;
pub mod picture;

mod layers;
mod lists;
mod place;
mod route;
mod start;
mod sweep;

use graph::Graph;
use layers::Layers;
use picture::{Measure, Picture};

/// Draws a graph.
pub fn draw(graph: &Graph, measure: &Measure) -> Picture {
    let mut layers = Layers::of(graph);
    if graph.is_beside_another() {
        sweep::keep(&mut layers, graph, measure);
    } else {
        let starts = start::orders(&layers);
        sweep::untangle(&mut layers, starts);
    }
    let rows = place::rows(&layers, graph, measure);
    route::picture(graph, &layers, &rows, measure)
}

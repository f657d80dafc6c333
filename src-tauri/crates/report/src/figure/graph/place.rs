//! Where each box stands.

use gantry_layout::{
    draw,
    graph::Graph,
    picture::{Measure, Picture, Way as Grows},
};
use gantry_model::plan::Plan;

use crate::figure::Way;

/// How wide a box is.
pub(super) const WIDTH: f64 = 176.0;
/// How high a box is.
pub(super) const HEIGHT: f64 = 64.0;
/// How wide a picture may be before it grows downwards.
const SHEET: f64 = 980.0;

/// Places all nodes of a plan, to the right as long as the sheet is wide enough.
pub(super) fn placed(plan: &Plan) -> (Picture, Way) {
    let graph = Graph::of(plan);
    let right = draw(&graph, &measure(Grows::Right));
    if right.width <= SHEET {
        return (right, Way::Right);
    }
    let down = draw(&graph, &measure(Grows::Down));
    if right.width <= down.width {
        (right, Way::Right)
    } else {
        (down, Way::Down)
    }
}

fn measure(way: Grows) -> Measure {
    Measure {
        width: WIDTH,
        height: HEIGHT,
        between: 52.0,
        beside: 18.0,
        margin: 6.0,
        way,
    }
}

//! What comes out: boxes and lines, in pixels, from the top left.

use serde::{Deserialize, Serialize};

/// How large boxes are and how much room is between them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measure {
    /// How wide a box is.
    pub width: f64,
    /// How high a box is.
    pub height: f64,
    /// Between the boxes of two waves.
    pub between: f64,
    /// Between boxes of one wave.
    pub beside: f64,
    /// Around everything.
    pub margin: f64,
    /// Where the waves follow each other.
    pub way: Way,
}

/// The direction in which a graph grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// To the right: waves are columns.
    Right,
    /// Down: waves are rows.
    Down,
}

impl Default for Measure {
    /// The boxes of the window's editor.
    fn default() -> Self {
        Self {
            width: 142.0,
            height: 104.0,
            between: 48.0,
            beside: 40.0,
            margin: 16.0,
            way: Way::Right,
        }
    }
}

/// A graph as it is drawn.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Picture {
    /// How wide it is.
    pub width: f64,
    /// How high it is.
    pub height: f64,
    /// The boxes, in the order of the graph's nodes.
    pub nodes: Vec<PlacedNode>,
    /// The lines, each from what is needed to what needs it.
    pub edges: Vec<PlacedEdge>,
}

/// One box.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlacedNode {
    /// Which node.
    pub id: String,
    /// Its left edge.
    pub x: f64,
    /// Its upper edge.
    pub y: f64,
    /// How wide it is.
    pub width: f64,
    /// How high it is.
    pub height: f64,
    /// Its wave, from 0.
    pub wave: u32,
}

/// One line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlacedEdge {
    /// What is needed.
    pub from: String,
    /// What needs it.
    pub to: String,
    /// Where it goes: it leaves the first point, bends at those between and ends at the last.
    pub points: Vec<(f64, f64)>,
    /// Whether it is part of the critical path.
    pub critical: bool,
}

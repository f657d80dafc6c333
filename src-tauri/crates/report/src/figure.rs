//! Pictures as shapes; a renderer makes vectors of them.

pub mod chart;
pub mod graph;

use crate::document::{Table, Tone};

/// A picture, what stands under it, and the same in words for whoever cannot see it.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// What it shows.
    pub caption: String,
    /// What it says, in a sentence or two.
    pub words: String,
    /// The numbers behind it, for renderers without pictures.
    pub numbers: Table,
    /// The picture.
    pub drawing: Drawing,
}

/// Shapes on a sheet; the unit is the pixel of a screen, y goes down.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drawing {
    /// How wide it is.
    pub width: f64,
    /// How high it is.
    pub height: f64,
    /// What is on it, the lowest first.
    pub shapes: Vec<Shape>,
}

/// One shape.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// A box with round corners.
    Box {
        /// Left edge.
        x: f64,
        /// Upper edge.
        y: f64,
        /// Width.
        width: f64,
        /// Height.
        height: f64,
        /// How far the corners are round.
        radius: f64,
        /// Its colours.
        paint: Paint,
    },
    /// A line through points.
    Line {
        /// The points.
        points: Vec<(f64, f64)>,
        /// Its colour and manner.
        paint: Paint,
        /// Whether an arrow is at its end.
        head: Head,
    },
    /// A smooth edge from one point to another, leaving and arriving along an axis.
    Edge {
        /// From where.
        from: (f64, f64),
        /// To where.
        to: (f64, f64),
        /// Whether it leaves to the right, or down.
        way: Way,
        /// Its colour and manner.
        paint: Paint,
        /// Whether an arrow is at its end.
        head: Head,
    },
    /// A dot.
    Dot {
        /// Its middle.
        at: (f64, f64),
        /// How large it is.
        radius: f64,
        /// Its colour.
        paint: Paint,
    },
    /// Words.
    Label {
        /// Where they stand, on their base line.
        at: (f64, f64),
        /// Which end of them is there.
        anchor: Anchor,
        /// How large they are.
        size: f64,
        /// Their colour.
        paint: Paint,
        /// The words.
        text: String,
    },
}

/// Whether a line has an arrow at its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Head {
    /// It ends.
    None,
    /// It points.
    Arrow,
}

/// The direction in which a graph grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// To the right.
    Right,
    /// Down.
    Down,
}

/// Which end of words is at their place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// Their beginning.
    Start,
    /// Their middle.
    Middle,
    /// Their end.
    End,
}

/// Colours and manners; what they look like is the renderer's business.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paint {
    /// Words.
    Ink,
    /// Words of less weight.
    Soft,
    /// Thin lines behind everything.
    Grid,
    /// A surface.
    Surface,
    /// The new version.
    New,
    /// The old version.
    Old,
    /// A limit.
    Limit,
    /// A moment that is marked.
    Mark,
    /// The surface of something that stands so.
    Area(Tone),
    /// The line of something that stands so.
    Stroke(Tone),
}

impl Drawing {
    /// Adds words.
    pub(crate) fn label(
        &mut self,
        at: (f64, f64),
        (anchor, size, paint): (Anchor, f64, Paint),
        text: impl Into<String>,
    ) {
        self.shapes.push(Shape::Label {
            at,
            anchor,
            size,
            paint,
            text: text.into(),
        });
    }

    /// Adds a line.
    pub(crate) fn line(&mut self, points: Vec<(f64, f64)>, paint: Paint) {
        self.shapes.push(Shape::Line {
            points,
            paint,
            head: Head::None,
        });
    }
}

/// Cuts words that would be too wide, and says so with an ellipsis.
pub(crate) fn fitted(text: &str, columns: usize) -> String {
    let wide = |letter: char| if (letter as u32) >= 0x1100 { 2 } else { 1 };
    if text.chars().map(wide).sum::<usize>() <= columns {
        return text.to_owned();
    }
    let mut left = columns.saturating_sub(1);
    let mut cut = String::new();
    for letter in text.chars() {
        let Some(rest) = left.checked_sub(wide(letter)) else {
            break;
        };
        left = rest;
        cut.push(letter);
    }
    cut + "…"
}

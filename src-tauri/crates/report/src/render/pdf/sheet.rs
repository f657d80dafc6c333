//! Pages with what stands on them.

use std::ops::Range;

use super::type_setting::{Ink, Set};

/// The width of a page: A4, in points.
pub(super) const WIDTH: f32 = 595.0;
/// Its height.
pub(super) const HEIGHT: f32 = 842.0;
/// Left and right of the text.
pub(super) const SIDE: f32 = 46.0;
/// Above the text.
pub(super) const TOP: f32 = 50.0;
/// Below the text, where the page's number stands.
pub(super) const BOTTOM: f32 = 54.0;
/// The width of the text.
pub(super) const TEXT: f32 = WIDTH - 2.0 * SIDE;
/// The height of the text.
pub(super) const COLUMN: f32 = HEIGHT - TOP - BOTTOM;

/// Something on a page; y is counted from the top.
pub(super) enum Mark {
    /// Some lines of words, the first of them at the place.
    Words {
        set: Set,
        lines: Range<usize>,
        x: f32,
        y: f32,
    },
    /// A filled shape, with a line around it or without.
    Area {
        x: f32,
        y: f32,
        width: f32,
        height: f32,
        radius: f32,
        fill: Ink,
        edge: Option<(Ink, Dash)>,
    },
    /// A line.
    Line {
        points: Vec<(f32, f32)>,
        ink: Ink,
        width: f32,
        dash: Dash,
    },
    /// A curve with two points that bend it.
    Curve {
        from: (f32, f32),
        bend: [(f32, f32); 2],
        to: (f32, f32),
        ink: Ink,
    },
    /// A filled polygon.
    Polygon { points: Vec<(f32, f32)>, ink: Ink },
}

/// What words on a page are to who listens to them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Role {
    /// The title of the whole.
    Title,
    /// The title of a section.
    Heading,
    /// Words in the order in which they stand.
    #[default]
    Words,
    /// A cell of a table; row 0 is its head.
    Cell {
        table: usize,
        row: usize,
        column: usize,
    },
    /// Not read out: page numbers, heads that are repeated, and the words in a picture, which its
    /// caption and its table say as well.
    Silent,
}

/// Whether a line is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dash {
    Solid,
    Broken,
    Dotted,
}

/// Where a bookmark leads.
pub(super) struct Bookmark {
    pub(super) title: String,
    pub(super) page: usize,
    pub(super) y: f32,
}

/// All pages, and how far the last one is filled.
#[derive(Default)]
pub(super) struct Sheets {
    pub(super) pages: Vec<Vec<(Role, Mark)>>,
    pub(super) bookmarks: Vec<Bookmark>,
    role: Role,
    tables: usize,
    filled: f32,
}

impl Sheets {
    /// Begins the first page.
    pub(super) fn new() -> Self {
        Self {
            pages: vec![Vec::new()],
            ..Self::default()
        }
    }

    /// Says what the words are that are put from now on.
    pub(super) fn speak(&mut self, role: Role) {
        self.role = role;
    }

    /// Gives the number of a table that begins.
    pub(super) fn begin_table(&mut self) -> usize {
        self.tables += 1;
        self.tables
    }

    /// Gives how much room is left on the page.
    pub(super) fn room(&self) -> f32 {
        COLUMN - self.filled
    }

    /// Gives where the next thing stands.
    pub(super) fn y(&self) -> f32 {
        TOP + self.filled
    }

    /// Whether nothing stands on the page yet.
    pub(super) fn is_fresh(&self) -> bool {
        self.filled == 0.0
    }

    /// Goes down; space at the top of a page is saved.
    pub(super) fn space(&mut self, height: f32) {
        if !self.is_fresh() {
            self.filled += height;
        }
    }

    /// Takes room that was drawn on.
    pub(super) fn take(&mut self, height: f32) {
        self.filled += height;
    }

    /// Turns the page, unless it is fresh.
    pub(super) fn turn(&mut self) {
        if !self.is_fresh() {
            self.pages.push(Vec::new());
            self.filled = 0.0;
        }
    }

    /// Turns the page if there is less room than this.
    pub(super) fn need(&mut self, height: f32) {
        if self.room() < height {
            self.turn();
        }
    }

    /// Puts something on the page.
    pub(super) fn put(&mut self, mark: Mark) {
        if let Some(page) = self.pages.last_mut() {
            page.push((self.role, mark));
        }
    }

    /// Remembers a place for the bookmarks.
    pub(super) fn bookmark(&mut self, title: &str) {
        self.bookmarks.push(Bookmark {
            title: title.to_owned(),
            page: self.pages.len() - 1,
            y: self.y(),
        });
    }
}

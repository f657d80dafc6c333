//! The text of a file and the places in it.

use std::ops::Range;

use serde::Serialize;

/// A place in a file as editors count: lines and columns from 1, in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Place {
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1, in characters.
    pub column: u32,
    /// How many characters of that line are meant; at least 1.
    pub length: u32,
}

/// A stretch of text in bytes; half the size of a `Range<usize>`, because every value carries one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Extent {
    /// The first byte.
    pub start: u32,
    /// The byte behind the last.
    pub end: u32,
}

impl Extent {
    /// Builds an extent from offsets; offsets beyond 4 GiB cannot occur below the size limit.
    pub fn new(start: usize, end: usize) -> Self {
        let narrow = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Self {
            start: narrow(start),
            end: narrow(end.max(start)),
        }
    }

    /// Tells whether nothing is meant, as with a key that has no value.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }
}

/// A file's name and text, with an index of its lines.
#[derive(Debug)]
pub struct Source {
    name: Box<str>,
    text: Box<str>,
    line_starts: Vec<usize>,
}

impl Source {
    /// Indexes a text.
    pub fn new(name: &str, text: &str) -> Self {
        let bytes = text.as_bytes();
        let breaks = bytes.iter().enumerate().filter(|(at, byte)| match byte {
            b'\n' => true,
            // An old Macintosh line end is one to YAML too; before a line feed it is half of one.
            b'\r' => bytes.get(at + 1) != Some(&b'\n'),
            _ => false,
        });
        let line_starts = std::iter::once(0)
            .chain(breaks.map(|(at, _)| at + 1))
            .collect();
        Self {
            name: name.into(),
            text: text.into(),
            line_starts,
        }
    }

    /// Gives the whole text.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Gives the name of the file.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Finds where an extent begins and how much of its first line it covers.
    pub fn place(&self, extent: Extent) -> Place {
        let start = self.boundary(extent.start as usize);
        let index = self.line_index(start);
        let line = self.line_range(index);
        let end = self.boundary(extent.end as usize).min(line.end).max(start);
        let count = |range: Range<usize>| self.text.get(range).map_or(0, |t| t.chars().count());
        let narrow = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Place {
            line: narrow(index + 1),
            column: narrow(count(line.start..start) + 1),
            length: narrow(count(start..end).max(1)),
        }
    }

    /// Gives the line on which an extent begins, and the part of the extent that lies in it.
    pub(crate) fn first_line(&self, extent: Extent) -> Line<'_> {
        let start = self.boundary(extent.start as usize);
        let index = self.line_index(start);
        let range = self.line_range(index);
        let end = self.boundary(extent.end as usize);
        Line {
            number: index + 1,
            text: self.text.get(range.clone()).unwrap_or_default(),
            marked: start.min(range.end) - range.start
                ..end.clamp(start.min(range.end), range.end) - range.start,
        }
    }

    fn line_index(&self, offset: usize) -> usize {
        self.line_starts.partition_point(|start| *start <= offset) - 1
    }

    /// Gives a line's bytes without its end.
    fn line_range(&self, index: usize) -> Range<usize> {
        let start = self.line_starts.get(index).copied().unwrap_or(0);
        let next = self.line_starts.get(index + 1).copied();
        let end = next.unwrap_or(self.text.len());
        let line = self.text.get(start..end).unwrap_or_default();
        start..start + line.trim_end_matches(['\n', '\r']).len()
    }

    /// Moves an offset back to the beginning of its character and into the text.
    fn boundary(&self, offset: usize) -> usize {
        let offset = offset.min(self.text.len());
        (0..=offset)
            .rev()
            .find(|at| self.text.is_char_boundary(*at))
            .unwrap_or(0)
    }
}

/// One line of a source, for showing it.
pub(crate) struct Line<'a> {
    /// Its number, from 1.
    pub(crate) number: usize,
    /// Its text without the line end.
    pub(crate) text: &'a str,
    /// What of it is meant, in bytes of `text`.
    pub(crate) marked: Range<usize>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_characters_and_every_kind_of_line_end() {
        let source = Source::new("f", "ä: 1\r\nb: ü2\rc\n");
        let place = |start, end| source.place(Extent::new(start, end));
        assert_eq!(
            place(4, 5),
            Place {
                line: 1,
                column: 4,
                length: 1
            }
        );
        assert_eq!(
            place(10, 13),
            Place {
                line: 2,
                column: 4,
                length: 2
            }
        );
        assert_eq!(
            place(14, 99),
            Place {
                line: 3,
                column: 1,
                length: 1
            }
        );
        assert_eq!(
            place(99, 99),
            Place {
                line: 4,
                column: 1,
                length: 1
            }
        );
    }

    #[test]
    fn an_extent_over_several_lines_is_shown_by_its_first() {
        let source = Source::new("f", "a:\n  b: 1\n  c: 2\n");
        assert_eq!(
            source.place(Extent::new(5, 17)),
            Place {
                line: 2,
                column: 3,
                length: 4
            }
        );
    }
}

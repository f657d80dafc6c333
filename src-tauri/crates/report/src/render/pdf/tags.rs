//! What pages are to who listens to them: title, headings, words and tables, in their order.

use std::{collections::BTreeMap, num::NonZeroU16};

use krilla::tagging::{Identifier, TableHeaderScope, Tag, TagGroup, TagTree};

use super::sheet::Role;

/// The tags on their way; marks come in the order in which they are read.
#[derive(Default)]
pub(super) struct Tags {
    parts: Vec<Part>,
}

enum Part {
    Words(Role, Identifier),
    Table(usize, Rows),
}

type Rows = BTreeMap<usize, BTreeMap<usize, Vec<Identifier>>>;

impl Tags {
    /// Takes a piece of a page.
    pub(super) fn add(&mut self, role: Role, place: Identifier) {
        let Role::Cell { table, row, column } = role else {
            self.parts.push(Part::Words(role, place));
            return;
        };
        // A cell that goes on over the page is one cell.
        match self.parts.last_mut() {
            Some(Part::Table(number, rows)) if *number == table => cell(rows, row, column, place),
            Some(_) | None => {
                let mut rows = Rows::new();
                cell(&mut rows, row, column, place);
                self.parts.push(Part::Table(table, rows));
            }
        }
    }

    /// Gives the tree of all of it.
    pub(super) fn tree(self) -> TagTree {
        let mut tree = TagTree::new().with_lang(Some("en".to_owned()));
        for part in self.parts {
            tree.push(match part {
                Part::Words(role, place) => words(role, place),
                Part::Table(_, rows) => table(rows),
            });
        }
        tree
    }
}

fn cell(rows: &mut Rows, row: usize, column: usize, place: Identifier) {
    let row = rows.entry(row).or_default();
    row.entry(column).or_default().push(place);
}

fn words(role: Role, place: Identifier) -> TagGroup {
    let second = NonZeroU16::MIN.saturating_add(1);
    let mut group = match role {
        Role::Title => TagGroup::new(Tag::Hn(NonZeroU16::MIN, None)),
        Role::Heading => TagGroup::new(Tag::Hn(second, None)),
        Role::Words | Role::Cell { .. } | Role::Silent => TagGroup::new(Tag::P),
    };
    group.push(place);
    group
}

fn table(rows: Rows) -> TagGroup {
    let mut table = TagGroup::new(Tag::Table);
    for (number, cells) in rows {
        let mut row = TagGroup::new(Tag::TR);
        for places in cells.into_values() {
            let mut cell = match number {
                0 => TagGroup::new(Tag::TH(TableHeaderScope::Column)),
                _ => TagGroup::new(Tag::TD),
            };
            for place in places {
                cell.push(place);
            }
            row.push(cell);
        }
        table.push(row);
    }
    table
}

//! Tables: a head on every page, rows kept together where a page can hold them.

use super::{
    flow::{BODY, Flow, RULE, SOFT, area, numbers, stroke},
    sheet::{COLUMN, Dash, Mark, Role, SIDE, TEXT},
    type_setting::{Look, Set, Weight},
};
use crate::document::{Row, Side, Table, Text, Tone};

const GAP: f32 = 7.0;
const PAD: f32 = 2.4;

const HEAD: Look = Look {
    size: 7.6,
    ink: SOFT,
    weight: Weight::Bold,
};

const CELL: Look = Look { size: 8.2, ..BODY };

/// The columns with their places.
struct Columns {
    places: Vec<(f32, f32, Side)>,
    head: Vec<Set>,
    table: usize,
}

/// Whether a head is read out: once for each table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Voice {
    First,
    Again,
}

/// Lays out a table.
pub(super) fn lay_out(flow: &mut Flow, table: &Table) {
    let columns = Columns::of(flow, table);
    let mut begun = false;
    for (number, row) in (1..).zip(&table.rows) {
        let cells = columns.cells(flow, row);
        let height = height(&cells) + 2.0 * PAD;
        let head = if begun {
            0.0
        } else {
            columns.height() + height.min(COLUMN / 2.0)
        };
        let page = flow.sheets.pages.len();
        if height <= COLUMN - columns.height() {
            flow.sheets.need(if begun { height } else { head });
        }
        if !begun || flow.sheets.pages.len() != page {
            columns.draw_head(flow, if begun { Voice::Again } else { Voice::First });
            begun = true;
        }
        draw_row(flow, &columns, (number, row), &cells);
    }
    flow.sheets.speak(Role::Words);
}

impl Columns {
    fn of(flow: &mut Flow, table: &Table) -> Self {
        let sourced = table.rows.iter().any(|row| !row.sources.is_empty());
        let entry = if sourced { 54.0 } else { 0.0 };
        let shares: f32 = table
            .columns
            .iter()
            .map(|column| f32::from(column.share))
            .sum();
        let room = TEXT - entry - GAP * (table.columns.len() as f32);
        let mut x = SIDE + 5.0;
        let mut places = Vec::new();
        let mut head = Vec::new();
        for column in &table.columns {
            let width = room * f32::from(column.share) / shares.max(1.0);
            places.push((x, width, column.side));
            head.push(
                flow.setter
                    .set(&Text::plain(column.title), HEAD, width, column.side),
            );
            x += width + GAP;
        }
        if sourced {
            places.push((SIDE + TEXT - entry, entry - 2.0, Side::End));
            head.push(
                flow.setter
                    .set(&Text::plain("Entry"), HEAD, entry - 2.0, Side::End),
            );
        }
        Self {
            places,
            head,
            table: flow.sheets.begin_table(),
        }
    }

    fn height(&self) -> f32 {
        height(&self.head) + 2.0 * PAD
    }

    fn cells(&self, flow: &mut Flow, row: &Row) -> Vec<Set> {
        let look = match row.tone {
            Tone::Faint => Look { ink: SOFT, ..CELL },
            Tone::Plain | Tone::Good | Tone::Warn | Tone::Bad | Tone::Back => CELL,
        };
        let entry = Text::plain(numbers(&row.sources));
        let texts = row
            .cells
            .iter()
            .chain((self.places.len() > row.cells.len()).then_some(&entry));
        let placed = texts.zip(&self.places).enumerate();
        placed
            .map(|(at, (text, (_, width, side)))| {
                let look = if at == row.cells.len() {
                    Look {
                        ink: SOFT,
                        size: 7.6,
                        ..CELL
                    }
                } else {
                    look
                };
                flow.setter.set(text, look, *width, *side)
            })
            .collect()
    }

    fn draw_head(&self, flow: &mut Flow, voice: Voice) {
        let y = flow.sheets.y() + PAD;
        for (column, (set, (x, _, _))) in self.head.iter().zip(&self.places).enumerate() {
            flow.sheets.speak(match voice {
                Voice::First => self.cell(0, column),
                Voice::Again => Role::Silent,
            });
            flow.sheets.put(Mark::Words {
                set: set.clone(),
                lines: 0..set.layout.len(),
                x: *x,
                y,
            });
        }
        flow.sheets.take(self.height());
        rule(flow);
    }

    fn cell(&self, row: usize, column: usize) -> Role {
        Role::Cell {
            table: self.table,
            row,
            column,
        }
    }
}

fn height(cells: &[Set]) -> f32 {
    cells.iter().map(Set::height).fold(0.0, f32::max)
}

fn rule(flow: &mut Flow) {
    let y = flow.sheets.y();
    flow.sheets.put(Mark::Line {
        points: vec![(SIDE, y), (SIDE + TEXT, y)],
        ink: RULE,
        width: 0.6,
        dash: Dash::Solid,
    });
}

/// Draws a row, over as many pages as it needs.
fn draw_row(flow: &mut Flow, columns: &Columns, (number, row): (usize, &Row), cells: &[Set]) {
    let lines: Vec<Vec<f32>> = cells.iter().map(Set::lines).collect();
    let mut from = vec![0_usize; cells.len()];
    loop {
        let room = flow.sheets.room() - 2.0 * PAD;
        let fits: Vec<(usize, f32)> = lines
            .iter()
            .zip(&from)
            .map(|(lines, from)| fitting(lines, *from, room))
            .collect();
        let taken = fits.iter().map(|(_, height)| *height).fold(0.0, f32::max);
        surface(flow, row.tone, taken + 2.0 * PAD);
        let y = flow.sheets.y() + PAD;
        for (at, ((until, _), set)) in fits.iter().zip(cells).enumerate() {
            let (Some(start), Some((x, _, _))) = (from.get_mut(at), columns.places.get(at)) else {
                continue;
            };
            if *start < *until {
                flow.sheets.speak(columns.cell(number, at));
                flow.sheets.put(Mark::Words {
                    set: set.clone(),
                    lines: *start..*until,
                    x: *x,
                    y,
                });
            }
            *start = *until;
        }
        flow.sheets.take(taken + 2.0 * PAD);
        rule(flow);
        if from
            .iter()
            .zip(&lines)
            .all(|(from, lines)| *from >= lines.len())
        {
            return;
        }
        flow.sheets.turn();
        columns.draw_head(flow, Voice::Again);
    }
}

/// Gives how many lines fit, and how high they are; at least one, or a row would never end.
fn fitting(lines: &[f32], from: usize, room: f32) -> (usize, f32) {
    let mut until = from;
    let mut height = 0.0;
    while let Some(line) = lines.get(until)
        && (height + line <= room || until == from)
    {
        height += line;
        until += 1;
    }
    (until, height)
}

fn surface(flow: &mut Flow, tone: Tone, height: f32) {
    let y = flow.sheets.y();
    if tone == Tone::Bad {
        flow.sheets.put(Mark::Area {
            x: SIDE,
            y,
            width: TEXT,
            height,
            radius: 0.0,
            fill: area(tone),
            edge: None,
        });
    }
    match tone {
        Tone::Plain | Tone::Faint => {}
        Tone::Good | Tone::Warn | Tone::Bad | Tone::Back => flow.sheets.put(Mark::Area {
            x: SIDE,
            y,
            width: 2.2,
            height,
            radius: 0.0,
            fill: stroke(tone),
            edge: None,
        }),
    }
}

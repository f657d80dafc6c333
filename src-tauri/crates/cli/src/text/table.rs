//! Tables without borders, as command lines have them.

use comfy_table::{ContentArrangement, Table, presets};

/// Below this many columns lines are left to the terminal to wrap.
const NARROWEST: u16 = 60;

/// Draws a head and rows; wraps to the terminal's width where there is one.
pub(crate) fn draw<const N: usize>(
    head: [&str; N],
    rows: impl IntoIterator<Item = [String; N]>,
) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    // Some terminals say that they are 0 wide, and nobody reads a table of single letters.
    if table.width().is_some_and(|width| width >= NARROWEST) {
        table.set_content_arrangement(ContentArrangement::Dynamic);
    }
    table.set_header(head);
    table.add_rows(rows);
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    table
        .lines()
        .map(|line| format!("{}\n", line.trim_end()))
        .collect()
}

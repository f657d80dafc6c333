//! The timeline as comma-separated values, for spreadsheets.

use crate::{account::Account, render::visible::visible, timeline::Moment};

/// The columns.
const COLUMNS: [&str; 10] = [
    "seq",
    "last_seq",
    "at",
    "elapsed_ms",
    "kind",
    "node",
    "step",
    "by",
    "text",
    "clock_went_back",
];

/// Writes the timeline; no cell is read as a formula by a spreadsheet.
///
/// # Errors
/// Only if memory cannot be written to.
pub fn write(account: &Account) -> Result<String, csv::Error> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    writer.write_record(COLUMNS)?;
    for line in &account.timeline {
        writer.write_record(record(line))?;
    }
    let bytes = writer
        .into_inner()
        .map_err(csv::IntoInnerError::into_error)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn record(line: &Moment) -> [String; 10] {
    let at = line.at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
    let cell = |text: Option<&str>| guarded(text.unwrap_or_default());
    [
        line.seq.to_string(),
        line.last_seq.to_string(),
        at,
        line.elapsed_ms.to_string(),
        guarded(&line.kind),
        cell(line.node.as_deref()),
        cell(line.step.as_deref()),
        cell(line.by.as_deref()),
        guarded(&line.text),
        line.clock_went_back.to_string(),
    ]
}

/// Puts an apostrophe before what a spreadsheet would calculate.
///
/// Full-width signs count too, because some spreadsheets fold them.
fn guarded(text: &str) -> String {
    let shown = visible(text);
    let first = shown.trim_start().chars().next();
    match first {
        Some('=' | '+' | '-' | '@' | '|' | '%' | '＝' | '＋' | '－' | '＠') => {
            format!("'{shown}")
        }
        Some(_) | None => shown.into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_read_as_a_formula() {
        for text in [
            "=1+1",
            "+1",
            "-1",
            "@SUM(A1)",
            " =1",
            "\t=1",
            "\r\n=cmd|' /C calc'!A0",
            "＝1",
        ] {
            assert!(guarded(text).starts_with('\''), "{text:?}");
        }
        assert_eq!(guarded("web/run"), "web/run");
    }
}

//! Notifications for people.

use gantry_api::{commands::notices::Notices, notices::ledger::Line};
use gantry_notify::matrix::Row;

use super::table;

/// Draws who is told of what, and what became of each message.
pub(crate) fn ledger(notices: &Notices) -> String {
    if notices.matrix.is_empty() {
        return "Nobody is told of this release: it names no stakeholders.\n".into();
    }
    let head = ["no", "at", "who", "event", "message", "outcome", "read by"];
    let lines = match notices.ledger.is_empty() {
        true => "Nothing was told yet.\n".into(),
        false => table::draw(head, notices.ledger.iter().map(line)),
    };
    format!("{}\n{lines}", matrix(&notices.matrix))
}

/// Draws who would be told of what, in which words.
pub(crate) fn preview(notices: &Notices) -> String {
    if notices.matrix.is_empty() {
        return "Nobody would be told: the file names no stakeholders.\n".into();
    }
    let mut text = format!("{}\n", matrix(&notices.matrix));
    for one in &notices.previews {
        let to = format!("{} by {}", one.stakeholder, one.channel);
        text.push_str(&format!("--- {} to {to}\n{}\n\n", one.event, one.title));
        text.push_str(&format!("{}\n\n", one.body));
        if let Some(problem) = &one.problem {
            text.push_str(&format!("(not in its own words: {problem})\n\n"));
        }
    }
    text.push_str("Nothing was sent.\n");
    text
}

fn matrix(rows: &[Row]) -> String {
    let row = |row: &Row| {
        let heard = row.events.iter().filter(|(_, hears)| **hears);
        let heard: Vec<&str> = heard.map(|(event, _)| *event).collect();
        let to = row.to.as_ref().map(|to| format!(", {to}"));
        [
            row.stakeholder.clone(),
            row.audience.word().to_owned(),
            format!(
                "{} ({}){}",
                row.channel,
                row.product,
                to.unwrap_or_default()
            ),
            heard.join(", "),
        ]
    };
    table::draw(["who", "words for", "by", "events"], rows.iter().map(row))
}

fn line(line: &Line) -> [String; 7] {
    let read = line.acknowledged.as_ref().map(|read| read.by.clone());
    let said = line.said.as_ref().filter(|_| line.outcome != "digested");
    let said = said.map(|said| format!(": {said}")).unwrap_or_default();
    let tries = match line.attempts {
        0 | 1 => String::new(),
        tries => format!(" after {tries} tries"),
    };
    [
        line.id.to_string(),
        line.at.format("%Y-%m-%d %H:%M:%SZ").to_string(),
        format!("{} ({})", line.audience, line.channel),
        line.event.clone(),
        line.title.clone(),
        format!("{}{tries}{said}", line.outcome),
        read.unwrap_or_default(),
    ]
}

//! What people decided and wrote; none of it is the machine's word.

use gantry_model::command::Topic;

use super::Material;
use crate::{
    account::{Account, people::Remarked},
    document::{Block, Line, Section, Sources, Table, Text, Tone},
};

/// Lists approvals.
pub(super) fn approvals(material: &Material<'_>) -> Section {
    let mut section = Section::new("approvals", "Approvals");
    let mut table = Table::new(&[("Gate", 3), ("Who", 3), ("At", 4), ("Note", 6)]);
    for approval in &material.account.approvals {
        let gate = match &approval.step {
            Some(step) => Text::plain(&approval.gate).and(" at ").and_code(step),
            None => Text::plain(&approval.gate),
        };
        table.row(
            Tone::Good,
            Sources::one(approval.seq),
            vec![
                gate,
                Text::plain(&approval.by),
                Text::plain(material.clock.full(approval.at)),
                Text::plain(approval.note.as_deref().unwrap_or_default()),
            ],
        );
    }
    section.table_or(table, "Nobody was asked, or nobody approved anything.");
    section
}

/// Gives what people wrote on a topic.
pub(super) fn said(account: &Account, topic: Topic) -> Vec<Line> {
    let remarks = account.remarks.iter().filter(|remark| remark.part == topic);
    remarks.map(line).collect()
}

fn line(remark: &Remarked) -> Line {
    let text = Text::plain(&remark.text).and(" — ").and_strong(&remark.by);
    let text = match remark.tags.is_empty() {
        true => text,
        false => text.and(format!(" [{}]", remark.tags.join(", "))),
    };
    Line::new(text).from_entries(Sources::one(remark.seq))
}

/// Lists what people wrote, part by part; an empty part says how it is filled.
pub(super) fn remarks(material: &Material<'_>) -> Vec<Section> {
    let parts = [
        ("factors", "Contributing factors", Topic::Factor),
        ("went-well", "What went well", Topic::WentWell),
        ("went-badly", "What went badly", Topic::WentBadly),
        ("lucky", "Where we were lucky", Topic::Lucky),
    ];
    let part = |(id, title, topic): (&'static str, &'static str, Topic)| {
        let mut section = Section::new(id, title);
        let said = said(material.account, topic);
        match said.is_empty() {
            true => section.say("Nobody has written anything here yet.", Sources::none()),
            false => section.blocks.push(Block::List(said)),
        }
        section
    };
    parts.into_iter().map(part).collect()
}

/// Lists what is to be done, by whom and until when.
pub(super) fn actions(material: &Material<'_>) -> Section {
    let mut section = Section::new("actions", "Actions");
    let mut table = Table::new(&[("Action", 8), ("Owner", 3), ("Due", 2), ("Written by", 3)]);
    let actions = material.account.remarks.iter();
    for action in actions.filter(|remark| remark.part == Topic::Action) {
        let due = action.due.map(|due| due.to_string());
        let missing = action.owner.is_none() || due.is_none();
        let tone = if missing { Tone::Warn } else { Tone::Plain };
        table.row(
            tone,
            Sources::one(action.seq),
            vec![
                Text::plain(&action.text),
                Text::plain(action.owner.as_deref().unwrap_or("nobody yet")),
                Text::plain(due.unwrap_or_else(|| "no day yet".to_owned())),
                Text::plain(&action.by),
            ],
        );
    }
    section.table_or(table, "No action has been agreed on yet.");
    section
}

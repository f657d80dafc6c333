//! What must hold, and who says go.

use gantry_model::release::{
    check::{Check, Criterion},
    people::{Checklist, Item},
};

use super::Material;
use crate::document::{Block, Line, Section, Sources, Table, Text, Tone};

/// Lists criteria, checklists, positions and approvals.
pub(super) fn section(material: &Material<'_>) -> Section {
    let mut section = Section::new("go-no-go", "Go or no-go");
    let mut criteria = Table::new(&[("What must hold", 6), ("When", 3), ("Looked at by", 4)]);
    let declared = material
        .release
        .map(|release| release.go_no_go.criteria.as_slice());
    for criterion in declared.unwrap_or_default() {
        criteria.row(
            Tone::Plain,
            Sources::none(),
            row(criterion, "before the start"),
        );
    }
    for criterion in &material.plan.success {
        criteria.row(
            Tone::Plain,
            Sources::none(),
            row(criterion, "before “declared good”"),
        );
    }
    section.table_or(criteria, "No criteria were declared.");
    checklists(material, &mut section);
    positions(material, &mut section);
    let mut gates = Table::new(&[("Gate", 3), ("Approvals>", 2)]);
    for (gate, people) in &material.plan.policy.approvals.gates {
        let cells = vec![
            Text::plain(gate.to_string()),
            Text::plain(people.to_string()),
        ];
        gates.row(Tone::Plain, Sources::none(), cells);
    }
    section.table_or(gates, "No gate asks for approvals.");
    if material.plan.policy.approvals.not_the_author {
        section.say(
            "Whoever starts the release may not approve it.",
            Sources::none(),
        );
    }
    section
}

fn row(criterion: &Criterion, when: &str) -> Vec<Text> {
    vec![
        Text::plain(&criterion.item),
        Text::plain(when),
        Text::plain(looked_at(criterion.check.as_ref())),
    ]
}

/// Says how something is looked at; addresses and arguments stay in the file.
fn looked_at(check: Option<&Check>) -> String {
    check.map_or_else(|| "a person".to_owned(), Check::about)
}

fn checklists(material: &Material<'_>, section: &mut Section) {
    let Some(release) = material.release else {
        return;
    };
    let mut table = Table::new(&[
        ("List", 3),
        ("Item", 6),
        ("Owner", 3),
        ("Must be", 2),
        ("Looked at by", 4),
        ("Result", 2),
    ]);
    for (list, checklist) in &release.checklists.0 {
        match checklist {
            Checklist::Items(items) => {
                for item in items {
                    table.row(Tone::Plain, Sources::none(), item_row(list, item));
                }
            }
            Checklist::Named(_) => {
                let words = "identify, notify, execute, verify, document";
                let mut cells = vec![Text::plain(list), Text::plain(words)];
                cells.resize(6, Text::default());
                table.row(Tone::Plain, Sources::none(), cells);
            }
        }
    }
    section.table_or(table, "No checklist was declared.");
}

fn item_row(list: &str, item: &Item) -> Vec<Text> {
    vec![
        Text::plain(list),
        Text::plain(&item.item),
        Text::plain(item.owner.as_deref().unwrap_or("nobody named")),
        Text::plain(if item.required { "required" } else { "wished" }),
        Text::plain(looked_at(item.check.as_ref())),
        // A brief is made before anything was looked at: silence is never a pass.
        Text::plain("not tested"),
    ]
}

fn positions(material: &Material<'_>, section: &mut Section) {
    let poll = material
        .release
        .map(|release| release.go_no_go.poll.as_slice());
    let line = |position: &gantry_model::release::people::Position| {
        let manner = if position.advisory { " (advises)" } else { "" };
        Line::new(
            Text::strong(&position.role).and(format!("{manner}: {}", position.voters.join(", "))),
        )
    };
    let lines: Vec<Line> = poll.unwrap_or_default().iter().map(line).collect();
    match lines.is_empty() {
        true => section.say("No poll was declared.", Sources::none()),
        false => {
            section.say(
                "Positions of the poll, in the order in which they are asked:",
                Sources::none(),
            );
            section.blocks.push(Block::Steps(lines));
        }
    }
}

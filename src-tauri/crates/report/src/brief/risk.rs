//! Risk per node, and what somebody should know before the start.

use gantry_model::plan::{Level, Plan, Severity};

use crate::document::{Block, Line, Section, Sources, Table, Text, Tone};

/// Answers the four questions, and lists findings.
pub(super) fn section(plan: &Plan) -> Section {
    let mut section = Section::new("risk", "Risk");
    let mut table = Table::new(&[
        ("Node", 3),
        ("What", 5),
        ("Risk", 2),
        ("Dependencies", 5),
        ("Rollback", 2),
        ("Because", 6),
    ]);
    for node in plan
        .order
        .iter()
        .filter_map(|node| plan.nodes.get(node.at()))
    {
        let assessed = &node.assessment;
        table.row(
            tone(assessed.risk),
            Sources::none(),
            vec![
                Text::code(node.id.to_string()),
                Text::plain(&assessed.what),
                Text::plain(format!("{} ({})", word(assessed.risk), assessed.score)),
                Text::plain(&assessed.dependencies),
                Text::plain(word(assessed.rollback_complexity)),
                Text::plain(assessed.reasons.join("; ")),
            ],
        );
    }
    section.table_or(table, "The plan has no nodes.");
    for finding in &plan.findings {
        let tone = match finding.severity {
            Severity::Error => Tone::Bad,
            Severity::Warning => Tone::Warn,
            Severity::Note => Tone::Plain,
        };
        let text = match &finding.node {
            Some(node) => Text::code(node.to_string()).and(": "),
            None => Text::default(),
        };
        let text = text.and(format!("{} {}", finding.message, finding.hint));
        section.blocks.push(Block::Callout(tone, Line::new(text)));
    }
    section
}

fn tone(level: Level) -> Tone {
    match level {
        Level::Low => Tone::Plain,
        Level::Medium => Tone::Warn,
        Level::High => Tone::Bad,
    }
}

fn word(level: Level) -> &'static str {
    match level {
        Level::Low => "low",
        Level::Medium => "medium",
        Level::High => "high",
    }
}

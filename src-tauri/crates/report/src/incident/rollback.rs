//! The rollback, planned against done; what it left; data and flags.

use super::Material;
use crate::{
    account::{nodes::NodeState, undo::UndoWord},
    clock::lasting,
    document::{Block, Line, Section, Sources, Table, Text, Tone},
};
use gantry_model::{plan::Action, release::node::Kind};

/// Compares what was planned with what was done.
pub(super) fn planned_against_done(material: &Material<'_>) -> Section {
    let account = material.account;
    let mut section = Section::new("rollback", "Rollback, planned against done");
    let mut table = Table::new(&[
        ("Undo", 4),
        ("Does", 6),
        ("Planned>", 2),
        ("Took>", 2),
        ("Became", 3),
        ("Said", 7),
    ]);
    for undo in &account.undo {
        let tone = match undo.state {
            UndoWord::Done | UndoWord::NotNeeded => Tone::Back,
            UndoWord::NotRun | UndoWord::UnderWay | UndoWord::Answered => Tone::Warn,
            UndoWord::Stuck => Tone::Bad,
        };
        let tries = match undo.failures {
            0 => String::new(),
            count => format!(" ({count} failed before)"),
        };
        table.row(
            tone,
            Sources::of([undo.planned_seq].into_iter().chain(undo.ended_seq)),
            vec![
                Text::code(&undo.id),
                Text::plain(&undo.does),
                Text::plain(lasting(undo.estimate_ms)),
                Text::plain(undo.took_ms.map_or_else(|| "–".to_owned(), lasting)),
                Text::plain(format!("{}{tries}", undo.state.words())),
                Text::plain(&undo.message),
            ],
        );
    }
    section.table_or(table, "Nothing had been changed that had to be undone.");
    section
}

/// Lists the nodes that were not rolled back, and why.
pub(super) fn not_rolled_back(material: &Material<'_>) -> Section {
    let account = material.account;
    let mut section = Section::new("left", "Not rolled back, and why");
    let mut table = Table::new(&[("Node", 3), ("Is", 2), ("Why", 8)]);
    for node in &account.nodes {
        let left: Vec<_> = account.left.iter().filter(|l| l.node == node.id).collect();
        let why = match node.state {
            NodeState::RolledBack if left.is_empty() => continue,
            NodeState::RolledBack | NodeState::LeftChanged => left
                .iter()
                .map(|left| format!("{}: {}", left.step, left.why))
                .collect::<Vec<_>>()
                .join("; "),
            NodeState::NotRun => "it was never changed, so there was nothing to undo".to_owned(),
            NodeState::Done => "it was not in the scope of the rollback".to_owned(),
            NodeState::Failed | NodeState::Stuck => node.stopped.clone().unwrap_or_default(),
            NodeState::UnderWay | NodeState::RollingBack => "it is under way".to_owned(),
            NodeState::Unknown => "the record contradicts itself".to_owned(),
        };
        let tone = match node.state {
            NodeState::NotRun | NodeState::RolledBack => Tone::Faint,
            other => other.tone(),
        };
        let entries = left.iter().map(|left| left.seq);
        table.row(
            tone,
            Sources::of(entries.chain(node.entries.map(|(_, last)| last))),
            vec![
                Text::code(&node.id),
                Text::plain(node.state.words()),
                Text::plain(why),
            ],
        );
    }
    section.table_or(
        table,
        "Every node that was part of it is back where it was.",
    );
    section
}

/// Says what happened to databases and flags.
pub(super) fn data_and_flags(material: &Material<'_>) -> Section {
    let Material { plan, account, .. } = material;
    let mut section = Section::new("data", "Data and flags");
    let mut table = Table::new(&[("Node", 3), ("Kind", 2), ("Done", 6), ("Now", 3)]);
    for node in &account.nodes {
        let planned = plan
            .nodes
            .iter()
            .find(|planned| planned.id.as_str() == node.id);
        let Some(planned) = planned.filter(|planned| is_data(planned.kind)) else {
            continue;
        };
        let steps = planned.steps().filter_map(|step| plan.steps.get(step.at()));
        let changes = steps.filter(|step| changes(&step.action));
        let done: Vec<&str> = changes
            .filter(|step| {
                account.timeline.iter().any(|line| {
                    line.kind == "step-succeeded" && line.step.as_deref() == Some(step.id.as_str())
                })
            })
            .map(|step| step.id.as_str())
            .collect();
        let done = match done.is_empty() {
            true => Text::plain("nothing, not run"),
            false => Text::codes(done),
        };
        table.row(
            node.state.tone(),
            Sources::of(node.entries.map(|(_, last)| last)),
            vec![
                Text::code(&node.id),
                Text::plain(crate::words::kind(planned.kind)),
                done,
                Text::plain(node.state.words()),
            ],
        );
    }
    section.table_or(table, "The release has no database and no feature flag.");
    let remarks = super::people::said(account, gantry_model::command::Topic::Data);
    if !remarks.is_empty() {
        section.blocks.push(Block::List(remarks));
    }
    let kept = account.left.iter().filter(|left| left.by_design);
    let kept: Vec<Line> = kept
        .map(|left| {
            let text = Text::code(&left.step).and(format!(" {}.", left.why));
            Line::new(text).from_entries(Sources::one(left.seq))
        })
        .collect();
    if !kept.is_empty() {
        section.blocks.push(Block::List(kept));
    }
    section
}

fn is_data(kind: Kind) -> bool {
    match kind {
        Kind::Database | Kind::Flag => true,
        Kind::App | Kind::Config | Kind::Task => false,
    }
}

fn changes(action: &Action) -> bool {
    match action {
        Action::SetFlag { .. }
        | Action::Expand
        | Action::Backfill
        | Action::DualWrite
        | Action::ReadNew
        | Action::Contract => true,
        Action::Preflight
        | Action::Stage { .. }
        | Action::StageBaseline { .. }
        | Action::Preview
        | Action::Shift { .. }
        | Action::Bake { .. }
        | Action::Batch { .. }
        | Action::StopOld
        | Action::StartNew { .. }
        | Action::Verify
        | Action::Soak { .. }
        | Action::Retire { .. }
        | Action::Run
        | Action::VerifyData
        | Action::Compare { .. }
        | Action::Approve { .. } => false,
    }
}

//! The way back, if everything had been executed.

use gantry_model::{
    plan::{Plan, Reversibility},
    rollback::{LeftReason, RollbackPlan, Scope, plan_rollback},
};

use super::counted;
use crate::{
    account::undo::{does, why},
    clock::{lasting, since},
    document::{Block, Line, Section, Sources, Table, Text, Tone},
};

/// How many actions are listed.
const LISTED: usize = 1_000;

fn everything(plan: &Plan) -> RollbackPlan {
    plan_rollback(plan, &|_| true, Scope::Release)
}

/// Says in one sentence how long the way back is.
pub(super) fn sentence(plan: &Plan) -> Line {
    let back = everything(plan);
    let nodes: usize = back.waves.iter().map(Vec::len).sum();
    let never = back
        .left
        .iter()
        .filter(|left| left.reason != LeftReason::Compatible)
        .count();
    let never = match never {
        0 => "everything can be undone".to_owned(),
        count => format!("{} cannot be undone once run", counted(count, "step")),
    };
    Line::new(Text::strong("Back: ").and(format!(
        "rolling back the finished release takes about {} and touches {}; {never}. Abort and rollback need nobody's approval.",
        lasting(back.estimate.as_millis()),
        counted(nodes, "node"),
    )))
}

/// Lists what is undone, in order, and what is not.
pub(super) fn section(plan: &Plan) -> Section {
    let mut section = Section::new("rollback", "The way back");
    section
        .blocks
        .push(Block::Callout(Tone::Back, sentence(plan)));
    let back = everything(plan);
    section.table_or(actions(plan, &back), "Nothing has to be undone.");
    if back.actions.len() > LISTED {
        let more = format!(
            "{} actions more; `gantry plan --json` lists all.",
            back.actions.len() - LISTED
        );
        section.say(more, Sources::none());
    }
    let mut left = Table::new(&[("Step", 3), ("Stays because", 6)]);
    for step in &back.left {
        let Some(planned) = plan.steps.get(step.step.at()) else {
            continue;
        };
        let tone = match step.reason {
            LeftReason::Compatible => Tone::Plain,
            LeftReason::Irreversible | LeftReason::NoUndo => Tone::Warn,
        };
        let cells = vec![
            Text::code(planned.id.to_string()),
            Text::plain(why(step.reason)),
        ];
        left.row(tone, Sources::none(), cells);
    }
    section.table_or(left, "Nothing stays behind.");
    let slower: Vec<Line> = plan.nodes.iter().filter_map(until).collect();
    if !slower.is_empty() {
        section.blocks.push(Block::List(slower));
    }
    section
}

fn actions(plan: &Plan, back: &RollbackPlan) -> Table {
    let mut table = Table::new(&[
        ("#>", 1),
        ("Undo", 4),
        ("Does", 5),
        ("Owner", 3),
        ("Starts>", 3),
        ("Takes>", 2),
    ]);
    let mut ends: Vec<u64> = Vec::with_capacity(back.actions.len());
    for (at, action) in back.actions.iter().enumerate() {
        let needs = action.needs.iter();
        let start = needs.filter_map(|need| ends.get(*need as usize)).max();
        let start = start.copied().unwrap_or(0);
        ends.push(start.saturating_add(action.estimate.as_millis()));
        if at >= LISTED {
            continue;
        }
        let node = plan.nodes.get(action.node.at());
        let owner = node
            .and_then(|node| node.owner.as_ref())
            .or(plan.owner.as_ref());
        table.row(
            Tone::Back,
            Sources::none(),
            vec![
                Text::plain((at + 1).to_string()),
                Text::code(action.id.to_string()),
                Text::plain(does(action.kind)),
                Text::plain(owner.map_or("nobody named", String::as_str)),
                Text::plain(since(start)),
                Text::plain(lasting(action.estimate.as_millis())),
            ],
        );
    }
    table
}

/// Says until when a node can be undone, where that is not always.
fn until(node: &gantry_model::plan::PlannedNode) -> Option<Line> {
    let name = Text::code(node.id.to_string());
    let text = match &node.reversibility {
        Reversibility::Reversible => return None,
        Reversibility::SlowerAfter { step } => name
            .and(" can always be undone, but slower after ")
            .and_code(step.to_string()),
        Reversibility::Until { step } => name
            .and(" can be undone only before ")
            .and_code(step.to_string()),
        Reversibility::Never => name.and(" cannot be undone"),
    };
    Some(Line::new(text.and(".")))
}

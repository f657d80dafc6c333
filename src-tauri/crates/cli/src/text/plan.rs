//! A plan for people: the rollback plan leads.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};
use gantry_api::commands::plan::Forecast;
use gantry_model::{
    plan::{Level, NodeIndex, Plan, PlannedNode, Reversibility},
    rollback::{LeftReason, RollbackPlan, Scope, UndoAction, plan_rollback},
    unit::Span,
};

use super::{findings, forecast, span, table};

pub(crate) const BOLD: Style = Style::new().bold();
pub(crate) const FAINT: Style = Style::new().dimmed();
pub(crate) const WARN: Style = AnsiColor::Yellow.on_default();
pub(crate) const BAD: Style = AnsiColor::Red.on_default();
pub(crate) const GOOD: Style = AnsiColor::Green.on_default();

/// Draws a plan: what it is, how it is rolled back, how it goes, what to know.
pub(crate) fn draw(plan: &Plan) -> String {
    sections(plan, String::new())
}

/// Draws a plan with how long it will take.
pub(crate) fn draw_with(plan: &Plan, forecast: &Forecast) -> String {
    sections(plan, forecast::draw(forecast))
}

fn sections(plan: &Plan, forecast: String) -> String {
    let rollback = plan_rollback(plan, &|_| true, Scope::Release);
    let sections = [
        title(plan),
        rollback_section(plan, &rollback),
        sequence(plan),
        forecast,
        gates(plan),
        triggers(plan),
        findings::draw(&plan.findings),
    ];
    sections
        .into_iter()
        .filter(|section| !section.is_empty())
        .collect::<Vec<_>>()
        .join("\n")
}

fn title(plan: &Plan) -> String {
    let named = plan
        .title
        .as_ref()
        .map(|title| format!(" · {title}"))
        .unwrap_or_default();
    let digest = plan.digest.to_string();
    let short = digest.get(..19).unwrap_or(&digest);
    format!(
        "{BOLD}{}{named}{BOLD:#} → {}   {FAINT}{short}…{FAINT:#}\n",
        plan.release, plan.environment
    )
}

/// Draws what a rollback would do.
pub(crate) fn rollback_section(plan: &Plan, rollback: &RollbackPlan) -> String {
    let nodes: usize = rollback.waves.iter().map(Vec::len).sum();
    let mut text = format!(
        "{BOLD}Rollback plan{BOLD:#}  {}, {}\n",
        about(rollback.estimate),
        counted(nodes, "node", "nodes")
    );
    let rows = rollback.waves.iter().zip(1..).flat_map(|(wave, number)| {
        wave.iter()
            .map(move |node| undo_row(plan, rollback, *node, number))
    });
    text += &indented(&table::draw(
        ["wave", "node", "what is undone", "takes"],
        rows,
    ));
    for reason in [
        LeftReason::Irreversible,
        LeftReason::NoUndo,
        LeftReason::Compatible,
    ] {
        let left: Vec<&str> = rollback
            .left
            .iter()
            .filter(|left| left.reason == reason)
            .filter_map(|left| Some(plan.steps.get(left.step.at())?.id.as_str()))
            .collect();
        if !left.is_empty() {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "  {}: {}", left_words(reason), left.join(", "));
        }
    }
    text
}

fn left_words(reason: LeftReason) -> &'static str {
    match reason {
        LeftReason::Irreversible => "cannot be undone",
        LeftReason::NoUndo => "has no undo",
        LeftReason::Compatible => "stays, the old version can live beside it",
    }
}

fn undo_row(plan: &Plan, rollback: &RollbackPlan, node: NodeIndex, wave: usize) -> [String; 4] {
    let actions: Vec<&UndoAction> = rollback
        .actions
        .iter()
        .filter(|action| action.node == node)
        .collect();
    let words: Vec<&str> = actions.iter().map(|action| action.kind.words()).collect();
    let id = plan.nodes.get(node.at()).map(|node| node.id.to_string());
    let (what, takes) = if actions.is_empty() {
        ("nothing, see below".into(), "–".into())
    } else {
        let takes = actions.iter().map(|action| action.estimate).sum();
        (words.join(", "), about(takes))
    };
    [wave.to_string(), id.unwrap_or_default(), what, takes]
}

fn sequence(plan: &Plan) -> String {
    let path: Vec<&str> = plan
        .critical_path
        .nodes
        .iter()
        .filter_map(|node| Some(plan.nodes.get(node.at())?.id.as_str()))
        .collect();
    let takes = match (plan.critical_path.at_least, plan.critical_path.estimate) {
        (true, Span::ZERO) => "nobody said how long".into(),
        (true, estimate) => format!("at least {}", span::words(estimate)),
        (false, estimate) => span::words(estimate),
    };
    let mut text = format!(
        "{BOLD}Sequence{BOLD:#}  {takes}, along {}\n",
        shortened(&path)
    );
    let ordered = plan
        .order
        .iter()
        .filter_map(|node| plan.nodes.get(node.at()));
    let rows = ordered.map(|node| node_row(plan, node));
    text += &indented(&table::draw(
        [
            "wave", "node", "change", "strategy", "needs", "takes", "slack", "risk", "undo",
        ],
        rows,
    ));
    text
}

fn node_row(plan: &Plan, node: &PlannedNode) -> [String; 9] {
    let needs: Vec<String> = node
        .needs
        .iter()
        .filter_map(|need| {
            let id = &plan.nodes.get(need.node.at())?.id;
            Some(if need.milestone.as_str() == "done" {
                id.to_string()
            } else {
                format!("{id}:{}", need.milestone)
            })
        })
        .collect();
    [
        (node.wave + 1).to_string(),
        node.id.to_string(),
        change(node),
        strategy(plan, node),
        if needs.is_empty() {
            "–".into()
        } else {
            needs.join(", ")
        },
        takes(node),
        if plan.critical_path.at_least && node.slack == Span::ZERO {
            "–".into()
        } else {
            span::words(node.slack)
        },
        format!("{} {}", level(node.assessment.risk), node.assessment.score),
        reversibility(&node.reversibility),
    ]
}

/// Says how long a node takes; what nobody estimated is not called nothing.
fn takes(node: &PlannedNode) -> String {
    match (node.estimate_known, node.estimate) {
        (true, estimate) => span::words(estimate),
        (false, Span::ZERO) => "?".into(),
        (false, estimate) => format!("≥ {}", span::words(estimate)),
    }
}

/// Writes a path; the middle of a long one is left out.
fn shortened(path: &[&str]) -> String {
    match path {
        [first, second, .., before, last] if path.len() > 8 => {
            format!(
                "{first} → {second} → … ({} nodes) → {before} → {last}",
                path.len() - 4
            )
        }
        _ => path.join(" → "),
    }
}

fn change(node: &PlannedNode) -> String {
    match &node.version {
        Some(change) => match &change.from {
            Some(from) => format!("{from} → {}", change.to),
            None => format!("→ {}", change.to),
        },
        None => "–".into(),
    }
}

/// Names the strategy with its shares, so that nobody has to look them up.
fn strategy(plan: &Plan, node: &PlannedNode) -> String {
    let shares: Vec<String> = node
        .steps()
        .filter_map(|step| plan.steps.get(step.at())?.action.commanded_share())
        .map(|share| share.to_string())
        .collect();
    if shares.len() > 1 {
        format!("{} {}", node.strategy, shares.join(" "))
    } else {
        node.strategy.to_string()
    }
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Low => "low",
        Level::Medium => "medium",
        Level::High => "high",
    }
}

fn reversibility(class: &Reversibility) -> String {
    match class {
        Reversibility::Reversible => "always".into(),
        Reversibility::SlowerAfter { step } => format!("slower after {}", step.name()),
        Reversibility::Until { step } => format!("until {}", step.name()),
        Reversibility::Never => "never".into(),
    }
}

fn gates(plan: &Plan) -> String {
    let mut text = String::new();
    for (gate, count) in &plan.policy.approvals.gates {
        let _ = writeln!(
            text,
            "  gate {gate} needs {}",
            counted(*count as usize, "approval", "approvals")
        );
    }
    if let Some(point) = &plan.point_of_no_return {
        let step = plan
            .steps
            .get(point.step.at())
            .map(|step| step.id.as_str())
            .unwrap_or_default();
        let _ = writeln!(
            text,
            "  {WARN}point of no return{WARN:#} {step}, behind gate {}",
            point.approval
        );
    }
    if text.is_empty() {
        text
    } else {
        format!("{BOLD}Gates{BOLD:#}\n{text}")
    }
}

fn triggers(plan: &Plan) -> String {
    if plan.triggers.is_empty() {
        return String::new();
    }
    let lines = plan.triggers.iter().map(|planned| {
        let place = planned.node.and_then(|node| plan.nodes.get(node.at()));
        let place = place.map_or("release".into(), |node| node.id.to_string());
        let trigger = &planned.trigger;
        let metric = trigger
            .metric
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_else(|| "alert".into());
        let above = trigger
            .above
            .as_ref()
            .map(|limit| format!(" > {limit}"))
            .unwrap_or_default();
        let below = trigger
            .below
            .as_ref()
            .map(|limit| format!(" < {limit}"))
            .unwrap_or_default();
        let of = trigger
            .of
            .as_ref()
            .map(|service| format!(" of {service}"))
            .unwrap_or_default();
        format!(
            "  {place}: {metric}{of}{above}{below} → {}\n",
            reaction(planned.then)
        )
    });
    format!(
        "{BOLD}Rollback triggers{BOLD:#}\n{}",
        lines.collect::<String>()
    )
}

fn reaction(reaction: gantry_model::release::check::Reaction) -> &'static str {
    use gantry_model::release::check::Reaction;
    match reaction {
        Reaction::RollbackRelease => "roll the release back",
        Reaction::RollbackNode => "roll the node back",
        Reaction::Hold => "hold",
        Reaction::Notify => "notify",
    }
}

fn about(estimate: Span) -> String {
    format!("about {}", span::words(estimate))
}

/// Writes a count with its noun.
pub(crate) fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// Moves every line two columns in.
pub(crate) fn indented(text: &str) -> String {
    text.lines().map(|line| format!("  {line}\n")).collect()
}

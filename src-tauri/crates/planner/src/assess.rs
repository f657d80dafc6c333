//! The four questions about a node, answered from facts.

mod score;

use gantry_model::plan::{Action, Assessment, Level, Reversibility, Undo};

use crate::{assemble::Assembled, kind_word, recommend, reversible, settled::Settled};

/// How many neighbours are named before the rest is counted.
const NAMED: usize = 5;

/// Answers what is deployed, how risky it is, what hangs on it and how hard it is to undo.
pub(crate) fn assess(plan: &Assembled<'_>, at: u32) -> Assessment {
    let Some(node) = plan.nodes.get(at as usize) else {
        return nothing();
    };
    let settled = node.settled;
    let facts = score::facts(plan, at, settled);
    let points: u32 = facts.iter().map(|fact| fact.points).sum();
    let score = u8::try_from(points.min(100)).unwrap_or(100);
    let recommended = recommend::strategy(plan.release, settled.node);
    let mut reasons: Vec<String> = facts.into_iter().map(|fact| fact.to_string()).collect();
    reasons.push(recommend::reason(plan.release, settled.node, recommended));
    Assessment {
        what: what(settled),
        risk: level(score),
        score,
        dependencies: dependencies(plan, at),
        rollback_complexity: complexity(plan, at),
        recommended,
        alternatives: recommend::alternatives(settled.node, recommended),
        reasons,
    }
}

/// The answer about a node that is not there; the planner never asks for one.
fn nothing() -> Assessment {
    Assessment {
        what: String::new(),
        risk: Level::Low,
        score: 0,
        dependencies: String::new(),
        rollback_complexity: Level::Low,
        recommended: gantry_model::release::strategy::StrategyName::Run,
        alternatives: Vec::new(),
        reasons: Vec::new(),
    }
}

fn level(score: u8) -> Level {
    match score {
        0..35 => Level::Low,
        35..60 => Level::Medium,
        60.. => Level::High,
    }
}

fn what(settled: &Settled<'_>) -> String {
    let change = settled
        .node
        .version
        .as_ref()
        .map(|version| match &settled.old_version {
            Some(old) => format!(" {old} → {}", version.to),
            None => format!(" {}", version.to),
        });
    let kind = kind_word(settled.node.kind);
    format!("{kind} {}{}", settled.service, change.unwrap_or_default())
}

fn dependencies(plan: &Assembled<'_>, at: u32) -> String {
    let needs = names(plan, plan.graph.needs(at));
    let needed = names(plan, plan.graph.dependents(at));
    match (needs, needed) {
        (None, None) => "stands alone".into(),
        (Some(needs), None) => format!("needs {needs}; nothing needs it"),
        (None, Some(needed)) => format!("needs nothing; needed by {needed}"),
        (Some(needs), Some(needed)) => format!("needs {needs}; needed by {needed}"),
    }
}

fn names(plan: &Assembled<'_>, nodes: &[u32]) -> Option<String> {
    let name = |at: &u32| {
        plan.nodes
            .get(*at as usize)
            .map(|node| node.settled.id.as_str())
    };
    let named: Vec<&str> = nodes.iter().take(NAMED).filter_map(name).collect();
    let rest = nodes.len().saturating_sub(NAMED);
    match (named.is_empty(), rest) {
        (true, _) => None,
        (false, 0) => Some(named.join(", ")),
        (false, _) => Some(format!("{} and {rest} more", named.join(", "))),
    }
}

fn complexity(plan: &Assembled<'_>, at: u32) -> Level {
    let steps = plan.steps_of(at);
    match reversible::until_when(steps) {
        Reversibility::Never | Reversibility::Until { .. } => Level::High,
        Reversibility::Reversible | Reversibility::SlowerAfter { .. } => {
            let slow = |undo: Undo, action: &Action| match undo {
                Undo::Inverse | Undo::Leave => true,
                Undo::Restore => matches!(action, Action::StopOld | Action::Batch { .. }),
                Undo::None | Undo::Never => false,
            };
            match steps.iter().any(|step| slow(step.undo, &step.action)) {
                true => Level::Medium,
                false => Level::Low,
            }
        }
    }
}

//! What a moment is called.

use gantry_model::{
    plan::{Action, Plan, StepIndex},
    unit::Weight,
};

/// Names the moment right after a step, in a few words.
pub(super) fn of(plan: &Plan, step: StepIndex) -> String {
    let Some(step) = plan.steps.get(step.at()) else {
        return String::new();
    };
    let node = plan.nodes.get(step.node.at());
    let node = node.map_or("", |node| node.id.as_str());
    match &step.action {
        Action::Stage { .. } => format!("{node} staged"),
        Action::StageBaseline { .. } => format!("{node} baseline staged"),
        Action::Shift { weight } | Action::SetFlag { weight } => {
            format!("{node} {}", percent(*weight))
        }
        Action::Batch { number, .. } => format!("{node} batch {number}"),
        Action::StopOld => format!("old {node} stopped"),
        Action::StartNew { .. } => format!("{node} started"),
        Action::Retire { .. } => format!("old {node} retired"),
        Action::Run => format!("{node} run"),
        Action::Expand => format!("{node} expanded"),
        Action::Backfill => format!("{node} backfilled"),
        Action::DualWrite => format!("{node} writes both"),
        Action::ReadNew => format!("{node} reads the new"),
        Action::Contract => format!("{node} contracted"),
        // Nobody stops at these: they look or wait.
        Action::Preflight
        | Action::Preview
        | Action::Bake { .. }
        | Action::Verify
        | Action::Soak { .. }
        | Action::VerifyData
        | Action::Compare { .. }
        | Action::Approve { .. } => step.id.to_string(),
    }
}

fn percent(weight: Weight) -> String {
    let share = f64::from(weight.basis_points()) / 100.0;
    format!("{share} %")
}

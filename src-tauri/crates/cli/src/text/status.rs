//! A run as it stands, for people.

use gantry_api::commands::status::{NodeState, RunStatus, Standing};
use gantry_model::unit::Span;

use super::{
    forecast,
    plan::{BOLD, counted},
    span, table,
};

/// Draws why each node waits or stopped, and what going back now would mean.
pub(crate) fn draw(status: &RunStatus) -> String {
    let mut text = format!(
        "{BOLD}{}{BOLD:#}  {}  {} of {} steps done, started {} by {}\n",
        status.run,
        status.state,
        status.steps_done,
        status.steps_total,
        status.started_at.format("%Y-%m-%d %H:%M:%SZ"),
        status.by
    );
    text += &rollback_line(status);
    for hold in &status.holds {
        text += &format!("Held: {}\n", hold.message);
    }
    let rows = status.nodes.iter().map(|node| {
        let (icon, word) = state(node.state);
        [
            format!("{icon} {word}"),
            node.id.to_string(),
            node.why.clone(),
        ]
    });
    text + &table::draw(["state", "node", "why"], rows)
}

/// Draws the same with how long it will still take.
pub(crate) fn draw_with_forecast(standing: &Standing) -> String {
    let text = draw(&standing.run);
    match &standing.forecast {
        Some(forecast) => text + "\n" + &forecast::draw(forecast),
        None => text,
    }
}

fn rollback_line(status: &RunStatus) -> String {
    let now = &status.rollback_now;
    if now.actions == 0 {
        return "Rolling back now would change nothing.\n".into();
    }
    let nodes = counted(now.nodes, "node", "nodes");
    let takes = span::words(Span::from_millis(now.estimate_ms));
    let left: Vec<&str> = now
        .left
        .iter()
        .map(gantry_model::id::StepId::as_str)
        .collect();
    let stays = if left.is_empty() {
        String::new()
    } else {
        format!("; stays: {}", left.join(", "))
    };
    format!("Rolling back now takes about {takes} and touches {nodes}{stays}.\n")
}

fn state(state: NodeState) -> (&'static str, &'static str) {
    match state {
        NodeState::Waiting => ("◌", "waits"),
        NodeState::Running => ("◔", "running"),
        NodeState::WaitsForPerson => ("☺", "your turn"),
        NodeState::Done => ("✓", "done"),
        NodeState::Failed => ("✗", "failed"),
        NodeState::RollingBack => ("↩", "rolling back"),
        NodeState::Stuck => ("✗", "stuck, needs you"),
        NodeState::RolledBack => ("↩", "rolled back"),
        NodeState::LeftChanged => ("≠", "left changed"),
        NodeState::NotRun => ("–", "not run"),
    }
}

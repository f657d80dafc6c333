//! Mermaid flowcharts.

use std::fmt::Write;

use gantry_model::plan::Plan;

use super::{caption, edges};

pub(super) fn write(plan: &Plan) -> String {
    let mut text = String::from("flowchart LR\n");
    for node in &plan.nodes {
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "  {}[\"{}<br/>{}\"]",
            name(node.id.as_str()),
            node.id,
            escaped(&caption(node))
        );
    }
    for edge in edges(plan) {
        let arrow = if edge.critical { "==>" } else { "-->" };
        let label = edge
            .milestone
            .map(|milestone| format!("|\"{}\"|", escaped(milestone)))
            .unwrap_or_default();
        let (from, to) = (name(edge.from.id.as_str()), name(edge.to.id.as_str()));
        let _ = writeln!(text, "  {from} {arrow}{label} {to}");
    }
    text
}

/// Makes an identifier that is no word of Mermaid's own (`end`, `graph`) and has no dots or dashes.
fn name(id: &str) -> String {
    format!(
        "n_{}",
        id.replace('_', "__").replace('-', "_d").replace('.', "_p")
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('"', "&quot;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('%', "&#37;")
}

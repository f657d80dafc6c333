//! Graphviz.

use std::fmt::Write;

use gantry_model::plan::Plan;

use super::{caption, edges};

pub(super) fn write(plan: &Plan) -> String {
    let mut text = format!(
        "digraph {} {{\n  rankdir=LR;\n  node [shape=box, style=rounded, fontname=\"Inter, sans-serif\"];\n",
        quoted(plan.release.as_str())
    );
    for node in &plan.nodes {
        let label = format!("{}\n{}", node.id, caption(node));
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "  {} [label={}];",
            quoted(node.id.as_str()),
            quoted(&label)
        );
    }
    for edge in edges(plan) {
        let label = edge
            .milestone
            .map(|milestone| format!("label={}", quoted(milestone)));
        let bold = edge.critical.then(|| "penwidth=2.25".to_owned());
        let attributes: Vec<String> = label.into_iter().chain(bold).collect();
        let (from, to) = (quoted(edge.from.id.as_str()), quoted(edge.to.id.as_str()));
        let _ = writeln!(text, "  {from} -> {to} [{}];", attributes.join(", "));
    }
    text.push_str("}\n");
    text
}

fn quoted(text: &str) -> String {
    format!(
        "\"{}\"",
        text.replace('\\', "\\\\")
            .replace('"', "\\\"")
            .replace('\n', "\\n")
    )
}

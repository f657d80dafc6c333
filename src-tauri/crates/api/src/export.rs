//! The graph of a plan, and its calendar, in the formats of other tools.

mod dot;
mod ics;
mod mermaid;
mod svg;

use gantry_forecast::timetable::Timetable;
use gantry_model::{
    plan::{NodeIndex, Plan, PlannedNode},
    time::Timestamp,
};
use gantry_readiness::agenda::Agenda;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The formats of the graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GraphFormat {
    /// Graphviz.
    Dot,
    /// Mermaid flowchart.
    Mermaid,
    /// Nodes and edges as JSON.
    Json,
    /// A picture.
    Svg,
}

/// Writes the calendar of a release: window, polls and steps that cannot be undone. `None` for a
/// release without a window, of which nothing has a time.
pub fn calendar(
    planned: (&Plan, &Agenda),
    timetable: Option<&Timetable>,
    now: Timestamp,
) -> Option<String> {
    ics::write(planned, timetable, now)
}

/// Writes a plan's graph; every name is escaped for the format.
pub fn graph(plan: &Plan, format: GraphFormat) -> String {
    match format {
        GraphFormat::Dot => dot::write(plan),
        GraphFormat::Mermaid => mermaid::write(plan),
        GraphFormat::Json => format!("{:#}", as_json(plan)),
        GraphFormat::Svg => svg::write(plan),
    }
}

/// One edge: who needs whom, and which point of its life.
struct Edge<'a> {
    from: &'a PlannedNode,
    to: &'a PlannedNode,
    /// The milestone, where it is not `done`.
    milestone: Option<&'a str>,
    critical: bool,
}

/// Lists the edges in the direction in which the release goes.
fn edges(plan: &Plan) -> impl Iterator<Item = Edge<'_>> {
    let critical = |from: NodeIndex, to: NodeIndex| {
        plan.critical_path
            .nodes
            .windows(2)
            .any(|pair| pair == [from, to])
    };
    let indexed = (0..).map(NodeIndex).zip(&plan.nodes);
    indexed.flat_map(move |(at, to)| {
        to.needs.iter().filter_map(move |need| {
            let milestone = need.milestone.as_str();
            Some(Edge {
                from: plan.nodes.get(need.node.at())?,
                to,
                milestone: (milestone != "done").then_some(milestone),
                critical: critical(need.node, at),
            })
        })
    })
}

/// Gives a node's second line: what goes from which version to which, and how.
fn caption(node: &PlannedNode) -> String {
    match &node.version {
        Some(change) => match &change.from {
            Some(from) => format!("{from} → {} · {}", change.to, node.strategy),
            None => format!("{} · {}", change.to, node.strategy),
        },
        None => node.strategy.to_string(),
    }
}

fn as_json(plan: &Plan) -> Value {
    let nodes: Vec<Value> = plan
        .nodes
        .iter()
        .map(|node| json!({ "id": node.id, "kind": node.kind, "strategy": node.strategy, "wave": node.wave, "version": node.version }))
        .collect();
    let edges: Vec<Value> = edges(plan)
        .map(|edge| json!({ "from": edge.from.id, "to": edge.to.id, "milestone": edge.milestone.unwrap_or("done"), "critical": edge.critical }))
        .collect();
    json!({ "release": plan.release, "plan": plan.digest, "nodes": nodes, "edges": edges })
}

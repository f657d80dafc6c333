//! Releases to plan.

use gantry_model::{
    plan::{Finding, Plan},
    release::Release,
};
use gantry_planner::{Observations, plan};
use serde_json::{Value, json};

/// Reads a release from JSON.
pub(crate) fn release(value: Value) -> Release {
    serde_json::from_value(value).expect("the release of a test can be read")
}

/// A release of these nodes, with one connection of each sort.
pub(crate) fn with_nodes(nodes: Value) -> Value {
    json!({
        "gantry": 1,
        "release": "test",
        "connections": {
            "docker": { "simulated": {} },
            "edge": { "simulated": {} },
            "flags": { "simulated": {} },
            "db": { "simulated": {} },
            "metrics": { "simulated": {} },
            "chat": { "slack": { "webhook": "${secret:chat}" } },
        },
        "services": { "inventory": "1.8.3" },
        "nodes": nodes,
    })
}

/// An app behind a router, with this strategy and whatever else is given.
pub(crate) fn app(strategy: Value, more: Value) -> Value {
    let mut app = json!({
        "kind": "app",
        "version": { "from": "1.0.0", "to": "1.1.0" },
        "workload": { "connection": "docker", "image": "shop/app:{{version}}", "replicas": 4 },
        "router": { "connection": "edge", "backend": "app" },
        "health": { "within": "20s" },
        "estimate": "1m",
        "strategy": strategy,
    });
    merge(&mut app, more);
    app
}

/// A task that can be undone.
pub(crate) fn task(needs: &[&str]) -> Value {
    json!({ "kind": "task", "needs": needs, "run": { "exec": ["./do"], "undo": ["./undo"] }, "estimate": "1s" })
}

/// Puts the keys of one object into another; `null` takes a key away.
pub(crate) fn merge(into: &mut Value, more: Value) {
    let (Some(into), Value::Object(more)) = (into.as_object_mut(), more) else {
        return;
    };
    for (key, value) in more {
        match value {
            Value::Null => into.remove(&key),
            value => into.insert(key, value),
        };
    }
}

/// Plans without having looked at anything.
pub(crate) fn planned(value: Value) -> Plan {
    plan(&release(value), &Observations::default()).expect("the release of a test can be planned")
}

/// Gives the problems of a release that cannot be planned.
pub(crate) fn problems(value: Value) -> Vec<Finding> {
    plan(&release(value), &Observations::default()).expect_err("the release should be impossible")
}

/// One line for each step: name, what it waits for, undo and milestones.
pub(crate) fn steps_of(plan: &Plan, node: &str) -> String {
    let mut lines = Vec::new();
    for step in plan
        .steps
        .iter()
        .filter(|step| step.id.as_str().starts_with(&format!("{node}/")))
    {
        let needs: Vec<&str> = step
            .needs
            .iter()
            .map(|need| plan.steps[need.at()].id.as_str())
            .collect();
        let reaches: Vec<&str> = step
            .reaches
            .iter()
            .map(|milestone| milestone.as_str())
            .collect();
        let undo = serde_json::to_value(step.undo).expect("an undo is a word");
        let mut line = format!(
            "{} <- {} ({})",
            step.id.name(),
            needs.join(" "),
            undo.as_str().unwrap_or_default()
        );
        if !reaches.is_empty() {
            line += &format!(" => {}", reaches.join(" "));
        }
        lines.push(line);
    }
    lines.join("\n")
}

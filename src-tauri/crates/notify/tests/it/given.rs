//! A plan with stakeholders, and events of its run.

use gantry_model::{
    event::{Happened, Outcome, RunEvent},
    id::RunId,
    plan::Plan,
    release::{Release, stakeholder::Notify},
    time::Timestamp,
};
use gantry_planner::Observations;
use serde_json::{Value, json};

pub(crate) fn release(more: Value) -> Release {
    let mut value = json!({
        "gantry": 1, "release": "shop-2.4", "title": "Checkout redesign", "environment": "production",
        "owner": "checkout-team",
        "window": { "opens": "2026-12-01T20:00:00", "closes": "2026-12-01T23:00:00", "timezone": "Europe/Berlin" },
        "connections": {
            "world": { "simulated": {} },
            "chat": { "slack": { "webhook": "${secret:slack-webhook}" } },
            "mail": { "smtp": { "host": "mail.example.com" } }
        },
        "nodes": {
            "orders": {
                "kind": "app", "version": { "from": "2.3.1", "to": "2.4.0" }, "estimate": "40m",
                "workload": { "connection": "world", "image": "shop/orders:{{version}}", "port": 80, "replicas": 2 },
                "strategy": { "recreate": {} }
            },
            "call": { "kind": "task", "needs": ["orders"], "estimate": "5m", "run": { "manual": "Call the bank" } }
        },
        "stakeholders": [
            { "name": "Team", "via": { "connection": "chat" },
              "on": ["poll", "started", "progress", "waiting", "held", "resumed", "rolling-back", "rolled-back", "failed", "finished"] },
            { "name": "Support", "via": { "connection": "chat" }, "audience": "support",
              "on": ["scheduled", "started", "held", "rolled-back", "finished"] },
            { "name": "Customers", "via": { "connection": "mail", "to": "status@example.com" },
              "audience": "customers", "on": ["started", "finished"] }
        ]
    });
    for (key, part) in more.as_object().unwrap() {
        value[key] = part.clone();
    }
    serde_json::from_value(value).unwrap()
}

pub(crate) fn plan_of(more: Value) -> Plan {
    gantry_planner::plan(&release(more), &Observations::default()).unwrap()
}

pub(crate) fn plan() -> Plan {
    plan_of(json!({}))
}

pub(crate) fn run() -> RunId {
    "shop-2.4#1".parse().unwrap()
}

pub(crate) fn at(text: &str) -> Timestamp {
    format!("2026-12-01T{text}Z").parse().unwrap()
}

pub(crate) fn event(seq: u64, what: Happened) -> RunEvent {
    RunEvent {
        seq,
        at: at("19:05:00"),
        what,
    }
}

pub(crate) fn finished(outcome: Outcome) -> Happened {
    Happened::Finished {
        outcome,
        message: "That is how it ended.".into(),
        changed: Vec::new(),
    }
}

pub(crate) fn cap(at_most: u32) -> Notify {
    Notify {
        at_most,
        ..Notify::default()
    }
}

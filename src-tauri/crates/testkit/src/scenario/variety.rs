//! What a release file can say beyond the plain: people, gates, windows, contracts, conditions.

use chrono::TimeDelta;
use gantry_model::time::Timestamp;
use gantry_simulation::world::Settings;
use rand::{RngExt, seq::IndexedRandom};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

use crate::draft::Draft;

/// Says more in a release, here and there.
pub(super) fn of(dice: &mut ChaCha8Rng, mut draft: Draft) -> Draft {
    if dice.random_bool(0.4) {
        draft = draft.also_of_policy(json!({ "approvals": approvals(dice) }));
    }
    if dice.random_bool(0.3) {
        let window = window(dice, Settings::default().start);
        draft = draft.with("window", window);
    }
    if dice.random_bool(0.15) {
        let url = json!({ "http": { "url": "http://127.0.0.1:9/good", "status": 200 } });
        draft = draft.with(
            "success",
            json!([{ "id": "good", "item": "All is well", "check": url }]),
        );
    }
    for (id, kind) in draft.kinds() {
        let more = match kind.as_str() {
            "task" => task(dice, &id),
            "app" => app(dice),
            "database" => database(dice),
            "flag" => flag(dice),
            _ => None,
        };
        if let Some(more) = more.filter(|_| dice.random_bool(0.5)) {
            draft = draft.also(&id, more);
        }
        if let Some(more) = any(dice) {
            draft = draft.also(&id, more);
        }
    }
    draft
}

fn approvals(dice: &mut ChaCha8Rng) -> Value {
    let start = dice.random_range(0..=2);
    let contract = dice.random_range(1..=2);
    let mut approvals = json!({ "contract": contract, "not-the-author": dice.random_bool(0.5) });
    if let (true, Some(gates)) = (start > 0, approvals.as_object_mut()) {
        gates.insert("start".into(), start.into());
    }
    approvals
}

/// Opens before or after the start, and closes before, in or after the usual run.
fn window(dice: &mut ChaCha8Rng, start: Timestamp) -> Value {
    let opens = *[-3600, -60, 0, 45, 900].choose(dice).unwrap_or(&0);
    let lasts = *[120, 600, 1800, 7200, 86_400].choose(dice).unwrap_or(&7200);
    let on_close = *["hold", "rollback"].choose(dice).unwrap_or(&"hold");
    let at = |seconds: i64| (start + TimeDelta::seconds(seconds)).to_rfc3339();
    json!({ "opens": at(opens), "closes": at((opens + lasts).max(30)), "on-close": on_close })
}

fn task(dice: &mut ChaCha8Rng, id: &str) -> Option<Value> {
    let http = |what: &str| json!({ "url": format!("http://127.0.0.1:9/{id}/{what}") });
    let deadline = *["5m", "1h"].choose(dice)?;
    let on_deadline = *["hold", "fail"].choose(dice)?;
    let run = match dice.random_range(0..6) {
        0 => json!({ "manual": "Ring the bank", "undo": "Ring them back" }),
        1 => json!({
            "manual": "Look at the board", "deadline": deadline, "on-deadline": on_deadline }),
        2 => json!({ "http": http("do"), "undo": http("undo") }),
        3 => json!({ "exec": ["./do", id], "undo": "Sweep up by hand", "timeout": "5m" }),
        4 => json!({ "exec": ["./do", id], "timeout": "5m" }),
        _ => json!({ "exec": ["./do", id], "undo": http("undo"), "timeout": "3s" }),
    };
    Some(json!({ "run": run }))
}

fn app(dice: &mut ChaCha8Rng) -> Option<Value> {
    let keep = *["0s", "2m", "30m"].choose(dice)?;
    let preview = json!({ "check": { "http": { "path": "/preview", "status": 200 } } });
    Some(match dice.random_range(0..6) {
        0 => json!({ "strategy": { "blue-green": {
            "bake": "1m", "keep-old": keep, "preview": preview } } }),
        1 => {
            json!({ "strategy": { "canary": { "every": "50%", "bake": "30s", "keep-old": keep } } })
        }
        2 => json!({ "strategy": { "rolling": { "batch": 2, "bake": "30s" } }, "soak": "1m" }),
        3 => json!({ "kind": "config" }),
        4 => json!({ "soak": "2m" }),
        _ => {
            json!({ "strategy": { "canary": { "steps": ["100%"], "bake": "1m", "keep-old": keep } } })
        }
    })
}

fn database(dice: &mut ChaCha8Rng) -> Option<Value> {
    let soak = *["0s", "5m"].choose(dice)?;
    let contract = json!({ "sql": "contract.sql", "soak": soak });
    let query = json!({ "sql": "select 0", "equals": 0 });
    let expand = |more: Value| {
        let mut settings = json!({ "expand": "expand.sql", "verify": query });
        if let (Some(settings), Value::Object(more)) = (settings.as_object_mut(), more) {
            settings.extend(more);
        }
        json!({ "strategy": { "expand-contract": settings } })
    };
    Some(match dice.random_range(0..4) {
        0 => expand(json!({ "contract": contract })),
        1 => expand(json!({ "revert": "revert.sql", "on-rollback": "revert" })),
        2 => json!({ "strategy": { "shadow-writes": {
            "expand": "expand.sql", "backfill": { "sql": "backfill.sql" },
            "compare": query, "window": "2m", "soak": soak, "contract": contract } } }),
        _ => json!({ "strategy": { "shadow-writes": {
            "expand": "expand.sql", "compare": query, "window": "1m" } } }),
    })
}

fn flag(dice: &mut ChaCha8Rng) -> Option<Value> {
    let soak = *["30s", "2m"].choose(dice)?;
    Some(json!({ "soak": soak }))
}

/// What every kind of node can say.
fn any(dice: &mut ChaCha8Rng) -> Option<Value> {
    let policies = ["rollback-release", "rollback-node", "hold", "continue"];
    let on_failure = *policies.choose(dice)?;
    let environment = *["test", "elsewhere"].choose(dice)?;
    Some(match dice.random_range(0..20) {
        0..2 => json!({ "on-failure": on_failure }),
        2..4 => json!({ "cancel": true }),
        4 => json!({ "when": { "environment": [environment] } }),
        5 => json!({ "idempotent": true }),
        6 => json!({ "timeout": "10s" }),
        _ => return None,
    })
}

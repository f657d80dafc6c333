//! Problems of checklists and polls, and what they add to the plan.

use serde_json::{Value, json};

use super::{around, expect};
use crate::given::{merge, release, task, with_nodes};

fn poll(poll: Value) -> Value {
    around(json!({ "go-no-go": poll }))
}

#[test]
fn positions_can_be_answered() {
    let place = "/go-no-go/poll/0/voters";
    expect(
        poll(json!({ "poll": [{ "role": "QA", "voters": [] }] })),
        "no-voters",
        place,
    );
    let twice = json!({ "poll": [
        { "role": "QA", "voters": ["ann"] }, { "role": "qa", "voters": ["bob"] },
    ] });
    expect(poll(twice), "duplicate-position", "/go-no-go/poll/1/role");
    let both = json!({ "poll": [
        { "role": "QA", "voters": ["ann"], "advisory": true, "mandatory": true },
    ] });
    expect(poll(both), "position-form", "/go-no-go/poll/0");
    expect(
        poll(json!({ "at": ["success"] })),
        "no-positions",
        "/go-no-go",
    );
}

#[test]
fn a_quorum_can_be_reached_and_is_no_silence() {
    let quorum = |count: u32| {
        poll(json!({ "quorum": count, "poll": [
            { "role": "QA", "voters": ["ann"] }, { "role": "Legal", "voters": ["ann"] },
        ] }))
    };
    expect(quorum(0), "bad-quorum", "/go-no-go/quorum");
    expect(quorum(2), "bad-quorum", "/go-no-go/quorum");
}

#[test]
fn items_can_be_named() {
    let lists = |lists: Value| around(json!({ "checklists": lists }));
    let item = |id: &str| json!({ "id": id, "item": "x" });
    let twice = json!({ "pre-deployment": [item("a"), item("a")] });
    expect(
        lists(twice),
        "duplicate-item",
        "/checklists/pre-deployment/1/id",
    );
    let odd = json!({ "pre-deployment": [item("a b")] });
    expect(lists(odd), "bad-item", "/checklists/pre-deployment/0/id");
    let reserved = json!({ "conditions": [item("a")] });
    expect(lists(reserved), "reserved-list", "/checklists/conditions");
}

#[test]
fn who_declares_a_release_good_stands_among_its_criteria() {
    let success = |more: Value| {
        let mut value = with_nodes(json!({ "a": task(&[]) }));
        merge(&mut value, more);
        let plan = gantry_planner::plan(&release(value), &Default::default()).unwrap();
        plan.success
            .into_iter()
            .map(|asked| asked.id)
            .collect::<Vec<_>>()
    };
    let poll = json!([{ "role": "QA", "voters": ["ann"] }]);
    assert!(success(json!({ "go-no-go": { "poll": poll } })).is_empty());
    let at = json!({ "go-no-go": { "poll": poll, "at": ["start", "success"] } });
    assert_eq!(success(at), ["go-no-go"]);
    let list = json!({ "checklists": { "post-deployment": [
        { "id": "a", "item": "x", "required": true },
    ] } });
    assert_eq!(success(list), ["go-no-go"]);
}

/// A release whose one item asks this.
fn asking(check: Value) -> Value {
    around(json!({
        "connections": {
            "db": { "postgres": { "url": "${secret:db}" } },
            "file": { "sqlite": { "file": "orders.db" } },
            "ci": { "github": {} },
            "am": { "alertmanager": { "url": "http://127.0.0.1:9093" } },
        },
        "checklists": { "before": [{ "id": "i", "item": "It is so", "check": check }] },
    }))
}

#[test]
fn items_ask_only_what_somebody_can_answer() {
    let at = |rest: &str| format!("/checklists/before/0/check{rest}");
    let sql = |more: Value| {
        let mut sql = json!({ "connection": "db", "query": "select 0", "equals": 0 });
        merge(&mut sql, more);
        asking(json!({ "sql": sql }))
    };
    expect(asking(json!({})), "check-form", &at(""));
    let both = json!({ "exec": ["true"], "tcp": { "address": "a:1" } });
    expect(asking(both), "check-form", &at(""));
    expect(
        sql(json!({ "connection": "ci" })),
        "wrong-product",
        &at("/sql/connection"),
    );
    expect(
        sql(json!({ "connection": "bd" })),
        "unknown-connection",
        &at("/sql/connection"),
    );
    expect(sql(json!({ "query": " " })), "sql-form", &at("/sql/query"));
    expect(
        sql(json!({ "below": "many" })),
        "sql-form",
        &at("/sql/below"),
    );
    let silent = json!({ "sql": { "connection": "file", "query": "select 0" } });
    expect(asking(silent), "sql-form", &at("/sql"));
    let ci = json!({ "ci": { "connection": "ci", "repository": "orders", "commit": "main" } });
    expect(asking(ci), "ci-form", &at("/ci/repository"));
    let alerts = json!({ "alerts": { "connection": "db" } });
    expect(asking(alerts), "wrong-product", &at("/alerts/connection"));
    let backup = json!({ "backup": { "within": "1h" } });
    expect(asking(backup), "backup-form", &at("/backup"));
    let backup = json!({ "backup": { "file": "a", "within": "0s" } });
    expect(asking(backup), "no-time", &at("/backup/within"));
}

#[test]
fn what_was_done_before_is_no_success_and_nobody_waits_for_themselves() {
    let release = around(json!({ "success": [
        { "id": "r", "item": "It was rehearsed", "check": { "rehearsed": { "within": "1h" } } },
    ] }));
    expect(release, "check-place", "/success/0/check/rehearsed");
    let own = around(json!({ "checklists": { "before": [
        { "id": "i", "item": "It is done", "check": { "release": { "done": "test" } } },
    ] } }));
    expect(
        own,
        "own-release",
        "/checklists/before/0/check/release/done",
    );
}

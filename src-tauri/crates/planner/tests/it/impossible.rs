//! What makes a plan impossible, each with its place.

mod around;
mod measured;
mod people;

use serde_json::{Value, json};

use crate::given::{app, merge, problems, task, with_nodes};

/// A release whose one app is changed by this.
fn one_app(strategy: Value, more: Value) -> Value {
    with_nodes(json!({ "app": app(strategy, more) }))
}

/// A release with one good task, changed by this.
fn around(more: Value) -> Value {
    let mut release = with_nodes(json!({ "a": task(&[]) }));
    merge(&mut release, more);
    release
}

fn expect(release: Value, code: &str, pointer: &str) {
    let found = problems(release);
    let told: Vec<(&str, &str)> = found
        .iter()
        .map(|f| (f.code.as_str(), f.pointer.as_deref().unwrap_or_default()))
        .collect();
    assert!(
        told.contains(&(code, pointer)),
        "{code} at {pointer} is not in {told:?}"
    );
    assert!(
        found
            .iter()
            .all(|f| !f.message.is_empty() && !f.hint.is_empty()),
        "{found:?}"
    );
}

#[test]
fn an_unknown_need_names_the_nearest_node() {
    let release = with_nodes(json!({ "orders": task(&[]), "web": task(&["ordres"]) }));
    let found = problems(release);
    assert_eq!(found[0].code, "unknown-need");
    assert_eq!(found[0].pointer.as_deref(), Some("/nodes/web/needs/0"));
    assert_eq!(found[0].hint, "did you mean `orders`?");
}

#[test]
fn an_impossible_milestone_is_refused() {
    let release = with_nodes(json!({ "a": task(&[]), "b": task(&["a:live"]) }));
    expect(release, "impossible-milestone", "/nodes/b/needs/0");
}

#[test]
fn a_cycle_is_told_as_the_whole_ring_with_its_edges() {
    let release = with_nodes(json!({
        "a": task(&["c"]), "b": task(&["a"]), "c": task(&["b", "d"]), "d": task(&[]),
    }));
    let found = problems(release);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].code, "cycle");
    assert_eq!(found[0].pointer.as_deref(), Some("/nodes/a/needs/0"));
    let ring = "These nodes wait for each other: `a` needs `c`, `c` needs `b`, `b` needs `a`.";
    assert_eq!(found[0].message, ring);
}

#[test]
fn a_node_that_needs_itself_is_a_ring_of_one() {
    let found = problems(with_nodes(json!({ "a": task(&["a"]) })));
    assert!(found[0].message.contains("`a` needs `a`"));
}

#[test]
fn a_contract_that_waits_for_who_needs_it_is_a_ring_of_steps() {
    let strategy = json!({ "expand-contract": {
        "expand": "e.sql", "contract": { "sql": "c.sql", "after": ["late"] },
    } });
    let database = json!({ "kind": "database", "connection": "db", "strategy": strategy });
    let release = with_nodes(json!({ "db": database, "late": task(&["db:contracted"]) }));
    let found = problems(release);
    assert_eq!(found[0].code, "cycle");
    assert_eq!(
        found[0].pointer.as_deref(),
        Some("/nodes/db/strategy/expand-contract/contract/after")
    );
    assert!(
        found[0].message.contains("`late/run`"),
        "{}",
        found[0].message
    );
}

#[test]
fn every_kind_needs_its_parts() {
    expect(
        one_app(json!("recreate"), json!({ "workload": null })),
        "missing-part",
        "/nodes/app",
    );
    expect(
        one_app(json!("recreate"), json!({ "version": null })),
        "missing-part",
        "/nodes/app",
    );
    expect(
        one_app(json!("canary"), json!({ "router": null })),
        "missing-part",
        "/nodes/app",
    );
    expect(
        one_app(json!("blue-green"), json!({ "router": null })),
        "missing-part",
        "/nodes/app",
    );
    let flag = json!({ "kind": "flag", "flag": { "name": "x" } });
    expect(with_nodes(json!({ "f": flag })), "missing-part", "/nodes/f");
    let flag = json!({ "kind": "flag", "connection": "flags" });
    expect(with_nodes(json!({ "f": flag })), "missing-part", "/nodes/f");
    let database = json!({ "kind": "database", "connection": "db" });
    expect(
        with_nodes(json!({ "d": database })),
        "missing-part",
        "/nodes/d",
    );
    expect(
        with_nodes(json!({ "t": { "kind": "task" } })),
        "missing-part",
        "/nodes/t",
    );
}

#[test]
fn a_part_that_would_be_ignored_is_refused() {
    let run = json!({ "run": { "exec": ["./x"] } });
    expect(
        one_app(json!("recreate"), run),
        "part-does-not-fit",
        "/nodes/app/run",
    );
    let strategy = json!({ "strategy": "recreate" });
    let mut node = task(&[]);
    merge(&mut node, strategy);
    expect(
        with_nodes(json!({ "t": node })),
        "strategy-does-not-fit",
        "/nodes/t/strategy",
    );
}

#[test]
fn connections_are_known_and_of_the_right_product() {
    let elsewhere = json!({ "router": { "connection": "egde", "backend": "app" } });
    expect(
        one_app(json!("canary"), elsewhere),
        "unknown-connection",
        "/nodes/app/router/connection",
    );
    let chat = json!({ "router": { "connection": "chat", "backend": "app" } });
    expect(
        one_app(json!("canary"), chat),
        "wrong-product",
        "/nodes/app/router/connection",
    );
    let people = json!({ "stakeholders": [{ "name": "S", "via": { "connection": "nobody" }, "on": ["started"] }] });
    expect(
        around(people),
        "unknown-connection",
        "/stakeholders/0/via/connection",
    );
}

#[test]
fn a_task_has_exactly_one_form() {
    let none = json!({ "kind": "task", "run": {} });
    expect(
        with_nodes(json!({ "t": none })),
        "task-form",
        "/nodes/t/run",
    );
    let both = json!({ "kind": "task", "run": { "exec": ["./x"], "manual": "Call" } });
    expect(
        with_nodes(json!({ "t": both })),
        "task-form",
        "/nodes/t/run",
    );
}

#[test]
fn argument_lists_name_a_program_and_inject_no_option() {
    let empty = json!({ "kind": "task", "run": { "exec": [] } });
    expect(
        with_nodes(json!({ "t": empty })),
        "empty-exec",
        "/nodes/t/run/exec",
    );
    let option = json!({ "kind": "task", "version": "1.0.0", "run": { "exec": ["./x", "--v={{version}}"] } });
    expect(
        with_nodes(json!({ "t": option })),
        "option-injection",
        "/nodes/t/run/exec/1",
    );
    let undo = json!({ "kind": "task", "run": { "exec": ["./x"], "undo": [""] } });
    expect(
        with_nodes(json!({ "t": undo })),
        "empty-exec",
        "/nodes/t/run/undo",
    );
}

#[test]
fn placeholders_are_known_and_have_a_value() {
    let image = json!({ "workload": { "connection": "docker", "image": "app:{{verison}}" } });
    expect(
        one_app(json!("recreate"), image),
        "unknown-placeholder",
        "/nodes/app/workload/image",
    );
    let exec = json!({ "kind": "task", "run": { "exec": ["./x", "{{version}}"] } });
    expect(
        with_nodes(json!({ "t": exec })),
        "version-missing",
        "/nodes/t/run/exec/1",
    );
}

#[test]
fn shares_grow_and_end_at_everything() {
    let falling = json!({ "canary": { "steps": ["25%", "5%", "100%"] } });
    expect(
        one_app(falling, json!({})),
        "steps-not-growing",
        "/nodes/app/strategy/canary/steps/1",
    );
    let early = json!({ "canary": { "steps": ["5%", "50%"] } });
    expect(
        one_app(early, json!({})),
        "steps-end-early",
        "/nodes/app/strategy/canary/steps/1",
    );
    let both = json!({ "canary": { "steps": ["100%"], "every": "10%" } });
    expect(
        one_app(both, json!({})),
        "steps-and-every",
        "/nodes/app/strategy/canary/every",
    );
    let zero = json!({ "canary": { "every": "0%" } });
    expect(
        one_app(zero, json!({})),
        "ramp-too-fine",
        "/nodes/app/strategy/canary/every",
    );
}

#[test]
fn numbers_of_things_are_positive() {
    let none = json!({ "workload": { "connection": "docker", "image": "app:1", "replicas": 0 } });
    expect(
        one_app(json!("recreate"), none),
        "not-positive",
        "/nodes/app/workload/replicas",
    );
    let batch = json!({ "rolling": { "batch": 0 } });
    expect(
        one_app(batch, json!({})),
        "not-positive",
        "/nodes/app/strategy/rolling/batch",
    );
    let gate = json!({ "policy": { "approvals": { "contract": 0 } } });
    expect(around(gate), "not-positive", "/policy/approvals/contract");
    expect(
        around(json!({ "policy": { "max-parallel": 0 } })),
        "not-positive",
        "/policy/max-parallel",
    );
}

#[test]
fn a_file_cannot_ask_for_more_steps_than_can_be_planned() {
    let many = json!({ "workload": { "connection": "docker", "image": "app:1", "replicas": 2_000_000_000 } });
    expect(
        one_app(json!("rolling"), many),
        "too-many",
        "/nodes/app/workload/replicas",
    );
    let shares: Vec<String> = (1..=10_000)
        .map(|bp| format!("{}.{:02}%", bp / 100, bp % 100))
        .collect();
    let canary = app(json!({ "canary": { "steps": shares } }), json!({}));
    let nodes: serde_json::Map<String, Value> =
        (0..26).map(|n| (format!("n{n}"), canary.clone())).collect();
    expect(with_nodes(Value::Object(nodes)), "too-many-steps", "/nodes");
}

#[test]
fn a_contract_waits_only_for_nodes_that_are_there() {
    let strategy = json!({ "expand-contract": {
        "expand": "e.sql", "on-rollback": "revert", "contract": { "sql": "c.sql", "after": ["ghost"] },
    } });
    let database = json!({ "kind": "database", "connection": "db", "strategy": strategy });
    let release = with_nodes(json!({ "db": database }));
    let place = "/nodes/db/strategy/expand-contract";
    expect(
        release.clone(),
        "unknown-need",
        &format!("{place}/contract/after/0"),
    );
    expect(release, "missing-part", place);
}

#[test]
fn a_release_without_nodes_is_refused() {
    expect(with_nodes(json!({})), "no-nodes", "/nodes");
}

#[test]
fn all_problems_are_told_at_once() {
    let release = with_nodes(json!({
        "a": task(&["ghost"]), "b": { "kind": "task", "run": {} }, "c": app(json!("canary"), json!({ "router": null })),
        "d": task(&["e"]), "e": task(&["d"]),
    }));
    let codes: Vec<String> = problems(release).into_iter().map(|f| f.code).collect();
    for code in ["unknown-need", "task-form", "missing-part", "cycle"] {
        assert!(
            codes.iter().any(|other| other == code),
            "{code} is not in {codes:?}"
        );
    }
}

#[test]
fn criteria_that_share_an_id_are_told_apart_before_anything_runs() {
    let good = json!({ "id": "good", "item": "All is well" });
    expect(
        around(json!({ "success": [good, good] })),
        "duplicate-criterion",
        "/success/1/id",
    );
    expect(
        around(json!({ "go-no-go": { "criteria": [good, good] } })),
        "duplicate-criterion",
        "/go-no-go/criteria/1/id",
    );
}

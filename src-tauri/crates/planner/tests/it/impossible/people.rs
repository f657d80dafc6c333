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

//! The sample release, planned whole.

use gantry_model::plan::{Severity, Undo};
use gantry_planner::view::view;
use serde_json::{Value, json};

use crate::given::planned;

fn sample() -> Value {
    serde_json::from_str(include_str!("sample.json")).unwrap()
}

#[test]
fn the_sample_is_planned_as_it_is_described() {
    let plan = planned(sample());
    let shown = serde_json::to_value(view(&plan)).unwrap();
    assert_eq!(
        shown["waves"],
        json!([
            ["orders-db"],
            ["orders"],
            ["web", "warm-cache"],
            ["new-checkout"]
        ])
    );
    assert_eq!(
        shown["critical_path"]["nodes"],
        json!(["orders-db", "orders", "web", "new-checkout"])
    );
    assert_eq!(shown["critical_path"]["at_least"], json!(true));
    assert_eq!(
        shown["point_of_no_return"],
        json!({ "step": "orders-db/contract", "approval": "contract" })
    );
    assert_eq!(
        shown["rollback"]["cannot_undo"],
        json!(["orders-db/contract"])
    );
    assert_eq!(
        shown["rollback"]["waves"],
        json!([
            ["new-checkout", "warm-cache"],
            ["web"],
            ["orders"],
            ["orders-db"]
        ])
    );
    let shift = shown["steps"]
        .as_array()
        .unwrap()
        .iter()
        .find(|s| s["id"] == "orders/shift-500")
        .unwrap();
    assert_eq!(shift["needs"], json!(["orders/stage"]));
    assert_eq!(shift["weight_bp"], json!(500));
    assert_eq!(shift["undo"], json!("restore"));
    assert_eq!(shift["estimate_ms"], json!(2000));
    assert_eq!(
        shown["nodes"][1]["reversibility"],
        json!({ "class": "slower-after", "step": "orders/retire" })
    );
    assert!(
        !plan
            .findings
            .iter()
            .any(|finding| finding.severity == Severity::Error)
    );
}

#[test]
fn the_view_has_the_promised_keys_in_the_promised_order() {
    let text = serde_json::to_string(&view(&planned(sample()))).unwrap();
    let keys = [
        "release",
        "plan",
        "waves",
        "order",
        "critical_path",
        "nodes",
        "steps",
        "rollback",
        "point_of_no_return",
        "triggers",
        "skew",
        "findings",
    ];
    let places: Vec<usize> = keys
        .iter()
        .map(|key| text.find(&format!("\"{key}\":")).unwrap())
        .collect();
    assert!(places.is_sorted(), "{places:?}");
}

#[test]
fn the_whole_view_of_the_sample() {
    insta::assert_json_snapshot!(view(&planned(sample())));
}

#[test]
fn planning_twice_gives_the_same_bytes() {
    let text = || serde_json::to_string(&planned(sample())).unwrap();
    assert_eq!(text(), text());
}

#[test]
fn every_step_of_the_sample_waits_only_for_what_comes_before() {
    let plan = planned(sample());
    let mut done = vec![false; plan.steps.len()];
    for _ in 0..plan.steps.len() {
        for at in 0..plan.steps.len() {
            done[at] |= plan.steps[at].needs.iter().all(|need| done[need.at()]);
        }
    }
    assert!(done.iter().all(|done| *done));
    let first_changes = plan.steps.iter().filter(|step| step.undo != Undo::None);
    for step in first_changes {
        let preflight = format!("{}/preflight", plan.nodes[step.node.at()].id);
        let mut open = step.needs.clone();
        let mut found = false;
        while let Some(need) = open.pop() {
            let need = &plan.steps[need.at()];
            found |= need.id.as_str() == preflight;
            open.extend(&need.needs);
        }
        assert!(found, "{} changes something before its preflight", step.id);
    }
}

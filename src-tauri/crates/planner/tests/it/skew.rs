//! Versions that meet on the way.

use gantry_model::plan::{Plan, Severity, SkewPair};
use serde_json::{Value, json};

use crate::given::{app, planned, with_nodes};

fn consumer(needs: Value, compatible: Value) -> Value {
    app(
        json!("canary"),
        json!({ "needs": needs, "compatible": compatible }),
    )
}

fn provider(needs: Value) -> Value {
    app(
        json!("canary"),
        json!({ "needs": needs, "version": { "from": "2.9.0", "to": "3.0.0" } }),
    )
}

fn pair<'a>(plan: &'a Plan, other: &str) -> Option<&'a SkewPair> {
    plan.skew.iter().find(|pair| pair.pair.1 == other)
}

fn is_unsafe(plan: &Plan) -> bool {
    let unsafe_ = plan
        .findings
        .iter()
        .filter(|finding| finding.code == "skew-unsafe");
    unsafe_
        .inspect(|finding| assert_eq!(finding.severity, Severity::Error))
        .count()
        > 0
}

#[test]
fn a_neighbour_of_the_wrong_version_is_unsafe() {
    let fine = planned(with_nodes(
        json!({ "c": consumer(json!([]), json!({ "inventory": ">=1.8" })) }),
    ));
    assert!(fine.skew[0].ok && !is_unsafe(&fine));
    let bad = planned(with_nodes(
        json!({ "c": consumer(json!([]), json!({ "inventory": ">=1.9" })) }),
    ));
    assert_eq!(bad.skew[0].pair, ("1.1.0".to_owned(), "1.8.3".to_owned()));
    assert!(!bad.skew[0].ok && is_unsafe(&bad));
}

#[test]
fn without_an_edge_the_new_version_meets_the_old_one() {
    let nodes =
        json!({ "c": consumer(json!([]), json!({ "p": ">=3" })), "p": provider(json!([])) });
    let plan = planned(with_nodes(nodes));
    assert!(!pair(&plan, "2.9.0").unwrap().ok);
    assert!(pair(&plan, "3.0.0").unwrap().ok);
    let finding = plan
        .findings
        .iter()
        .find(|finding| finding.code == "skew-unsafe")
        .unwrap();
    assert_eq!(finding.hint, "add `p` to the needs of `c`");
    assert_eq!(finding.pointer.as_deref(), Some("/nodes/c/compatible/p"));
}

#[test]
fn an_edge_keeps_them_apart_directly_and_through_others() {
    for needs in [json!(["p"]), json!(["p:live"]), json!(["between"])] {
        let nodes = json!({
            "c": consumer(needs, json!({ "p": ">=3" })), "p": provider(json!([])),
            "between": crate::given::task(&["p:live"]),
        });
        let plan = planned(with_nodes(nodes));
        assert!(pair(&plan, "2.9.0").is_none());
        assert!(!is_unsafe(&plan));
    }
}

#[test]
fn waiting_for_a_staged_version_is_not_enough() {
    let nodes = json!({ "c": consumer(json!(["p:staged"]), json!({ "p": ">=3" })), "p": provider(json!([])) });
    assert!(is_unsafe(&planned(with_nodes(nodes))));
}

#[test]
fn who_stands_on_top_meets_the_old_version_below_it() {
    let nodes =
        json!({ "c": consumer(json!([]), json!({ "p": ">=3" })), "p": provider(json!(["c"])) });
    let plan = planned(with_nodes(nodes));
    assert!(pair(&plan, "2.9.0").unwrap().when.contains("`p` needs `c`"));
    assert!(is_unsafe(&plan));
}

fn database(contract: Value) -> Value {
    let strategy = json!({ "expand-contract": { "expand": "e.sql", "contract": contract } });
    json!({ "kind": "database", "connection": "db", "strategy": strategy })
}

#[test]
fn a_schema_must_be_expanded_before_who_needs_it() {
    let nodes = |needs: Value| {
        let wanted = json!({ "schema": "expanded" });
        with_nodes(
            json!({ "c": consumer(needs, wanted), "schema": database(json!({ "sql": "c.sql" })) }),
        )
    };
    let fine = planned(nodes(json!(["schema:expanded"])));
    assert!(!is_unsafe(&fine), "{:?}", fine.findings);
    assert!(fine.skew.iter().all(|pair| pair.ok));
    let bad = planned(nodes(json!([])));
    assert!(!pair(&bad, "before expanded").unwrap().ok);
    assert!(!pair(&bad, "contracted").unwrap().ok);
}

#[test]
fn an_old_version_that_nobody_named_is_a_warning() {
    let unnamed = app(json!("canary"), json!({ "version": "3.0.0" }));
    let nodes = json!({ "c": consumer(json!([]), json!({ "p": ">=3" })), "p": unnamed });
    let plan = planned(with_nodes(nodes));
    assert!(
        plan.findings
            .iter()
            .any(|finding| finding.code == "skew-unknown")
    );
}

#[test]
fn a_schema_can_be_named_by_its_service() {
    let mut schema = database(json!({ "sql": "c.sql" }));
    schema["service"] = json!("ledger");
    let nodes =
        json!({ "c": consumer(json!([]), json!({ "ledger": "expanded" })), "schema": schema });
    assert!(
        !pair(&planned(with_nodes(nodes)), "before expanded")
            .unwrap()
            .ok
    );
}

#[test]
fn a_large_release_is_planned_without_waiting() {
    let node = |at: usize| {
        let mut node = crate::given::task(&[]);
        node["version"] = json!({ "from": "1.0.0", "to": "2.0.0" });
        if at > 0 {
            node["needs"] = json!([format!("n{}", at - 1)]);
            node["compatible"] = json!({ format!("n{}", at - 1): ">=1" });
        }
        (format!("n{at}"), node)
    };
    let nodes: serde_json::Map<String, Value> = (0..20_000).map(node).collect();
    let plan = planned(with_nodes(Value::Object(nodes)));
    assert_eq!(plan.steps.len(), 40_000);
    assert!(
        plan.findings
            .iter()
            .any(|finding| finding.code == "skew-not-checked")
    );
}

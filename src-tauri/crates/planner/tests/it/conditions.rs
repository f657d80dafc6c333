//! Nodes that take part only under a condition.

use serde_json::json;

use crate::given::{merge, planned, steps_of, task, with_nodes};

#[test]
fn a_node_that_is_left_out_counts_as_met() {
    let mut left_out = task(&[]);
    merge(
        &mut left_out,
        json!({ "when": { "environment": ["staging"] } }),
    );
    let plan = planned(with_nodes(json!({ "a": left_out, "b": task(&["a"]) })));
    assert_eq!(plan.nodes.len(), 1);
    assert!(steps_of(&plan, "b").contains("run <- b/preflight (inverse)"));
    let note = plan
        .findings
        .iter()
        .find(|finding| finding.code == "left-out")
        .unwrap();
    assert_eq!(note.pointer.as_deref(), Some("/nodes/a/when"));
}

#[test]
fn a_service_of_the_right_version_lets_a_node_take_part() {
    let for_inventory = |requirement: &str| {
        let mut node = task(&[]);
        merge(
            &mut node,
            json!({ "when": { "services": { "inventory": requirement } } }),
        );
        planned(with_nodes(json!({ "a": node, "b": task(&[]) })))
            .nodes
            .len()
    };
    assert_eq!(for_inventory(">=1.8"), 2);
    assert_eq!(for_inventory(">=2"), 1);
}

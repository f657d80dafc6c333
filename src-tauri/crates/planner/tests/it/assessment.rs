//! Risk, reversibility, recommendation and triggers, from facts.

use gantry_model::{
    plan::{Level, Plan, Reversibility},
    release::strategy::StrategyName,
};
use serde_json::{Value, json};

use crate::given::{app, merge, planned, task, with_nodes};

fn codes(plan: &Plan) -> Vec<&str> {
    plan.findings
        .iter()
        .map(|finding| finding.code.as_str())
        .collect()
}

fn recommended(more: Value, release: Value) -> StrategyName {
    let mut node = app(json!("canary"), json!({ "strategy": null }));
    merge(&mut node, more);
    let mut whole = with_nodes(json!({ "app": node }));
    merge(&mut whole, release);
    let plan = planned(whole);
    assert!(codes(&plan).contains(&"strategy-recommended"));
    assert_eq!(plan.nodes[0].strategy, plan.nodes[0].assessment.recommended);
    plan.nodes[0].strategy
}

#[test]
fn a_missing_strategy_is_recommended_from_what_there_is() {
    let judged = json!({
        "metrics": { "m": { "kind": "gauge", "query": "x" } },
        "defaults": { "judge": { "source": "metrics", "metrics": ["m"] } },
    });
    assert_eq!(recommended(json!({}), judged), StrategyName::Canary);
    assert_eq!(recommended(json!({}), json!({})), StrategyName::BlueGreen);
    let alone = json!({ "router": null });
    assert_eq!(recommended(alone.clone(), json!({})), StrategyName::Rolling);
    assert_eq!(
        recommended(alone, json!({ "environment": "dev" })),
        StrategyName::Recreate
    );
}

#[test]
fn a_task_without_undo_cannot_be_put_back_and_says_so() {
    let node = json!({ "kind": "task", "run": { "exec": ["./x"] } });
    let plan = planned(with_nodes(json!({ "t": node })));
    assert_eq!(plan.nodes[0].reversibility, Reversibility::Never);
    assert_eq!(plan.nodes[0].assessment.rollback_complexity, Level::High);
    assert!(codes(&plan).contains(&"no-undo"));
    assert!(codes(&plan).contains(&"no-estimate"));
}

#[test]
fn a_contract_ends_reversibility_and_retiring_slows_it() {
    let strategy =
        json!({ "expand-contract": { "expand": "e.sql", "contract": { "sql": "c.sql" } } });
    let database = json!({ "kind": "database", "connection": "db", "strategy": strategy });
    let nodes = json!({ "app": app(json!("canary"), json!({})), "db": database, "t": task(&[]) });
    let plan = planned(with_nodes(nodes));
    let step = "db/contract".parse().unwrap();
    assert_eq!(plan.nodes[1].reversibility, Reversibility::Until { step });
    let step = "app/retire".parse().unwrap();
    assert_eq!(
        plan.nodes[0].reversibility,
        Reversibility::SlowerAfter { step }
    );
    assert_eq!(plan.nodes[2].reversibility, Reversibility::Reversible);
}

#[test]
fn riskier_facts_give_a_higher_score() {
    let score = |strategy: &str, to: &str| {
        let version = json!({ "version": { "from": "1.0.0", "to": to } });
        planned(with_nodes(json!({ "app": app(json!(strategy), version) }))).nodes[0]
            .assessment
            .score
    };
    assert!(score("canary", "1.0.1") < score("canary", "1.1.0"));
    assert!(score("canary", "1.1.0") < score("canary", "2.0.0"));
    assert!(score("canary", "2.0.0") < score("recreate", "2.0.0"));
}

#[test]
fn guardrails_are_triggers_without_being_listed() {
    let mut release = with_nodes(json!({
        "app": app(json!("canary"), json!({ "on-failure": "rollback-node" })), "t": task(&[]),
    }));
    let more = json!({
        "metrics": {
            "errors": { "kind": "gauge", "query": "x", "never-above": "5%" },
            "unused": { "kind": "gauge", "query": "x", "never-below": "1" },
        },
        "defaults": { "judge": { "source": "metrics", "metrics": ["errors"] } },
        "triggers": [{ "metric": "errors", "of": "app", "above": "2%", "for": "2m", "then": "hold" }],
    });
    merge(&mut release, more);
    let plan = planned(release);
    let shown = serde_json::to_value(gantry_planner::view::view(&plan)).unwrap();
    assert_eq!(
        shown["triggers"],
        json!([
            { "node": null, "metric": "errors", "of": "app", "above": "2%", "for_ms": 120_000, "then": "hold" },
            { "node": "app", "metric": "errors", "of": "app", "above": "5%", "for_ms": 0, "then": "rollback-node" },
        ])
    );
    assert!(codes(&plan).contains(&"guardrail-unused"));
}

#[test]
fn a_node_without_an_estimate_counts_what_it_declares() {
    let canary = json!({ "canary": { "steps": ["50%", "100%"], "bake": "10m" } });
    let unknown = app(canary, json!({ "estimate": null, "soak": "5m" }));
    let plan = planned(with_nodes(json!({ "app": unknown, "t": task(&["app"]) })));
    assert_eq!(plan.nodes[0].estimate.as_millis(), 25 * 60_000);
    assert!(plan.critical_path.at_least);
    assert_eq!(plan.critical_path.estimate.as_millis(), 25 * 60_000 + 1000);
}

//! Each strategy, step by step.

use std::collections::BTreeMap;

use gantry_model::{plan::Action, platform::Baseline};
use gantry_planner::{Observations, plan};
use insta::assert_snapshot;
use serde_json::json;

use crate::given::{app, planned, release, steps_of, task, with_nodes};

fn chain_of(strategy: serde_json::Value) -> String {
    steps_of(
        &planned(with_nodes(json!({ "app": app(strategy, json!({})) }))),
        "app",
    )
}

fn first_chain_of(strategy: serde_json::Value) -> String {
    let release = release(with_nodes(json!({ "app": app(strategy, json!({})) })));
    let running = BTreeMap::from([("app".parse().unwrap(), Baseline::default())]);
    let observations = Observations {
        running,
        ..Observations::default()
    };
    let plan = plan(&release, &observations).unwrap();
    assert!(plan.nodes[0].first_deployment);
    steps_of(&plan, "app")
}

#[test]
fn a_canary_goes_up_share_by_share() {
    assert_snapshot!(chain_of(json!("canary")));
}

#[test]
fn a_canary_ramps_with_fewer_instances_and_a_fresh_baseline() {
    let canary = json!({ "canary": { "every": "40%", "bake": "5m", "replicas": 1, "baseline": "equal", "keep-old": "1h" } });
    assert_snapshot!(chain_of(canary));
}

#[test]
fn a_first_canary_goes_live_at_once_and_is_watched() {
    assert_snapshot!(first_chain_of(json!("canary")));
}

#[test]
fn blue_green_looks_at_green_before_the_shift() {
    let settings = json!({ "bake": "10m", "keep-old": "30m", "preview": { "check": { "http": { "path": "/" } } } });
    assert_snapshot!(chain_of(json!({ "blue-green": settings })));
}

#[test]
fn rolling_goes_batch_by_batch() {
    assert_snapshot!(chain_of(json!({ "rolling": { "batch": 3, "bake": "1m" } })));
}

#[test]
fn recreate_stops_before_it_starts() {
    assert_snapshot!(chain_of(json!("recreate")));
    assert!(!first_chain_of(json!("recreate")).contains("stop-old"));
}

#[test]
fn a_flag_is_set_share_by_share() {
    let flag = json!({
        "kind": "flag", "connection": "flags", "flag": { "name": "new" },
        "strategy": { "progressive": { "steps": ["10%", "100%"], "bake": "1m" } }, "soak": "2m",
    });
    let plan = planned(with_nodes(
        json!({ "flag": flag, "later": task(&["flag:10%"]) }),
    ));
    assert_snapshot!(format!(
        "{}\n--\n{}",
        steps_of(&plan, "flag"),
        steps_of(&plan, "later")
    ));
}

fn database(strategy: serde_json::Value) -> serde_json::Value {
    json!({ "kind": "database", "connection": "db", "strategy": strategy })
}

#[test]
fn a_contract_runs_last_behind_a_gate() {
    let strategy = json!({ "expand-contract": {
        "expand": "e.sql", "backfill": { "sql": "b.sql" }, "verify": { "sql": "select 0", "equals": 0 },
        "contract": { "sql": "c.sql", "after": ["other"], "soak": "1h" },
    } });
    let mut release = with_nodes(json!({
        "orders-db": database(strategy),
        "orders": app(json!({ "blue-green": { "bake": "0s" } }), json!({ "needs": ["orders-db:expanded"] })),
        "other": task(&[]),
        "clean": task(&["orders-db:contracted"]),
    }));
    release["policy"] = json!({ "approvals": { "contract": 2 } });
    let plan = planned(release);
    assert_snapshot!(format!(
        "{}\n--\n{}",
        steps_of(&plan, "orders-db"),
        steps_of(&plan, "clean")
    ));
    let gate = plan.steps.iter().find_map(|step| match &step.action {
        Action::Approve { count, .. } => Some(*count),
        _ => None,
    });
    assert_eq!(gate, Some(2));
    let point = plan.point_of_no_return.unwrap();
    assert_eq!(
        plan.steps[point.step.at()].id.as_str(),
        "orders-db/contract"
    );
}

#[test]
fn an_expansion_is_reverted_only_if_somebody_says_so() {
    let revert = json!({ "expand-contract": { "expand": "e.sql", "revert": "r.sql", "on-rollback": "revert" } });
    let plan = planned(with_nodes(json!({ "orders-db": database(revert) })));
    assert_snapshot!(steps_of(&plan, "orders-db"), @r"
    preflight <-  (none)
    expand <- orders-db/preflight (inverse) => expanded verified done
    ");
}

#[test]
fn shadow_writes_compare_before_they_read() {
    let strategy = json!({ "shadow-writes": {
        "expand": "e.sql", "backfill": { "sql": "b.sql" }, "compare": { "sql": "select 0", "equals": 0 },
        "window": "1h", "soak": "2h", "contract": { "sql": "c.sql" },
    } });
    let plan = planned(with_nodes(json!({ "orders-db": database(strategy) })));
    assert_snapshot!(steps_of(&plan, "orders-db"));
}

#[test]
fn a_chain_of_tasks_has_nothing_but_preflight_and_run() {
    let plan = planned(with_nodes(json!({ "a": task(&[]), "b": task(&["a"]) })));
    assert_snapshot!(format!("{}\n{}", steps_of(&plan, "a"), steps_of(&plan, "b")), @r"
    preflight <-  (none)
    run <- a/preflight (inverse) => done
    preflight <-  (none)
    run <- a/run b/preflight (inverse) => done
    ");
}

#[test]
fn of_two_needs_in_one_node_the_later_one_counts() {
    let canary = app(json!("canary"), json!({}));
    let plan = planned(with_nodes(
        json!({ "app": canary, "b": task(&["app:staged", "app:live"]) }),
    ));
    assert!(steps_of(&plan, "b").contains("run <- app/verify b/preflight"));
    assert_eq!(plan.nodes[1].needs.len(), 2);
}

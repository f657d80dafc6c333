//! What a rollback does, for random releases and random sets of touched steps.

mod law;

use std::collections::BTreeSet;

use gantry_model::{
    plan::{NodeIndex, Plan, StepIndex},
    rollback::{LeftReason, RollbackPlan, Scope, UndoKind, plan_rollback},
};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::given::{app, planned, task, with_nodes};

/// What a node can be, and the milestones it passes.
fn shapes() -> Vec<(Value, &'static [&'static str])> {
    let database =
        |strategy| json!({ "kind": "database", "connection": "db", "strategy": strategy });
    let flag = json!({
        "kind": "flag", "connection": "flags", "flag": { "name": "f" },
        "strategy": { "progressive": { "steps": ["10%", "100%"] } },
    });
    let revert = json!({
        "expand": "e.sql", "revert": "r.sql", "on-rollback": "revert", "backfill": { "sql": "b.sql" },
    });
    let leave = json!({ "expand": "e.sql", "contract": { "sql": "c.sql" } });
    vec![
        (task(&[]), &["done"]),
        (
            json!({ "kind": "task", "run": { "manual": "Call" } }),
            &["done"],
        ),
        (app(json!("canary"), json!({})), &["staged", "live", "done"]),
        (
            app(json!({ "blue-green": {} }), json!({})),
            &["staged", "live", "done"],
        ),
        (app(json!("recreate"), json!({})), &["live", "done"]),
        (app(json!("rolling"), json!({})), &["done"]),
        (flag, &["10%", "done"]),
        (
            database(json!({ "expand-contract": revert })),
            &["expanded", "backfilled", "done"],
        ),
        (
            database(json!({ "expand-contract": leave })),
            &["expanded", "done"],
        ),
    ]
}

/// A random release, planned; nodes need only nodes of lower number, by some milestone.
pub(crate) fn any_plan() -> impl Strategy<Value = Plan> {
    let node = (
        any::<prop::sample::Index>(),
        prop::collection::vec(any::<(u8, u8)>(), 0..3),
    );
    prop::collection::vec(node, 1..10).prop_map(|nodes| {
        let shapes = shapes();
        let mut built = Map::new();
        let mut milestones: Vec<&[&str]> = Vec::new();
        for (number, (shape, needs)) in nodes.iter().enumerate() {
            let (mut node, own) = shape.get(&shapes).clone();
            let needs: Vec<String> = needs
                .iter()
                .filter(|_| number > 0)
                .map(|(needed, milestone)| {
                    let needed = usize::from(*needed) % number;
                    let of = milestones[needed];
                    format!("n{needed}:{}", of[usize::from(*milestone) % of.len()])
                })
                .collect();
            node["needs"] = json!(needs);
            milestones.push(own);
            built.insert(format!("n{number}"), node);
        }
        planned(with_nodes(Value::Object(built)))
    })
}

/// A plan and two sets of touched steps that a run could have reached, one inside the other.
fn any_state() -> impl Strategy<Value = (Plan, BTreeSet<StepIndex>, BTreeSet<StepIndex>)> {
    let coins = prop::collection::vec(0_u8..100, 200);
    (any_plan(), coins, 0_u8..100, 0_u8..40).prop_map(|(plan, coins, likely, more)| {
        let early = reached(&plan, &coins, likely);
        let late = reached(&plan, &coins, likely.saturating_add(more));
        (plan, early, late)
    })
}

/// Executes steps whose needs have been executed, as far as the coins let it.
fn reached(plan: &Plan, coins: &[u8], likely: u8) -> BTreeSet<StepIndex> {
    let mut touched = BTreeSet::new();
    loop {
        let before = touched.len();
        for (at, step) in plan.steps.iter().enumerate() {
            let lucky = coins[at % coins.len()] < likely;
            let preflight = step.needs.is_empty();
            if preflight || (lucky && step.needs.iter().all(|need| touched.contains(need))) {
                touched.insert(StepIndex(at as u32));
            }
        }
        if touched.len() == before {
            return touched;
        }
    }
}

fn rolled_back(plan: &Plan, touched: &BTreeSet<StepIndex>, scope: Scope<'_>) -> RollbackPlan {
    plan_rollback(plan, &|step| touched.contains(&step), scope)
}

proptest! {
    #[test]
    fn covers_and_what_is_left_partition_what_can_be_undone((plan, touched, _) in any_state()) {
        law::partition(&plan, &touched, &rolled_back(&plan, &touched, Scope::Release))?;
    }

    #[test]
    fn every_executed_edge_is_respected_backward((plan, touched, _) in any_state()) {
        law::order(&plan, &rolled_back(&plan, &touched, Scope::Release))?;
    }

    #[test]
    fn ids_stay_when_more_is_touched((plan, early, late) in any_state()) {
        prop_assert!(early.is_subset(&late));
        let before = rolled_back(&plan, &early, Scope::Release);
        let after = rolled_back(&plan, &late, Scope::Release);
        law::growth(&before, &after)?;
    }

    #[test]
    fn one_node_takes_along_what_stands_on_it((plan, touched, _) in any_state(), pick in any::<prop::sample::Index>()) {
        let node = NodeIndex(pick.index(plan.nodes.len()) as u32);
        let part = rolled_back(&plan, &touched, Scope::OnTopOf(&[node]));
        let whole = rolled_back(&plan, &touched, Scope::Release);
        let on_top = |other: NodeIndex| other == node || law::stands_on(&plan, other, node);
        let expected: BTreeSet<_> = whole.actions.iter().filter(|a| on_top(a.node)).map(|a| &a.id).collect();
        let ids: BTreeSet<_> = part.actions.iter().map(|action| &action.id).collect();
        prop_assert_eq!(ids, expected);
        law::order(&plan, &part)?;
    }

    #[test]
    fn waves_are_the_earliest_levels_of_the_reversed_graph(plan in any_plan()) {
        let all = plan_rollback(&plan, &|_| true, Scope::Release);
        let mut levels = vec![0; plan.nodes.len()];
        for _ in 0..plan.nodes.len() {
            for (at, node) in plan.nodes.iter().enumerate() {
                for need in &node.needs {
                    levels[need.node.at()] = levels[need.node.at()].max(levels[at] + 1);
                }
            }
        }
        for (level, wave) in all.waves.iter().enumerate() {
            prop_assert!(wave.iter().all(|node| levels[node.at()] == level));
        }
        prop_assert_eq!(all.waves.iter().map(Vec::len).sum::<usize>(), plan.nodes.len());
    }

    #[test]
    fn preflights_alone_leave_nothing_to_undo(plan in any_plan()) {
        let preflight = |step: StepIndex| plan.steps[step.at()].needs.is_empty();
        prop_assert_eq!(plan_rollback(&plan, &preflight, Scope::Release), RollbackPlan::default());
    }
}

fn until(plan: &Plan, names: &[&str]) -> RollbackPlan {
    let touched = |step: StepIndex| names.contains(&plan.steps[step.at()].id.as_str());
    plan_rollback(plan, &touched, Scope::Release)
}

fn ids(rollback: &RollbackPlan) -> Vec<&str> {
    rollback
        .actions
        .iter()
        .map(|action| action.id.as_str())
        .collect()
}

#[test]
fn a_canary_goes_back_in_one_shift() {
    let plan = planned(with_nodes(
        json!({ "app": app(json!("canary"), json!({})) }),
    ));
    let half = until(
        &plan,
        &[
            "app/stage",
            "app/shift-500",
            "app/bake-500",
            "app/shift-2500",
        ],
    );
    assert_eq!(
        ids(&half),
        ["app/traffic", "app/verify-old", "app/remove-new"]
    );
    assert_eq!(half.actions[0].covers.len(), 2);
    assert_eq!(half.actions[0].retry.times, 4);
    assert_eq!(ids(&until(&plan, &["app/stage"])), ["app/remove-new"]);
}

#[test]
fn a_retired_version_is_started_again_before_the_traffic_returns() {
    let plan = planned(with_nodes(
        json!({ "app": app(json!({ "blue-green": {} }), json!({})) }),
    ));
    let all = plan_rollback(&plan, &|_| true, Scope::Release);
    assert_eq!(
        ids(&all),
        [
            "app/restage",
            "app/traffic",
            "app/verify-old",
            "app/remove-new"
        ]
    );
    assert_eq!(
        all.actions
            .iter()
            .map(|action| action.needs.len())
            .collect::<Vec<_>>(),
        [0, 1, 1, 1]
    );
}

#[test]
fn a_staged_version_stays_until_who_needed_it_is_undone() {
    let nodes = json!({ "app": app(json!("canary"), json!({})), "t": task(&["app:staged"]) });
    let plan = planned(with_nodes(nodes));
    let rollback = until(&plan, &["app/stage", "t/run"]);
    assert_eq!(ids(&rollback), ["t/run", "app/remove-new"]);
    assert_eq!(rollback.actions[1].needs, [0]);
}

#[test]
fn a_schema_is_reverted_last_and_only_before_its_backfill() {
    let revert = json!({ "expand": "e.sql", "revert": "r.sql", "on-rollback": "revert", "backfill": { "sql": "b.sql" } });
    let database = json!({ "kind": "database", "connection": "db", "strategy": { "expand-contract": revert } });
    let on_top = app(json!("canary"), json!({ "needs": ["db:expanded"] }));
    let plan = planned(with_nodes(json!({ "app": on_top, "db": database })));
    let before = until(&plan, &["db/expand", "app/stage", "app/shift-500"]);
    assert_eq!(
        ids(&before),
        [
            "app/traffic",
            "app/verify-old",
            "app/remove-new",
            "db/revert"
        ]
    );
    let after = until(&plan, &["db/expand", "db/backfill"]);
    assert!(after.actions.is_empty());
    assert!(
        after
            .left
            .iter()
            .all(|left| left.reason == LeftReason::Compatible)
    );
}

#[test]
fn flags_go_before_traffic_and_traffic_before_workloads() {
    let flag = json!({ "kind": "flag", "connection": "flags", "flag": { "name": "f" }, "strategy": "progressive" });
    let nodes = json!({
        "a": app(json!("recreate"), json!({})), "b": app(json!("canary"), json!({})), "c": flag, "d": task(&[]),
    });
    let all = plan_rollback(&planned(with_nodes(nodes)), &|_| true, Scope::Release);
    let kinds: Vec<UndoKind> = all.actions.iter().map(|action| action.kind).collect();
    assert_eq!(kinds[0], UndoKind::RestoreFlag);
    assert_eq!(all.waves, [(0..4).map(NodeIndex).collect::<Vec<_>>()]);
}

#[test]
fn the_laws_notice_what_they_are_for() {
    let nodes = json!({ "a": app(json!("canary"), json!({})), "b": task(&["a"]) });
    let plan = planned(with_nodes(nodes));
    let touched: BTreeSet<StepIndex> = (0..plan.steps.len() as u32).map(StepIndex).collect();
    let good = rolled_back(&plan, &touched, Scope::Release);
    law::order(&plan, &good).unwrap();
    for at in 1..good.actions.len() {
        let mut bad = good.clone();
        bad.actions[at].needs.clear();
        assert!(law::order(&plan, &bad).is_err() || good.actions[at].needs.is_empty());
    }
    let mut bad = good.clone();
    bad.actions[0].covers.clear();
    assert!(law::partition(&plan, &touched, &bad).is_err());
    bad.actions.clear();
    assert!(law::growth(&good, &bad).is_err());
}

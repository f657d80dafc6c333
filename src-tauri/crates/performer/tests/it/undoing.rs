use gantry_model::{
    operation::{Sighting, Work},
    plan::StepIndex,
};
use gantry_port::fault::FaultKind;
use gantry_simulation::world::{Settings, snapshot::Snapshot};
use gantry_testkit::draft::{Draft, blue_green, canary, recreate, rolling};
use serde_json::{Value, json};
use std::sync::Arc;

use crate::walk::{Walk, run};

fn walk(strategy: Value) -> Walk {
    Walk::new(
        Draft::new("r").app("web", &[], strategy),
        Settings::default(),
    )
}

/// Goes forward to each step in turn and back from there; the world must look as before.
fn returns_from_everywhere(make: impl Fn() -> Walk, name: &str) {
    let steps = make().plan.steps.len();
    for last in 1..steps {
        let mut walk = make();
        let before = walk.world.snapshot();
        let id = walk.plan.steps[last].id.to_string();
        run(walk.forward_to(&id)).unwrap_or_else(|fault| panic!("{name} to {id}: {fault}"));
        run(walk.back(|step| step.at() <= last))
            .unwrap_or_else(|f| panic!("{name} from {id}: {f}"));
        assert_eq!(
            without_schemas(walk.world.snapshot()),
            without_schemas(before),
            "{name} {id}"
        );
    }
}

/// An expansion stays in place: the old version can live beside it.
fn without_schemas(snapshot: Snapshot) -> Snapshot {
    Snapshot {
        schemas: Default::default(),
        ..snapshot
    }
}

#[test]
fn every_strategy_returns_to_the_baseline_from_every_step() {
    for (name, strategy) in [
        ("canary", canary()),
        (
            "canary with a fresh old version",
            json!({ "canary": {
            "steps": ["25%", "100%"], "bake": "1m", "replicas": 1, "baseline": "equal" } }),
        ),
        ("blue-green", blue_green()),
        ("rolling", rolling()),
        ("rolling by two", json!({ "rolling": { "batch": 2 } })),
        ("recreate", recreate()),
    ] {
        returns_from_everywhere(|| walk(strategy.clone()), name);
    }
}

#[test]
fn flags_and_tasks_return_to_the_baseline_from_every_step() {
    let draft = || {
        Draft::new("r")
            .flag("look", &[])
            .schema("db", &[])
            .task("warm", &[])
    };
    returns_from_everywhere(|| Walk::new(draft(), Settings::default()), "others");
}

#[test]
fn undoing_twice_and_undoing_what_never_was_do_no_harm() {
    let mut walk = walk(canary());
    let before = walk.world.snapshot();
    run(walk.forward_to("web/preflight")).unwrap();
    let everything = |_: StepIndex| true;
    run(walk.back(everything)).unwrap();
    run(walk.back(everything)).unwrap();
    assert_eq!(walk.world.snapshot(), before);
}

#[test]
fn what_serves_is_not_removed() {
    let mut walk = walk(canary());
    run(walk.forward_to("web/shift-2500")).unwrap();
    let actions = walk.actions(|step| step.at() <= 3);
    let removal = actions
        .iter()
        .find(|action| action.id.name() == "remove-new")
        .unwrap();
    let fault = run(walk.undo(removal)).unwrap_err();
    assert_eq!(fault.kind, FaultKind::Conflict, "{fault}");
    assert!(walk.world.snapshot().backends["web"].contains_key("2.0"));
}

#[test]
fn a_rollback_moves_all_traffic_in_one_shift() {
    let mut walk = walk(canary());
    run(walk.forward_to("web/shift-10000")).unwrap();
    let shifts = |walk: &Walk| {
        let routed = |what: &String| what.starts_with("route");
        walk.world
            .ledger()
            .into_iter()
            .map(|e| e.what)
            .filter(routed)
            .collect::<Vec<_>>()
    };
    let before = shifts(&walk).len();
    run(walk.back(|_| true)).unwrap();
    let after = shifts(&walk);
    assert_eq!(after[before], "route 1.0 100%, 2.0 0%");
}

#[test]
fn what_was_undone_is_seen_to_be_undone() {
    for strategy in [canary(), blue_green(), rolling(), recreate()] {
        let mut walk = walk(strategy);
        run(walk.forward_to("web/verify")).unwrap();
        for action in walk.actions(|_| true) {
            let verifies = action.id.name() == "verify-old";
            run(walk.undo(&action)).unwrap();
            let id = action.id.clone();
            let seen = run(walk.observe(Work::Undo(Arc::new(action)))).unwrap();
            assert!(
                verifies || matches!(seen, Sighting::Applied { .. }),
                "{id}: {seen:?}"
            );
        }
    }
}

//! Success criteria, and stopping what is under way.

use futures_util::future::join;
use gantry_model::operation::{SampleHealth, Sighting, Work};
use gantry_port::clock::Clock;
use gantry_simulation::world::Settings;
use gantry_testkit::draft::Draft;
use serde_json::{Value, json};

use crate::walk::{Walk, run};

fn task() -> Walk {
    let draft = Draft::new("r").task("warm", &[]);
    Walk::new(
        draft.also("warm", json!({ "cancel": true })),
        Settings::default(),
    )
}

fn health(check: Value) -> SampleHealth {
    let criterion = json!({ "id": "errors", "item": "Errors are few", "check": check });
    let criterion = serde_json::from_value(criterion).unwrap();
    run(task().check(&criterion)).unwrap().health
}

#[test]
fn a_criterion_is_asked_over_a_probe_and_anything_else_is_for_a_person() {
    for asked in [
        json!({ "http": { "url": "http://127.0.0.1:1/healthz" } }),
        json!({ "tcp": { "address": "127.0.0.1:1" } }),
        json!({ "exec": ["./look"] }),
    ] {
        assert_eq!(health(asked.clone()), SampleHealth::Healthy, "{asked}");
    }
    for unseen in [
        Value::Null,
        json!({ "http": { "path": "/healthz" } }),
        json!({ "tcp": { "port": 80 } }),
        json!({ "metric": "errors", "below": "1%" }),
    ] {
        assert_eq!(health(unseen.clone()), SampleHealth::NoData, "{unseen}");
    }
}

#[test]
fn a_program_that_may_be_cancelled_ends_at_once_and_is_undone() {
    let mut walk = task();
    run(walk.forward_to("warm/preflight")).unwrap();
    let index = walk.index("warm/run");
    let clock = walk.world.clock();
    let stop = async {
        clock.wait("1s".parse().unwrap()).await;
        walk.cancel(index).await.unwrap();
    };
    run(join(walk.perform(index), stop)).0.unwrap_err();
    let seen = run(walk.observe(Work::Do(index))).unwrap();
    assert!(matches!(seen, Sighting::Failed { .. }), "{seen:?}");
    run(walk.back(|step| step == index)).unwrap();
    let ran: Vec<String> = walk.world.ledger().into_iter().map(|e| e.what).collect();
    assert_eq!(ran, ["./do warm", "./undo warm"]);
}

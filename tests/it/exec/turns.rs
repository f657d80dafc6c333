//! One run after another: the same id again, finished runs, claims.

use gantry_tests::ledger::Ledger;

use super::{failing, place_with, release, task, verified, waiting};

const RUN: [&str; 3] = ["run", "--yes", "release.yaml"];

#[test]
fn an_unfinished_release_is_not_started_again() {
    let place = place_with("on-failure: hold", &failing("a", "", ""));
    place.gantry(&RUN).exits(5);
    place.gantry(&RUN).exits(2).says("unfinished");
    assert_eq!(Ledger::of(&place).started("do"), ["a"]);
}

#[test]
fn a_finished_release_runs_again_under_the_next_number() {
    let place = place_with("", &task("a", ""));
    place.gantry(&RUN).exits(0);
    place.gantry(&RUN).exits(0);
    let ledger = Ledger::of(&place);
    let keys: Vec<&str> = ledger.effects().into_keys().collect();
    assert_eq!(keys.len(), 2, "each run has keys of its own: {keys:?}");
    place.gantry(&["status", "demo#2"]).exits(0).says("demo#2");
    place.gantry(&["status", "demo"]).exits(0).says("demo#2");
    place.gantry(&["status", "demo#1"]).exits(0);
    for run in ["demo#1", "demo#2"] {
        verified(&place, run);
    }
}

#[test]
fn a_finished_release_can_be_rolled_back() {
    let place = place_with("", &(task("a", "") + &task("b", "a")));
    place.gantry(&RUN).exits(0);
    place.gantry(&["rollback", "demo"]).exits(3);
    assert_eq!(Ledger::of(&place).started("undo"), ["b", "a"]);
    place.gantry(&["rollback", "demo"]).exits(3);
    assert_eq!(Ledger::of(&place).started("undo"), ["b", "a"]);
    verified(&place, "demo");
}

#[test]
fn resume_of_a_run_that_has_ended_tells_its_outcome() {
    let place = place_with("", &failing("a", "", ""));
    place.gantry(&RUN).exits(3);
    place
        .gantry(&["resume", "demo"])
        .exits(3)
        .says("rolled-back");
    let events = place
        .gantry(&["resume", "demo", "--json"])
        .exits(3)
        .events();
    assert_eq!(events.len(), 1);
    assert_eq!(events[0]["outcome"], "rolled-back");
    assert_eq!(Ledger::of(&place).started("undo"), ["a"]);
}

#[test]
fn a_service_that_another_release_changes_is_claimed_until_that_has_ended() {
    let place = place_with("", &waiting("a", ""));
    place.write("other.yaml", release("other", "", &task("a", "")));
    let mut first = place.start(&["run", "--yes", "--json", "release.yaml"]);
    first.until("step-started", "a/run");
    place
        .gantry(&["run", "--yes", "other.yaml"])
        .exits(5)
        .says("claimed")
        .says("demo");
    place.write("a.go", "");
    first.end().exits(0);
    place.gantry(&["run", "--yes", "other.yaml"]).exits(0);
}

//! Steering from a second process, and from one while nobody drives.

use gantry_tests::{ledger::Ledger, place::Place, process::Process};

use super::{failing, place_with, state, task, verified, waiting};

/// Starts a release that waits in its first task.
fn started(nodes: &str) -> (Place, Process) {
    let place = place_with("", nodes);
    let mut run = place.start(&["run", "--yes", "--json", "release.yaml"]);
    run.until("step-started", "a/run");
    (place, run)
}

#[test]
fn hold_lets_what_runs_end_and_resume_goes_on() {
    let (place, run) = started(&(waiting("a", "") + &task("b", "a")));
    place
        .gantry(&["hold", "demo", "--reason", "lunch", "--by", "dana"])
        .exits(0);
    place.write("a.go", "");
    run.end().exits(5).says("lunch");
    assert_eq!(Ledger::of(&place).started("do"), ["a"]);
    assert_eq!(state(&place, "a"), "done");
    place.gantry(&["status", "demo"]).exits(0).says("lunch");
    place.gantry(&["resume", "demo"]).exits(0);
    assert_eq!(Ledger::of(&place).started("do"), ["a", "b"]);
    verified(&place, "demo");
}

#[test]
fn abort_undoes_what_is_under_way_and_leaves_what_is_done() {
    let (place, mut run) = started(&(waiting("a", "") + &waiting("b", "a") + &task("c", "b")));
    place.write("a.go", "");
    run.until("step-started", "b/run");
    place
        .gantry(&["abort", "demo", "--reason", "wrong day"])
        .exits(0);
    place.write("b.go", "");
    run.end().exits(1).says("cancelled");
    let ledger = Ledger::of(&place);
    assert_eq!(ledger.started("do"), ["a", "b"]);
    assert_eq!(ledger.started("undo"), ["b"]);
    verified(&place, "demo");
}

#[test]
fn a_rollback_from_another_process_turns_the_run() {
    let (place, run) = started(&(waiting("a", "") + &task("b", "a")));
    place.gantry(&["rollback", "demo"]).exits(0);
    place.write("a.go", "");
    run.end().exits(3);
    assert_eq!(Ledger::of(&place).started("undo"), ["a"]);
}

#[test]
fn a_second_driver_is_refused_and_changes_nothing() {
    let (place, run) = started(&waiting("a", ""));
    place.gantry(&["resume", "demo"]).exits(5).says("driven");
    place.write("a.go", "");
    run.end().exits(0);
    assert_eq!(Ledger::of(&place).started("do"), ["a"]);
}

#[test]
fn skip_needs_a_reason_and_is_written_down() {
    let place = place_with(
        "on-failure: hold",
        &(failing("a", "", "") + &task("b", "a")),
    );
    place.gantry(&["run", "--yes", "release.yaml"]).exits(5);
    place
        .gantry(&["skip", "demo", "a"])
        .exits(2)
        .says("--reason");
    let skip = [
        "skip",
        "demo",
        "a/run",
        "--reason",
        "done last week",
        "--by",
        "dana",
    ];
    place.gantry(&skip).exits(0);
    place.gantry(&["resume", "demo"]).exits(0);
    assert_eq!(Ledger::of(&place).started("do"), ["a", "b"]);
    let record = place.gantry(&["journal", "demo"]).exits(0);
    record.says("left out by dana: done last week");
}

#[test]
fn a_preflight_cannot_be_skipped() {
    let (place, run) = started(&waiting("a", ""));
    place
        .gantry(&["skip", "demo", "a/preflight", "--reason", "hurry"])
        .exits(2)
        .says("refused");
    place.write("a.go", "");
    run.end().exits(0);
}

#[test]
fn what_does_not_exist_cannot_be_steered() {
    let place = place_with("", &task("a", ""));
    place.gantry(&["hold", "demo"]).exits(2).says("no-such-run");
    place.gantry(&["run", "--yes", "release.yaml"]).exits(0);
    place.gantry(&["hold", "demo", "nobody"]).exits(2);
    place.gantry(&["hold", "demo#7"]).exits(2).says("demo#7");
    place.gantry(&["retry", "demo", "a"]).exits(2);
    place.gantry(&["hold", "demo"]).exits(2);
}

#[test]
fn ctrl_c_holds_once_what_is_in_flight_has_ended() {
    let (place, run) = started(&(waiting("a", "") + &task("b", "a")));
    run.interrupt();
    place.gantry(&["status", "demo"]).exits(0);
    let mut run = run;
    run.until("held", "");
    place.write("a.go", "");
    run.end().exits(5).says("holding");
    assert_eq!(Ledger::of(&place).started("do"), ["a"]);
    place.gantry(&["resume", "demo"]).exits(0);
}

#[test]
fn ctrl_c_twice_leaves_the_run_to_be_resumed() {
    let (place, mut run) = started(&(waiting("a", "") + &task("b", "a")));
    run.interrupt();
    run.until("held", "");
    run.interrupt();
    run.end().exits(5).says("gantry resume demo");
    assert_eq!(Ledger::of(&place).at("end", "demo/a/run/do/1"), None);
    place.write("a.go", "");
    place.gantry(&["resume", "demo"]).exits(0);
    assert_eq!(Ledger::of(&place).started("do"), ["a", "b"]);
    verified(&place, "demo");
}

//! What a failure means under each policy, with and without an undo.

use gantry_tests::ledger::Ledger;

use super::{failing, node, place_with, state, task, verified, waiting};

const RUN: [&str; 3] = ["run", "--yes", "release.yaml"];

#[test]
fn a_failure_rolls_the_release_back() {
    let nodes = task("a", "") + &failing("b", "a", "") + &task("c", "b");
    let place = place_with("", &nodes);
    place.gantry(&RUN).exits(3).says("rolled-back");
    let ledger = Ledger::of(&place);
    assert_eq!(ledger.started("do"), ["a", "b"]);
    assert_eq!(ledger.started("undo"), ["b", "a"]);
    assert_eq!(state(&place, "c"), "not-run");
    verified(&place, "demo");
}

#[test]
fn what_has_no_undo_stays_and_is_named() {
    let nodes = node("a", "", "exec: [./task, ok]", "") + &failing("b", "a", "");
    let place = place_with("", &nodes);
    place
        .gantry(&RUN)
        .exits(4)
        .says("partly-rolled-back")
        .says("changed: a");
    assert_eq!(Ledger::of(&place).started("undo"), ["b"]);
}

#[test]
fn a_program_that_is_not_there_fails_the_preflight_and_nothing_runs() {
    let nodes = task("a", "") + &node("b", "a", "exec: [./no-such-program]", "");
    let place = place_with("", &nodes);
    place
        .gantry(&RUN)
        .exits(1)
        .says("no-such-program")
        .says("nothing was changed");
    assert_eq!(Ledger::of(&place), Ledger::default());
}

#[test]
fn continue_leaves_the_node_and_goes_on_with_the_others() {
    let nodes = failing("a", "", "on-failure: continue") + &task("b", "a") + &task("c", "");
    let place = place_with("", &nodes);
    place.gantry(&RUN).exits(1).says("failed");
    let ledger = Ledger::of(&place);
    let mut done = ledger.started("do");
    done.sort_unstable();
    assert_eq!(done, ["a", "c"]);
    assert_eq!(ledger.started("undo"), Vec::<&str>::new());
    assert_eq!(state(&place, "b"), "not-run");
    assert_eq!(state(&place, "c"), "done");
}

#[test]
fn hold_waits_for_a_person_who_rolls_back() {
    let place = place_with(
        "on-failure: hold",
        &(task("a", "") + &failing("b", "a", "")),
    );
    place.gantry(&RUN).exits(5).says("waits for you");
    assert_eq!(Ledger::of(&place).started("undo"), Vec::<&str>::new());
    place
        .gantry(&["rollback", "demo", "--reason", "not tonight"])
        .exits(3);
    assert_eq!(Ledger::of(&place).started("undo"), ["b", "a"]);
    place
        .gantry(&["journal", "demo"])
        .exits(0)
        .says("not tonight");
    verified(&place, "demo");
}

#[test]
fn hold_waits_for_a_person_who_tries_again() {
    let nodes = node("a", "", "exec: [./second-time], undo: [./task, ok]", "");
    let place = place_with("on-failure: hold", &nodes);
    place.script("second-time", "[ -e tried ] || { : > tried; exit 1; }\n");
    place.gantry(&RUN).exits(5);
    place
        .gantry(&["retry", "demo", "a"])
        .exits(0)
        .says("gantry resume demo");
    place.gantry(&["resume", "demo"]).exits(0).says("succeeded");
    verified(&place, "demo");
}

#[test]
fn rollback_node_takes_back_the_node_and_what_stands_on_it_only() {
    let nodes = task("a", "")
        + &failing("b", "a", "on-failure: rollback-node")
        + &task("c", "b")
        + &task("d", "a");
    let place = place_with("", &nodes);
    place.gantry(&RUN).exits(4);
    let ledger = Ledger::of(&place);
    assert_eq!(ledger.started("undo"), ["b"]);
    assert_eq!(state(&place, "a"), "done");
    assert_eq!(state(&place, "c"), "not-run");
    assert_eq!(state(&place, "d"), "done");
}

#[test]
fn a_task_is_repeated_as_often_as_it_says() {
    let third = "test $(wc -l < tries) -ge 3\n";
    let more = "retry: { times: 2, backoff: 10ms }";
    let place = place_with("", &node("a", "", "exec: [./third-time]", more));
    place.script("third-time", &format!("echo try >> tries\n{third}"));
    place.gantry(&RUN).exits(0);
    assert_eq!(place.read("tries").lines().count(), 3);
}

#[test]
fn a_task_that_always_fails_is_repeated_no_more_often_and_is_never_skipped() {
    let more = "retry: { times: 2, backoff: 10ms }";
    let run = "exec: [./never], undo: [\"true\"]";
    let place = place_with("", &(node("a", "", run, more) + &task("b", "a")));
    place.script("never", "echo try >> tries\nexit 1\n");
    place.gantry(&RUN).exits(3);
    assert_eq!(place.read("tries").lines().count(), 3);
    assert_eq!(Ledger::of(&place).started("do"), Vec::<&str>::new());
}

#[test]
fn a_task_past_its_timeout_is_ended_and_undone() {
    let run = "exec: [./wait, never], undo: [./task, ok], timeout: 300ms";
    let place = place_with("", &node("a", "", run, ""));
    place.gantry(&RUN).exits(3);
    let ledger = Ledger::of(&place);
    assert_eq!(ledger.started("undo"), ["a"]);
    assert_eq!(ledger.at("end", "demo/a/run/do/1"), None);
}

#[test]
fn a_failing_sibling_lets_the_running_task_end_before_it_is_undone() {
    let nodes = waiting("slow", "") + &failing("bad", "", "");
    let place = place_with("", &nodes);
    let mut run = place.start(&["run", "--yes", "--json", "release.yaml"]);
    run.until("rollback-started", "bad/run");
    place.write("slow.go", "");
    run.end().exits(3);
    let ledger = Ledger::of(&place);
    let ended = ledger.at("end", "demo/slow/run/do/1");
    let undone = ledger.at("start", "demo/slow/run/undo/1");
    assert!(ended.is_some() && ended < undone, "{ledger:?}");
}

#[test]
fn an_undo_that_keeps_failing_is_stuck_until_a_person_says_that_it_is_done() {
    let nodes = task("a", "") + &node("b", "a", "exec: [./task, fail], undo: [\"false\"]", "");
    let place = place_with("", &nodes);
    let run = place.gantry(&RUN).exits(4).says("stuck");
    assert!(!run.out.contains("T+00:01"), "{}", run.out);
    assert_eq!(state(&place, "b"), "stuck");
    assert_eq!(Ledger::of(&place).started("undo"), Vec::<&str>::new());
    let by_hand = [
        "resolve",
        "demo",
        "b",
        "--as",
        "done-by-hand",
        "--reason",
        "saw it",
    ];
    place.gantry(&by_hand).exits(0);
    place.gantry(&["resume", "demo"]).exits(3);
    assert_eq!(Ledger::of(&place).started("undo"), ["a"]);
    verified(&place, "demo");
}

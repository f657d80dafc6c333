//! What waits for people: approvals and manual steps.

use gantry_tests::ledger::Ledger;

use super::{failing, node, place_with, state, task, verified};

const RUN: [&str; 3] = ["run", "--yes", "release.yaml"];

#[test]
fn a_start_gate_waits_for_somebody_else() {
    let policy = "approvals: { start: 1, not-the-author: true }";
    let place = place_with(policy, &task("a", ""));
    place.gantry(&RUN).exits(5).says("start");
    assert_eq!(Ledger::of(&place), Ledger::default());
    place.gantry(&["approve", "demo", "start"]).exits(2);
    place
        .gantry(&["approve", "demo", "start", "--by", "dana"])
        .exits(0);
    place.gantry(&["resume", "demo"]).exits(0);
    place
        .gantry(&["journal", "demo"])
        .exits(0)
        .says("approved by dana");
    verified(&place, "demo");
}

#[test]
fn two_approvals_are_two_people() {
    let place = place_with("approvals: { start: 2 }", &task("a", ""));
    place.gantry(&RUN).exits(5);
    for (by, status) in [("dana", 5), ("dana", 5), ("erik", 0)] {
        place.gantry(&["approve", "demo", "--by", by]);
        place.gantry(&["resume", "demo"]).exits(status);
    }
}

#[test]
fn a_manual_step_waits_until_it_is_marked_done() {
    let manual = node(
        "bank",
        "a",
        "manual: Call the bank, undo: Call them back",
        "",
    );
    let place = place_with("", &(task("a", "") + &manual + &task("c", "bank")));
    place.gantry(&RUN).exits(5).says("Call the bank");
    assert_eq!(state(&place, "bank"), "waits-for-person");
    assert_eq!(Ledger::of(&place).started("do"), ["a"]);
    place
        .gantry(&[
            "done",
            "demo",
            "bank",
            "--by",
            "sam",
            "--reason",
            "spoke to Ann",
        ])
        .exits(0);
    place.gantry(&["resume", "demo"]).exits(0);
    assert_eq!(Ledger::of(&place).started("do"), ["a", "c"]);
    place.gantry(&["journal", "demo"]).exits(0).says("sam");
}

#[test]
fn a_manual_undo_is_asked_for_too() {
    let manual = node(
        "bank",
        "",
        "manual: Call the bank, undo: Call them back",
        "",
    );
    let place = place_with("", &(manual + &failing("b", "bank", "")));
    place.gantry(&RUN).exits(5);
    place.gantry(&["done", "demo", "bank"]).exits(0);
    let asked = place.gantry(&["resume", "demo"]).says("Call them back");
    assert!(matches!(asked.status, Some(4 | 5)), "{asked:?}");
    place.gantry(&["done", "demo", "bank"]).exits(0);
    place.gantry(&["resume", "demo"]).exits(3);
    verified(&place, "demo");
}

#[test]
fn nobody_at_the_terminal_is_never_a_yes() {
    let place = place_with("", &task("a", ""));
    place
        .gantry(&["run", "release.yaml"])
        .exits(2)
        .says("--yes")
        .says("nothing was started");
    assert!(!place.workspace().exists());
}

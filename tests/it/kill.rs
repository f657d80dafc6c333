//! The driver is killed at random moments; nothing happens twice, nothing is lost.
//!
//! Only the driver is killed: the tasks live on under their shims, as they do when a laptop's
//! terminal goes away. Half of the kills come after a random time, the other half right after a
//! random event became durable, because that is where the narrow gaps are.
//!
//! `GANTRY_SEED=7` runs one release alone; `GANTRY_KILLS=5000` says how many kills there are.

use std::time::Duration;

use gantry_tests::{
    graph::{Dice, Graph},
    ledger::Ledger,
    place::Place,
    process::Process,
};
use serde_json::Value;

use crate::exec::{holds_the_order, verified};

const KILLS: u64 = 200;
/// Lanes that kill side by side: the machine's cores are the limit, not the tests.
const LANES: u64 = 2;

#[test]
fn two_hundred_killed_drivers_do_nothing_twice_and_lose_nothing() {
    let number = |name: &str| std::env::var(name).ok()?.parse::<u64>().ok();
    if let Some(seed) = number("GANTRY_SEED") {
        println!("seed {seed}: {} kills", scenario(seed));
        return;
    }
    let wanted = number("GANTRY_KILLS").unwrap_or(KILLS);
    let lane = |lane: u64| {
        let mut kills = 0;
        for seed in (lane..).step_by(LANES as usize) {
            if kills * LANES >= wanted {
                break;
            }
            println!("GANTRY_SEED={seed} cargo test -p gantry-tests killed_drivers");
            kills += scenario(seed);
        }
        kills
    };
    let kills: u64 = std::thread::scope(|scope| {
        let lanes: Vec<_> = (0..LANES).map(|at| scope.spawn(move || lane(at))).collect();
        let joined = lanes.into_iter().map(|lane| lane.join());
        joined
            .map(|kills| kills.expect("a lane found a fault, see above"))
            .sum()
    });
    assert!(kills >= wanted, "{kills} kills");
}

/// Runs one release under kills to its end, checks it, and gives the number of kills.
fn scenario(seed: u64) -> u64 {
    let mut dice = Dice::new(seed);
    let size = 20 + dice.below(21);
    let failing = if dice.chance(60) { 30 } else { 0 };
    let graph = Graph::draw(&mut dice, size, failing);
    let place = Place::new();
    graph.write(&place, "demo");
    let kills = 8 + dice.below(8);
    let mut killed = 0;
    let mut driver = place.start(&["run", "--yes", "--json", "release.yaml"]);
    for _ in 0..kills {
        if !killed_in_time(&mut dice, &mut driver) {
            break;
        }
        killed += 1;
        driver = again(&place);
    }
    let answer = driver.end();
    let status = if graph.fails() { 3 } else { 0 };
    let last = answer.clone().exits(status).events().pop();
    let outcome = if graph.fails() {
        "rolled-back"
    } else {
        "succeeded"
    };
    let told = last.as_ref().and_then(|last| last["outcome"].as_str());
    assert_eq!(told, Some(outcome), "seed {seed}");
    checked(&place, &graph, seed);
    killed
}

/// Lets the driver run on for a random while and kills it; `false` if it had ended before.
fn killed_in_time(dice: &mut Dice, driver: &mut Process) -> bool {
    if dice.chance(50) {
        driver.pass(Duration::from_micros(dice.below(250_000)));
    } else {
        for _ in 0..dice.below(40) {
            if driver.line().is_none() {
                return false;
            }
        }
        driver.pass(Duration::from_micros(dice.below(5_000)));
    }
    driver.has_more() && driver.kill()
}

/// Resumes; a driver killed before it had stored anything is simply run again.
fn again(place: &Place) -> Process {
    let stored = place.gantry(&["status", "demo", "--json"]).status == Some(0);
    if stored {
        place.start(&["resume", "demo", "--json"])
    } else {
        place.start(&["run", "--yes", "--json", "release.yaml"])
    }
}

/// Compares what happened outside with the record.
fn checked(place: &Place, graph: &Graph, seed: u64) {
    let ledger = Ledger::of(place);
    for (key, count) in ledger.effects() {
        assert_eq!(count, 1, "seed {seed}: {key} had its effect {count} times");
        assert!(
            ledger.at("end", key).is_some(),
            "seed {seed}: {key} never ended"
        );
    }
    holds_the_order(graph, &ledger);
    verified(place, "demo");
    let record = place
        .gantry(&["journal", "demo", "--json"])
        .exits(0)
        .events();
    undone_is_what_was_touched(graph, &ledger, &record, seed);
    for event in &record {
        let direction = match event["kind"].as_str() {
            Some("step-succeeded" | "step-failed") => "do",
            Some("undo-succeeded") => "undo",
            _ => continue,
        };
        let key = recorded_key(event, direction);
        assert!(
            ledger.at("end", &key).is_some(),
            "seed {seed}: the record has {key}, the outside has not"
        );
    }
}

/// Everything that ran is undone. A step whose start was recorded but never sent may be undone as
/// well: undo accepts what was never applied. What was never started is left alone.
fn undone_is_what_was_touched(graph: &Graph, ledger: &Ledger, record: &[Value], seed: u64) {
    let (done, undone) = (ledger.started("do"), ledger.started("undo"));
    if !graph.fails() {
        assert_eq!(undone, Vec::<&str>::new(), "seed {seed}");
        assert_eq!(done.len(), graph.nodes.len(), "seed {seed}");
        return;
    }
    for node in done {
        assert!(undone.contains(&node), "seed {seed}: {node} was not undone");
    }
    for node in undone {
        let started = record
            .iter()
            .any(|event| event["kind"] == "step-started" && event["node"] == node);
        assert!(
            started,
            "seed {seed}: {node} was undone and had not started"
        );
    }
}

fn recorded_key(event: &Value, direction: &str) -> String {
    let step = event["step"].as_str().unwrap_or_default();
    format!("demo/{step}/{direction}/1")
}

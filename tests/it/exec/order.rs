//! Order: forward along the edges, backward against them, and nothing else is undone.

use gantry_tests::{
    graph::{Dice, Graph},
    ledger::Ledger,
    place::Place,
};

use super::{node, place_with, verified};

const SEEDS: u64 = 6;

/// `GANTRY_SEED=3` runs one graph alone.
#[test]
fn random_graphs_go_forward_along_their_edges_and_back_against_them() {
    let only = std::env::var("GANTRY_SEED").ok();
    let only = only.and_then(|seed| seed.parse::<u64>().ok());
    for seed in only.map_or(0..SEEDS, |seed| seed..seed + 1) {
        println!("GANTRY_SEED={seed} cargo test -p gantry-tests random_graphs");
        let mut dice = Dice::new(seed);
        let size = 6 + dice.below(12);
        let graph = Graph::draw(&mut dice, size, 50);
        let place = Place::new();
        graph.write(&place, "demo");
        let status = if graph.fails() { 3 } else { 0 };
        place
            .gantry(&["run", "--yes", "release.yaml"])
            .exits(status);
        verified(&place, "demo");
        let ledger = Ledger::of(&place);
        holds_the_order(&graph, &ledger);
        undid_what_ran(&graph, &ledger);
    }
}

/// Checks a ledger against the edges; shared with the tests that kill the driver.
#[track_caller]
pub(crate) fn holds_the_order(graph: &Graph, ledger: &Ledger) {
    for (node, needed) in graph.edges() {
        if let Some(start) = ledger.at("start", &key(node, "do")) {
            let end = ledger.at("end", &key(needed, "do"));
            assert!(
                end.is_some_and(|end| end < start),
                "{node} started before {needed} ended: {ledger:?}"
            );
        }
        if let Some(start) = ledger.at("start", &key(needed, "undo"))
            && ledger.at("start", &key(node, "do")).is_some()
        {
            let end = ledger.at("end", &key(node, "undo"));
            assert!(
                end.is_some_and(|end| end < start),
                "{needed} was undone before {node}: {ledger:?}"
            );
        }
    }
}

/// Checks that everything ran, or that what ran was undone and nothing else.
#[track_caller]
fn undid_what_ran(graph: &Graph, ledger: &Ledger) {
    let mut done = ledger.started("do");
    let mut undone = ledger.started("undo");
    done.sort_unstable();
    undone.sort_unstable();
    if graph.fails() {
        assert_eq!(undone, done, "what ran is undone, and nothing else");
    } else {
        assert_eq!(undone, Vec::<&str>::new());
        assert_eq!(done.len(), graph.nodes.len());
    }
}

fn key(node: &str, direction: &str) -> String {
    format!("demo/{node}/run/{direction}/1")
}

#[test]
fn independent_nodes_overlap_in_time() {
    // Each waits for a sign of the other: one after the other, neither would ever end.
    let meet = |own: &str, other: &str| {
        let run = format!("exec: [./meet, {own}, {other}]");
        node(own, "", &run, "")
    };
    let place = place_with("", &(meet("left", "right") + &meet("right", "left")));
    place.script("meet", ": > \"$1.go\"\nexec ./wait \"$2\"\n");
    place.gantry(&["run", "--yes", "release.yaml"]).exits(0);
}

#[test]
fn no_more_run_at_once_than_the_policy_allows() {
    let run = "exec: [./task, ok, \"0.05\"]";
    let nodes: String = ["a", "b", "c", "d"]
        .map(|id| node(id, "", run, ""))
        .concat();
    let place = place_with("max-parallel: 1", &nodes);
    place.gantry(&["run", "--yes", "release.yaml"]).exits(0);
    let text = place.read("ledger");
    let words: Vec<&str> = text.split_whitespace().step_by(2).collect();
    assert_eq!(words, ["start", "end"].repeat(4), "{text}");
}

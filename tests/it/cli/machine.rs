//! What programs rely on: JSON shapes, NDJSON, records that prove themselves.

use gantry_tests::{
    graph::{Dice, Graph},
    place::Place,
};
use serde_json::Value;

const RUN: [&str; 4] = ["run", "--yes", "--json", "release.yaml"];

/// A place in which a release of a few tasks was run; one of them failed.
fn rolled_back() -> (Place, Vec<String>) {
    let place = Place::new();
    let mut graph = Graph::draw(&mut Dice::new(1), 5, 0);
    if let Some(last) = graph.nodes.last_mut() {
        last.ends_well = false;
    }
    graph.write(&place, "demo");
    let answer = place.gantry(&RUN).exits(3);
    (place, answer.out.lines().map(str::to_owned).collect())
}

#[test]
fn run_as_json_prints_a_line_per_event_and_the_outcome_last() {
    let (_place, lines) = rolled_back();
    for (line, number) in lines.iter().zip(1u64..) {
        let event: Value = serde_json::from_str(line).expect("each line is JSON");
        assert_eq!(event["seq"], number, "{line}");
        let start = format!("{{\"seq\":{number},\"at\":\"");
        assert!(line.starts_with(&start), "{line}");
        let after_time = line.split_once("Z\",").map(|(_, rest)| rest);
        assert!(
            after_time.is_some_and(|rest| rest.starts_with("\"kind\":\"")),
            "{line}"
        );
    }
    let last: Value = serde_json::from_str(lines.last().expect("a line")).expect("JSON");
    assert_eq!(last["kind"], "finished");
    assert_eq!(last["outcome"], "rolled-back");
}

#[test]
fn a_held_run_says_so_in_its_last_line() {
    let place = Place::new();
    place.write("release.yaml", "gantry: 1\nrelease: demo\nenvironment: test\nnodes:\n  bank: { kind: task, run: { manual: Call the bank, undo: Call back } }\n");
    let events = place.gantry(&RUN).exits(5).events();
    let last = events.last().expect("a line");
    assert_eq!(last["kind"], "finished");
    assert_eq!(last["outcome"], "held");
}

#[test]
fn an_exported_record_is_whole_and_one_changed_byte_is_found() {
    let (place, lines) = rolled_back();
    let record = place.gantry(&["journal", "demo", "--json"]).exits(0).out;
    place.write("record", &record);
    let whole = place
        .gantry(&["journal", "verify", "record", "--json"])
        .exits(0)
        .json();
    assert_eq!(whole["whole"], true);
    assert_eq!(whole["entries"], lines.len() as u64);
    let mut dice = Dice::new(1);
    for _ in 0..60 {
        let mut bytes = record.clone().into_bytes();
        let at = dice.below(bytes.len() as u64) as usize;
        let bit = 1 << dice.below(8);
        if let Some(byte) = bytes.get_mut(at) {
            *byte ^= bit;
        }
        place.write("changed", bytes);
        let answer = place.gantry(&["journal", "verify", "changed"]);
        assert_eq!(answer.status, Some(1), "byte {at}, bit {bit}: {answer:#?}");
    }
}

#[test]
fn a_record_without_a_line_in_the_middle_or_at_the_start_is_not_whole() {
    let (place, _) = rolled_back();
    let record = place.gantry(&["journal", "demo", "--json"]).exits(0).out;
    for left_out in [0, 3] {
        let lines = record.lines().enumerate().filter(|(at, _)| *at != left_out);
        place.write(
            "cut",
            lines
                .map(|(_, line)| format!("{line}\n"))
                .collect::<String>(),
        );
        place
            .gantry(&["journal", "verify", "cut"])
            .exits(1)
            .says("journal-broken");
    }
}

/// Where in a plan, and the keys that stand there; further keys may come, these never go.
const PROMISED: [(&str, &str); 6] = [
    (
        "",
        "release plan waves order critical_path nodes steps rollback point_of_no_return triggers skew findings",
    ),
    ("/critical_path", "nodes estimate_ms"),
    (
        "/nodes/0",
        "id kind strategy wave needs estimate_ms slack_ms reversibility assessment",
    ),
    (
        "/nodes/0/assessment",
        "what risk score dependencies rollback_complexity recommended reasons",
    ),
    ("/steps/0", "id node action needs undo estimate_ms"),
    ("/rollback", "waves estimate_ms cannot_undo"),
];

#[test]
fn a_plan_as_json_has_the_promised_keys() {
    let place = Place::new();
    Graph::draw(&mut Dice::new(1), 5, 0).write(&place, "demo");
    let answer = place.gantry(&["plan", "release.yaml", "--json"]).exits(0);
    let plan = answer.json();
    for (pointer, keys) in PROMISED {
        let part = plan.pointer(pointer).and_then(Value::as_object);
        let part = part.unwrap_or_else(|| panic!("nothing at {pointer}: {}", answer.out));
        for key in keys.split(' ') {
            assert!(part.contains_key(key), "no {key} at {pointer}: {part:?}");
        }
    }
    let hash = plan["plan"].as_str().unwrap_or_default();
    assert!(hash.starts_with("sha256:") && hash.len() == 71, "{hash}");
}

#[test]
fn commands_that_only_look_make_no_workspace() {
    let place = Place::new();
    Graph::draw(&mut Dice::new(1), 5, 0).write(&place, "demo");
    let calls: [&[&str]; 6] = [
        &["check", "release.yaml"],
        &["plan", "release.yaml"],
        &["rehearse", "release.yaml"],
        &["export", "release.yaml", "--format", "json"],
        &["adapters"],
        &["schema"],
    ];
    for call in calls {
        place.gantry(call).exits(0);
        let json = [call, &["--json"]].concat();
        place.gantry(&json).exits(0).events_or_json();
    }
    assert!(!place.workspace().exists());
}

#[test]
fn rehearsals_are_the_same_for_the_same_seed() {
    let place = Place::new();
    Graph::draw(&mut Dice::new(1), 8, 0).write(&place, "demo");
    let told = |seed: &str| {
        place
            .gantry(&["rehearse", "release.yaml", "--seed", seed, "--json"])
            .exits(0)
            .out
    };
    assert_eq!(told("7"), told("7"));
    assert_ne!(told("7"), told("8"));
}

//! What stands around a run: lists, watching, doctor, connections, imports, success criteria.

use gantry_tests::place::Place;

const TASK: &str = "gantry: 1
release: demo
environment: test
nodes:
  a: { kind: task, run: { exec: [\"true\"], undo: [\"true\"] } }
";

fn with(more: &str) -> Place {
    let place = Place::new();
    place.write("release.yaml", format!("{TASK}{more}"));
    place
}

#[test]
fn a_list_names_every_run_with_its_state() {
    let place = with("");
    let none = place.gantry(&["list", "--json"]).exits(0).json();
    assert_eq!(none.as_array().map(Vec::len), Some(0), "{none}");
    place.gantry(&["list"]).exits(0).says("No run yet");
    place.gantry(&["run", "--yes", "release.yaml"]).exits(0);
    place.gantry(&["run", "--yes", "release.yaml"]).exits(0);
    let runs = place.gantry(&["list", "--json"]).exits(0).json();
    let names: Vec<&str> = runs
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|run| run["run"].as_str())
        .collect();
    assert_eq!(names.len(), 2, "{runs}");
    assert!(names.contains(&"demo#2"), "{names:?}");
    for run in runs.as_array().into_iter().flatten() {
        assert_eq!(run["state"], "succeeded");
        assert_eq!(run["steps_done"], run["steps_total"]);
    }
    place.gantry(&["list"]).exits(0).says("demo#2");
}

#[test]
fn watching_a_run_that_has_ended_shows_it_once() {
    let place = with("");
    place.gantry(&["run", "--yes", "release.yaml"]).exits(0);
    let lines = place
        .gantry(&["status", "demo", "--watch", "--json"])
        .exits(0)
        .events();
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0]["outcome"], "succeeded", "{}", lines[0]);
    place
        .gantry(&["status", "demo", "--watch"])
        .exits(0)
        .says("succeeded");
}

#[test]
fn watching_a_run_goes_on_until_it_has_ended() {
    let place = Place::new();
    place.write("release.yaml", "gantry: 1\nrelease: demo\nenvironment: test\nnodes:\n  bank: { kind: task, run: { manual: Call the bank, undo: Call back } }\n");
    place.gantry(&["run", "--yes", "release.yaml"]).exits(5);
    let watch = place.start(&["status", "demo", "--watch", "--json"]);
    place.gantry(&["done", "demo", "bank"]).exits(0);
    place.gantry(&["resume", "demo"]).exits(0);
    let lines = watch.end().exits(0).events();
    let last = lines.last().expect("a line");
    assert_eq!(last["outcome"], "succeeded", "{last}");
}

#[test]
fn the_doctor_names_what_is_well_and_what_is_not() {
    let place = with("connections:\n  edge: { haproxy: { socket: ./nobody.sock } }\n");
    let answer = place.gantry(&["doctor", "--json"]);
    let examined = answer.json();
    let first = &examined[0];
    assert_eq!(first["state"], "well", "{examined}");
    let sick = place
        .gantry(&["doctor", "release.yaml", "--json"])
        .exits(1)
        .json();
    let edge = sick.as_array().into_iter().flatten().find(|one| {
        one["what"]
            .as_str()
            .is_some_and(|what| what.contains("edge"))
    });
    assert_eq!(
        edge.map(|edge| edge["state"].clone()),
        Some("unwell".into()),
        "{sick}"
    );
    place
        .gantry(&["doctor", "release.yaml"])
        .exits(1)
        .says("not well");
}

#[test]
fn connections_that_cannot_be_reached_are_told_with_their_whole_path() {
    let place = with("connections:\n  edge: { haproxy: { socket: ./nobody.sock } }\n");
    let test = ["connections", "test", "release.yaml"];
    let tested = place
        .gantry(&[&test[..], &["--json"]].concat())
        .exits(1)
        .json();
    assert_eq!(tested[0]["connection"], "edge");
    assert_eq!(tested[0]["product"], "haproxy");
    assert_eq!(tested[0]["reachable"], false);
    let said = tested[0]["answer"].as_str().unwrap_or_default();
    assert!(!said.is_empty() && !said.contains("/./"), "{said}");
    place.gantry(&test).exits(1).says("not reached");
    with("").gantry(&test).exits(0).says("names no connection");
}

#[test]
fn what_is_imported_can_be_checked_planned_and_is_never_written_over() {
    let place = Place::new();
    place.write(
        "compose.yaml",
        "services:\n  db: { image: \"postgres:16\" }\n  web: { image: \"shop/web:1.2\", depends_on: [db], ports: [\"80:8080\"] }\n",
    );
    let import = ["import", "compose", "compose.yaml", "--release", "shop"];
    let written = [&import[..], &["--output", "release.yaml"]].concat();
    place.gantry(&written).exits(0).says("wrote release.yaml");
    place.gantry(&["check", "release.yaml"]).exits(0);
    let plan = place
        .gantry(&["plan", "release.yaml", "--json"])
        .exits(0)
        .json();
    assert_eq!(plan["release"], "shop");
    assert_eq!(plan["order"], serde_json::json!(["db", "web"]));
    let before = place.read("release.yaml");
    place.gantry(&written).says("cannot write");
    assert_eq!(place.read("release.yaml"), before);
    let printed = place.gantry(&import).exits(0).out;
    assert_eq!(printed, before, "the same, printed");
}

#[test]
fn a_success_criterion_that_does_not_hold_holds_the_run_until_it_does() {
    let more =
        "success:\n  - { id: there, item: It is there, check: { exec: [test, -f, there] } }\n";
    let place = with(more);
    place
        .gantry(&["run", "--yes", "release.yaml"])
        .exits(5)
        .says("there");
    place.gantry(&["resume", "demo"]).exits(5);
    place.write("there", "");
    place.gantry(&["resume", "demo"]).exits(0);

    let place = with(more);
    place.gantry(&["run", "--yes", "release.yaml"]).exits(5);
    place
        .gantry(&["approve", "demo", "--reason", "it is elsewhere"])
        .exits(0);
    place.gantry(&["resume", "demo"]).exits(0).says("succeeded");
    place
        .gantry(&["journal", "demo"])
        .exits(0)
        .says("it is elsewhere");
}

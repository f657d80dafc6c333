//! Items that look at what was done before, and conditions that are looked at while a run goes on.

use gantry_tests::{answer::Answer, place::Place, process::Process};
use serde_json::Value;

const RELEASE: &str = r#"gantry: 1
release: shop
environment: production
nodes:
  a: { kind: task, run: { exec: [./task], undo: [./task] } }
checklists:
  pre-deployment:
    - { id: dump, item: The backup is young, required: true, check: { backup: { file: dump, within: 1h } } }
    - { id: told, item: The copy is young, required: true, check: { backup: { exec: [./told], within: 1h } } }
    - { id: tried, item: It was rehearsed, required: true, check: { rehearsed: { within: 1h } } }
    - { id: first, item: The base is out, required: true, check: { release: { done: base } } }
"#;

fn shop() -> Place {
    let place = Place::new();
    place.script("task", "echo task >> ran\n");
    place.script("told", "date +%s\n");
    place.write("release.yaml", RELEASE);
    place
}

fn call(place: &Place, who: &str, arguments: &[&str]) -> Answer {
    let mut command = place.command(arguments);
    command.env("USER", who);
    Process::start(command).end()
}

fn result(place: &Place, item: &str) -> (String, String) {
    let shown = call(place, "dana", &["checklist", "shop", "--json"]).exits(0);
    let shown: Value = serde_json::from_str(&shown.out).unwrap();
    let items = shown["lists"][0]["items"].as_array().unwrap();
    let place = format!("pre-deployment/{item}");
    let found = items
        .iter()
        .find(|found| found["id"] == place.as_str())
        .unwrap();
    let text = |key: &str| found[key].as_str().unwrap_or_default().to_owned();
    (text("result"), text("value"))
}

#[test]
fn items_look_at_backups_rehearsals_and_other_releases() {
    let place = shop();
    call(
        &place,
        "dana",
        &["checklist", "release.yaml", "check", "--yes"],
    )
    .exits(0);
    let (dump, why) = result(&place, "dump");
    assert_eq!(
        dump, "not-tested",
        "a backup that is not there is no old one: {why}"
    );
    assert_eq!(result(&place, "told").0, "pass");
    let never = ("not-tested".to_owned(), "it was never rehearsed".to_owned());
    assert_eq!(result(&place, "tried"), never);
    let none = ("not-tested".to_owned(), "base has not run here".to_owned());
    assert_eq!(result(&place, "first"), none);
    place.write("dump", "rows");
    call(
        &place,
        "dana",
        &["rehearse", "release.yaml", "--runs", "3", "--keep"],
    )
    .exits(0);
    let base = RELEASE.split("checklists:").next().unwrap();
    place.write("base.yaml", base.replace("release: shop", "release: base"));
    call(&place, "dana", &["run", "base.yaml", "--yes"]).exits(0);
    call(&place, "dana", &["run", "release.yaml", "--yes"]).exits(0);
}

#[test]
fn a_rehearsal_that_went_wrong_or_of_another_plan_does_not_count() {
    let place = shop();
    call(
        &place,
        "dana",
        &["rehearse", "release.yaml", "--fail", "a", "--keep"],
    )
    .exits(3);
    call(
        &place,
        "dana",
        &["checklist", "release.yaml", "check", "--yes"],
    )
    .exits(0);
    let (tried, why) = result(&place, "tried");
    assert_eq!(
        (tried.as_str(), why.as_str()),
        ("fail", "its last rehearsal ended rolled-back")
    );
    call(&place, "dana", &["rehearse", "release.yaml", "--keep"]).exits(0);
    place.write(
        "release.yaml",
        RELEASE.replace("undo: [./task]", "undo: [./task, back]"),
    );
    call(
        &place,
        "dana",
        &["checklist", "release.yaml", "check", "--yes"],
    )
    .exits(0);
    assert_eq!(
        result(&place, "tried").1,
        "what was rehearsed was another plan"
    );
}

/// A run that a person lets go on after a condition was broken.
#[test]
fn a_condition_that_no_longer_holds_stops_a_run_that_is_under_way() {
    let place = Place::new();
    place.script("slow", "echo slow >> ran\ntouch $PWD/busy\nsleep 8\n");
    place.script("next", "echo next >> ran\n");
    place.script("calm", "test ! -e busy\n");
    place.write(
        "release.yaml",
        r#"gantry: 1
release: shop
environment: production
nodes:
  a: { kind: task, run: { exec: [./slow], undo: [./next] } }
  b: { kind: task, needs: [a], run: { exec: [./next], undo: [./next] } }
go-no-go:
  criteria:
    - { id: calm, item: It is calm, check: { exec: [./calm] } }
  poll:
    - { role: QA, voters: [ann] }
"#,
    );
    call(&place, "dana", &["checklist", "release.yaml"]).exits(0);
    let server = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", server.local_addr().unwrap());
    let busy = place.path("busy");
    std::thread::spawn(move || {
        use std::io::{Read, Write};
        for mut stream in server.incoming().flatten() {
            let _request = stream.read(&mut [0; 4096]);
            let status = if busy.exists() { "503 Busy" } else { "200 OK" };
            let answer =
                format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            let _gone = stream.write_all(answer.as_bytes());
        }
    });
    let vote = [
        "vote",
        "shop",
        "--role",
        "QA",
        "condition",
        "nobody is busy",
        "--url",
        &url,
    ];
    call(&place, "ann", &vote).exits(0);
    call(&place, "dana", &["checklist", "shop", "check", "--yes"]).exits(0);
    let held = call(&place, "dana", &["run", "release.yaml", "--yes"]).exits(5);
    assert!(
        held.out
            .contains("QA said go only as long as: nobody is busy"),
        "{}",
        held.out
    );
    assert_eq!(place.read("ran"), "slow\n", "what goes forward was stopped");
    call(&place, "dana", &["rollback", "shop"]).exits(3);
}

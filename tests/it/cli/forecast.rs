//! How long a release will take, from this workspace's own runs.

use gantry_tests::{ledger::TASK, place::Place};
use serde_json::Value;

const RELEASE: &str = r#"gantry: 1
release: spring
WINDOW
nodes:
  first: { kind: task, run: { exec: [./task, ok] } }
  second: { kind: task, needs: [first], run: { exec: [./task, ok] } }
"#;

const BY_HAND: &str = r#"gantry: 1
release: spring
nodes:
  first: { kind: task, run: { exec: [./task, ok] } }
  tell: { kind: task, needs: [first], run: { manual: Tell support, owner: support } }
  last: { kind: task, needs: [tell], run: { exec: [./task, ok] } }
"#;

fn place(release: &str) -> Place {
    let place = Place::new();
    place.script("task", TASK);
    place.write("release.yaml", release);
    place
}

fn planned(place: &Place) -> Value {
    let answer = place.gantry(&["plan", "release.yaml", "--json"]);
    answer.exits(0).json()
}

#[test]
fn a_rehearsal_begins_when_the_window_opens() {
    for year in [2020, 2199] {
        let window = format!(
            "window: {{ opens: \"{year}-12-01T20:00:00\", closes: \"{year}-12-01T23:00:00\", timezone: Europe/Berlin }}"
        );
        let place = place(&RELEASE.replace("WINDOW", &window));
        let lines = place
            .gantry(&["rehearse", "release.yaml", "--json"])
            .exits(0)
            .events();
        let took = lines.last().and_then(|line| line["took_ms"].as_u64());
        assert!(
            took.is_some_and(|took| took < 3_600_000),
            "{year}: {took:?}"
        );
    }
}

#[test]
fn three_runs_make_a_forecast() {
    let place = place(&RELEASE.replace("WINDOW", ""));
    for known in 0..3 {
        let plan = planned(&place);
        assert_eq!(plan["forecast"]["state"], "not-enough-history", "{known}");
        assert_eq!(plan["forecast"]["runs"], known);
        place.gantry(&["run", "--yes", "release.yaml"]).exits(0);
    }
    let plan = planned(&place);
    let forecast = &plan["forecast"];
    assert_eq!(forecast["state"], "expected");
    assert_eq!(
        (&forecast["runs"], &forecast["went_through"]),
        (&3.into(), &3.into())
    );
    let [p50, p80, p90] = ["p50_ms", "p80_ms", "p90_ms"].map(|key| forecast[key].as_u64());
    assert!(p50 > Some(0) && p50 <= p80 && p80 <= p90, "{forecast}");
    assert_eq!(forecast["critical"][0]["share"], 1.0);
    assert_eq!(planned(&place)["forecast"]["p50_ms"], forecast["p50_ms"]);
    place
        .gantry(&["plan", "release.yaml"])
        .exits(0)
        .out
        .find("from 3 runs like this")
        .expect("the text tells it too");

    // A window changes nothing of what was learnt.
    let window = "window: { opens: 2020-01-01T20:00:00, closes: 2020-01-01T22:00:00 }";
    place.write("release.yaml", RELEASE.replace("WINDOW", window));
    let plan = planned(&place);
    assert_eq!(plan["forecast"]["window"]["chance"], 0.0);
    let findings = plan["findings"].as_array().cloned().unwrap_or_default();
    let late = |finding: &Value| finding["code"] == "window-too-short";
    assert!(findings.iter().any(late), "{findings:?}");
}

#[test]
fn people_are_told_apart_while_a_run_waits_for_them() {
    let place = place(BY_HAND);
    for _ in 0..3 {
        place.gantry(&["run", "--yes", "release.yaml"]).exits(5);
        place.gantry(&["done", "spring", "tell"]).exits(0);
        place.gantry(&["resume", "spring"]).exits(0);
    }
    place.gantry(&["run", "--yes", "release.yaml"]).exits(5);
    let status = place
        .gantry(&["status", "spring", "--json"])
        .exits(0)
        .json();
    let forecast = &status["forecast"];
    assert_eq!(forecast["state"], "expected", "{forecast}");
    let people = forecast["people"].as_array().cloned().unwrap_or_default();
    let told = people.first().cloned().unwrap_or_default();
    assert_eq!(
        (&told["whom"], &told["seen"]),
        (&"support".into(), &3.into())
    );
    // Only the last node is left, and the wait for a person is in no number.
    let whole = &planned(&place)["forecast"]["p50_ms"];
    assert!(
        forecast["p50_ms"].as_u64() < whole.as_u64(),
        "{forecast} {whole}"
    );
    place.gantry(&["rollback", "spring", "--reason", "enough"]);
    let back = place
        .gantry(&["status", "spring", "--json"])
        .exits(0)
        .json();
    assert!(back.get("forecast").is_none(), "{back}");
}

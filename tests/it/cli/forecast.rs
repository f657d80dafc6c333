//! How long a release will take, from this workspace's own runs.

use gantry_tests::{ledger::TASK, place::Place};

const RELEASE: &str = r#"gantry: 1
release: spring
WINDOW
nodes:
  first: { kind: task, run: { exec: [./task, ok] } }
  second: { kind: task, needs: [first], run: { exec: [./task, ok] } }
"#;

fn write(place: &Place, window: &str) {
    place.write("release.yaml", RELEASE.replace("WINDOW", window));
}

#[test]
fn three_runs_make_a_forecast_and_a_window_that_is_too_short_is_a_finding() {
    let place = Place::new();
    place.script("task", TASK);
    write(&place, "");
    for known in 0..3 {
        let plan = place
            .gantry(&["plan", "release.yaml", "--json"])
            .exits(0)
            .json();
        assert_eq!(plan["forecast"]["state"], "not-enough-history", "{known}");
        assert_eq!(plan["forecast"]["runs"], known);
        place.gantry(&["run", "--yes", "release.yaml"]).exits(0);
    }
    let plan = place
        .gantry(&["plan", "release.yaml", "--json"])
        .exits(0)
        .json();
    let forecast = &plan["forecast"];
    assert_eq!(
        (&forecast["state"], &forecast["runs"]),
        (&"expected".into(), &3.into())
    );
    assert_eq!(forecast["went_through"], 3);
    let [p50, p80, p90] = ["p50_ms", "p80_ms", "p90_ms"].map(|key| forecast[key].as_u64());
    assert!(p50 > Some(0) && p50 <= p80 && p80 <= p90, "{forecast}");
    assert_eq!(forecast["critical"][0]["share"], 1.0);
    let text = place.gantry(&["plan", "release.yaml"]).exits(0).out;
    assert!(text.contains("from 3 runs like this"), "{text}");

    write(
        &place,
        "window: { opens: 2020-01-01T20:00:00, closes: 2020-01-01T22:00:00 }",
    );
    let plan = place
        .gantry(&["plan", "release.yaml", "--json"])
        .exits(0)
        .json();
    assert_eq!(
        plan["forecast"]["window"]["chance"], 0.0,
        "{}",
        plan["forecast"]
    );
    let findings = plan["findings"].as_array().cloned().unwrap_or_default();
    let late = findings
        .iter()
        .find(|finding| finding["code"] == "window-too-short");
    assert!(late.is_some(), "{findings:?}");
}

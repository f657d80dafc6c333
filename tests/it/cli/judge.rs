//! `gantry judge` as people and programs read it.

use std::path::Path;

use gantry_tests::place::Place;
use serde_json::Value;

fn example(name: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let file = root.join("examples/judge").join(format!("{name}.json"));
    file.display().to_string()
}

#[test]
fn the_verdict_is_in_the_exit_status_and_in_the_last_line() {
    let place = Place::new();
    for (name, verdict, status) in [
        ("errors-bad", "fail", 1),
        ("latency-bad", "fail", 1),
        ("errors-good", "pass", 0),
        ("shared-incident", "pass", 0),
        ("too-little", "hold", 5),
    ] {
        let file = example(name);
        let text = place.gantry(&["judge", &file]).exits(status);
        assert!(
            text.out.contains(&format!("\n{verdict} (score ")),
            "{}",
            text.out
        );
        let lines = place
            .gantry(&["judge", &file, "--json"])
            .exits(status)
            .events();
        assert_eq!(lines.len(), 31, "{name}: thirty buckets and the verdict");
        let last = lines.last().cloned().unwrap_or_default();
        assert_eq!(
            (&last["kind"], &last["verdict"]),
            (&"verdict".into(), &verdict.into())
        );
        assert_eq!(
            last["alarm_bucket"].is_number(),
            verdict == "fail",
            "{last}"
        );
        for key in [
            "log_e", "estimate", "interval", "score", "sentence", "metrics",
        ] {
            assert!(
                last.get(key).is_some_and(|value| !value.is_null()),
                "{key}: {last}"
            );
        }
    }
    assert!(!place.workspace().exists());
}

#[test]
fn the_pictures_of_the_documentation_are_what_the_tool_draws() {
    let place = Place::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/pictures");
    for name in [
        "errors-bad",
        "errors-good",
        "shared-incident",
        "latency-bad",
        "too-little",
    ] {
        drop(place.gantry(&["judge", &example(name), "--plot", "out.svg"]));
        let kept = std::fs::read_to_string(root.join(format!("judge-{name}.svg"))).unwrap();
        assert!(
            kept == place.read("out.svg"),
            "{name}: run docs/pictures/draw-judge.sh"
        );
    }
}

#[test]
fn a_recording_is_judged_as_in_other_tools() {
    let place = Place::new();
    let bad = example("errors-bad");
    let end = |more: &[&str], status: i32| -> Value {
        let call = [&["judge", bad.as_str(), "--json"], more].concat();
        let lines = place.gantry(&call).exits(status).events();
        lines.last().cloned().unwrap_or_default()
    };
    assert_eq!(end(&["--mode", "kayenta-mw"], 1)["verdict"], "fail");
    let argo = end(&["--mode", "argo", "--limit", "0.01"], 1);
    assert_eq!(
        (&argo["verdict"], &argo["alarm_bucket"]),
        (&"fail".into(), &11.into())
    );
    let allowed = end(
        &["--mode", "argo", "--limit", "0.01", "--failures", "20"],
        0,
    );
    assert_eq!(allowed["verdict"], "pass");
    let flagger = end(&["--mode", "flagger", "--limit", "0.01"], 1);
    assert_eq!(flagger["alarm_bucket"], 22);
    place
        .gantry(&["judge", &bad, "--mode", "argo"])
        .exits(2)
        .says("`error-rate` has no limit");
    // A limit knows no old version: what both share stops a good one.
    let incident = example("shared-incident");
    place
        .gantry(&["judge", &incident, "--mode", "flagger", "--limit", "0.02"])
        .exits(1);
}

#[test]
fn windows_without_harm_teach_how_careful_to_be() {
    let place = Place::new();
    let window = |number: u32| {
        let counts = |shift: u32| {
            let bad = (0..30).map(|bucket| (8 + (bucket * 7 + number * 3 + shift) % 5).to_string());
            let total = vec!["1000"; 30].join(",");
            format!(
                "{{\"bad\":[{}],\"total\":[{total}]}}",
                bad.collect::<Vec<_>>().join(",")
            )
        };
        format!(
            "{{\"metric\":\"errors\",\"kind\":\"ratio\",\"canary\":{},\"baseline\":{}}}",
            counts(1),
            counts(4)
        )
    };
    let windows =
        |count: u32| format!("[{}]", (0..count).map(window).collect::<Vec<_>>().join(","));
    place.write("few.json", windows(19));
    let few = place.gantry(&["judge", "few.json", "--calibrate"]).exits(5);
    assert!(
        few.out.contains("19 windows are too few, 20 are needed"),
        "{}",
        few.out
    );
    place.write("enough.json", windows(20));
    let learnt = place
        .gantry(&["judge", "enough.json", "--calibrate", "--json"])
        .exits(0)
        .json();
    assert_eq!(
        (&learnt["found"]["profile"], &learnt["found"]["kappa"]),
        (&"fast".into(), &0.04.into())
    );
}

#[test]
fn a_mangled_recording_says_where_and_changes_nothing() {
    let place = Place::new();
    for (text, says) in [
        ("{", "line 1, column 1"),
        (
            "[{ \"kind\": \"ratio\" }]",
            "`[0].canary`: this arm is missing",
        ),
        ("{ \"kind\": \"vibes\" }", "`kind`: `vibes` is no kind"),
    ] {
        place.write("recording.json", text);
        place
            .gantry(&["judge", "recording.json"])
            .exits(2)
            .says(says);
    }
    place.gantry(&["judge", "nowhere.json"]).exits(2);
}

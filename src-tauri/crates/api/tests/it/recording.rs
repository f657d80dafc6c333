//! What a recording may look like, and what is said of one that cannot be judged.

use gantry_api::recording::read;
use gantry_judge::{
    config::{Direction, Family, Kind, Part},
    gauge::Scale,
    noise::Noise,
    sample::Sample,
};

const RATIO: &str = r#"{ "metric": "http_5xx", "kind": "ratio", "note": "left alone",
  "canary": { "bad": [1, null, 3], "total": [10, 20, 30] },
  "baseline": { "bad": [0, 0], "total": [10, 20] } }"#;

#[test]
fn one_metric_and_a_list_of_it_are_the_same() {
    let one = read(RATIO.as_bytes(), Noise::SAFE).unwrap();
    let list = read(format!("[{RATIO}]").as_bytes(), Noise::SAFE).unwrap();
    let named = read(
        format!("{{\"metrics\": [{RATIO}]}}").as_bytes(),
        Noise::SAFE,
    )
    .unwrap();
    assert_eq!((&one, &one), (&list, &named));
    assert_eq!((one.bucket_seconds, one.buckets()), (60.0, 3));
    assert_eq!(one.metrics[0].kind, Kind::Ratio);
}

#[test]
fn what_is_no_number_is_missing_and_never_zero() {
    let recording = read(RATIO.as_bytes(), Noise::SAFE).unwrap();
    let arms = |bucket: usize| match recording.bucket(bucket)[0] {
        Sample::Counts { canary, baseline } => (canary.is_some(), baseline.is_some()),
        Sample::Values { .. } | Sample::Missing => (false, false),
    };
    assert_eq!(
        [arms(0), arms(1), arms(2)],
        [(true, true), (false, true), (true, false)]
    );
    let bare = r#"{ "kind": "gauge", "canary": { "value": [NaN, Infinity, "3.5", ""] },
        "baseline": { "value": [1, 2, 3, -Infinity] } }"#;
    let recording = read(bare.as_bytes(), Noise::SAFE).unwrap();
    assert_eq!(recording.bucket(2), [Sample::values(3.5, 3.0)]);
    assert!(matches!(
        recording.bucket(0)[0],
        Sample::Values { canary: None, .. }
    ));
}

#[test]
fn every_key_is_read() {
    let text = r#"{ "name": "p99-latency", "kind": "gauge", "direction": "either", "scale": 10, "tolerate": 0.1,
        "guard": 3, "weight": 2, "critical": true, "observe": true, "kappa": 0.5, "bucket_seconds": 15,
        "warmup_buckets": 1, "history": [1, null, 2],
        "canary": { "value": [1, 2] }, "baseline": { "value": [1, 2] } }"#;
    let recording = read(text.as_bytes(), Noise::SAFE).unwrap();
    let metric = &recording.metrics[0];
    assert_eq!(metric.kind, Kind::Gauge(Scale::Difference(10.0)));
    assert_eq!(
        (metric.direction, metric.family),
        (Direction::Either, Family::Latency)
    );
    assert_eq!(
        (metric.tolerate, metric.guard, metric.weight),
        (0.1, 3.0, Some(2.0))
    );
    assert_eq!((metric.critical, metric.part), (Some(2.0), Part::Observed));
    assert_eq!(
        (metric.noise.kappa, &metric.history[..]),
        (0.5, &[1.0, 2.0][..])
    );
    assert_eq!((recording.bucket_seconds, recording.buckets()), (15.0, 1));
}

#[test]
fn what_cannot_be_judged_is_told_with_its_place() {
    let with = |from: &str, to: &str| RATIO.replace(from, to);
    let mangled = [
        (String::new(), "line 1, column 0"),
        ("{ \"kind\": ".to_owned(), "line 1, column"),
        ("<html>".to_owned(), "line 1, column 1"),
        ("7".to_owned(), "the recording: a metric or a list"),
        ("[]".to_owned(), "the recording: there is no metric"),
        ("[7]".to_owned(), "`[0]`: a metric belongs here"),
        (with("ratio", "ration"), "`kind`: `ration` is no kind"),
        (
            with("\"kind\": \"ratio\",", ""),
            "`kind`: ratio, rate or gauge",
        ),
        (
            with("\"baseline\"", "\"old\""),
            "`baseline`: this arm is missing",
        ),
        (
            with("\"total\": [10, 20] }", "\"tot\": [] }"),
            "`baseline.total`: this series",
        ),
        (
            with("[1, null, 3]", "[1, \"many\", 3]"),
            "`canary.bad[1]`: `many` is no number",
        ),
        (
            with("[1, null, 3]", "[1, true, 3]"),
            "`canary.bad[1]`: a number or null",
        ),
        (with("[1, null, 3]", "5"), "`canary.bad`: a list of numbers"),
        (
            with("\"note\"", "\"bucket_seconds\": 0, \"note\""),
            "`bucket_seconds`: a bucket has",
        ),
        (
            with("\"note\"", "\"warmup_buckets\": 0.5, \"note\""),
            "`warmup_buckets`: a whole",
        ),
        (
            with("\"note\"", "\"direction\": \"up\", \"note\""),
            "`direction`: `up` is no direction",
        ),
        (
            with("\"note\"", "\"guard\": \"two\", \"note\""),
            "`guard`: a number belongs",
        ),
        (
            with("\"note\"", "\"phi\": 1, \"note\""),
            "`phi`: a number from 0 to less than 1",
        ),
        (
            with("\"note\"", "\"kappa\": -1, \"note\""),
            "`kappa`: a number of at least 0",
        ),
    ];
    for (text, says) in mangled {
        let error = read(text.as_bytes(), Noise::SAFE).unwrap_err().to_string();
        assert!(error.contains(says), "{text}\nsays {error}\nand not {says}");
    }
}

#[test]
fn whatever_stands_in_a_file_is_no_panic() {
    for cut in 0..RATIO.len() {
        drop(read(&RATIO.as_bytes()[..cut], Noise::SAFE));
        let mut flipped = RATIO.as_bytes().to_vec();
        flipped[cut] ^= 0x15;
        drop(read(&flipped, Noise::SAFE));
    }
}

//! The reference vectors, to the ninth digit.

use gantry_judge::{
    counts::Counts,
    gauge::{Gauge, Scale},
    hypothesis::{Hypothesis, Orientation, Restarts},
    noise::Noise,
    sample::Count,
};
use serde::Deserialize;

const DATA: &str = include_str!("data/judge_vectors.json");

#[derive(Deserialize)]
struct Vectors {
    count: Vec<CountCase>,
    gauge: Vec<GaugeCase>,
    misc: Misc,
}

#[derive(Deserialize)]
struct CountCase {
    name: String,
    theta0: f64,
    buckets: Vec<[Option<f64>; 4]>,
    expected: Vec<CountExpected>,
}

#[derive(Deserialize)]
struct CountExpected {
    log_e_plain: f64,
    log_e_avj: f64,
    ratio: Option<f64>,
    kappa: f64,
    cs95: [Option<f64>; 2],
}

#[derive(Deserialize)]
struct GaugeCase {
    name: String,
    direction: String,
    tol: f64,
    canary: Vec<Option<f64>>,
    baseline: Vec<Option<f64>>,
    expected: Vec<GaugeExpected>,
}

#[derive(Deserialize)]
struct GaugeExpected {
    log_e_plain: f64,
    log_e_avj: f64,
    ratio: Option<f64>,
    phi: f64,
    sd0: f64,
}

#[derive(Deserialize)]
struct Misc {
    pass_swap: PassSwap,
}

#[derive(Deserialize)]
struct PassSwap {
    buckets: Vec<[f64; 4]>,
    expected_log_e: f64,
}

fn vectors() -> Vectors {
    serde_json::from_str(DATA).unwrap()
}

fn close(what: &str, found: f64, expected: f64) {
    assert!(
        (found - expected).abs() <= 1e-9,
        "{what}: {found} instead of {expected}"
    );
}

fn arm(events: Option<f64>, of: Option<f64>) -> Option<Count> {
    let count = Count {
        events: events?,
        of: of?,
    };
    (count.of > 0.0).then_some(count)
}

fn claim(theta: f64) -> Hypothesis {
    Hypothesis {
        orientation: Orientation::CanaryOverBaseline,
        theta,
        restarts: Restarts::EveryFive,
    }
}

#[test]
fn counts_match_every_vector() {
    for case in vectors().count {
        let mut counts = Counts::new(Noise::FAST, vec![claim(case.theta0)]);
        for ([xc, nc, xb, nb], expected) in case.buckets.iter().zip(&case.expected) {
            counts.push(arm(*xc, *nc), arm(*xb, *nb));
            let name = format!("{} θ0 {}", case.name, case.theta0);
            close(&name, counts.plain(0), expected.log_e_plain);
            close(&name, counts.log_e(0), expected.log_e_avj);
            close(&name, counts.kappa(), expected.kappa);
            assert_eq!(counts.ratio().is_some(), expected.ratio.is_some());
            close(
                &name,
                counts.ratio().unwrap_or(0.0),
                expected.ratio.unwrap_or(0.0),
            );
            let (low, high) = counts.interval(0.05);
            close(&name, low, expected.cs95[0].unwrap());
            assert_eq!(high.is_finite(), expected.cs95[1].is_some(), "{name}");
            close(
                &name,
                expected.cs95[1].map_or(0.0, |_| high),
                expected.cs95[1].unwrap_or(0.0),
            );
        }
    }
}

#[test]
fn gauges_match_every_vector() {
    for case in vectors().gauge {
        let test = match case.direction.as_str() {
            "increase" => claim(1.0 + case.tol),
            "decrease" => Hypothesis {
                orientation: Orientation::BaselineOverCanary,
                ..claim(1.0 / (1.0 - case.tol))
            },
            other => panic!("direction {other}"),
        };
        let mut gauge = Gauge::new(Noise::FAST, Scale::Ratio, vec![test], &[]);
        let pairs = case.canary.iter().zip(&case.baseline);
        for ((canary, baseline), expected) in pairs.zip(&case.expected) {
            gauge.push(*canary, *baseline);
            close(&case.name, gauge.plain(0), expected.log_e_plain);
            close(&case.name, gauge.log_e(0), expected.log_e_avj);
            close(&case.name, gauge.phi(), expected.phi);
            close(&case.name, gauge.scatter(), expected.sd0);
            assert_eq!(gauge.ratio().is_some(), expected.ratio.is_some());
            close(
                &case.name,
                gauge.ratio().unwrap_or(0.0),
                expected.ratio.unwrap_or(0.0),
            );
        }
    }
}

#[test]
fn evidence_for_a_pass_is_the_same_test_with_arms_exchanged() {
    let swap = vectors().misc.pass_swap;
    let test = Hypothesis {
        orientation: Orientation::BaselineOverCanary,
        theta: 0.5,
        restarts: Restarts::Never,
    };
    let mut counts = Counts::new(Noise::FAST, vec![test]);
    for [xc, nc, xb, nb] in swap.buckets {
        counts.push(arm(Some(xc), Some(nc)), arm(Some(xb), Some(nb)));
    }
    close("pass", counts.log_e(0), swap.expected_log_e);
}

//! Thresholds, calibration, and readings of counters.

use gantry_judge::{
    calibration::{Uncalibrated, Window, calibrate},
    config::{Kind, MetricConfig},
    gauge::Scale,
    noise::Noise,
    reading::{Counter, Reading, Silence, fresh},
    sample::Sample,
    threshold::{Analysis, Condition, Limits, Outcome},
};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use crate::families::{Counting, Measured, Weather};

fn analysis(limits: Limits, values: &[Option<f64>]) -> Outcome {
    let mut analysis = Analysis::new(limits);
    for value in values {
        analysis.push(*value);
    }
    analysis.outcome()
}

#[test]
fn one_failure_more_than_the_limit_fails() {
    let limits = Limits {
        failure_limit: 1,
        ..Limits::argo(Condition::Below(0.05), 5)
    };
    let (good, bad) = (Some(0.01), Some(0.2));
    assert_eq!(
        analysis(limits, &[bad, good, good, good, good]),
        Outcome::Successful
    );
    assert_eq!(analysis(limits, &[bad, good, bad]), Outcome::Failed);
    assert_eq!(
        analysis(limits, &[bad, good, bad, good, good, good]),
        Outcome::Failed
    );
}

#[test]
fn errors_count_in_a_row_only() {
    let limits = Limits::argo(Condition::Below(0.05), 3);
    let good = Some(0.01);
    let gaps = [
        None,
        None,
        None,
        None,
        good,
        None,
        None,
        Some(f64::NAN),
        None,
        good,
        good,
    ];
    assert_eq!(analysis(limits, &gaps), Outcome::Successful);
    assert_eq!(analysis(limits, &[None; 5]), Outcome::Errored);
}

#[test]
fn an_analysis_that_measured_nothing_never_succeeds() {
    let limits = Limits::argo(Condition::Below(0.05), 5);
    assert_eq!(Analysis::new(limits).terminate(), Outcome::Inconclusive);
    let without_condition = Limits {
        success: None,
        inconclusive_limit: 5,
        ..limits
    };
    assert_eq!(
        analysis(without_condition, &[Some(1.0); 5]),
        Outcome::Inconclusive
    );
}

#[test]
fn what_is_neither_good_nor_bad_is_inconclusive() {
    let limits = Limits {
        failure: Some(Condition::AtLeast(0.1)),
        ..Limits::argo(Condition::AtMost(0.05), 5)
    };
    assert_eq!(analysis(limits, &[Some(0.07)]), Outcome::Inconclusive);
    assert_eq!(analysis(limits, &[Some(0.1)]), Outcome::Failed);
}

#[test]
fn as_many_failed_checks_as_flaggers_threshold_roll_back() {
    let limits = Limits::flagger(Condition::Above(0.99), 10, 3);
    assert_eq!(analysis(limits, &[Some(0.5), Some(0.5)]), Outcome::Running);
    assert_eq!(
        analysis(limits, &[Some(0.5), Some(0.5), Some(0.5)]),
        Outcome::Failed
    );
}

fn windows(count: u64, weather: Weather) -> Vec<Window> {
    let world = Counting {
        requests: 6_000.0,
        share: 0.05,
        effect: 1.0,
        onset: 0,
        weather,
    };
    (0..count)
        .map(|seed| Window {
            history: Vec::new(),
            series: world.draw(60, &mut ChaCha8Rng::seed_from_u64(seed)),
        })
        .collect()
}

/// Windows of a latency, each with the hour before it.
fn measured(count: u64, weather: Weather) -> Vec<Window> {
    let world = Measured {
        scatter: 0.08,
        effect: 1.0,
        weather,
    };
    let level = |sample: &Sample| match sample {
        Sample::Values { baseline, .. } => *baseline,
        Sample::Counts { .. } | Sample::Missing => None,
    };
    (0..count)
        .map(|seed| {
            let drawn = world.draw(120, &mut ChaCha8Rng::seed_from_u64(seed));
            let (before, series) = drawn.split_at(60);
            Window {
                history: before.iter().filter_map(level).collect(),
                series: series.to_vec(),
            }
        })
        .collect()
}

#[test]
fn a_gauge_is_calibrated_by_windows_that_know_the_hour_before_them() {
    let metric = MetricConfig::new("p99", Kind::Gauge(Scale::Ratio), Noise::SAFE);
    let calm = calibrate(&metric, &measured(40, Weather::Calm), 0.05).unwrap();
    assert_eq!(calm.noise, Noise::RESTLESS);
    let lasting = measured(100, Weather::Lasting(0.10, 0.6));
    let found = calibrate(&metric, &lasting, 0.05).unwrap();
    assert!(found.noise.phi > Noise::RESTLESS.phi, "{found:?}");
    assert!(found.bound <= 0.05);
}

#[test]
fn twenty_calm_windows_allow_the_boldest_assumptions_and_nineteen_none() {
    let metric = MetricConfig::new("errors", Kind::Ratio, Noise::SAFE);
    let found = calibrate(&metric, &windows(20, Weather::Calm), 0.05).unwrap();
    assert_eq!((found.noise, found.alarms), (Noise::FAST, 0));
    let few = calibrate(&metric, &windows(19, Weather::Calm), 0.05);
    assert_eq!(few, Err(Uncalibrated::TooFew(19)));
}

#[test]
fn a_noisy_service_is_judged_with_more_care() {
    let metric = MetricConfig::new("errors", Kind::Ratio, Noise::SAFE);
    let noisy = windows(100, Weather::Lasting(0.3, 0.7));
    let found = calibrate(&metric, &noisy, 0.05).unwrap();
    assert!(found.noise.kappa > Noise::FAST.kappa, "{found:?}");
    let chaos = windows(40, Weather::Lasting(3.0, 0.99));
    let refused = calibrate(&metric, &chaos, 0.05);
    assert!(
        matches!(refused, Err(Uncalibrated::TooNoisy { .. })),
        "{refused:?}"
    );
}

#[test]
fn a_counter_that_begins_again_is_missing_and_never_zero() {
    let mut counter = Counter::default();
    let mut step = |at: f64, value: f64| counter.step(Some(Reading { at, value }));
    assert_eq!(step(0.0, 100.0), None);
    assert_eq!(step(60.0, 130.0), Some(30.0));
    assert_eq!(step(120.0, 5.0), None, "it began again");
    assert_eq!(step(180.0, 9.0), Some(4.0));
    assert_eq!(step(180.0, 9.0), None, "the same point again");
    assert_eq!(step(240.0, f64::NAN), None);
    assert_eq!(step(300.0, 20.0), None, "the one before is unknown");
    assert_eq!(step(360.0, 21.0), Some(1.0));
}

#[test]
fn what_is_older_than_two_buckets_is_missing() {
    let reading = Reading {
        at: 0.0,
        value: 7.0,
    };
    assert_eq!(fresh(reading, 120.0, 60.0), Some(7.0));
    assert_eq!(fresh(reading, 121.0, 60.0), None);
}

#[test]
fn three_minutes_of_errors_pause_a_bake() {
    let mut silence = Silence::default();
    silence.erred(60.0);
    silence.erred(60.0);
    assert!(!silence.pauses());
    silence.erred(60.0);
    assert!(silence.pauses());
    silence.answered();
    assert!(!silence.pauses());
}

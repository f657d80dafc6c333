//! What the judge decides, and why it says it does.

use gantry_judge::{
    config::{Config, Kind, MetricConfig, Misconfigured, Part},
    gauge::Scale,
    judge::{Deadline, Judge},
    noise::Noise,
    sample::Sample,
    verdict::{Cause, Lack, Standing, Verdict},
};
use gantry_model::release::check::Profile;

fn errors() -> MetricConfig {
    MetricConfig::new("errors", Kind::Ratio, Noise::SAFE)
}

fn judge(metrics: Vec<MetricConfig>) -> Judge {
    Judge::new(Config::new(Profile::Safe, metrics)).unwrap()
}

fn bucket(canary: u32, baseline: u32, of: u32) -> [Sample; 1] {
    let of = f64::from(of);
    [Sample::counts(
        (f64::from(canary), of),
        (f64::from(baseline), of),
    )]
}

fn after(judge: &mut Judge, buckets: u32, samples: &[Sample]) -> Verdict {
    for _ in 0..buckets {
        judge.push(samples);
    }
    judge.verdict(Deadline::Reached)
}

#[test]
fn fifty_times_the_errors_alarm_at_once_and_the_alarm_stays() {
    let mut judge = judge(vec![errors()]);
    let verdict = after(&mut judge, 2, &bucket(30, 1, 600));
    assert_eq!(verdict.standing, Standing::Fail);
    assert!(verdict.alarm_bucket.unwrap() <= 2);
    assert_eq!(verdict.score, 0.0);
    let later = after(&mut judge, 50, &bucket(0, 30, 600));
    assert_eq!(later.standing, Standing::Fail);
    assert_eq!(later.alarm_bucket, verdict.alarm_bucket);
}

#[test]
fn a_healthy_version_passes_early_and_says_when() {
    let verdict = after(&mut judge(vec![errors()]), 20, &bucket(60, 60, 6_000));
    assert_eq!(
        (verdict.standing, &verdict.cause),
        (Standing::Pass, &Cause::Early)
    );
    let bucket = verdict.pass_bucket.unwrap();
    assert!((5..=12).contains(&bucket), "at {bucket}");
    assert!(
        verdict
            .sentence
            .contains(&format!("Pass at minute {bucket}")),
        "{}",
        verdict.sentence
    );
}

#[test]
fn a_few_quiet_buckets_are_no_pass() {
    let verdict = after(&mut judge(vec![errors()]), 6, &bucket(0, 0, 600));
    assert_eq!(verdict.standing, Standing::Hold);
    let lacks_buckets = |lack: &Lack| {
        matches!(
            lack,
            Lack::Buckets {
                has: 6,
                needs: 10,
                ..
            }
        )
    };
    assert!(
        verdict.lacks.iter().any(lacks_buckets),
        "{:?}",
        verdict.lacks
    );
    assert!(
        verdict.sentence.contains("A pass needs 10 buckets"),
        "{}",
        verdict.sentence
    );
}

#[test]
fn an_hour_without_a_single_error_is_a_hold_because_twice_none_cannot_be_excluded() {
    let verdict = after(&mut judge(vec![errors()]), 60, &bucket(0, 0, 600));
    assert_eq!(verdict.standing, Standing::Hold);
    let uncertain = |lack: &Lack| matches!(lack, Lack::Certainty { .. });
    assert!(verdict.lacks.iter().any(uncertain));
}

#[test]
fn silence_is_never_a_pass() {
    let nothing: [(&str, &[Sample]); 4] = [
        ("no sample", &[]),
        ("missing", &[Sample::Missing]),
        (
            "not a number",
            &[Sample::counts((f64::NAN, 600.0), (1.0, 600.0))],
        ),
        ("another kind", &[Sample::values(1.0, 1.0)]),
    ];
    for (name, samples) in nothing {
        let verdict = after(&mut judge(vec![errors()]), 100, samples);
        assert_eq!(verdict.standing, Standing::Hold, "{name}");
        assert!(verdict.log_e.abs() < 1e-12, "{name}: {}", verdict.log_e);
    }
}

#[test]
fn a_pass_becomes_a_hold_where_more_than_a_fifth_is_missing() {
    let mut judge = judge(vec![errors()]);
    assert_eq!(
        after(&mut judge, 20, &bucket(60, 60, 6_000)).standing,
        Standing::Pass
    );
    let verdict = after(&mut judge, 6, &[Sample::Missing]);
    assert_eq!(verdict.standing, Standing::Hold);
    assert!(
        verdict.sentence.contains("6 of 26 are"),
        "{}",
        verdict.sentence
    );
}

#[test]
fn harm_behind_an_early_pass_is_still_a_fail() {
    let mut judge = judge(vec![errors()]);
    assert_eq!(
        after(&mut judge, 20, &bucket(60, 60, 6_000)).standing,
        Standing::Pass
    );
    let verdict = after(&mut judge, 20, &bucket(600, 60, 6_000));
    assert_eq!(verdict.standing, Standing::Fail);
    assert!(
        verdict.alarm_bucket.unwrap() <= 30,
        "{:?}",
        verdict.alarm_bucket
    );
}

fn guarded() -> MetricConfig {
    MetricConfig {
        never_above: Some(0.05),
        ..errors()
    }
}

#[test]
fn an_incident_of_both_versions_holds_and_never_rolls_back() {
    for canary_ahead in 0..3 {
        let mut judge = judge(vec![guarded()]);
        after(&mut judge, 10 + 40 * canary_ahead, &bucket(1, 1, 600));
        let verdict = after(&mut judge, 30, &bucket(120 + canary_ahead, 120, 600));
        assert_eq!(verdict.standing, Standing::Hold, "{}", verdict.sentence);
        assert!(matches!(verdict.cause, Cause::BaselineUnhealthy { .. }));
    }
}

#[test]
fn a_version_over_the_limit_fails_however_much_worse_is_tolerated() {
    let metric = MetricConfig {
        tolerate: 1_000.0,
        ..guarded()
    };
    let verdict = after(&mut judge(vec![metric]), 3, &bucket(120, 1, 600));
    assert_eq!(
        verdict.cause,
        Cause::Guardrail {
            metric: "errors".into()
        }
    );
}

#[test]
fn a_guardrail_needs_no_old_version_to_compare_with() {
    let mut judge = judge(vec![guarded()]);
    let alone = Sample::Counts {
        canary: Some(gantry_judge::sample::Count {
            events: 120.0,
            of: 600.0,
        }),
        baseline: None,
    };
    judge.push(&[alone]);
    judge.push(&[alone]);
    assert_eq!(judge.standing(Deadline::Ahead).0, Standing::Fail);
}

#[test]
fn a_critical_metric_decides_alone_though_its_weight_is_small() {
    let quiet = |number: u32| MetricConfig {
        weight: Some(1_000.0),
        ..MetricConfig::new(format!("quiet{number}"), Kind::Ratio, Noise::SAFE)
    };
    let critical = MetricConfig {
        weight: Some(0.001),
        critical: Some(2.0),
        ..errors()
    };
    let mut judge = judge(vec![quiet(1), critical, quiet(2)]);
    let [bad] = bucket(60, 3, 600);
    let [good] = bucket(3, 3, 600);
    let verdict = after(&mut judge, 5, &[good, bad, good]);
    assert_eq!(
        verdict.cause,
        Cause::Critical {
            metric: "errors".into()
        }
    );
}

#[test]
fn what_is_only_observed_never_decides() {
    let observed = MetricConfig {
        part: Part::Observed,
        ..MetricConfig::new("watched", Kind::Ratio, Noise::SAFE)
    };
    let mut judge = judge(vec![errors(), observed]);
    let [good] = bucket(60, 60, 6_000);
    let [bad] = bucket(3_000, 60, 6_000);
    let verdict = after(&mut judge, 20, &[good, bad]);
    assert_eq!(verdict.standing, Standing::Pass);
    assert_eq!(verdict.metrics[1].weight, 0.0);
}

#[test]
fn traffic_that_does_not_arrive_is_no_pass() {
    let mut config = Config::new(Profile::Safe, vec![errors()]);
    config.planned_share = Some(0.5);
    let mut judge = Judge::new(config).unwrap();
    let starved = Sample::counts((6.0, 600.0), (600.0, 60_000.0));
    let verdict = after(&mut judge, 60, &[starved]);
    assert_eq!(verdict.standing, Standing::Hold);
    assert!(
        verdict.sentence.contains("the traffic to arrive"),
        "{}",
        verdict.sentence
    );
}

#[test]
fn the_warm_up_is_dropped_and_buckets_count_from_one_behind_it() {
    let mut config = Config::new(Profile::Safe, vec![errors()]);
    config.warm_up = 3;
    let mut judge = Judge::new(config).unwrap();
    for _ in 0..3 {
        judge.push(&bucket(600, 0, 600));
    }
    assert_eq!((judge.buckets(), judge.log_e()), (0, 0.0));
    judge.push(&bucket(100, 1, 600));
    let verdict = after(&mut judge, 1, &bucket(100, 1, 600));
    assert!(verdict.alarm_bucket.unwrap() <= 2);
}

#[test]
fn short_buckets_are_said() {
    let mut config = Config::new(Profile::Safe, vec![errors()]);
    config.bucket_seconds = 5.0;
    let verdict = after(&mut Judge::new(config).unwrap(), 3, &bucket(1, 1, 100));
    assert!(
        verdict.sentence.contains("Short buckets (5 s)."),
        "{}",
        verdict.sentence
    );
}

#[test]
fn a_day_of_short_buckets_still_finds_harm_that_begins_late() {
    let mut judge = judge(vec![
        errors(),
        MetricConfig::new("p99", Kind::Gauge(Scale::Ratio), Noise::SAFE),
    ]);
    let level = |number: u32| 100.0 + f64::from(number % 7);
    for number in 0..5_000 {
        let [errors] = bucket(2 + number % 2, 2 + number % 3 % 2, 300);
        judge.push(&[errors, Sample::values(level(number), level(number + 3))]);
    }
    assert_ne!(judge.standing(Deadline::Ahead).0, Standing::Fail);
    let verdict = after(
        &mut judge,
        60,
        &[bucket(40, 2, 300)[0], Sample::values(101.0, 100.0)],
    );
    assert_eq!(verdict.standing, Standing::Fail);
    assert!(
        verdict.alarm_bucket.unwrap() < 5_020,
        "{:?}",
        verdict.alarm_bucket
    );
}

#[test]
fn numbers_that_mean_nothing_are_refused() {
    let refused = |config: Config| Judge::new(config).map(|_| ()).unwrap_err();
    let nothing = Config::new(Profile::Safe, vec![]);
    assert_eq!(refused(nothing), Misconfigured::NothingDecides);
    let mut certain = Config::new(Profile::Safe, vec![errors()]);
    certain.alpha = 0.0;
    assert!(matches!(refused(certain), Misconfigured::Chance { .. }));
    let mut guard = errors();
    guard.guard = 1.0;
    let config = Config::new(Profile::Safe, vec![guard]);
    assert!(matches!(
        refused(config),
        Misconfigured::Metric { what: "guard", .. }
    ));
}

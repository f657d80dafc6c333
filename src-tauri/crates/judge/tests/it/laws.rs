//! The laws of the judge, each on ten thousand random cases.
//!
//! Seeds are the numbers of the cases; the one that breaks a law is printed.

use gantry_judge::{
    config::{Config, Direction, Kind, MetricConfig},
    counts::Counts,
    gauge::{Gauge, Scale},
    hypothesis::{Hypothesis, Orientation, Restarts},
    judge::{Deadline, Judge},
    noise::{Learning, Noise},
    sample::{Count, Sample},
    verdict::Standing,
};
use gantry_model::release::check::Profile;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

const CASES: u64 = 10_000;

type Pair = (Option<Count>, Option<Count>);

fn each_case(law: impl Fn(&mut ChaCha8Rng)) {
    for seed in 0..CASES {
        let guard = Named(seed);
        law(&mut ChaCha8Rng::seed_from_u64(seed));
        std::mem::forget(guard);
    }
}

/// Names the seed when a case unwinds.
struct Named(u64);

impl Drop for Named {
    fn drop(&mut self) {
        eprintln!("the case with seed {} breaks the law", self.0);
    }
}

fn claim(theta: f64) -> Hypothesis {
    Hypothesis {
        orientation: Orientation::CanaryOverBaseline,
        theta,
        restarts: Restarts::EveryFive,
    }
}

fn plain_noise() -> Noise {
    Noise {
        kappa: 0.0,
        learning: Learning::Off,
        ..Noise::FAST
    }
}

fn count(random: &mut ChaCha8Rng) -> Option<Count> {
    let of = random.random_range(1..2_000_u32);
    let share: f64 = random.random_range(0.0..0.05);
    let events = (f64::from(of) * share * random.random_range(0.0..2.0)).floor();
    Some(Count {
        events,
        of: f64::from(of),
    })
}

fn pairs(random: &mut ChaCha8Rng) -> Vec<Pair> {
    let buckets = random.random_range(1..20);
    (0..buckets)
        .map(|_| (count(random), count(random)))
        .collect()
}

fn levels(random: &mut ChaCha8Rng) -> Vec<(f64, f64)> {
    let buckets = random.random_range(1..20);
    let effect: f64 = random.random_range(0.5..2.0);
    (0..buckets)
        .map(|_| {
            (
                effect * random.random_range(80.0..120.0),
                random.random_range(80.0..120.0),
            )
        })
        .collect()
}

fn counted(noise: Noise, theta: f64, buckets: &[Pair]) -> Counts {
    let mut counts = Counts::new(noise, vec![claim(theta)]);
    for (canary, baseline) in buckets {
        counts.push(*canary, *baseline);
    }
    counts
}

fn measured(levels: &[(f64, f64)]) -> Gauge {
    let mut gauge = Gauge::new(Noise::SAFE, Scale::Ratio, vec![claim(1.05)], &[]);
    for (canary, baseline) in levels {
        gauge.push(Some(*canary), Some(*baseline));
    }
    gauge
}

fn same(one: f64, other: f64) {
    let size = 1.0 + one.abs().max(other.abs());
    assert!((one - other).abs() <= 1e-9 * size, "{one} and {other}");
}

#[test]
fn scaling_both_gauges_changes_nothing() {
    each_case(|random| {
        let levels = levels(random);
        let scale = 10_f64.powf(random.random_range(-9.0..9.0));
        let scaled: Vec<_> = levels.iter().map(|(c, b)| (c * scale, b * scale)).collect();
        same(measured(&levels).log_e(0), measured(&scaled).log_e(0));
    });
}

#[test]
fn splitting_a_bucket_changes_nothing_where_no_noise_is_assumed() {
    each_case(|random| {
        let whole = pairs(random);
        let place = random.random_range(0..whole.len());
        let mut split = whole.clone();
        let (canary, baseline) = split[place];
        let half = |count: Option<Count>| {
            let count = count.unwrap();
            let events = (count.events / 3.0).floor();
            let part = Count {
                events,
                of: count.of / 3.0,
            };
            let rest = Count {
                events: count.events - events,
                of: count.of * 2.0 / 3.0,
            };
            (Some(part), Some(rest))
        };
        let ((one_canary, other_canary), (one_baseline, other_baseline)) =
            (half(canary), half(baseline));
        split[place] = (one_canary, one_baseline);
        split.insert(place, (other_canary, other_baseline));
        let plain = |buckets: &[Pair]| counted(plain_noise(), 1.25, buckets).plain(0);
        same(plain(&whole), plain(&split));
    });
}

#[test]
fn another_error_in_the_canary_never_lowers_the_evidence_where_no_noise_is_assumed() {
    each_case(|random| {
        let before = pairs(random);
        let mut after = before.clone();
        let place = random.random_range(0..after.len());
        after[place].0.as_mut().unwrap().events += 1.0;
        let log_e = |buckets: &[Pair]| counted(plain_noise(), 1.25, buckets).log_e(0);
        assert!(log_e(&after) >= log_e(&before) - 1e-9);
    });
}

#[test]
fn exchanging_the_arms_exchanges_the_tests() {
    each_case(|random| {
        let buckets = pairs(random);
        let exchanged: Vec<Pair> = buckets.iter().map(|(c, b)| (*b, *c)).collect();
        let theta = random.random_range(0.3..3.0);
        let other = Hypothesis {
            orientation: Orientation::BaselineOverCanary,
            ..claim(theta)
        };
        let mut mirrored = Counts::new(Noise::SAFE, vec![other]);
        for (canary, baseline) in &exchanged {
            mirrored.push(*canary, *baseline);
        }
        same(
            counted(Noise::SAFE, theta, &buckets).log_e(0),
            mirrored.log_e(0),
        );
    });
}

#[test]
fn missing_buckets_are_no_evidence() {
    each_case(|random| {
        let buckets = pairs(random);
        let mut holed = buckets.clone();
        for _ in 0..random.random_range(1..6) {
            let place = random.random_range(0..=holed.len());
            let half = if random.random_bool(0.5) {
                (count(random), None)
            } else {
                (None, count(random))
            };
            holed.insert(place, half);
        }
        let (whole, with_holes) = (
            counted(Noise::SAFE, 1.25, &buckets),
            counted(Noise::SAFE, 1.25, &holed),
        );
        same(whole.plain(0), with_holes.plain(0));
        assert_eq!(whole.interval(0.05), with_holes.interval(0.05));
        let mut trailed = buckets.clone();
        trailed.extend([(None, None); 7]);
        same(
            whole.log_e(0),
            counted(Noise::SAFE, 1.25, &trailed).log_e(0),
        );
    });
}

fn mixed(random: &mut ChaCha8Rng) -> (Vec<MetricConfig>, Vec<Vec<Sample>>) {
    let metrics = random.random_range(1..4_usize);
    let buckets = random.random_range(1..12);
    let mut configs = Vec::new();
    for number in 0..metrics {
        let kind = match random.random_range(0..3) {
            0 => Kind::Ratio,
            1 => Kind::Rate,
            _ => Kind::Gauge(Scale::Ratio),
        };
        let mut config = MetricConfig::new(format!("m{number}"), kind, Noise::FAST);
        config.direction = match random.random_range(0..3) {
            0 => Direction::Increase,
            1 => Direction::Decrease,
            _ => Direction::Either,
        };
        config.critical = random.random_bool(0.3).then_some(2.0);
        config.never_above = (kind == Kind::Ratio && random.random_bool(0.3)).then_some(0.05);
        configs.push(config);
    }
    let effect: f64 = random.random_range(0.5..3.0);
    let series = (0..buckets)
        .map(|_| {
            configs
                .iter()
                .map(|config| drawn(random, config.kind, effect))
                .collect()
        })
        .collect();
    (configs, series)
}

fn drawn(random: &mut ChaCha8Rng, kind: Kind, effect: f64) -> Sample {
    if random.random_bool(0.1) {
        return Sample::Missing;
    }
    match kind {
        Kind::Ratio | Kind::Rate => {
            let canary = count(random).unwrap();
            let baseline = count(random).unwrap();
            let events = (canary.events * effect).floor().min(canary.of);
            Sample::counts((events, canary.of), (baseline.events, baseline.of))
        }
        Kind::Gauge(_) => Sample::values(
            effect * random.random_range(90.0..110.0),
            random.random_range(90.0..110.0),
        ),
    }
}

fn judge(metrics: Vec<MetricConfig>) -> Judge {
    Judge::new(Config::new(Profile::Fast, metrics)).unwrap()
}

#[test]
fn the_order_of_the_metrics_changes_nothing() {
    each_case(|random| {
        let (configs, series) = mixed(random);
        let mut forwards = judge(configs.clone());
        let mut backwards = judge(configs.into_iter().rev().collect());
        for bucket in &series {
            forwards.push(bucket);
            let reversed: Vec<Sample> = bucket.iter().rev().copied().collect();
            backwards.push(&reversed);
        }
        same(forwards.log_e(), backwards.log_e());
        let standing = |judge: &Judge| judge.standing(Deadline::Reached).0;
        assert_eq!(standing(&forwards), standing(&backwards));
    });
}

#[test]
fn asking_often_changes_nothing_and_the_same_buckets_give_the_same_verdict() {
    each_case(|random| {
        let (configs, series) = mixed(random);
        let mut asked = judge(configs.clone());
        let mut silent = judge(configs);
        for bucket in &series {
            asked.push(bucket);
            for _ in 0..random.random_range(0..3) {
                let _ = asked.standing(Deadline::Reached);
            }
            silent.push(bucket);
        }
        let verdict = asked.verdict(Deadline::Reached);
        assert_eq!(verdict, silent.verdict(Deadline::Reached));
    });
}

#[test]
fn an_alarm_stays_whatever_comes_behind_it() {
    each_case(|random| {
        let (configs, series) = mixed(random);
        let mut judge = judge(configs);
        let mut failed = false;
        for bucket in &series {
            judge.push(bucket);
            let now = judge.standing(Deadline::Ahead).0 == Standing::Fail;
            assert!(now || !failed, "an alarm was taken back");
            failed = now;
        }
    });
}

#[test]
fn nothing_seen_is_neither_evidence_nor_a_pass() {
    each_case(|random| {
        let (configs, series) = mixed(random);
        let mut judge = judge(configs);
        assert_eq!(judge.log_e(), 0.0);
        for _ in &series {
            judge.push(&[]);
        }
        assert!(judge.log_e().abs() < 1e-12);
        assert_eq!(judge.standing(Deadline::Reached).0, Standing::Hold);
    });
}

fn wild(random: &mut ChaCha8Rng) -> f64 {
    match random.random_range(0..12) {
        0 => 0.0,
        1 => f64::NAN,
        2 => f64::INFINITY,
        3 => -1.0,
        4 => 1e15,
        5 => 1e-300,
        6 => f64::MIN_POSITIVE,
        _ => 10_f64.powf(random.random_range(-15.0..15.0)),
    }
}

#[test]
fn no_number_up_to_a_thousand_million_million_breaks_the_arithmetic() {
    each_case(|random| {
        let (configs, series) = mixed(random);
        let kinds: Vec<Kind> = configs.iter().map(|config| config.kind).collect();
        let mut judge = judge(configs);
        for _ in &series {
            let bucket: Vec<Sample> = kinds
                .iter()
                .map(|kind| match kind {
                    Kind::Ratio | Kind::Rate => {
                        Sample::counts((wild(random), wild(random)), (wild(random), wild(random)))
                    }
                    Kind::Gauge(_) => Sample::values(wild(random), wild(random)),
                })
                .collect();
            judge.push(&bucket);
        }
        let verdict = judge.verdict(Deadline::Reached);
        assert!(verdict.log_e.is_finite(), "{verdict:?}");
        for metric in &verdict.metrics {
            assert!(
                metric.log_e.is_finite() && metric.log_e_pass.is_finite(),
                "{metric:?}"
            );
            assert!(metric.estimate.is_none_or(f64::is_finite), "{metric:?}");
            assert!(!metric.interval.low.is_nan() && !metric.interval.high.is_nan());
            assert!(metric.interval.low <= metric.interval.high, "{metric:?}");
        }
    });
}

#[test]
fn an_improvement_never_fails() {
    each_case(|random| {
        let better: f64 = random.random_range(0.1..1.0);
        let errors = MetricConfig::new("errors", Kind::Ratio, Noise::FAST);
        let latency = MetricConfig::new("p99", Kind::Gauge(Scale::Ratio), Noise::FAST);
        let mut judge = judge(vec![errors, latency]);
        for _ in 0..random.random_range(1..20) {
            let old = random.random_range(10..60_u32);
            let level = random.random_range(90.0..110.0);
            judge.push(&[
                Sample::counts(
                    ((f64::from(old) * better).floor(), 1_000.0),
                    (f64::from(old), 1_000.0),
                ),
                Sample::values(level * better, level),
            ]);
        }
        assert_ne!(judge.standing(Deadline::Reached).0, Standing::Fail);
    });
}

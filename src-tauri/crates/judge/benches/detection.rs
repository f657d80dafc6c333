//! How often a good version is stopped, and how soon a bad one is found; prints the tables of
//! `docs/judge.md`.
//!
//! `cargo bench -p gantry-judge --bench detection -- 1000` sets the number of runs of each row.

#[path = "../tests/it/families.rs"]
mod families;

use families::{Counting, Measured, Weather};
use gantry_judge::{
    config::{Config, Direction, Kind, MetricConfig},
    gauge::Scale,
    judge::{Deadline, Judge},
    kayenta::{Class, Classifier, classify},
    noise::Noise,
    sample::Sample,
    verdict::Standing,
};
use gantry_model::release::check::Profile;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

const BUCKETS: usize = 60;

fn main() {
    let typed = std::env::args().find_map(|argument| argument.parse().ok());
    let runs: u64 = typed.unwrap_or(400);
    say(&format!("{runs} runs of {BUCKETS} minutes each\n"));
    if std::env::args().any(|argument| argument == "beyond") {
        return beyond(runs);
    }
    false_alarms(runs);
    errors(runs);
    latencies(runs);
}

#[expect(clippy::print_stdout, reason = "a bench prints what it measured")]
fn say(line: &str) {
    println!("{line}");
}

fn fresh(kind: Kind, noise: Noise) -> Judge {
    let metric = MetricConfig::new("metric", kind, noise);
    match Judge::new(Config::new(Profile::Safe, vec![metric])) {
        Ok(judge) => judge,
        Err(error) => unreachable!("{error}"),
    }
}

/// Gives the bucket of the alarm of each run.
fn found(
    runs: u64,
    judge: &Judge,
    draw: impl Fn(&mut ChaCha8Rng) -> Vec<Sample>,
) -> Vec<Option<u32>> {
    let run = |seed| {
        let mut judge = judge.clone();
        for sample in draw(&mut ChaCha8Rng::seed_from_u64(seed)) {
            judge.push(&[sample]);
            if judge.standing(Deadline::Ahead).0 == Standing::Fail {
                break;
            }
        }
        judge.verdict(Deadline::Ahead).alarm_bucket
    };
    (0..runs).map(run).collect()
}

/// Gives the same for the Mann-Whitney mode, looked at every so many minutes.
fn kayenta(
    runs: u64,
    every: usize,
    draw: impl Fn(&mut ChaCha8Rng) -> Vec<Sample>,
) -> Vec<Option<u32>> {
    let classifier = Classifier {
        direction: Direction::Increase,
        ..Classifier::PRODUCTION
    };
    let run = |seed| {
        let series = draw(&mut ChaCha8Rng::seed_from_u64(seed));
        let (canary, baseline): (Vec<f64>, Vec<f64>) = series.iter().map(rates).unzip();
        let looks = (every..=BUCKETS).step_by(every);
        looks
            .map(|look| (look as u32, look))
            .find_map(|(minute, look)| {
                let (canary, baseline) = (canary.get(..look)?, baseline.get(..look)?);
                (classify(canary, baseline, &classifier).class == Class::High).then_some(minute)
            })
    };
    (0..runs).map(run).collect()
}

fn rates(sample: &Sample) -> (f64, f64) {
    match sample {
        Sample::Counts {
            canary: Some(canary),
            baseline: Some(baseline),
        } => (canary.events / canary.of, baseline.events / baseline.of),
        Sample::Values {
            canary: Some(canary),
            baseline: Some(baseline),
        } => (*canary, *baseline),
        Sample::Counts { .. } | Sample::Values { .. } | Sample::Missing => (f64::NAN, f64::NAN),
    }
}

/// Gives the share that was found, in percent, and the median and ninth decile of all runs.
fn summary(found: &[Option<u32>]) -> String {
    let mut sorted: Vec<u32> = found
        .iter()
        .map(|bucket| bucket.unwrap_or(u32::MAX))
        .collect();
    sorted.sort_unstable();
    let at = |share: f64| {
        let place = (share * (sorted.len() as f64 - 1.0)).round() as usize;
        match sorted.get(place) {
            Some(&u32::MAX) | None => "never".to_owned(),
            Some(bucket) => bucket.to_string(),
        }
    };
    let share = percent(found);
    format!(
        "found {share:5.1} %  median {:>5}  p90 {:>5}",
        at(0.5),
        at(0.9)
    )
}

fn percent(found: &[Option<u32>]) -> f64 {
    100.0 * found.iter().flatten().count() as f64 / found.len() as f64
}

fn false_alarms(runs: u64) {
    say(
        "False alarms within an hour of looking every minute, in percent (safe, fast, Mann-Whitney)",
    );
    let mut worst: f64 = 0.0;
    let mut row = |name: &str, kind, draw: &dyn Fn(&mut ChaCha8Rng) -> Vec<Sample>| {
        let safe = percent(&found(runs, &fresh(kind, Noise::SAFE), draw));
        let fast = percent(&found(runs, &fresh(kind, Noise::FAST), draw));
        let other = percent(&kayenta(runs.min(100), 1, draw));
        worst = worst.max(safe);
        say(&format!("  {name:<48} {safe:5.1} {fast:5.1} {other:5.1}"));
    };
    for (name, world) in families::counting_without_harm() {
        row(&name, Kind::Ratio, &|random| world.draw(BUCKETS, random));
    }
    for (name, world) in families::measured_without_harm() {
        row(&name, Kind::Gauge(Scale::Ratio), &|random| {
            world.draw(BUCKETS, random)
        });
    }
    say(&format!("  the worst under the safe profile: {worst:.1} %"));
    beyond(runs);
}

/// Shows what happens where an arm's own noise is larger and lasts longer than the profiles assume.
fn beyond(runs: u64) {
    say("  and beyond what the profiles assume (safe, fast, κ 0.5)");
    let careful = Noise::SAFE.with_kappa(0.5);
    let row = |name: &str, kind, draw: &dyn Fn(&mut ChaCha8Rng) -> Vec<Sample>| {
        let [safe, fast, careful] = [Noise::SAFE, Noise::FAST, careful]
            .map(|noise| percent(&found(runs, &fresh(kind, noise), draw)));
        say(&format!("  {name:<48} {safe:5.1} {fast:5.1} {careful:5.1}"));
    };
    let weather = Weather::Lasting(0.3, 0.7);
    let counting = Counting {
        requests: 6_000.0,
        share: 0.05,
        effect: 1.0,
        onset: 0,
        weather,
    };
    row(
        "6000/min, 5 % bad, own lasting noise 0.30",
        Kind::Ratio,
        &|random| counting.draw(BUCKETS, random),
    );
    let measured = Measured {
        scatter: 0.08,
        effect: 1.0,
        weather: Weather::Lasting(0.15, 0.8),
    };
    row(
        "latency ±8 %, own lasting noise 0.15",
        Kind::Gauge(Scale::Ratio),
        &|random| measured.draw(BUCKETS, random),
    );
    say("");
}

fn errors(runs: u64) {
    let usual = Counting {
        requests: 600.0,
        share: 0.001,
        effect: 1.0,
        onset: 0,
        weather: Weather::Calm,
    };
    say("Minutes until harm in errors is found");
    for effect in [50.0, 10.0, 5.0] {
        let world = Counting { effect, ..usual };
        let draw = |random: &mut ChaCha8Rng| world.draw(BUCKETS, random);
        let row = |name: &str, found: &[Option<u32>]| {
            say(&format!(
                "  600/min, 0.1 % ×{effect:<3} {name:<26} {}",
                summary(found)
            ));
        };
        row("safe", &found(runs, &fresh(Kind::Ratio, Noise::SAFE), draw));
        row("fast", &found(runs, &fresh(Kind::Ratio, Noise::FAST), draw));
        for every in [1, 10, 60] {
            let found = kayenta(runs.min(100), every, draw);
            row(&format!("Mann-Whitney each {every} min"), &found);
        }
    }
    sparse_and_late(runs);
}

/// Shows harm under little traffic, and harm that begins late.
fn sparse_and_late(runs: u64) {
    let rows = [
        (
            "60/min, 1 % ×5, calm, safe",
            60.0,
            0.01,
            0,
            Weather::Calm,
            Noise::SAFE,
        ),
        (
            "60/min, 1 % ×5, own noise 0.15, safe",
            60.0,
            0.01,
            0,
            Weather::Own(0.15),
            Noise::SAFE,
        ),
        (
            "600/min, 0.1 % ×5 from minute 20, fast",
            600.0,
            0.001,
            20,
            Weather::Calm,
            Noise::FAST,
        ),
        (
            "600/min, 1 % ×5 from minute 20, fast",
            600.0,
            0.01,
            20,
            Weather::Calm,
            Noise::FAST,
        ),
    ];
    for (name, requests, share, onset, weather, noise) in rows {
        let world = Counting {
            requests,
            share,
            effect: 5.0,
            onset,
            weather,
        };
        let found = found(runs, &fresh(Kind::Ratio, noise), |random| {
            world.draw(BUCKETS, random)
        });
        let from_onset: Vec<Option<u32>> = found
            .iter()
            .map(|bucket| bucket.map(|bucket| bucket.saturating_sub(onset as u32)))
            .collect();
        say(&format!("  {name:<40} {}", summary(&from_onset)));
    }
    say("");
}

fn latencies(runs: u64) {
    say("Minutes until harm in latency is found");
    for (effect, noise, profile) in [
        (1.5, Noise::SAFE, "safe"),
        (1.5, Noise::FAST, "fast"),
        (1.25, Noise::SAFE, "safe"),
        (1.25, Noise::FAST, "fast"),
    ] {
        for scatter in [0.05, 0.10, 0.15] {
            let world = Measured {
                scatter,
                effect,
                weather: Weather::Calm,
            };
            let judge = fresh(Kind::Gauge(Scale::Ratio), noise);
            let found = found(runs, &judge, |random| world.draw(BUCKETS, random));
            let size = scatter * 100.0;
            say(&format!(
                "  ×{effect:<5} scatter {size:>2.0} %  {profile}  {}",
                summary(&found)
            ));
        }
    }
}

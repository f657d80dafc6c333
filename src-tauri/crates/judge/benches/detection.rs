//! How often a good version is stopped, and how soon a bad one is found; prints the tables of
//! `docs/judge.md`.
//!
//! `cargo bench -p gantry-judge --bench detection -- 1000` sets the number of runs of each row;
//! `latencies` and `beyond` print one table alone.

mod drawn;

use drawn::{
    HOUR,
    families::{self, Counting, Measured, Weather},
    rates, say,
};
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

fn main() {
    let typed = std::env::args().find_map(|argument| argument.parse().ok());
    let runs: u64 = typed.unwrap_or(400);
    say(&format!("{runs} runs of {HOUR} minutes each\n"));
    if std::env::args().any(|argument| argument == "beyond") {
        return beyond(runs);
    }
    if std::env::args().any(|argument| argument == "latencies") {
        return latencies(runs);
    }
    false_alarms(runs);
    errors(runs);
    latencies(runs);
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
    let run = |seed| alarm(judge, &draw(&mut ChaCha8Rng::seed_from_u64(seed)));
    (0..runs).map(run).collect()
}

/// Gives the bucket of the alarm of one run.
fn alarm(fresh: &Judge, series: &[Sample]) -> Option<u32> {
    let mut judge = fresh.clone();
    for sample in series {
        judge.push(&[*sample]);
        if judge.standing(Deadline::Ahead).0 == Standing::Fail {
            break;
        }
    }
    judge.verdict(Deadline::Ahead).alarm_bucket
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
        let looks = (every..=HOUR).step_by(every);
        looks
            .map(|look| (look as u32, look))
            .find_map(|(minute, look)| {
                let (canary, baseline) = (canary.get(..look)?, baseline.get(..look)?);
                (classify(canary, baseline, &classifier).class == Class::High).then_some(minute)
            })
    };
    (0..runs).map(run).collect()
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
        row(&name, Kind::Ratio, &|random| world.draw(HOUR, random));
    }
    for (name, world) in families::measured_without_harm() {
        row(&name, Kind::Gauge(Scale::Ratio), &|random| {
            world.draw(HOUR, random)
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
        &|random| counting.draw(HOUR, random),
    );
    let measured = Measured {
        scatter: 0.08,
        effect: 1.0,
        weather: Weather::Lasting(0.15, 0.8),
    };
    row(
        "latency ±8 %, own lasting noise 0.15",
        Kind::Gauge(Scale::Ratio),
        &|random| measured.draw(HOUR, random),
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
        let draw = |random: &mut ChaCha8Rng| world.draw(HOUR, random);
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
            world.draw(HOUR, random)
        });
        let from_onset: Vec<Option<u32>> = found
            .iter()
            .map(|bucket| bucket.map(|bucket| bucket.saturating_sub(onset as u32)))
            .collect();
        say(&format!("  {name:<40} {}", summary(&from_onset)));
    }
    say("");
}

/// How much a version's own latency scatters from minute to minute.
const SCATTERS: [f64; 6] = [0.03, 0.05, 0.08, 0.10, 0.12, 0.15];

/// A harm, what is assumed of the noise, and how soon it shall be found.
struct Goal {
    name: &'static str,
    effect: f64,
    noise: Noise,
    median: u32,
    /// The ninth decile, where the goal names one.
    most: Option<u32>,
}

const GOALS: [Goal; 4] = [
    Goal {
        name: "x1.5, safe (goal 6, 10)",
        effect: 1.5,
        noise: Noise::SAFE,
        median: 6,
        most: Some(10),
    },
    Goal {
        name: "x1.5, fast",
        effect: 1.5,
        noise: Noise::FAST,
        median: 6,
        most: Some(10),
    },
    Goal {
        name: "x1.25, fast (goal 11)",
        effect: 1.25,
        noise: Noise::FAST,
        median: 11,
        most: None,
    },
    Goal {
        name: "x1.25, calibrated to phi 0 (goal 11)",
        effect: 1.25,
        noise: Noise::RESTLESS,
        median: 11,
        most: None,
    },
];

/// How soon harm in latency is found, with an hour of the old version's history and without, beside
/// the soonest that anybody could.
fn latencies(runs: u64) {
    say("Minutes until harm in latency is found: median and ninth decile, with an hour of history");
    say(
        "and without; the least who knew harm and noise needs, as the profile assumes and in truth",
    );
    for goal in &GOALS {
        say(&format!("  {}", goal.name));
        for scatter in SCATTERS {
            say(&format!("    {}", latency(runs, goal, scatter)));
        }
    }
}

fn latency(runs: u64, goal: &Goal, scatter: f64) -> String {
    let world = Measured {
        scatter,
        effect: goal.effect,
        weather: Weather::Calm,
    };
    let fresh = fresh(Kind::Gauge(Scale::Ratio), goal.noise);
    let knowing = |seed: u64| {
        let mut judge = fresh.clone();
        let mut random = ChaCha8Rng::seed_from_u64(seed + 1_000_000);
        let before = world.draw(HOUR, &mut random);
        let history: Vec<f64> = before.iter().map(|sample| rates(sample).1).collect();
        judge.remember(0, &history);
        alarm(
            &judge,
            &world.draw(HOUR, &mut ChaCha8Rng::seed_from_u64(seed)),
        )
    };
    let with: Vec<Option<u32>> = (0..runs).map(knowing).collect();
    let without = found(runs, &fresh, |random| world.draw(HOUR, random));
    let met = if is_met(&with, goal) { "met" } else { "missed" };
    let [assumed, truth] = [goal.noise.phi, 0.0].map(|phi| least(goal.effect, scatter, phi));
    format!(
        "scatter {:>2.0} %  {}  without: {}  least {assumed:>4.1}, {truth:>4.1}  {met}",
        scatter * 100.0,
        summary(&with),
        summary(&without),
    )
}

fn is_met(found: &[Option<u32>], goal: &Goal) -> bool {
    let soon = |within: u32, share: f64| {
        let in_time = found.iter().flatten().filter(|minute| **minute <= within);
        in_time.count() as f64 >= share * found.len() as f64
    };
    soon(goal.median, 0.5) && goal.most.is_none_or(|most| soon(most, 0.9))
}

/// Gives the minutes that the best of all tests needs at the mean, which knows harm and noise beforehand
/// and bets on nothing else: no evidence against "at most x1.05" grows faster than by this.
fn least(effect: f64, scatter: f64, phi: f64) -> f64 {
    let shift = (effect / 1.05).ln();
    // Both arms scatter; what lasts from minute to minute counts for less.
    let long_run = 2.0 * scatter * scatter * (1.0 + phi) / (1.0 - phi);
    20.0_f64.ln() / (shift * shift / (2.0 * long_run))
}

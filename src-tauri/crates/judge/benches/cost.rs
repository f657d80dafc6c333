//! What judging costs: fifty metrics over an hour, and over a day of buckets of fifteen seconds.

mod drawn;

use std::time::{Duration, Instant};

use drawn::{
    HOUR,
    families::{self, Counting, Measured, Weather},
    rates, say,
};
use gantry_judge::{
    config::{Config, Kind, MetricConfig},
    gauge::Scale,
    judge::{Deadline, Judge},
    kayenta::{Classifier, classify},
    noise::Noise,
    sample::Sample,
};
use gantry_model::release::check::Profile;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

const METRICS: u64 = 50;
const DAY: usize = 5_760;
const LAST: usize = 50;

fn main() {
    families::counting_without_harm();
    families::measured_without_harm();
    measure("ratios", |_| Kind::Ratio);
    measure("half ratios, half latencies", |metric| match metric % 2 {
        0 => Kind::Ratio,
        _ => Kind::Gauge(Scale::Ratio),
    });
}

fn draw(kind: Kind, seed: u64, buckets: usize) -> Vec<Sample> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    match kind {
        Kind::Ratio | Kind::Rate => Counting {
            requests: 600.0,
            share: 0.01,
            effect: 1.0,
            onset: 0,
            weather: Weather::Calm,
        }
        .draw(buckets, &mut random),
        Kind::Gauge(_) => Measured {
            scatter: 0.08,
            effect: 1.0,
            weather: Weather::Calm,
        }
        .draw(buckets, &mut random),
    }
}

fn measure(name: &str, kind: impl Fn(u64) -> Kind) {
    let kinds: Vec<Kind> = (0..METRICS).map(kind).collect();
    let series: Vec<Vec<Sample>> = kinds
        .iter()
        .zip(0..)
        .map(|(kind, seed)| draw(*kind, seed, DAY))
        .collect();
    let at = |bucket: usize| -> Vec<Sample> {
        let sample = |series: &Vec<Sample>| series.get(bucket).copied();
        series.iter().filter_map(sample).collect()
    };
    let metrics = kinds
        .iter()
        .zip(0_u32..)
        .map(|(kind, number)| MetricConfig::new(format!("m{number}"), *kind, Noise::SAFE));
    let Ok(mut judge) = Judge::new(Config::new(Profile::Safe, metrics.collect())) else {
        return;
    };
    say(&format!("{METRICS} metrics, {name}"));
    let mut spent = Vec::with_capacity(DAY);
    for bucket in 0..DAY {
        let samples = at(bucket);
        let start = Instant::now();
        judge.push(&samples);
        std::hint::black_box(judge.standing(Deadline::Ahead));
        spent.push(start.elapsed());
    }
    let hour: Duration = spent.iter().take(HOUR).sum();
    say(&format!(
        "  a whole hour of minutes               {hour:>12.2?}"
    ));
    line("the hour's last bucket", &spent, HOUR, &series);
    line("the day's last bucket of 15 s", &spent, DAY, &series);
    let start = Instant::now();
    std::hint::black_box(judge.verdict(Deadline::Reached));
    say(&format!(
        "  a whole verdict with all intervals    {:>12.2?}",
        start.elapsed()
    ));
}

/// Prints the median cost of the last buckets before an end, beside the Mann-Whitney mode.
fn line(name: &str, spent: &[Duration], end: usize, series: &[Vec<Sample>]) {
    let mut last: Vec<Duration> = spent
        .iter()
        .take(end)
        .rev()
        .take(LAST.min(end / 4))
        .copied()
        .collect();
    last.sort_unstable();
    let own = last.get(last.len() / 2).copied().unwrap_or_default();
    let start = Instant::now();
    for series in series {
        let pairs = series.iter().take(end).map(rates);
        let (canary, baseline): (Vec<f64>, Vec<f64>) = pairs.unzip();
        std::hint::black_box(classify(&canary, &baseline, &Classifier::PRODUCTION));
    }
    let other = start.elapsed();
    let ratio = other.as_secs_f64() / own.as_secs_f64();
    say(&format!(
        "  {name:<37} {own:>12.2?}   Mann-Whitney {other:>12.2?}   {ratio:.1} times as much"
    ));
}

//! A good version is stopped in at most one of twenty bakes, however often somebody looks.
//!
//! A smaller, seeded version of `cargo bench -p gantry-judge --bench detection`, which prints the
//! table with more runs.

use gantry_judge::{
    config::{Config, Kind, MetricConfig},
    gauge::Scale,
    judge::{Deadline, Judge},
    noise::Noise,
    sample::Sample,
    verdict::Standing,
};
use gantry_model::release::check::Profile;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use crate::families;

const RUNS: u64 = 100;
const BUCKETS: usize = 60;

fn alarms(kind: Kind, draw: impl Fn(&mut ChaCha8Rng) -> Vec<Sample>) -> u64 {
    let metric = MetricConfig::new("metric", kind, Noise::SAFE);
    let fresh = Judge::new(Config::new(Profile::Safe, vec![metric])).unwrap();
    let alarmed = |seed: &u64| {
        let mut judge = fresh.clone();
        for sample in draw(&mut ChaCha8Rng::seed_from_u64(*seed)) {
            judge.push(&[sample]);
        }
        judge.standing(Deadline::Ahead).0 == Standing::Fail
    };
    (0..RUNS).filter(alarmed).count() as u64
}

#[test]
fn at_most_one_good_version_in_twenty_is_stopped_by_counts() {
    for (name, world) in families::counting_without_harm() {
        let alarms = alarms(Kind::Ratio, |random| world.draw(BUCKETS, random));
        assert!(alarms * 20 <= RUNS, "{name}: {alarms} of {RUNS} alarm");
    }
}

#[test]
fn at_most_one_good_version_in_twenty_is_stopped_by_latencies() {
    for (name, world) in families::measured_without_harm() {
        let alarms = alarms(Kind::Gauge(Scale::Ratio), |random| {
            world.draw(BUCKETS, random)
        });
        assert!(alarms * 20 <= RUNS, "{name}: {alarms} of {RUNS} alarm");
    }
}

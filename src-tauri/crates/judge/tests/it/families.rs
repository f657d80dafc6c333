//! Worlds in which nothing is wrong, and worlds in which something is; drawn from a seed.

use gantry_judge::sample::Sample;
use rand::{Rng, RngExt};

/// What moves the rates of the arms apart from harm.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Weather {
    /// Nothing.
    Calm,
    /// Swings that both arms share.
    Shared,
    /// Noise of each arm's own, new in every bucket, of this size.
    Own(f64),
    /// Noise of each arm's own that lasts from bucket to bucket: its size and correlation.
    Lasting(f64, f64),
}

/// A service that counts requests and bad ones.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Counting {
    pub(crate) requests: f64,
    pub(crate) share: f64,
    pub(crate) effect: f64,
    pub(crate) onset: usize,
    pub(crate) weather: Weather,
}

/// A service whose latency is measured.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Measured {
    pub(crate) scatter: f64,
    pub(crate) effect: f64,
    pub(crate) weather: Weather,
}

/// Noise of one arm, or of both.
struct Wind {
    weather: Weather,
    last: f64,
}

impl Wind {
    fn blow(&mut self, random: &mut impl Rng) -> f64 {
        match self.weather {
            Weather::Calm | Weather::Shared => 0.0,
            Weather::Own(size) => size * normal(random),
            Weather::Lasting(size, lasting) => {
                let new = size * (1.0 - lasting * lasting).sqrt() * normal(random);
                self.last = lasting * self.last + new;
                self.last
            }
        }
    }
}

fn swing(weather: Weather, bucket: usize, random: &mut impl Rng) -> f64 {
    match weather {
        Weather::Shared => (bucket as f64 / 9.0).sin() + 0.3 * normal(random),
        Weather::Calm | Weather::Own(_) | Weather::Lasting(..) => 0.0,
    }
}

impl Counting {
    pub(crate) fn draw(&self, buckets: usize, random: &mut impl Rng) -> Vec<Sample> {
        let mut winds = [0, 1].map(|_| Wind {
            weather: self.weather,
            last: 0.0,
        });
        (0..buckets)
            .map(|bucket| {
                let both = swing(self.weather, bucket, random);
                let harm = if bucket >= self.onset {
                    self.effect
                } else {
                    1.0
                };
                let arms = [harm, 1.0];
                let mut drawn = winds.iter_mut().zip(arms).map(|(wind, factor)| {
                    let share = self.share * factor * (both + wind.blow(random)).exp();
                    let requests = poisson(self.requests, random).max(1.0);
                    (
                        poisson(requests * share.min(1.0), random).min(requests),
                        requests,
                    )
                });
                match (drawn.next(), drawn.next()) {
                    (Some(canary), Some(baseline)) => Sample::counts(canary, baseline),
                    _ => Sample::Missing,
                }
            })
            .collect()
    }
}

impl Measured {
    pub(crate) fn draw(&self, buckets: usize, random: &mut impl Rng) -> Vec<Sample> {
        let mut winds = [0, 1].map(|_| Wind {
            weather: self.weather,
            last: 0.0,
        });
        (0..buckets)
            .map(|bucket| {
                let both = swing(self.weather, bucket, random);
                let [canary, baseline] = &mut winds;
                let level = |wind: &mut Wind, random: &mut _| {
                    let scatter = self.scatter * normal(random);
                    100.0 * (both + scatter + wind.blow(random)).exp()
                };
                let new = self.effect * level(canary, random);
                Sample::values(new, level(baseline, random))
            })
            .collect()
    }
}

fn normal(random: &mut impl Rng) -> f64 {
    let (one, other): (f64, f64) = (random.random(), random.random());
    (-2.0 * (1.0 - one).ln()).sqrt() * (std::f64::consts::TAU * other).cos()
}

fn poisson(mean: f64, random: &mut impl Rng) -> f64 {
    if mean > 60.0 {
        return (mean + mean.sqrt() * normal(random)).round().max(0.0);
    }
    let (mut left, mut count) = ((-mean).exp(), -1.0);
    let end = left;
    left = 1.0;
    while left > end {
        left *= random.random::<f64>();
        count += 1.0;
    }
    count
}

/// The worlds in which nothing is wrong: a name and how a run of them is drawn.
pub(crate) fn counting_without_harm() -> Vec<(String, Counting)> {
    let weathers = [
        ("calm", Weather::Calm),
        ("shared swings", Weather::Shared),
        ("own noise 0.15", Weather::Own(0.15)),
        ("own lasting noise 0.15", Weather::Lasting(0.15, 0.7)),
    ];
    let mut worlds = Vec::new();
    for requests in [60.0, 600.0, 6_000.0] {
        for share in [0.001, 0.01, 0.05] {
            for (name, weather) in weathers {
                let name = format!("{requests}/min, {} % bad, {name}", share * 100.0);
                let world = Counting {
                    requests,
                    share,
                    effect: 1.0,
                    onset: 0,
                    weather,
                };
                worlds.push((name, world));
            }
        }
    }
    worlds
}

/// The same for latencies.
pub(crate) fn measured_without_harm() -> Vec<(String, Measured)> {
    let weathers = [
        ("calm", Weather::Calm),
        ("shared swings", Weather::Shared),
        ("own lasting noise 0.10", Weather::Lasting(0.10, 0.6)),
        ("own lasting noise 0.05", Weather::Lasting(0.05, 0.8)),
    ];
    weathers
        .into_iter()
        .map(|(name, weather)| {
            let world = Measured {
                scatter: 0.08,
                effect: 1.0,
                weather,
            };
            (format!("latency ±8 %, {name}"), world)
        })
        .collect()
}

//! Releases that never were: graphs, true durations, and runs drawn from them; all from a seed.

use gantry_forecast::{
    history::{Attempt, Course, History, Key},
    play::play,
    project::{Project, Seat, State, Work},
    record::RunRecord,
};
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

/// What all steps of a run share, as a standard deviation of the logarithm.
const SHARED: f64 = 0.15;

/// A node as it truly is.
struct Node {
    needs: Vec<u32>,
    median: f64,
    sigma: f64,
    again: f64,
}

/// A release as it truly is.
pub(crate) struct World {
    nodes: Vec<Node>,
    random: ChaCha8Rng,
}

/// What one forecast was worth against many real outcomes.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Score {
    pub(crate) outcomes: f64,
    pub(crate) late: f64,
    pub(crate) by_p80: f64,
    pub(crate) by_p90: f64,
    pub(crate) critical_path_late: f64,
    pub(crate) history_by_p90: f64,
    pub(crate) pinball: f64,
    pub(crate) critical_path_pinball: f64,
    pub(crate) history_pinball: f64,
}

impl World {
    pub(crate) fn new(count: u32, seed: u64) -> Self {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let nodes = (0..count as usize).map(|place| Node::draw(place, &mut random));
        let nodes = nodes.collect();
        Self { nodes, random }
    }

    /// Runs the release once: when it was over, and what each node took.
    fn run(&mut self) -> (f64, Vec<Attempt>) {
        let shared = (SHARED * normal(&mut self.random)).exp();
        let mut attempts = Vec::new();
        let mut took = Vec::new();
        for (place, node) in self.nodes.iter().enumerate() {
            let mut seconds = node.median * shared * (node.sigma * normal(&mut self.random)).exp();
            let again = unit(&mut self.random) < node.again;
            if again {
                seconds *= 1.8 + 1.4 * unit(&mut self.random);
            }
            took.push(seconds);
            attempts.push(Attempt {
                key: key(place),
                seconds,
                course: if again {
                    Course::Repeated
                } else {
                    Course::Straight
                },
            });
        }
        (self.end(&took), attempts)
    }

    /// Gives when all is over if each node takes so long.
    fn end(&self, took: &[f64]) -> f64 {
        let mut ends: Vec<f64> = Vec::new();
        for (node, seconds) in self.nodes.iter().zip(took) {
            let needs = node.needs.iter().map(|need| ends[*need as usize]);
            ends.push(needs.fold(0.0, f64::max) + seconds);
        }
        ends.into_iter().fold(0.0, f64::max)
    }

    /// Forecasts after some runs and compares with as many outcomes as are wanted.
    pub(crate) fn score(&mut self, runs: usize, outcomes: usize) -> Score {
        let mut ends = Vec::new();
        let mut records = Vec::new();
        for _ in 0..runs {
            let (end, attempts) = self.run();
            ends.push(end);
            records.push(RunRecord {
                succeeded: true,
                attempts,
                waits: Vec::new(),
            });
        }
        ends.sort_by(f64::total_cmp);
        let (means, medians) = self.usual(&records);
        let history = History::new(records);
        let played = play(&self.project(&history), [7; 32]);
        let (mean_path, median_path) = (self.end(&means), self.end(&medians));
        let mut score = Score::default();
        for _ in 0..outcomes {
            let (end, _) = self.run();
            score.outcomes += 1.0;
            score.late += above(end, played.quantile(0.5));
            score.by_p80 += 1.0 - above(end, played.quantile(0.8));
            score.by_p90 += 1.0 - above(end, played.quantile(0.9));
            score.critical_path_late += above(end, median_path);
            score.history_by_p90 += 1.0 - above(end, quantile(&ends, 0.9));
            for share in [0.5, 0.8, 0.9] {
                let loss = |told: f64| pinball(share, end / mean_path, told / mean_path);
                score.pinball += loss(played.quantile(share));
                score.critical_path_pinball += loss(mean_path);
                score.history_pinball += loss(quantile(&ends, share));
            }
        }
        score
    }

    fn project(&self, history: &History) -> Project {
        let keys: Vec<Key> = (0..self.nodes.len()).map(key).collect();
        let works = self.nodes.iter().map(|node| Work {
            node: None,
            needs: node.needs.clone(),
            fixed: 0.0,
            law: None,
            seat: Seat::Free,
            state: State::Ahead,
        });
        Project::learned(works.collect(), &keys, history)
    }

    /// Gives the mean and the median of what each node took.
    fn usual(&self, records: &[RunRecord]) -> (Vec<f64>, Vec<f64>) {
        let of = |place: usize| {
            let took = records.iter().map(|record| record.attempts[place].seconds);
            let mut took: Vec<f64> = took.collect();
            took.sort_by(f64::total_cmp);
            let mean = took.iter().sum::<f64>() / took.len() as f64;
            (mean, quantile(&took, 0.5))
        };
        (0..self.nodes.len()).map(of).unzip()
    }
}

impl Node {
    fn draw(place: usize, random: &mut ChaCha8Rng) -> Self {
        let mut needs = Vec::new();
        for _ in 0..3 {
            if place > 0 && unit(random) < 0.5 {
                needs.push((unit(random) * place as f64) as u32);
            }
        }
        needs.sort_unstable();
        needs.dedup();
        let scatter = 0.15 + 0.55 * unit(random);
        Self {
            needs,
            median: (60_f64.ln() + 0.8 * normal(random)).exp(),
            sigma: (1.0 + scatter * scatter).ln().sqrt(),
            again: 0.08 * unit(random),
        }
    }
}

impl Score {
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            outcomes: self.outcomes + other.outcomes,
            late: self.late + other.late,
            by_p80: self.by_p80 + other.by_p80,
            by_p90: self.by_p90 + other.by_p90,
            critical_path_late: self.critical_path_late + other.critical_path_late,
            history_by_p90: self.history_by_p90 + other.history_by_p90,
            pinball: self.pinball + other.pinball,
            critical_path_pinball: self.critical_path_pinball + other.critical_path_pinball,
            history_pinball: self.history_pinball + other.history_pinball,
        }
    }

    /// Gives a count as a share of all outcomes, in percent.
    pub(crate) fn percent(&self, count: f64) -> f64 {
        100.0 * count / self.outcomes
    }
}

/// Scores many worlds of a size.
pub(crate) fn survey(nodes: u32, runs: usize, worlds: u64, outcomes: usize) -> Score {
    (0..worlds)
        .map(|seed| World::new(nodes, seed).score(runs, outcomes))
        .fold(Score::default(), Score::and)
}

fn key(place: usize) -> Key {
    Key {
        service: format!("s{place}"),
        kind: "run",
    }
}

fn above(end: f64, told: f64) -> f64 {
    f64::from(u8::from(end > told))
}

fn pinball(share: f64, end: f64, told: f64) -> f64 {
    let error = end - told;
    (share * error).max((share - 1.0) * error)
}

fn quantile(sorted: &[f64], share: f64) -> f64 {
    let place = (share * sorted.len() as f64).ceil() as usize;
    sorted[place.saturating_sub(1)]
}

fn unit(random: &mut ChaCha8Rng) -> f64 {
    (random.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
}

fn normal(random: &mut ChaCha8Rng) -> f64 {
    let (one, other) = (unit(random), unit(random));
    (-2.0 * (1.0 - one).ln()).sqrt() * (std::f64::consts::TAU * other).cos()
}

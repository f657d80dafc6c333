//! The judge beside Kayenta, Argo Rollouts and Flagger, in the same worlds; prints the comparison table of
//! `docs/judge.md`.
//!
//! `cargo bench -p gantry-judge --bench comparison -- 200` sets the number of runs of each world.
//! Limits do not know the old version, so somebody has to set them: here three times the usual share
//! of errors, and 1.25 times the usual latency.

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
    threshold::{Analysis, Condition, Limits, Outcome},
    verdict::Standing,
};
use gantry_model::release::check::Profile;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// One who judges.
#[derive(Clone, Copy)]
enum Tool {
    Own(Noise),
    MannWhitney { every: usize },
    Argo,
    Flagger,
}

const TOOLS: [(&str, Tool); 6] = [
    ("Gantry, safe", Tool::Own(Noise::SAFE)),
    ("Gantry, fast", Tool::Own(Noise::FAST)),
    ("Mann-Whitney each minute", Tool::MannWhitney { every: 1 }),
    ("Mann-Whitney each 10 min", Tool::MannWhitney { every: 10 }),
    ("Argo limit, no failure", Tool::Argo),
    ("Flagger limit, 5 failures", Tool::Flagger),
];

/// A world, and the limit that somebody has set for it.
enum World {
    Counting(Counting),
    Measured(Measured),
}

/// When a run failed, or whether it passed.
#[derive(Clone, Copy, PartialEq)]
enum End {
    Failed(usize),
    Passed,
    Held,
}

impl World {
    fn draw(&self, seed: u64) -> Vec<Sample> {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        match self {
            Self::Counting(world) => world.draw(HOUR, &mut random),
            Self::Measured(world) => world.draw(HOUR, &mut random),
        }
    }

    fn kind(&self) -> Kind {
        match self {
            Self::Counting(_) => Kind::Ratio,
            Self::Measured(_) => Kind::Gauge(Scale::Ratio),
        }
    }

    fn limit(&self) -> f64 {
        match self {
            Self::Counting(world) => 3.0 * world.share,
            Self::Measured(_) => 125.0,
        }
    }
}

impl Tool {
    fn judge(self, world: &World, seed: u64) -> End {
        let series = world.draw(seed);
        match self {
            Self::Own(noise) => own(world.kind(), noise, &series),
            Self::MannWhitney { every } => mann_whitney(&series, every),
            Self::Argo => counted(&series, Limits::argo(Condition::AtMost(world.limit()), 60)),
            Self::Flagger => {
                let limits = Limits::flagger(Condition::AtMost(world.limit()), 60, 5);
                counted(&series, limits)
            }
        }
    }
}

fn own(kind: Kind, noise: Noise, series: &[Sample]) -> End {
    let metric = MetricConfig::new("metric", kind, noise);
    let Ok(mut judge) = Judge::new(Config::new(Profile::Safe, vec![metric])) else {
        return End::Held;
    };
    for (bucket, sample) in series.iter().enumerate() {
        judge.push(&[*sample]);
        if judge.standing(Deadline::Ahead).0 == Standing::Fail {
            return End::Failed(bucket + 1);
        }
    }
    match judge.standing(Deadline::Reached).0 {
        Standing::Pass => End::Passed,
        Standing::Fail | Standing::Hold | Standing::Open => End::Held,
    }
}

fn mann_whitney(series: &[Sample], every: usize) -> End {
    let classifier = Classifier {
        direction: Direction::Increase,
        ..Classifier::PRODUCTION
    };
    let (canary, baseline): (Vec<f64>, Vec<f64>) = series.iter().map(rates).unzip();
    let mut last = Class::NoData;
    for look in (every..=HOUR).step_by(every) {
        let (Some(canary), Some(baseline)) = (canary.get(..look), baseline.get(..look)) else {
            break;
        };
        last = classify(canary, baseline, &classifier).class;
        if last == Class::High {
            return End::Failed(look);
        }
    }
    if last == Class::Pass {
        End::Passed
    } else {
        End::Held
    }
}

fn counted(series: &[Sample], limits: Limits) -> End {
    let mut analysis = Analysis::new(limits);
    for (bucket, sample) in series.iter().enumerate() {
        analysis.push(Some(rates(sample).0));
        if matches!(analysis.outcome(), Outcome::Failed | Outcome::Errored) {
            return End::Failed(bucket + 1);
        }
    }
    match analysis.terminate() {
        Outcome::Successful => End::Passed,
        Outcome::Running | Outcome::Failed | Outcome::Inconclusive | Outcome::Errored => End::Held,
    }
}

fn main() {
    let typed = std::env::args().find_map(|argument| argument.parse().ok());
    let runs: u64 = typed.unwrap_or(200);
    say(&format!("{runs} runs of {HOUR} minutes in each world\n"));
    false_alarms(runs);
    harm(runs);
    too_little(runs);
}

fn ends(tool: Tool, world: &World, runs: u64) -> Vec<End> {
    (0..runs).map(|seed| tool.judge(world, seed)).collect()
}

fn percent(ends: &[End], is: impl Fn(&End) -> bool) -> f64 {
    100.0 * ends.iter().filter(|end| is(end)).count() as f64 / ends.len() as f64
}

fn false_alarms(runs: u64) {
    let counting = families::counting_without_harm().into_iter();
    let measured = families::measured_without_harm().into_iter();
    let worlds: Vec<World> = counting
        .map(|(_, world)| World::Counting(world))
        .chain(measured.map(|(_, world)| World::Measured(world)))
        .collect();
    say(
        "good versions stopped within an hour, percent: mean and worst of 40 worlds, worst with a shared incident",
    );
    for (name, tool) in TOOLS {
        let stopped: Vec<(bool, f64)> = worlds
            .iter()
            .map(|world| {
                let shared = match world {
                    World::Counting(world) => matches!(world.weather, Weather::Shared),
                    World::Measured(world) => matches!(world.weather, Weather::Shared),
                };
                let failed = |end: &End| matches!(end, End::Failed(_));
                (shared, percent(&ends(tool, world, runs), failed))
            })
            .collect();
        let mean = stopped.iter().map(|(_, share)| share).sum::<f64>() / stopped.len() as f64;
        let worst = |of: fn(&&(bool, f64)) -> bool| {
            stopped
                .iter()
                .filter(of)
                .fold(0.0_f64, |most, (_, share)| most.max(*share))
        };
        let (all, shared) = (worst(|_| true), worst(|(shared, _)| *shared));
        say(&format!("  {name:<28} {mean:5.1} {all:5.1} {shared:5.1}"));
    }
}

fn harm(runs: u64) {
    let counting = |requests, share, effect| {
        World::Counting(Counting {
            requests,
            share,
            effect,
            onset: 0,
            weather: Weather::Calm,
        })
    };
    let measured = |effect| {
        World::Measured(Measured {
            scatter: 0.08,
            effect,
            weather: Weather::Calm,
        })
    };
    let worlds = [
        ("600/min, 0.1 % errors, x10", counting(600.0, 0.001, 10.0)),
        ("600/min, 0.1 % errors, x2.5", counting(600.0, 0.001, 2.5)),
        ("6000/min, 1 % errors, x2", counting(6000.0, 0.01, 2.0)),
        ("60/min, 1 % errors, x5", counting(60.0, 0.01, 5.0)),
        ("p99 x1.5, scatter 8 %", measured(1.5)),
        ("p99 x1.2, scatter 8 %", measured(1.2)),
    ];
    for (title, world) in worlds {
        say(&format!("{title}: found, percent; median minute"));
        for (name, tool) in TOOLS {
            say(&format!(
                "  {name:<28} {}",
                found(&ends(tool, &world, runs))
            ));
        }
    }
}

fn found(ends: &[End]) -> String {
    let mut minutes: Vec<usize> = ends
        .iter()
        .map(|end| match end {
            End::Failed(minute) => *minute,
            End::Passed | End::Held => usize::MAX,
        })
        .collect();
    minutes.sort_unstable();
    let at = |place: usize| match minutes.get(place) {
        Some(&usize::MAX) | None => "never".to_owned(),
        Some(minute) => minute.to_string(),
    };
    let share = percent(ends, |end| matches!(end, End::Failed(_)));
    let (half, most) = (at(minutes.len() / 2), at(minutes.len() * 9 / 10));
    format!("{share:5.1}  {half:>5} {most:>5}")
}

/// A version three times as bad, where there is too little traffic to see it.
fn too_little(runs: u64) {
    let world = World::Counting(Counting {
        requests: 4.0,
        share: 0.01,
        effect: 3.0,
        onset: 0,
        weather: Weather::Calm,
    });
    say("4/min, 1 % errors, x3: too little to see it; passed all the same, percent");
    for (name, tool) in TOOLS {
        let passed = percent(&ends(tool, &world, runs), |end| *end == End::Passed);
        say(&format!("  {name:<28} {passed:5.1}"));
    }
}

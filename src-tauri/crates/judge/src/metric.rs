//! Everything that is known of one metric.

use crate::{
    config::{Direction, Kind, MetricConfig},
    counts::{Counts, Totals},
    gauge::Gauge,
    guardrail::Guardrail,
    hypothesis::{Hypothesis, Orientation, Restarts},
    logarithm,
    sample::{Count, Sample, Whole},
};

/// One metric as far as it was seen.
#[derive(Clone, Debug)]
pub(crate) struct Metric {
    pub(crate) config: MetricConfig,
    evidence: Evidence,
    roles: Vec<Role>,
    guardrails: Option<Guardrails>,
    /// How many buckets brought both arms.
    pub(crate) whole: u32,
    levels: Levels,
}

#[derive(Clone, Debug)]
enum Evidence {
    Counts(Counts),
    Gauge(Gauge),
}

#[derive(Clone, Debug)]
struct Guardrails {
    canary: Guardrail,
    baseline: Guardrail,
}

/// What the evidence of a test is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// For harm beyond what is tolerated.
    Harm,
    /// For the absence of harm as large as the guard.
    Pass,
    /// For harm beyond the factor at which the metric decides alone.
    Critical,
}

/// The mean of each arm of a gauge, for sentences.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Levels {
    pub(crate) canary: f64,
    pub(crate) baseline: f64,
}

/// What was seen of a metric, in the numbers that people know.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Seen {
    Counts(Totals),
    Levels(Levels),
}

impl Metric {
    pub(crate) fn new(config: MetricConfig) -> Self {
        let (roles, tests): (Vec<_>, Vec<_>) = tests(&config).into_iter().unzip();
        let evidence = match config.kind {
            Kind::Ratio | Kind::Rate => Evidence::Counts(Counts::new(config.noise, tests)),
            Kind::Gauge(scale) => {
                Evidence::Gauge(Gauge::new(config.noise, scale, tests, &config.history))
            }
        };
        let guardrails = config.never_above.map(|limit| Guardrails {
            canary: Guardrail::new(limit, config.noise.kappa),
            baseline: Guardrail::new(limit, config.noise.kappa),
        });
        Self {
            config,
            evidence,
            roles,
            guardrails,
            whole: 0,
            levels: Levels::default(),
        }
    }

    pub(crate) fn push(&mut self, sample: Sample) {
        let whole = match self.config.kind {
            Kind::Ratio => Whole::Bounds,
            Kind::Rate | Kind::Gauge(_) => Whole::Exposes,
        };
        match &mut self.evidence {
            Evidence::Counts(counts) => {
                let (canary, baseline) = sample.arms(whole);
                let (more, less) = self.config.allowances();
                counts.push(
                    canary.map(|count| with(count, more)),
                    baseline.map(|count| with(count, less)),
                );
                if let Some(guardrails) = &mut self.guardrails {
                    guardrails.canary.push(canary);
                    guardrails.baseline.push(baseline);
                }
                self.whole += u32::from(canary.is_some() && baseline.is_some());
            }
            Evidence::Gauge(gauge) => {
                let (canary, baseline) = sample.levels();
                let before = gauge.pairs();
                gauge.push(canary, baseline);
                if gauge.pairs() > before
                    && let (Some(canary), Some(baseline)) = (canary, baseline)
                {
                    self.whole += 1;
                    self.levels.add(canary, baseline, f64::from(self.whole));
                }
            }
        }
    }

    /// Takes in what the baseline of a gauge was before the first bucket; counts need no past.
    pub(crate) fn remember(&mut self, history: &[f64]) {
        match &mut self.evidence {
            Evidence::Gauge(gauge) => gauge.remember(history),
            Evidence::Counts(_) => {}
        }
    }

    pub(crate) fn restart(&mut self) {
        match &mut self.evidence {
            Evidence::Counts(counts) => counts.restart(),
            Evidence::Gauge(gauge) => gauge.restart(),
        }
    }

    /// Gives the logarithm of the evidence of a role; none where the metric has no such role.
    ///
    /// Where either way is harm, harm is the mean of both tests and a pass needs both.
    pub(crate) fn log_e(&self, role: Role) -> Option<f64> {
        let logs = self
            .roles
            .iter()
            .enumerate()
            .filter(|(_, of)| **of == role)
            .map(|(test, _)| self.test(test));
        match role {
            Role::Harm | Role::Critical => {
                let logs: Vec<f64> = logs.collect();
                (!logs.is_empty()).then(|| logarithm::mean_exp(&logs))
            }
            Role::Pass => logs.reduce(f64::min),
        }
    }

    /// Gives the evidence that the canary, and that the baseline, exceeds what no version may.
    pub(crate) fn guardrails(&self) -> Option<(f64, f64)> {
        let guardrails = self.guardrails.as_ref()?;
        Some((guardrails.canary.log_e(), guardrails.baseline.log_e()))
    }

    pub(crate) fn estimate(&self) -> Option<f64> {
        match &self.evidence {
            Evidence::Counts(counts) => counts.ratio(),
            Evidence::Gauge(gauge) => gauge.ratio(),
        }
    }

    pub(crate) fn interval(&self, alpha: f64) -> (f64, f64) {
        match &self.evidence {
            Evidence::Counts(counts) => counts.interval(alpha),
            Evidence::Gauge(gauge) => gauge.interval(alpha),
        }
    }

    pub(crate) fn seen(&self) -> Seen {
        match &self.evidence {
            Evidence::Counts(counts) => {
                let mut totals = counts.totals();
                let (more, less) = self.config.allowances();
                totals.canary_events = (totals.canary_events - more * totals.canary_of).max(0.0);
                totals.baseline_events =
                    (totals.baseline_events - less * totals.baseline_of).max(0.0);
                Seen::Counts(totals)
            }
            Evidence::Gauge(_) => Seen::Levels(self.levels),
        }
    }

    fn test(&self, test: usize) -> f64 {
        match &self.evidence {
            Evidence::Counts(counts) => counts.log_e(test),
            Evidence::Gauge(gauge) => gauge.log_e(test),
        }
    }
}

impl Levels {
    fn add(&mut self, canary: f64, baseline: f64, count: f64) {
        self.canary += (canary - self.canary) / count;
        self.baseline += (baseline - self.baseline) / count;
    }
}

/// Adds what is tolerated to what was counted.
fn with(count: Count, allowance: f64) -> Count {
    Count {
        events: (count.events + allowance * count.of).min(count.of.max(count.events)),
        of: count.of,
    }
}

/// Lists the tests that a metric needs.
fn tests(config: &MetricConfig) -> Vec<(Role, Hypothesis)> {
    let ways: &[Way] = match config.direction {
        Direction::Increase => &[Way::Up],
        Direction::Decrease => &[Way::Down],
        Direction::Either => &[Way::Up, Way::Down],
    };
    let mut tests = Vec::new();
    for way in ways {
        tests.push((Role::Harm, way.harm(config.tolerate)));
        tests.push((Role::Pass, way.pass(config.guard)));
        tests.extend(
            config
                .critical
                .map(|factor| (Role::Critical, way.critical(factor))),
        );
    }
    tests
}

/// Which way harm lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Up,
    Down,
}

impl Way {
    fn bad(self) -> Orientation {
        match self {
            Self::Up => Orientation::CanaryOverBaseline,
            Self::Down => Orientation::BaselineOverCanary,
        }
    }

    fn good(self) -> Orientation {
        match self {
            Self::Up => Orientation::BaselineOverCanary,
            Self::Down => Orientation::CanaryOverBaseline,
        }
    }

    fn harm(self, tolerate: f64) -> Hypothesis {
        let theta = match self {
            Self::Up => 1.0 + tolerate,
            Self::Down => 1.0 / (1.0 - tolerate),
        };
        Hypothesis {
            orientation: self.bad(),
            theta,
            restarts: Restarts::EveryFive,
        }
    }

    fn pass(self, guard: f64) -> Hypothesis {
        Hypothesis {
            orientation: self.good(),
            theta: 1.0 / guard,
            restarts: Restarts::Never,
        }
    }

    fn critical(self, factor: f64) -> Hypothesis {
        Hypothesis {
            orientation: self.bad(),
            theta: factor,
            restarts: Restarts::EveryFive,
        }
    }
}

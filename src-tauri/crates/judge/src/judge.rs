//! The judge: buckets in, a verdict out, at any time.

use gantry_model::release::check::Profile;

use crate::{
    config::{Config, Misconfigured, Part},
    logarithm,
    metric::{Metric, Role, Seen},
    sample::Sample,
    sentence,
    verdict::{Cause, Interval, Lack, MetricVerdict, Standing, Verdict},
};

/// The fewest buckets before an early pass.
const EARLY_BUCKETS: u32 = 5;
/// The fewest buckets at the deadline.
const DEADLINE_BUCKETS: u32 = 10;
/// The fewest requests in each arm at the deadline.
const DEADLINE_REQUESTS: f64 = 200.0;
/// The smallest share of buckets that must not be missing for any pass.
const COVERAGE: f64 = 0.8;
/// The smallest share of its planned traffic that the canary must have got for any pass.
const ARRIVING: f64 = 0.2;
/// How much stricter a metric is tested that decides alone.
const CRITICAL: f64 = 5.0;

/// Whether more buckets are to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deadline {
    /// There are.
    Ahead,
    /// There are not: what was seen has to do.
    Reached,
}

/// Judges a new version beside the old one, bucket by bucket.
///
/// Nothing depends on when the verdict is asked for, only on the buckets; asking does not change
/// anything. A failure is latched: no later bucket takes it back. A pass is not latched against a
/// failure: whoever goes on pushing after a pass goes on being protected.
#[derive(Clone, Debug)]
pub struct Judge {
    config: Config,
    metrics: Vec<Metric>,
    /// The weight of each metric; they sum to one over those that decide.
    weights: Vec<f64>,
    seen: u32,
    failed: Option<(Cause, u32)>,
    passed: Option<u32>,
}

impl Judge {
    /// Begins to judge.
    ///
    /// # Errors
    /// Where a number of the configuration means nothing.
    pub fn new(config: Config) -> Result<Self, Misconfigured> {
        config.check()?;
        let metrics: Vec<Metric> = config.metrics.iter().cloned().map(Metric::new).collect();
        Ok(Self {
            weights: weights(&metrics),
            config,
            metrics,
            seen: 0,
            failed: None,
            passed: None,
        })
    }

    /// Takes the next bucket in: a sample of each metric in the order of the configuration; what is
    /// left out at the end is missing.
    pub fn push(&mut self, bucket: &[Sample]) {
        self.seen += 1;
        if self.seen <= self.config.warm_up {
            return;
        }
        for (place, metric) in self.metrics.iter_mut().enumerate() {
            metric.push(bucket.get(place).copied().unwrap_or(Sample::Missing));
        }
        let now = self.buckets();
        if self.failed.is_none() {
            self.failed = self.failing().map(|cause| (cause, now));
        }
        if self.passed.is_none() && self.unhealthy_baseline().is_none() && self.passes_early() {
            self.passed = Some(now);
        }
    }

    /// Tells what the baseline of a metric, by its place in the configuration, was before the first
    /// bucket, oldest first: how much it jumps by itself is then known from the start.
    ///
    /// Only gauges have a use for it; it is told before the first bucket, so that the verdict follows
    /// from what was told and the buckets in their order.
    pub fn remember(&mut self, metric: usize, history: &[f64]) {
        if let Some(metric) = self.metrics.get_mut(metric) {
            metric.remember(history);
        }
    }

    /// Tells that the canary gets another share of the traffic from the next bucket on.
    pub fn change_share(&mut self, planned_share: Option<f64>) {
        self.config.planned_share = planned_share;
        for metric in &mut self.metrics {
            metric.restart();
        }
    }

    /// Gives how many buckets were judged, without those of the warm-up.
    pub fn buckets(&self) -> u32 {
        self.seen.saturating_sub(self.config.warm_up)
    }

    /// Gives the logarithm of the evidence of all metrics together that the new version does harm.
    pub fn log_e(&self) -> f64 {
        let pairs = self.metrics.iter().zip(&self.weights);
        let deciding = pairs.filter(|(_, weight)| **weight > 0.0);
        let logs = deciding.map(|(metric, weight)| (*weight, harm(metric)));
        logarithm::weighted_sum(logs)
    }

    /// Gives where things stand, without the numbers of a whole verdict.
    pub fn standing(&self, deadline: Deadline) -> (Standing, Cause) {
        if let Some((cause, _)) = &self.failed {
            return (Standing::Fail, cause.clone());
        }
        if let Some(metric) = self.unhealthy_baseline() {
            return (Standing::Hold, Cause::BaselineUnhealthy { metric });
        }
        if self.passed.is_some() && self.doubts().is_empty() {
            return (Standing::Pass, Cause::Early);
        }
        match deadline {
            Deadline::Ahead => (Standing::Open, Cause::Undecided),
            Deadline::Reached if self.lacks().is_empty() => (Standing::Pass, Cause::Deadline),
            Deadline::Reached => (Standing::Hold, Cause::Deadline),
        }
    }

    /// Gives the whole verdict, with its numbers and a sentence.
    pub fn verdict(&self, deadline: Deadline) -> Verdict {
        let (standing, cause) = self.standing(deadline);
        let log_e = self.log_e();
        let metrics: Vec<MetricVerdict> = self
            .metrics
            .iter()
            .zip(&self.weights)
            .map(|(metric, weight)| self.of(metric, *weight))
            .collect();
        let lead = self.lead(&cause);
        let mut verdict = Verdict {
            standing,
            alarm_bucket: self.failed.as_ref().map(|(_, bucket)| *bucket),
            pass_bucket: self.passed,
            cause,
            log_e,
            score: score(log_e, self.config.alpha),
            buckets: self.buckets(),
            lead,
            lacks: self.lacks(),
            metrics,
            sentence: String::new(),
        };
        verdict.sentence = sentence::write(&verdict, &self.config, &self.all_seen());
        verdict
    }

    fn all_seen(&self) -> Vec<Seen> {
        self.metrics.iter().map(Metric::seen).collect()
    }

    /// Gives the metric that a person should read about first.
    fn lead(&self, cause: &Cause) -> usize {
        let named = match cause {
            Cause::Guardrail { metric }
            | Cause::Critical { metric }
            | Cause::BaselineUnhealthy { metric } => Some(metric),
            Cause::Evidence | Cause::Early | Cause::Deadline | Cause::Undecided => None,
        };
        let by_name = named.and_then(|name| {
            self.metrics
                .iter()
                .position(|metric| metric.config.name == *name)
        });
        by_name.unwrap_or_else(|| {
            let weighted = |place: &usize| {
                let metric = self.metrics.get(*place).map_or(0.0, harm);
                self.weights.get(*place).map_or(0.0, |weight| weight.ln()) + metric
            };
            (0..self.metrics.len())
                .rev()
                .max_by(|one, other| weighted(one).total_cmp(&weighted(other)))
                .unwrap_or(0)
        })
    }

    fn of(&self, metric: &Metric, weight: f64) -> MetricVerdict {
        let (low, high) = metric.interval(self.config.alpha);
        MetricVerdict {
            name: metric.config.name.clone(),
            weight,
            log_e: harm(metric),
            log_e_pass: metric.log_e(Role::Pass).unwrap_or(0.0),
            estimate: metric.estimate(),
            interval: Interval { low, high },
            missing: self.buckets().saturating_sub(metric.whole),
        }
    }

    fn deciding(&self) -> impl Iterator<Item = &Metric> {
        let decides = |metric: &&Metric| metric.config.part == Part::Decides;
        self.metrics.iter().filter(decides)
    }

    /// Looks for a reason to fail in this bucket: guardrails, then critical metrics, then the
    /// evidence of all together.
    fn failing(&self) -> Option<Cause> {
        let bound = (1.0 / self.config.alpha).ln();
        let over = self.deciding().find(|metric| {
            // A baseline that looks over the limit too is an incident of both, not harm.
            let alone = |(canary, baseline)| canary >= bound && baseline <= 0.0;
            metric.guardrails().is_some_and(alone)
        });
        if let Some(metric) = over {
            let metric = metric.config.name.clone();
            return Some(Cause::Guardrail { metric });
        }
        let strict = (CRITICAL / self.config.alpha).ln();
        let critical = self.deciding().find(|metric| {
            metric
                .log_e(Role::Critical)
                .is_some_and(|log| log >= strict)
        });
        if let Some(metric) = critical {
            let metric = metric.config.name.clone();
            return Some(Cause::Critical { metric });
        }
        (self.log_e() >= bound).then_some(Cause::Evidence)
    }

    /// Gives the metric in which the baseline itself is over its limit.
    fn unhealthy_baseline(&self) -> Option<String> {
        let bound = (1.0 / self.config.alpha).ln();
        let over = |metric: &&Metric| {
            let guardrails = metric.guardrails();
            guardrails.is_some_and(|(_, baseline)| baseline >= bound)
        };
        self.deciding()
            .find(over)
            .map(|metric| metric.config.name.clone())
    }

    fn passes_early(&self) -> bool {
        let bound = (1.0 / self.config.beta).ln();
        let enough = |metric: &Metric| {
            let pass = metric.log_e(Role::Pass);
            metric.whole >= EARLY_BUCKETS && pass.is_some_and(|log| log >= bound)
        };
        self.deciding().all(enough) && self.doubts().is_empty()
    }

    /// Whether too much is missing, or too little traffic arrives, for any word in its favour.
    pub fn is_in_doubt(&self) -> bool {
        !self.doubts().is_empty()
    }

    /// Lists what forbids any pass: too much is missing, or the traffic does not arrive.
    fn doubts(&self) -> Vec<Lack> {
        let mut lacks = Vec::new();
        let buckets = self.buckets();
        for metric in self.deciding() {
            if f64::from(metric.whole) < COVERAGE * f64::from(buckets) || buckets == 0 {
                lacks.push(Lack::Missing {
                    metric: metric.config.name.clone(),
                    missing: buckets.saturating_sub(metric.whole),
                    of: buckets,
                });
            }
            lacks.extend(self.traffic(metric));
        }
        lacks
    }

    /// Looks whether the canary gets the traffic that it should.
    fn traffic(&self, metric: &Metric) -> Option<Lack> {
        let planned = self.config.planned_share?;
        let Seen::Counts(totals) = metric.seen() else {
            return None;
        };
        let share = totals.canary_of / (totals.canary_of + totals.baseline_of).max(1.0);
        let bounded = metric.config.kind == crate::config::Kind::Ratio;
        (bounded && share < ARRIVING * planned).then_some(Lack::Traffic { planned, share })
    }

    /// Lists what a pass at the deadline lacks.
    fn lacks(&self) -> Vec<Lack> {
        let mut lacks = self.doubts();
        for metric in self.deciding() {
            let name = || metric.config.name.clone();
            if metric.whole < DEADLINE_BUCKETS {
                lacks.push(Lack::Buckets {
                    metric: name(),
                    has: metric.whole,
                    needs: DEADLINE_BUCKETS,
                });
            }
            if let (crate::config::Kind::Ratio, Seen::Counts(totals)) =
                (metric.config.kind, metric.seen())
            {
                let has = totals.canary_of.min(totals.baseline_of);
                if has < DEADLINE_REQUESTS {
                    lacks.push(Lack::Requests {
                        metric: name(),
                        has,
                        needs: DEADLINE_REQUESTS,
                    });
                }
            }
            let (low, high) = metric.interval(self.config.alpha);
            let interval = Interval { low, high };
            if !interval.excludes(metric.config.direction, metric.config.guard) {
                lacks.push(Lack::Certainty {
                    metric: name(),
                    interval,
                    guard: metric.config.guard,
                });
            }
        }
        lacks
    }

    /// Gives how careful the judge was told to be.
    pub fn profile(&self) -> Profile {
        self.config.profile
    }
}

fn harm(metric: &Metric) -> f64 {
    metric.log_e(Role::Harm).unwrap_or(0.0)
}

/// Gives 100 where there is no evidence of harm and 0 where there is an alarm.
fn score(log_e: f64, alpha: f64) -> f64 {
    let part = (log_e / (1.0 / alpha).ln()).clamp(0.0, 1.0);
    (1000.0 * (1.0 - part)).round() / 10.0
}

/// Shares the weight of each family among its metrics, and all of it among those that decide.
fn weights(metrics: &[Metric]) -> Vec<f64> {
    let decides = |metric: &&Metric| metric.config.part == Part::Decides;
    let raw = |metric: &Metric| {
        let family = metric.config.family;
        let peers = metrics
            .iter()
            .filter(decides)
            .filter(|other| other.config.family == family && other.config.weight.is_none());
        let shared = family.weight() / peers.count().max(1) as f64;
        metric.config.weight.unwrap_or(shared)
    };
    let sum: f64 = metrics.iter().filter(decides).map(raw).sum();
    metrics
        .iter()
        .map(|metric| match metric.config.part {
            Part::Decides => raw(metric) / sum,
            Part::Observed => 0.0,
        })
        .collect()
}

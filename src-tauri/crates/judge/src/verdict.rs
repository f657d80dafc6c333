//! What the judge says.

use std::fmt;

use crate::config::Direction;

/// Where things stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nothing is decided yet; more buckets are to come.
    Open,
    /// The new version does harm.
    Fail,
    /// Harm as large as the guard is excluded.
    Pass,
    /// What was seen does not carry a decision; a person or a policy decides.
    Hold,
}

impl Standing {
    /// Gives the word that doors print.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Fail => "fail",
            Self::Pass => "pass",
            Self::Hold => "hold",
        }
    }
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Why things stand as they do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The canary is over what no version may exceed.
    Guardrail {
        /// In which metric.
        metric: String,
    },
    /// A metric that may decide alone did so.
    Critical {
        /// Which.
        metric: String,
    },
    /// The evidence of all metrics together reached the threshold.
    Evidence,
    /// The old version itself is over what no version may exceed.
    BaselineUnhealthy {
        /// In which metric.
        metric: String,
    },
    /// Harm was excluded before the deadline.
    Early,
    /// The time was up.
    Deadline,
    /// Nothing is decided.
    Undecided,
}

/// Everything that the judge has to say.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// Where things stand.
    pub standing: Standing,
    /// Why.
    pub cause: Cause,
    /// The bucket of the alarm, from 1 after the warm-up.
    pub alarm_bucket: Option<u32>,
    /// The bucket in which harm was excluded.
    pub pass_bucket: Option<u32>,
    /// The logarithm of the evidence of all metrics together.
    pub log_e: f64,
    /// 100 where there is no evidence of harm, 0 where there is an alarm.
    pub score: f64,
    /// How many buckets were judged.
    pub buckets: u32,
    /// The place of the metric that a person should read about first.
    pub lead: usize,
    /// What a pass at the deadline would lack.
    pub lacks: Vec<Lack>,
    /// Each metric, in the order of the configuration.
    pub metrics: Vec<MetricVerdict>,
    /// What was seen, and what would change the verdict.
    pub sentence: String,
}

impl Verdict {
    /// Gives the metric that a person should read about first.
    pub fn leading(&self) -> Option<&MetricVerdict> {
        self.metrics.get(self.lead)
    }
}

/// What is known of one metric.
#[derive(Clone, Debug, PartialEq)]
pub struct MetricVerdict {
    /// Its name.
    pub name: String,
    /// Its share of the decision; 0 where it is only shown.
    pub weight: f64,
    /// The logarithm of the evidence of harm.
    pub log_e: f64,
    /// The logarithm of the evidence against harm as large as the guard.
    pub log_e_pass: f64,
    /// The ratio of canary to baseline.
    pub estimate: Option<f64>,
    /// Where the ratio lies, at any time.
    pub interval: Interval,
    /// How many buckets were missing.
    pub missing: u32,
}

/// An interval of ratios; 0 and infinity are its ends where nothing bounds it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

impl Interval {
    /// Whether harm as large as the guard lies outside.
    pub(crate) fn excludes(self, direction: Direction, guard: f64) -> bool {
        let above = self.high < guard;
        let below = self.low > 1.0 / guard;
        match direction {
            Direction::Increase => above,
            Direction::Decrease => below,
            Direction::Either => above && below,
        }
    }
}

/// What a pass lacks.
#[derive(Clone, Debug, PartialEq)]
pub enum Lack {
    /// Too few buckets brought both arms.
    Buckets {
        /// Of which metric.
        metric: String,
        /// How many there are.
        has: u32,
        /// How many it takes.
        needs: u32,
    },
    /// An arm had too few requests.
    Requests {
        /// In which metric.
        metric: String,
        /// How many the smaller arm had.
        has: f64,
        /// How many it takes.
        needs: f64,
    },
    /// Too many buckets are missing.
    Missing {
        /// Of which metric.
        metric: String,
        /// How many are.
        missing: u32,
        /// Of how many.
        of: u32,
    },
    /// The interval still holds harm as large as the guard.
    Certainty {
        /// Of which metric.
        metric: String,
        /// The interval.
        interval: Interval,
        /// The guard.
        guard: f64,
    },
    /// The canary does not get the traffic that it should.
    Traffic {
        /// The share that was planned.
        planned: f64,
        /// The share that arrived.
        share: f64,
    },
}

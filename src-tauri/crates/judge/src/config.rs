//! What is judged, and how strictly.

use gantry_model::release::{check::Profile, metric::Better};

use crate::{gauge::Scale, noise::Noise};

/// What a judge is told before the first bucket.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// The metrics, in the order in which each bucket brings them.
    pub metrics: Vec<MetricConfig>,
    /// The chance that a good version is ever stopped by the evidence that all metrics together give.
    pub alpha: f64,
    /// The chance that a version as bad as the guard is ever passed early by one metric.
    pub beta: f64,
    /// How long a bucket is, for sentences.
    pub bucket_seconds: f64,
    /// How many first buckets are dropped, because the arms are not warm yet.
    pub warm_up: u32,
    /// The share of the traffic that the canary should get, if that is known.
    pub planned_share: Option<f64>,
    /// How careful the judge is, for sentences; the numbers stand in each metric.
    pub profile: Profile,
}

impl Config {
    /// Builds a configuration with the usual strictness for buckets of a minute.
    pub fn new(profile: Profile, metrics: Vec<MetricConfig>) -> Self {
        Self {
            metrics,
            alpha: 0.05,
            beta: 0.05,
            bucket_seconds: 60.0,
            warm_up: 0,
            planned_share: None,
            profile,
        }
    }

    /// Looks for numbers that mean nothing.
    pub(crate) fn check(&self) -> Result<(), Misconfigured> {
        if !self
            .metrics
            .iter()
            .any(|metric| metric.part == Part::Decides)
        {
            return Err(Misconfigured::NothingDecides);
        }
        let chances = [("alpha", self.alpha), ("beta", self.beta)];
        for (name, value) in chances {
            if !(value > 0.0 && value < 1.0) {
                return Err(Misconfigured::Chance { name, value });
            }
        }
        if !(self.bucket_seconds.is_finite() && self.bucket_seconds > 0.0) {
            return Err(Misconfigured::Bucket(self.bucket_seconds));
        }
        self.metrics.iter().try_for_each(MetricConfig::check)
    }
}

/// Gives what is assumed of the noise under a profile.
pub fn noise(profile: Profile) -> Noise {
    match profile {
        Profile::Safe => Noise::SAFE,
        Profile::Fast => Noise::FAST,
    }
}

/// One metric, and what it may decide.
#[derive(Clone, Debug, PartialEq)]
pub struct MetricConfig {
    /// Its name.
    pub name: String,
    /// What kind of numbers it brings.
    pub kind: Kind,
    /// Which way is worse.
    pub direction: Direction,
    /// What it is about; the weight follows from it unless one is named.
    pub family: Family,
    /// Its weight among all metrics, in place of its family's.
    pub weight: Option<f64>,
    /// The relative harm that is still tolerated: 0.25 claims "at most ×1.25".
    pub tolerate: f64,
    /// The harm that is still tolerated as a share of all events, on top of the other version's own:
    /// 0.005 claims "at most half a percentage point more". Ratios only.
    ///
    /// It is added to what the better arm is expected to have. A certain number scatters less than
    /// a counted one, so the evidence errs on the side of no alarm and of no pass.
    pub allowance: f64,
    /// The harm that has to be excluded for a pass, as a factor.
    pub guard: f64,
    /// Whether it can also stop the release alone, and from which factor of harm on.
    pub critical: Option<f64>,
    /// A share of bad events that no version may exceed, whatever the baseline does.
    pub never_above: Option<f64>,
    /// Whether it decides.
    pub part: Part,
    /// What is assumed of its noise.
    pub noise: Noise,
    /// What the baseline was before the release, oldest first; gauges only.
    pub history: Vec<f64>,
}

impl MetricConfig {
    /// Builds a metric with the usual tolerance and guard of its kind.
    pub fn new(name: impl Into<String>, kind: Kind, noise: Noise) -> Self {
        Self {
            name: name.into(),
            kind,
            direction: Direction::Increase,
            family: match kind {
                Kind::Ratio => Family::Errors,
                Kind::Rate | Kind::Gauge(_) => Family::Other,
            },
            weight: None,
            tolerate: match kind {
                Kind::Ratio | Kind::Rate => 0.25,
                Kind::Gauge(_) => 0.05,
            },
            allowance: 0.0,
            guard: 2.0,
            critical: None,
            never_above: None,
            part: Part::Decides,
            noise,
            history: Vec::new(),
        }
    }

    /// Gives what is added to the canary's and to the baseline's share of events.
    pub(crate) fn allowances(&self) -> (f64, f64) {
        match (self.kind, self.direction) {
            (Kind::Ratio, Direction::Increase) => (0.0, self.allowance),
            (Kind::Ratio, Direction::Decrease) => (self.allowance, 0.0),
            (Kind::Ratio, Direction::Either) | (Kind::Rate | Kind::Gauge(_), _) => (0.0, 0.0),
        }
    }

    fn check(&self) -> Result<(), Misconfigured> {
        let wrong = |what, value| {
            Err(Misconfigured::Metric {
                metric: self.name.clone(),
                what,
                value,
            })
        };
        let decreasing = self.direction != Direction::Increase;
        if !(self.tolerate >= 0.0 && (self.tolerate < 1.0 || !decreasing)) {
            return wrong("tolerate", self.tolerate);
        }
        if !(self.allowance >= 0.0 && self.allowance < 1.0) {
            return wrong("allowance", self.allowance);
        }
        if !(self.guard > 1.0 && self.guard.is_finite()) {
            return wrong("guard", self.guard);
        }
        if self
            .critical
            .is_some_and(|factor| !(factor > 1.0 && factor.is_finite()))
        {
            return wrong("critical", self.critical.unwrap_or_default());
        }
        if self
            .never_above
            .is_some_and(|limit| !(limit > 0.0 && limit < 1.0))
        {
            return wrong("never-above", self.never_above.unwrap_or_default());
        }
        if self
            .weight
            .is_some_and(|weight| !(weight > 0.0 && weight.is_finite()))
        {
            return wrong("weight", self.weight.unwrap_or_default());
        }
        match self.kind {
            Kind::Gauge(Scale::Difference(unit)) if !(unit > 0.0 && unit.is_finite()) => {
                wrong("scale", unit)
            }
            Kind::Gauge(_) | Kind::Ratio | Kind::Rate => Ok(()),
        }
    }
}

/// What kind of numbers a metric brings.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// Bad events of all events.
    Ratio,
    /// Events per exposure, such as restarts per hour.
    Rate,
    /// A level, compared on a scale.
    Gauge(Scale),
}

/// Which way is worse; the other way never fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// More is worse.
    Increase,
    /// Less is worse.
    Decrease,
    /// Any change is worse.
    Either,
}

impl From<Better> for Direction {
    fn from(better: Better) -> Self {
        match better {
            Better::Lower => Self::Increase,
            Better::Higher => Self::Decrease,
        }
    }
}

/// What a metric is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Requests that went wrong.
    Errors,
    /// How long requests take.
    Latency,
    /// Anything else.
    Other,
}

impl Family {
    /// Gives the weight that all metrics of the family share.
    pub(crate) fn weight(self) -> f64 {
        match self {
            Self::Errors => 0.5,
            Self::Latency => 0.3,
            Self::Other => 0.2,
        }
    }
}

/// Whether a metric decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// It decides, and a pass needs it.
    Decides,
    /// It is shown, and never decides.
    Observed,
}

/// A configuration whose numbers mean nothing.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Misconfigured {
    /// Without a metric that decides there is nothing to judge.
    #[error("no metric decides")]
    NothingDecides,
    /// A chance lies between zero and one.
    #[error("{name} is {value}, but a chance lies between 0 and 1")]
    Chance {
        /// Which.
        name: &'static str,
        /// What it was.
        value: f64,
    },
    /// A bucket has a length.
    #[error("a bucket cannot be {0} seconds long")]
    Bucket(f64),
    /// A number of a metric is out of its range.
    #[error("metric {metric}: {what} cannot be {value}")]
    Metric {
        /// Which metric.
        metric: String,
        /// Which number.
        what: &'static str,
        /// What it was.
        value: f64,
    },
}

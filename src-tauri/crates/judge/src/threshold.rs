//! Judges by limits on single measurements, for people who come from Argo Rollouts or Flagger.
//!
//! It knows no baseline and no chance; two things are stricter than where people come from. An
//! analysis that measured nothing never succeeds, and a measurement that could not be made is
//! neither a success nor a failure.

/// What one measurement said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measurement {
    /// The condition for success held.
    Success,
    /// The condition for failure held, or that for success did not.
    Failure,
    /// Neither held.
    Inconclusive,
    /// Nothing could be measured: no answer, no data, not a number.
    Error,
}

/// A condition on a value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Condition {
    /// It is below.
    Below(f64),
    /// It is at most this.
    AtMost(f64),
    /// It is above.
    Above(f64),
    /// It is at least this.
    AtLeast(f64),
}

impl Condition {
    fn holds(self, value: f64) -> bool {
        match self {
            Self::Below(limit) => value < limit,
            Self::AtMost(limit) => value <= limit,
            Self::Above(limit) => value > limit,
            Self::AtLeast(limit) => value >= limit,
        }
    }
}

/// How many of what are allowed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// The condition for success, if there is one.
    pub success: Option<Condition>,
    /// The condition for failure, if there is one.
    pub failure: Option<Condition>,
    /// How many measurements are to be made.
    pub count: u32,
    /// How many failures are still allowed (`failureLimit`).
    pub failure_limit: u32,
    /// How many inconclusive measurements are still allowed.
    pub inconclusive_limit: u32,
    /// How many errors in a row are still allowed (`consecutiveErrorLimit`).
    pub consecutive_error_limit: u32,
}

impl Limits {
    /// What Argo Rollouts does where nothing is said: no failure, four errors in a row.
    pub fn argo(success: Condition, count: u32) -> Self {
        Self {
            success: Some(success),
            failure: None,
            count,
            failure_limit: 0,
            inconclusive_limit: 0,
            consecutive_error_limit: 4,
        }
    }

    /// What Flagger does: `threshold` failed checks roll back; a check without an answer is one.
    pub fn flagger(success: Condition, count: u32, threshold: u32) -> Self {
        let allowed = threshold.saturating_sub(1);
        Self {
            failure_limit: allowed,
            consecutive_error_limit: allowed,
            ..Self::argo(success, count)
        }
    }

    /// Says what a value is; none, or one that is no number, is an error.
    pub fn measure(&self, value: Option<f64>) -> Measurement {
        let Some(value) = value.filter(|value| value.is_finite()) else {
            return Measurement::Error;
        };
        let holds = |condition: Option<Condition>| condition.map(|c| c.holds(value));
        match (holds(self.failure), holds(self.success)) {
            (Some(true), _) | (None, Some(false)) => Measurement::Failure,
            (Some(false) | None, Some(true)) => Measurement::Success,
            // Without any condition nothing was said to be good, so nothing is.
            (Some(false), Some(false)) | (None, None) => Measurement::Inconclusive,
            (Some(false), None) => Measurement::Success,
        }
    }
}

/// Where an analysis stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// More measurements are to be made.
    Running,
    /// All were made, and enough of them were good.
    Successful,
    /// Too many failures.
    Failed,
    /// Too many measurements that say nothing.
    Inconclusive,
    /// Too many errors in a row.
    Errored,
}

/// Counts measurements against limits.
#[derive(Clone, Debug)]
pub struct Analysis {
    limits: Limits,
    successes: u32,
    failures: u32,
    inconclusive: u32,
    errors_in_a_row: u32,
    ended: Option<Outcome>,
}

impl Analysis {
    /// Begins to count.
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            successes: 0,
            failures: 0,
            inconclusive: 0,
            errors_in_a_row: 0,
            ended: None,
        }
    }

    /// Takes a measurement in; the first end that is reached stays.
    pub fn push(&mut self, value: Option<f64>) {
        let measured = self.limits.measure(value);
        match measured {
            Measurement::Success => self.successes += 1,
            Measurement::Failure => self.failures += 1,
            Measurement::Inconclusive => self.inconclusive += 1,
            Measurement::Error => self.errors_in_a_row += 1,
        }
        if measured != Measurement::Error {
            self.errors_in_a_row = 0;
        }
        if self.ended.is_none() {
            self.ended = self.end();
        }
    }

    /// Says where the analysis stands.
    pub fn outcome(&self) -> Outcome {
        self.ended.unwrap_or(Outcome::Running)
    }

    /// Ends the analysis before all measurements were made, for example because the time is up;
    /// what was not measured is never a success.
    pub fn terminate(&self) -> Outcome {
        self.ended.unwrap_or(if self.successes > 0 {
            Outcome::Successful
        } else {
            Outcome::Inconclusive
        })
    }

    fn end(&self) -> Option<Outcome> {
        let limits = &self.limits;
        let made = self.successes + self.failures + self.inconclusive;
        if self.failures > limits.failure_limit {
            Some(Outcome::Failed)
        } else if self.inconclusive > limits.inconclusive_limit {
            Some(Outcome::Inconclusive)
        } else if self.errors_in_a_row > limits.consecutive_error_limit {
            Some(Outcome::Errored)
        } else if made >= limits.count {
            Some(if self.successes > 0 {
                Outcome::Successful
            } else {
                Outcome::Inconclusive
            })
        } else {
            None
        }
    }
}

//! One bucket of one metric, as it arrives.
//!
//! A number that is absent, not a number, infinite or negative is missing, never zero. What arrives
//! is taken apart here once; everything behind works on pairs that are known to be whole.

/// Events in one arm during one bucket, and what they were counted out of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Count {
    /// How many events there were: bad requests of a ratio, events of a rate.
    pub events: f64,
    /// What they were counted out of: all requests of a ratio, exposure of a rate.
    pub of: f64,
}

impl Count {
    /// Keeps a count that can be used; nothing was observed where `of` is zero.
    fn whole(self) -> Option<Self> {
        let usable = self.events.is_finite() && self.of.is_finite();
        (usable && self.events >= 0.0 && self.of > 0.0).then_some(self)
    }
}

/// What both arms reported for one bucket of one metric.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Sample {
    /// Of a ratio or a rate.
    Counts {
        /// The new version.
        canary: Option<Count>,
        /// The old version beside it.
        baseline: Option<Count>,
    },
    /// Of a gauge.
    Values {
        /// The new version.
        canary: Option<f64>,
        /// The old version beside it.
        baseline: Option<f64>,
    },
    /// Nothing is known of either arm.
    Missing,
}

impl Sample {
    /// Builds a bucket of counts from four numbers: canary events, of, baseline events, of.
    pub fn counts(canary: (f64, f64), baseline: (f64, f64)) -> Self {
        let count = |(events, of)| Some(Count { events, of });
        Self::Counts {
            canary: count(canary),
            baseline: count(baseline),
        }
    }

    /// Builds a bucket of a gauge.
    pub fn values(canary: f64, baseline: f64) -> Self {
        Self::Values {
            canary: Some(canary),
            baseline: Some(baseline),
        }
    }

    /// Gives the counts of each arm, as far as they can be used; a ratio above one cannot.
    pub(crate) fn arms(self, whole: Whole) -> (Option<Count>, Option<Count>) {
        let fits = |count: &Count| match whole {
            Whole::Bounds => count.events <= count.of,
            Whole::Exposes => true,
        };
        match self {
            Self::Counts { canary, baseline } => (
                canary.and_then(Count::whole).filter(fits),
                baseline.and_then(Count::whole).filter(fits),
            ),
            Self::Values { .. } | Self::Missing => (None, None),
        }
    }

    /// Gives the values of each arm, as far as they are finite and not negative.
    pub(crate) fn levels(self) -> (Option<f64>, Option<f64>) {
        let usable = |value: &f64| value.is_finite() && *value >= 0.0;
        match self {
            Self::Values { canary, baseline } => (canary.filter(usable), baseline.filter(usable)),
            Self::Counts { .. } | Self::Missing => (None, None),
        }
    }
}

/// What the second number of a count means for the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Whole {
    /// It bounds it: there cannot be more bad requests than requests.
    Bounds,
    /// It is an exposure, such as hours: there may be any number of events.
    Exposes,
}

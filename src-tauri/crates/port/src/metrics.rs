//! Reading metrics: one question, one row of buckets, one point for each.
//!
//! There are several kinds of nothing, and none of them is a zero or a pass: a source says which
//! one it met, so that a person can be told what to mend.

use std::collections::BTreeMap;

use async_trait::async_trait;
use gantry_model::{time::Timestamp, unit::Span};

use crate::fault::Fault;

/// A query with places for values, such as `{{version}}`.
///
/// The source puts the values in, because only it knows how its language quotes them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The query as the release file has it.
    pub template: String,
    /// What stands in the places, by name: `service`, `version`, `environment`, `node`, `arm`
    /// (`canary` or `baseline`), and `variant` (`on` or `off`) for flags.
    /// `interval` is the length of a bucket and is put in by the source.
    pub values: BTreeMap<String, String>,
}

/// Equal buckets one after the other, without a gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grid {
    /// Where the first begins.
    pub from: Timestamp,
    /// How long each is.
    pub bucket: Span,
    /// How many there are.
    pub count: u32,
}

impl Grid {
    /// Gives the instant at which a bucket ends, counted from zero; its value is asked for there.
    pub fn end_of(&self, bucket: u32) -> Option<Timestamp> {
        let after = self.bucket.as_millis().checked_mul(u64::from(bucket) + 1)?;
        self.from
            .checked_add_signed(Span::from_millis(after).as_delta())
    }
}

/// What a source has for one bucket.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Point {
    /// A finite number.
    Value(f64),
    /// No number, and why.
    Nothing(Nothing),
}

impl Point {
    /// Gives the number, if there is one.
    pub fn value(self) -> Option<f64> {
        match self {
            Self::Value(value) => Some(value),
            Self::Nothing(_) => None,
        }
    }
}

/// Why there is no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Nothing {
    /// The query matches no series at all.
    NoSeries,
    /// There is a series, and it has no point in this bucket.
    NoPoint,
    /// The point is `NaN` or infinite, such as nothing divided by nothing.
    NotANumber,
    /// The newest point is older than the bucket by more than two buckets.
    Stale,
    /// The query matches several series, and which one is meant cannot be told.
    Several,
}

impl Nothing {
    /// Says it in a few words.
    pub fn words(self) -> &'static str {
        match self {
            Self::NoSeries => "no series matches",
            Self::NoPoint => "no point in this bucket",
            Self::NotANumber => "not a number",
            Self::Stale => "the newest point is too old",
            Self::Several => "several series match",
        }
    }
}

/// A source of metrics.
///
/// Guarantees: reads only; an answer has exactly as many points as the grid has buckets; what
/// cannot be read (an error status, a page of HTML, a body that is too large) is a fault, never a
/// number.
#[async_trait]
pub trait Metrics: Send + Sync {
    /// Reads one question over whole buckets, oldest first, within `timeout`.
    async fn read(
        &self,
        question: &Question,
        grid: Grid,
        timeout: Span,
    ) -> Result<Vec<Point>, Fault>;

    /// Whether buckets of the past can be read; one that only knows now answers for the last
    /// bucket of a grid alone.
    fn keeps_history(&self) -> bool;

    /// Whether a count that is absent while its total is there means that nothing was counted.
    fn absent_is_zero(&self) -> bool;

    /// How old a bucket must be before its number is final; before that it is answered with
    /// [`Nothing::NoPoint`], so whoever waits for a bucket waits this much longer.
    fn settles_after(&self) -> Span {
        Span::ZERO
    }
}

//! From what a metric source answers to buckets: counters that begin again, points that are late.
//!
//! A source may answer nothing, something that is no number, something old, or the reading of a
//! counter that has begun again at zero. None of that is ever a zero.

/// A reading of a counter that only grows, until its process begins again.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    /// When it was true, in seconds.
    pub at: f64,
    /// What it was.
    pub value: f64,
}

/// Turns the readings of one counter into increases per bucket.
#[derive(Clone, Debug, Default)]
pub struct Counter {
    last: Option<Reading>,
}

impl Counter {
    /// Takes the reading at the end of a bucket and gives how much the counter grew in it.
    ///
    /// The first reading, a missing one, the first behind a missing one, a smaller one than before (the
    /// counter began again) and one that is not newer give nothing.
    pub fn step(&mut self, reading: Option<Reading>) -> Option<f64> {
        let usable = |reading: &Reading| {
            reading.value.is_finite() && reading.at.is_finite() && reading.value >= 0.0
        };
        let now = reading.filter(usable);
        let before = std::mem::replace(&mut self.last, now)?;
        let now = now?;
        (now.at > before.at && now.value >= before.value).then_some(now.value - before.value)
    }
}

/// Leaves out a value that is older than two buckets.
pub fn fresh(reading: Reading, now: f64, bucket_seconds: f64) -> Option<f64> {
    let age = now - reading.at;
    (age <= 2.0 * bucket_seconds && reading.value.is_finite()).then_some(reading.value)
}

/// Counts for how long a source has answered nothing but errors.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Silence {
    seconds: f64,
}

impl Silence {
    /// After so many seconds of errors a bake pauses.
    pub const PAUSES_AFTER: f64 = 180.0;

    /// Takes a bucket in that was answered.
    pub fn answered(&mut self) {
        self.seconds = 0.0;
    }

    /// Takes a bucket in for which the source answered an error.
    pub fn erred(&mut self, bucket_seconds: f64) {
        self.seconds += bucket_seconds;
    }

    /// Whether the bake pauses.
    pub fn pauses(&self) -> bool {
        self.seconds >= Self::PAUSES_AFTER
    }
}

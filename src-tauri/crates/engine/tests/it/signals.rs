//! What the fake platform's metrics, triggers and silences say.

use std::collections::BTreeSet;

use gantry_model::{
    measure::{Beside, Bucket, Level, Reading, judged},
    operation::Operation,
    time::Timestamp,
    unit::Span,
};
use gantry_port::{
    clock::Clock,
    fault::Fault,
    metrics::Grid,
    platform::{Sight, SightState},
};

use crate::time::VirtualClock;

/// What is wrong with the source of metrics.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Source {
    #[default]
    Well,
    /// It answers errors.
    Down,
    /// It has nothing of either version.
    Empty,
    /// It has nothing of the old version.
    NoBaseline,
    /// Two of three buckets are there.
    Gaps,
    /// It only knows now.
    NoHistory,
    /// What it has of a bucket comes so late.
    Late(Span),
    /// The new version gets next to no traffic.
    NoTraffic,
}

/// Two versions with steady traffic.
#[derive(Debug)]
pub(crate) struct Signals {
    pub(crate) source: Source,
    /// Failed requests of 1,000, of the new version and of the old one.
    pub(crate) failing: (f64, f64),
    pub(crate) asked: u32,
    /// At which question the wall clock jumps, and by how many milliseconds.
    pub(crate) jump: Option<(u32, i64)>,
    /// From when on, in time awake, and until when the triggers are over their limit.
    pub(crate) over: Option<(Span, Span)>,
    /// The triggers can not be seen.
    pub(crate) blind: bool,
    pub(crate) silences: BTreeSet<String>,
    pub(crate) no_silences: bool,
    pub(crate) silenced: u32,
}

impl Default for Signals {
    fn default() -> Self {
        Self {
            source: Source::Well,
            failing: (2.0, 2.0),
            asked: 0,
            jump: None,
            over: None,
            blind: false,
            silences: BTreeSet::new(),
            no_silences: false,
            silenced: 0,
        }
    }
}

impl Signals {
    pub(crate) fn measure(
        &mut self,
        clock: &VirtualClock,
        operation: &Operation,
        (grid, beside): (Grid, Beside),
    ) -> Result<Vec<Bucket>, Fault> {
        self.asked += 1;
        if let Some((at, by)) = self.jump
            && at == self.asked
        {
            clock.jump(by);
        }
        if self.source == Source::Down {
            return Err(Fault::lost("the answer was 502"));
        }
        let first = match self.source {
            Source::NoHistory => grid.count - 1,
            _ => 0,
        };
        let now = clock.now();
        let buckets = (first..grid.count).map(|at| self.bucket(operation, (grid, at), beside, now));
        Ok(buckets.collect())
    }

    fn bucket(
        &self,
        operation: &Operation,
        (grid, at): (Grid, u32),
        beside: Beside,
        now: Timestamp,
    ) -> Bucket {
        let until = grid.end_of(at).unwrap();
        let from = until - grid.bucket.as_delta();
        let number = from.timestamp() / 60;
        let late = match self.source {
            Source::Late(span) => now < until + span.as_delta(),
            _ => false,
        };
        let gone = late
            || self.source == Source::Empty
            || (self.source == Source::Gaps && number % 3 == 0);
        let arm = |of: f64, failing: f64, salt: i64| {
            if gone {
                return Level::nothing("no point in this bucket");
            }
            let swings = if of < 100.0 { 0.0 } else { 0.5 };
            let sway = swings * ((number * 7 + salt) % 5 - 2) as f64;
            let bad = (of * failing / 1000.0 + sway).round().max(0.0);
            Level::Share { bad, of }
        };
        let traffic = match self.source {
            Source::NoTraffic => 2.0,
            _ => 1000.0,
        };
        let node = operation.node().unwrap();
        let readings = judged(&operation.plan, node)
            .into_iter()
            .map(|(name, _)| Reading {
                metric: name.clone(),
                canary: arm(traffic, self.failing.0, 1),
                baseline: match beside {
                    Beside::Nobody => Level::nothing("nobody"),
                    _ if self.source == Source::NoBaseline => Level::nothing("no series matches"),
                    Beside::Now | Beside::Before(_) => arm(1000.0, self.failing.1, 3),
                },
                before: Vec::new(),
            });
        Bucket {
            from,
            until,
            beside,
            readings: readings.collect(),
        }
    }

    pub(crate) fn sight(&self, elapsed: Span) -> Sight {
        if self.blind {
            return Sight::nothing("no series matches");
        }
        let over = self
            .over
            .is_some_and(|(from, until)| elapsed >= from && elapsed < until);
        Sight {
            state: if over {
                SightState::Over
            } else {
                SightState::Quiet
            },
            value: Some(if over { 0.2 } else { 0.001 }),
            summary: format!("error-rate of checkout, over: {over}"),
        }
    }

    pub(crate) fn silence(&mut self) -> Result<String, Fault> {
        if self.no_silences {
            return Err(Fault::refused("no"));
        }
        self.silenced += 1;
        self.silences.insert("one".into());
        Ok("one".into())
    }
}

//! How the services of the simulated world feel from outside: how many requests fail, how long
//! they take, and what is wrong with those who measure it.

use std::collections::BTreeMap;

use gantry_model::{time::Timestamp, unit::Span};

/// Everything that a simulated source of metrics and alerts answers from.
#[derive(Clone, Debug, PartialEq)]
pub struct Signals {
    /// The share of requests that the old version fails.
    pub failing: f64,
    /// How many times as many the new version fails.
    pub harm: f64,
    /// How long requests of the old version take, in seconds, and what any other level is.
    pub level: f64,
    /// How many times as long those of the new version take.
    pub slower: f64,
    /// How much a level sways by chance, relative to itself.
    pub sway: f64,
    /// Times in which both versions fail many times as often.
    pub incidents: Vec<Incident>,
    /// What is wrong with the source.
    pub faults: Vec<SignalFault>,
    /// Whether buckets of the past can be asked for.
    pub history: History,
    /// The alerts that fire.
    pub alerts: Vec<Firing>,
}

impl Default for Signals {
    fn default() -> Self {
        Self {
            failing: 0.001,
            harm: 1.0,
            level: 0.1,
            slower: 1.0,
            sway: 0.03,
            incidents: Vec::new(),
            faults: Vec::new(),
            history: History::Kept,
            alerts: Vec::new(),
        }
    }
}

/// A time in which both versions fail more often.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Incident {
    /// When it begins, since the start of the world.
    pub from: Span,
    /// When it is over.
    pub until: Span,
    /// How many times as often.
    pub factor: f64,
}

/// Something that is wrong with what is measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SignalFault {
    /// From which bucket on, since the start of the world.
    pub from: Span,
    /// Up to which bucket.
    pub until: Span,
    /// Which version; both where nothing is said.
    pub side: Option<Side>,
    /// What is wrong.
    pub kind: SignalFaultKind,
}

/// One of two versions that serve beside each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// The new one.
    Canary,
    /// The old one.
    Baseline,
}

/// What is wrong with what is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SignalFaultKind {
    /// The source answers errors.
    Unavailable,
    /// The answer cannot be read.
    Garbled,
    /// No series matches.
    NoSeries,
    /// A series without a point here.
    Gap,
    /// Not a number.
    NotANumber,
    /// The newest point is too old.
    Stale,
    /// A counter began again: the increase is negative.
    CounterReset,
    /// The point comes so late.
    Late(Span),
    /// Several series match.
    Several,
}

/// Whether buckets of the past can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum History {
    /// They can.
    Kept,
    /// Only the last one.
    OnlyNow,
}

/// An alert that fires for a time.
#[derive(Clone, Debug, PartialEq)]
pub struct Firing {
    /// Its labels.
    pub labels: BTreeMap<String, String>,
    /// When it begins, since the start of the world.
    pub from: Span,
    /// When it is over.
    pub until: Span,
}

/// A silence that somebody set in the world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Silenced {
    /// Its id.
    pub id: String,
    /// Why; by it a silence is found again.
    pub comment: String,
    /// The labels that it matches.
    pub labels: BTreeMap<String, String>,
    /// When it ends, or ended.
    pub until: Timestamp,
}

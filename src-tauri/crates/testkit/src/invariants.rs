//! What must never be, looked for in a journal beside the world that it is about.
//!
//! [`check`] needs nothing of the engine: it reads entries as anybody could, and compares them
//! with the plan, with the ledger of what was really changed, and with what the world looked like
//! before and after. Any journal of any run can be given to it.

use std::fmt;

use gantry_model::{
    event::{Happened, Outcome, RunEvent},
    id::RunId,
    journal::Entry,
    plan::Plan,
};
use gantry_simulation::{ledger::Effect, world::snapshot::Snapshot};

mod chain;
mod effects;
mod end;
mod judged;
mod limits;
mod order;
mod people;

/// The reason that goes with a word on what became of a step when somebody did look; any other
/// reason is a guess, which may be wrong.
pub const LOOKED: &str = "it was looked at";

/// A run with everything that is known about it from outside the engine.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// The run.
    pub run: &'a RunId,
    /// Its plan.
    pub plan: &'a Plan,
    /// Its journal.
    pub entries: &'a [Entry],
    /// What was really changed.
    pub ledger: &'a [Effect],
    /// What the world looked like before.
    pub before: &'a Snapshot,
    /// What it looks like now.
    pub after: &'a Snapshot,
    /// Values that must be nowhere.
    pub secrets: &'a [&'a str],
    /// Whether the platform did what it said; one that lies or that somebody else changed cannot
    /// be expected to look as it should in the end.
    pub platform: Honesty,
}

/// Whether a platform did what it said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Honesty {
    /// It did.
    Honest,
    /// It said that things were done that were not.
    Lying,
}

/// Something that must never be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The rule, as a sentence.
    pub rule: &'static str,
    /// What was found.
    pub found: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.rule, self.found)
    }
}

/// Everything that is wrong so far.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    all: Vec<Violation>,
}

impl Findings {
    pub(crate) fn add(&mut self, rule: &'static str, found: impl fmt::Display) {
        self.all.push(Violation {
            rule,
            found: found.to_string(),
        });
    }

    pub(crate) fn expect(&mut self, good: bool, rule: &'static str, found: impl fmt::Display) {
        if !good {
            self.add(rule, found);
        }
    }
}

/// Looks for everything that must never be; an empty list is what is wanted.
pub fn check(case: &Case<'_>) -> Vec<Violation> {
    let mut findings = Findings::default();
    chain::check(case, &mut findings);
    let events = chain::read(case, &mut findings);
    order::check(case, &events, &mut findings);
    people::check(case, &events, &mut findings);
    limits::check(case, &events, &mut findings);
    judged::check(case, &events, &mut findings);
    effects::check(case, &events, &mut findings);
    end::check(case, &events, &mut findings);
    findings.all
}

/// Gives the outcome that a journal ends with, if the run has ended.
pub fn outcome(entries: &[Entry]) -> Option<Outcome> {
    let last = RunEvent::from_body(&entries.last()?.event.body).ok()?;
    match last.what {
        Happened::Finished { outcome, .. } => Some(outcome),
        _ => None,
    }
}

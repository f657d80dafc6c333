//! The run as the journal makes it, as far as the journal can be folded.

use std::sync::Arc;

use gantry_model::{
    event::{Happened, Outcome, RunEvent},
    plan::Plan,
    run::{Phase, Run},
};
use schemars::JsonSchema;
use serde::Serialize;

/// How a run stands; the outcomes stay distinct.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Nothing was recorded.
    NotRun,
    /// It is under way.
    UnderWay,
    /// Only a person can move it.
    Held,
    /// It goes back.
    RollingBack,
    /// All nodes are done.
    Succeeded,
    /// All touched nodes are back where they were.
    RolledBack,
    /// Some are back and some are changed.
    PartlyRolledBack,
    /// Something failed and nothing was put back.
    Failed,
    /// A person ended it.
    Cancelled,
}

impl Standing {
    /// Gives the words that stand on paper.
    pub fn words(self) -> &'static str {
        match self {
            Self::NotRun => "not run",
            Self::UnderWay => "under way",
            Self::Held => "held",
            Self::RollingBack => "rolling back",
            Self::Succeeded => "succeeded",
            Self::RolledBack => "rolled back",
            Self::PartlyRolledBack => "partly rolled back",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    fn of(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Succeeded => Self::Succeeded,
            Outcome::RolledBack => Self::RolledBack,
            Outcome::PartlyRolledBack => Self::PartlyRolledBack,
            Outcome::Failed => Self::Failed,
            Outcome::Held => Self::Held,
            Outcome::Cancelled => Self::Cancelled,
        }
    }
}

/// A run folded as far as its journal goes together.
#[derive(Clone, Debug)]
pub(crate) struct Folded {
    plan: Arc<Plan>,
    run: Option<Run>,
    contradiction: Option<String>,
}

impl Folded {
    /// Folds all events, or those before the first that does not fit.
    pub(crate) fn of(plan: &Plan, events: &[RunEvent]) -> Self {
        Self::until(&Arc::new(plan.clone()), events)
    }

    /// Folds the events before an entry.
    pub(crate) fn before(&self, events: &[RunEvent], seq: u64) -> Self {
        let end = events.partition_point(|event| event.seq < seq);
        Self::until(&self.plan, events.get(..end).unwrap_or_default())
    }

    fn until(plan: &Arc<Plan>, events: &[RunEvent]) -> Self {
        let mut folded = Self {
            plan: Arc::clone(plan),
            run: None,
            contradiction: None,
        };
        for event in events {
            let taken = match &mut folded.run {
                None => Run::begin(Arc::clone(plan), event).map(|run| folded.run = Some(run)),
                Some(run) => run.apply(event),
            };
            if let Err(error) = taken {
                folded.contradiction = Some(error.to_string());
                break;
            }
        }
        folded
    }

    pub(crate) fn run(&self) -> Option<&Run> {
        self.run.as_ref()
    }

    pub(crate) fn contradiction(&self) -> Option<&str> {
        self.contradiction.as_deref()
    }

    /// Whether it has ended and nothing opened it again.
    pub(crate) fn has_ended(&self) -> bool {
        let ended = |run: &Run| matches!(run.phase(), Phase::Ended(_));
        // Where the journal contradicts itself, its own last word is all there is.
        self.contradiction.is_some() || self.run.as_ref().is_some_and(ended)
    }

    /// Says how the run stands.
    pub(crate) fn standing(&self, events: &[RunEvent]) -> Standing {
        if self.contradiction.is_some() {
            return said(events);
        }
        let Some(run) = &self.run else {
            return Standing::NotRun;
        };
        match run.phase() {
            Phase::Ended(outcome) => Standing::of(outcome),
            Phase::Preflight | Phase::Forward if !run.holds().is_empty() => Standing::Held,
            Phase::Preflight | Phase::Forward => Standing::UnderWay,
            Phase::Backward => Standing::RollingBack,
        }
    }
}

/// What the last line about an end says; without one nothing is known to be over.
fn said(events: &[RunEvent]) -> Standing {
    let outcome = events.iter().rev().find_map(|event| match &event.what {
        Happened::Finished { outcome, .. } => Some(Standing::of(*outcome)),
        _ => None,
    });
    outcome.unwrap_or(Standing::UnderWay)
}

//! How long each step may take, how it is repeated, and whether it may be cancelled.

use gantry_model::{
    plan::Action,
    release::{Defaults, Retry},
    unit::Span,
};

use crate::settled::Settled;

/// People take their time; whoever wants less sets a deadline.
const PEOPLE: Span = Span::from_secs(30 * 24 * 3600);

/// A wait may be longer by gaps in what could be seen.
const GAPS: Span = Span::from_secs(3600);

/// Says how long a step may take.
pub(crate) fn timeout(settled: &Settled<'_>, defaults: &Defaults, action: &Action) -> Span {
    let declared = settled.node.timeout.or(defaults.timeout);
    let within = settled.health.as_ref().map(|health| health.within);
    let healthy = within.unwrap_or(Span::from_secs(60)) + Span::from_secs(30);
    let or = |fallback: Span| declared.unwrap_or(fallback);
    match action {
        Action::Preflight => or(Span::from_secs(60)),
        Action::Bake { duration, .. }
        | Action::Soak { duration }
        | Action::Compare { window: duration } => *duration + *duration + GAPS,
        Action::Approve { .. } => PEOPLE,
        Action::Shift { .. } | Action::SetFlag { .. } => or(Span::from_secs(30)),
        Action::Verify => or(healthy),
        Action::Stage { .. }
        | Action::StageBaseline { .. }
        | Action::Batch { .. }
        | Action::StartNew { .. } => or(healthy.max(Span::from_secs(300))),
        Action::Preview | Action::StopOld | Action::Retire { .. } => or(Span::from_secs(300)),
        Action::Run => run_timeout(settled, declared),
        Action::Backfill => or(Span::from_secs(24 * 3600)),
        Action::Expand
        | Action::VerifyData
        | Action::DualWrite
        | Action::ReadNew
        | Action::Contract => or(Span::from_secs(600)),
    }
}

fn run_timeout(settled: &Settled<'_>, declared: Option<Span>) -> Span {
    let task = settled.node.run.as_ref();
    let own = task.and_then(|task| task.timeout);
    match task.filter(|task| task.manual.is_some()) {
        Some(manual) => manual.deadline.or(own).or(declared).unwrap_or(PEOPLE),
        None => own.or(declared).unwrap_or(Span::from_secs(600)),
    }
}

/// Says how a definite failure of the node's steps is repeated; not at all where nobody said.
pub(crate) fn retry(settled: &Settled<'_>, defaults: &Defaults) -> Retry {
    let none = Retry {
        times: 0,
        backoff: Span::from_secs(5),
    };
    settled.node.retry.or(defaults.retry).unwrap_or(none)
}

/// Says how long a step usually takes, where somebody knows.
pub(crate) fn estimate(settled: &Settled<'_>, action: &Action) -> Option<Span> {
    match action {
        Action::Bake { duration, .. }
        | Action::Soak { duration }
        | Action::Compare { window: duration } => Some(*duration),
        Action::Shift { .. } | Action::SetFlag { .. } => Some(Span::from_secs(2)),
        Action::Run => settled.node.estimate,
        Action::Preflight
        | Action::Stage { .. }
        | Action::StageBaseline { .. }
        | Action::Preview
        | Action::Batch { .. }
        | Action::StopOld
        | Action::StartNew { .. }
        | Action::Verify
        | Action::Retire { .. }
        | Action::Expand
        | Action::Backfill
        | Action::VerifyData
        | Action::DualWrite
        | Action::ReadNew
        | Action::Approve { .. }
        | Action::Contract => None,
    }
}

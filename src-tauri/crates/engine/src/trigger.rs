//! Triggers: what is watched while a release moves forward, and what trips it.
//!
//! A limit of a ratio that judges a node is the judge's own affair: it knows how many requests a
//! share was counted out of. All other limits are looked at as they are.

use gantry_model::{
    event::{Happened, HoldReason, RollbackTrigger, TriggerSample, Trip},
    measure::tells_versions,
    plan::{NodeIndex, PlannedTrigger},
    release::{check::Reaction, metric::MetricKind},
    run::{Phase, Run, Way},
    unit::Span,
};
use gantry_port::platform::{Sight, SightState};

use crate::{
    judging,
    retreat::{self, Retreat},
};

/// Triggers are looked at this often, or more often where one trips after a shorter time.
const EVERY: Span = Span::from_secs(15);

/// No trigger is looked at more often.
const SHORTEST: Span = Span::from_secs(1);

/// Lists the triggers that are armed: from the first change of what they belong to.
pub(crate) fn armed(run: &Run) -> Vec<usize> {
    if run.plan().triggers.is_empty() || run.phase() != Phase::Forward {
        return Vec::new();
    }
    let all = run.plan().triggers.iter().enumerate();
    let armed = all.filter(|(_, trigger)| is_armed(run, trigger));
    armed.map(|(at, _)| at).collect()
}

fn is_armed(run: &Run, trigger: &PlannedTrigger) -> bool {
    if is_judged(run, trigger) {
        return false;
    }
    match trigger.node {
        Some(node) => run.node(node).way == Way::Forward && is_changed(run, node),
        None => run.steps().any(|(step, _)| run.is_touched(step)),
    }
}

fn is_changed(run: &Run, node: NodeIndex) -> bool {
    let mut steps = run.planned_node(node).steps();
    steps.any(|step| run.is_touched(step))
}

/// Whether a trigger is the limit of a metric that the node's judge looks at itself.
fn is_judged(run: &Run, trigger: &PlannedTrigger) -> bool {
    let plan = run.plan();
    let (Some(node), Some(name)) = (trigger.node, &trigger.trigger.metric) else {
        return false;
    };
    let Some(metric) = plan.metrics.get(name) else {
        return false;
    };
    let judge = run.planned_node(node).judge.as_ref();
    let judged = judge.is_some_and(|judge| judge.metrics.contains(name));
    let own = trigger.trigger.above == metric.never_above && trigger.trigger.below.is_none();
    judged
        && own
        && trigger.trigger.lasting == Span::ZERO
        && metric.kind == MetricKind::Ratio
        && tells_versions(metric)
}

/// Gives how often the triggers of a plan are looked at.
pub(crate) fn every(run: &Run) -> Span {
    let spans = run.plan().triggers.iter().map(|trigger| {
        let lasting = trigger.trigger.lasting;
        match (lasting, trigger.node) {
            (Span::ZERO, Some(node)) => judging::bucket(run, node),
            (Span::ZERO, None) => EVERY,
            _ => Span::from_millis(lasting.as_millis() / 4),
        }
    });
    spans.min().unwrap_or(EVERY).min(EVERY).max(SHORTEST)
}

/// A look at a trigger, with those before it that saw it over its limit without a break.
#[derive(Clone, Debug, PartialEq)]
pub struct Watched {
    /// Its place among the plan's triggers.
    pub trigger: usize,
    /// What was seen.
    pub sight: Sight,
    /// For how long it has been over its limit.
    pub lasted: Span,
    /// The looks that saw it so, oldest first, this one counted.
    pub samples: Vec<TriggerSample>,
}

/// Decides what a look at a trigger means.
pub(crate) fn looked(run: &Run, look: &Watched) -> Vec<Happened> {
    let Some(planned) = run.plan().triggers.get(look.trigger) else {
        return Vec::new();
    };
    if run.phase() != Phase::Forward || !is_armed(run, planned) {
        return Vec::new();
    }
    let Ok(trigger) = u32::try_from(look.trigger) else {
        return Vec::new();
    };
    let tripped = run.has_tripped(look.trigger);
    match look.sight.state {
        SightState::Over if !tripped && look.lasted >= planned.trigger.lasting => {
            vec![Happened::TriggerTripped(Box::new(Trip {
                node: planned.node.map(|node| run.planned_node(node).id.clone()),
                trigger,
                then: planned.then,
                message: look.sight.summary.clone(),
                samples: look.samples.clone(),
            }))]
        }
        SightState::Quiet if tripped => vec![Happened::TriggerCleared {
            trigger,
            message: look.sight.summary.clone(),
        }],
        SightState::Over | SightState::Quiet | SightState::Nothing => Vec::new(),
    }
}

/// Decides what a trigger that was just recorded as tripped leads to.
pub(crate) fn tripped(run: &Run, trip: &Trip) -> Vec<Happened> {
    let Some(planned) = run.plan().triggers.get(trip.trigger as usize) else {
        return Vec::new();
    };
    let cause = match planned.trigger.alert.is_empty() {
        true => RollbackTrigger::Metric,
        false => RollbackTrigger::Alert,
    };
    let message = format!("a trigger tripped: {}", trip.message);
    match planned.then {
        Reaction::RollbackRelease => retreat::events(run, &Retreat::release(cause, message)),
        Reaction::RollbackNode => {
            let retreat = Retreat {
                trigger: cause,
                // Without a node there is nothing smaller than the release.
                nodes: planned.node.map(|node| vec![node]),
                step: None,
                by: None,
                message,
            };
            retreat::events(run, &retreat)
        }
        Reaction::Hold => vec![Happened::Held {
            node: None,
            step: None,
            reason: HoldReason::Trigger,
            by: None,
            message,
        }],
        Reaction::Notify => Vec::new(),
    }
}

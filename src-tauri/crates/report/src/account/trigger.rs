//! What set a rollback or a failure off, and who decided what followed.

use gantry_model::{
    event::{Happened, JudgedStanding, RollbackScope, RollbackTrigger, RunEvent, Trip},
    id::StepId,
    measure::Level,
    operation::SampleHealth,
    plan::Plan,
    release::check::Reaction,
    time::Timestamp,
};
use schemars::JsonSchema;
use serde::Serialize;

/// How many samples are shown at most.
const SAMPLES: usize = 12;

/// What set it off.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Trigger {
    /// The entry that says so.
    pub seq: u64,
    /// When it was noticed.
    pub at: Timestamp,
    /// Its kind in a word: `metric`, `judge`, `health`, `guardrail`, `failure`, …
    pub kind: String,
    /// The node that it was seen at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub node: Option<String>,
    /// The step that it was seen at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    /// What was seen, in a sentence.
    pub sentence: String,
    /// The samples that tripped it, oldest first.
    pub samples: Vec<Sample>,
}

/// One look at the world.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Sample {
    /// The entry that it stands in.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// Whether it was bad.
    pub bad: bool,
    /// The number, where there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// The number of the old version, where there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub beside: Option<f64>,
    /// What was seen.
    pub summary: String,
}

/// Who or what decided to go back.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Decision {
    /// The entry.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// What set it off, in a word.
    pub trigger: String,
    /// Who, where a person did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// How much: the release, or these nodes.
    pub scope: String,
    /// The nodes that turn, where it is not the whole release.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub nodes: Vec<String>,
    /// Why, in a sentence.
    pub sentence: String,
    /// How long it was expected to take.
    pub estimate_ms: u64,
    #[serde(skip)]
    pub(crate) step: Option<StepId>,
    #[serde(skip)]
    pub(crate) kind: Option<RollbackTrigger>,
}

/// Finds the decision that mattered most: the first for the whole release, else the first.
pub(crate) fn decision(events: &[RunEvent]) -> Option<Decision> {
    let all = || events.iter().filter_map(turned);
    all()
        .find(|decision| decision.scope == "release")
        .or_else(|| all().next())
}

fn turned(event: &RunEvent) -> Option<Decision> {
    let Happened::RollbackStarted(turn) = &event.what else {
        return None;
    };
    let scope = match turn.scope {
        RollbackScope::Release => "release",
        RollbackScope::Nodes => "nodes",
    };
    Some(Decision {
        seq: event.seq,
        at: event.at,
        trigger: word(turn.trigger).to_owned(),
        by: turn.by.clone(),
        scope: scope.to_owned(),
        nodes: turn.nodes.iter().map(ToString::to_string).collect(),
        sentence: turn.message.clone(),
        estimate_ms: turn.estimate_ms,
        step: turn.step.clone(),
        kind: Some(turn.trigger),
    })
}

/// Gives the word for what sets a rollback off.
pub(crate) fn word(trigger: RollbackTrigger) -> &'static str {
    match trigger {
        RollbackTrigger::Failure => "failure",
        RollbackTrigger::Health => "health",
        RollbackTrigger::Guardrail => "guardrail",
        RollbackTrigger::Timeout => "timeout",
        RollbackTrigger::Judge => "judge",
        RollbackTrigger::Metric => "metric",
        RollbackTrigger::Alert => "alert",
        RollbackTrigger::Window => "window",
        RollbackTrigger::Operator => "operator",
        RollbackTrigger::Abort => "abort",
    }
}

/// Finds what set the decision off, or the failure that ended the run without one.
pub(crate) fn trigger(
    plan: &Plan,
    events: &[RunEvent],
    decision: Option<&Decision>,
) -> Option<Trigger> {
    let end = decision.map_or(u64::MAX, |decision| decision.seq);
    let upto = events.partition_point(|event| event.seq < end);
    let before = events.get(..upto).unwrap_or_default();
    let kind = decision.and_then(|decision| decision.kind);
    let found = match kind {
        Some(RollbackTrigger::Metric | RollbackTrigger::Alert) => last(before, tripped),
        Some(RollbackTrigger::Judge) => last(before, judged).or_else(|| last(before, failed)),
        Some(
            RollbackTrigger::Failure
            | RollbackTrigger::Health
            | RollbackTrigger::Guardrail
            | RollbackTrigger::Timeout,
        ) => last(before, failed),
        None => last(before, failed).filter(|_| !has_succeeded(events)),
        // These begin with the decision itself.
        Some(RollbackTrigger::Window | RollbackTrigger::Operator | RollbackTrigger::Abort) => None,
    };
    let mut found = found.or_else(|| decision.map(itself))?;
    if let Some(kind) = kind {
        found.kind = word(kind).to_owned();
    }
    if found.samples.is_empty() {
        found.samples = looks(plan, before, &found);
    }
    Some(found)
}

fn has_succeeded(events: &[RunEvent]) -> bool {
    let last = events.iter().rev().find_map(|event| match &event.what {
        Happened::Finished { outcome, .. } => Some(*outcome),
        _ => None,
    });
    last == Some(gantry_model::event::Outcome::Succeeded)
}

fn last(events: &[RunEvent], is: fn(&RunEvent) -> Option<Trigger>) -> Option<Trigger> {
    events.iter().rev().find_map(is)
}

fn itself(decision: &Decision) -> Trigger {
    Trigger {
        seq: decision.seq,
        at: decision.at,
        kind: decision.trigger.clone(),
        node: None,
        step: None,
        sentence: decision.sentence.clone(),
        samples: Vec::new(),
    }
}

fn tripped(event: &RunEvent) -> Option<Trigger> {
    let Happened::TriggerTripped(trip) = &event.what else {
        return None;
    };
    match trip.then {
        Reaction::RollbackRelease | Reaction::RollbackNode => Some(from_trip(event, trip)),
        Reaction::Hold | Reaction::Notify => None,
    }
}

fn from_trip(event: &RunEvent, trip: &Trip) -> Trigger {
    let sample = |sample: &gantry_model::event::TriggerSample| Sample {
        seq: event.seq,
        at: sample.at,
        bad: true,
        value: sample.value,
        beside: None,
        summary: sample.summary.clone(),
    };
    Trigger {
        seq: event.seq,
        at: event.at,
        kind: "metric".to_owned(),
        node: trip.node.as_ref().map(ToString::to_string),
        step: None,
        sentence: trip.message.clone(),
        samples: trip.samples.iter().map(sample).collect(),
    }
}

fn judged(event: &RunEvent) -> Option<Trigger> {
    let Happened::BakeJudged(judged) = &event.what else {
        return None;
    };
    (judged.standing == JudgedStanding::Fail).then(|| Trigger {
        seq: event.seq,
        at: event.at,
        kind: "judge".to_owned(),
        node: Some(judged.place.node.to_string()),
        step: Some(judged.place.step.to_string()),
        sentence: judged.sentence.clone(),
        samples: Vec::new(),
    })
}

fn failed(event: &RunEvent) -> Option<Trigger> {
    let (place, message) = match &event.what {
        Happened::StepFailed { place, message, .. }
        | Happened::PreflightFailed { place, message } => (place, message),
        _ => return None,
    };
    Some(Trigger {
        seq: event.seq,
        at: event.at,
        kind: "failure".to_owned(),
        node: Some(place.node.to_string()),
        step: Some(place.step.to_string()),
        sentence: message.clone(),
        samples: Vec::new(),
    })
}

/// Collects the last looks at the step before it was found bad.
fn looks(plan: &Plan, events: &[RunEvent], trigger: &Trigger) -> Vec<Sample> {
    let Some(step) = &trigger.step else {
        return Vec::new();
    };
    let here = events.iter().filter(|event| event.seq <= trigger.seq);
    let mut all: Vec<Sample> = here.filter_map(|event| look(plan, event, step)).collect();
    all.drain(..all.len().saturating_sub(SAMPLES));
    all
}

fn look(plan: &Plan, event: &RunEvent, step: &str) -> Option<Sample> {
    match &event.what {
        Happened::BakeSampled {
            place,
            health,
            summary,
            ..
        } if place.step.as_str() == step => Some(Sample {
            seq: event.seq,
            at: event.at,
            bad: matches!(health, SampleHealth::Unhealthy | SampleHealth::Tripped),
            value: None,
            beside: None,
            summary: summary.clone(),
        }),
        Happened::BakeMeasured { place, bucket } if place.step.as_str() == step => {
            let reading = bucket.readings.first()?;
            let (new, old) = (reading.canary.number(), reading.baseline.number());
            Some(Sample {
                seq: event.seq,
                at: bucket.until,
                bad: is_worse(plan, &reading.metric, new, old),
                value: new,
                beside: old,
                summary: format!(
                    "{}: new {}, old {}",
                    reading.metric,
                    level(&reading.canary),
                    level(&reading.baseline)
                ),
            })
        }
        _ => None,
    }
}

/// Whether the new number is on the wrong side of the old one.
pub(crate) fn is_worse(
    plan: &Plan,
    metric: &gantry_model::id::MetricName,
    new: Option<f64>,
    old: Option<f64>,
) -> bool {
    use gantry_model::release::metric::Better;
    let better = plan.metrics.get(metric).map(|metric| metric.better);
    match (new, old, better.unwrap_or_default()) {
        (Some(new), Some(old), Better::Lower) => new > old,
        (Some(new), Some(old), Better::Higher) => new < old,
        (None, _, _) | (_, None, _) => false,
    }
}

/// Writes a level as people read it; what is not known is said, never written as zero.
pub(crate) fn level(level: &Level) -> String {
    match level {
        Level::Share { bad, of } if *of > 0.0 => {
            format!(
                "{} of {} ({})",
                number(*bad),
                number(*of),
                percent(bad / of)
            )
        }
        Level::Share { .. } => "no events".to_owned(),
        Level::Value { value } => number(*value),
        Level::Nothing { nothing } => format!("no data ({nothing})"),
    }
}

/// Writes a number with as many digits as mean something.
pub(crate) fn number(value: f64) -> String {
    let size = value.abs();
    if size != 0.0 && !(0.001..1e7).contains(&size) {
        return format!("{value:.3e}");
    }
    let digits = match size {
        size if size >= 100.0 => 1,
        size if size >= 1.0 => 2,
        _ => 4,
    };
    let text = format!("{value:.digits$}");
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    }
}

/// Writes a share as a percentage.
pub(crate) fn percent(share: f64) -> String {
    format!("{} %", number(share * 100.0))
}

//! What the launch room shows beside how a run stands: clocks, shares, who is waited for.

use std::collections::BTreeMap;

use gantry_engine::status::{NodeState, RunStatus};
use gantry_forecast::{forecast::Forecast, timetable::Teller};
use gantry_model::{
    event::{Happened, Place, RunEvent},
    id::{NodeId, StepId},
    operation::Evidence,
    plan::{Action, Plan},
    rollback::{Scope, plan_rollback},
    run::Run,
    time::Timestamp,
    unit::Weight,
};
use serde::Serialize;

/// Where a run is among its waves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Wave {
    /// The earliest wave that is not done, from 1; the last one once all are.
    pub now: usize,
    /// How many there are.
    pub of: usize,
}

/// When a run will be over, without waiting for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Finish {
    /// As likely as not, it is over by then.
    pub p50_at: Timestamp,
    /// In nine of ten cases it is over by then.
    pub p90_at: Timestamp,
}

/// A person who is waited for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WaitsFor {
    /// At which node.
    pub node: NodeId,
    /// At which step.
    pub step: StepId,
    /// Whom: the gate, or who answers for the task.
    pub who: String,
    /// Since when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
}

/// Gives where a run is among its waves.
pub(crate) fn wave(plan: &Plan, status: &RunStatus) -> Wave {
    let states: BTreeMap<&NodeId, NodeState> = status
        .nodes
        .iter()
        .map(|node| (&node.id, node.state))
        .collect();
    let open = |wave: &&Vec<gantry_model::plan::NodeIndex>| {
        let mut nodes = wave.iter().filter_map(|node| plan.nodes.get(node.at()));
        nodes.any(|node| states.get(&node.id) != Some(&NodeState::Done))
    };
    let of = plan.waves.len();
    let first = plan.waves.iter().position(|wave| open(&wave));
    Wave {
        now: first.map_or(of, |at| at + 1),
        of,
    }
}

/// Gives when a run will be over, where enough is known.
pub(crate) fn finish(forecast: Option<&Forecast>) -> Option<Finish> {
    let Some(Forecast::Expected(expected)) = forecast else {
        return None;
    };
    let at = |ms: u64| {
        let span = chrono::TimeDelta::try_milliseconds(i64::try_from(ms).ok()?)?;
        expected.from.checked_add_signed(span)
    };
    Some(Finish {
        p50_at: at(expected.p50_ms)?,
        p90_at: at(expected.p90_ms)?,
    })
}

/// Says when each step began and ended, which shares were commanded and measured, and how long
/// going back takes at most.
pub(crate) fn fill(status: &mut RunStatus, run: &Run, events: &[RunEvent], teller: &Teller<'_>) {
    let mut seen = Seen::default();
    for event in events {
        seen.take(run.plan(), event);
    }
    for node in &mut status.nodes {
        let share = seen.shares.get(&node.id);
        node.commanded_bp = share.and_then(|share| share.commanded);
        node.measured_bp = share.and_then(|share| share.measured);
        for step in &mut node.steps {
            let times = seen.times.get(&step.id);
            step.began_at = times.and_then(|times| times.0);
            step.ended_at = times.and_then(|times| times.1);
        }
    }
    let touched = |step| run.is_touched(step);
    let rollback = plan_rollback(run.plan(), &touched, Scope::Release);
    let late = teller.way_back(run.plan(), &rollback).ends.p90_ms;
    let now = &mut status.rollback_now;
    now.estimate_p90_ms = (now.actions > 0).then(|| late.max(now.estimate_ms));
}

/// Lists who is waited for.
pub(crate) fn waits_for(plan: &Plan, status: &RunStatus) -> Vec<WaitsFor> {
    let waiting = status
        .nodes
        .iter()
        .filter(|node| node.state == NodeState::WaitsForPerson);
    let all = waiting.filter_map(|node| {
        let asked = |state: &str| matches!(state, "asking" | "by-hand" | "unknown");
        let step = node.steps.iter().find(|step| asked(&step.state))?;
        let planned = plan.steps.get(plan.step(&step.id)?.at())?;
        Some(WaitsFor {
            node: node.id.clone(),
            step: step.id.clone(),
            who: whom(plan, &planned.action, &node.id),
            since: step.began_at,
        })
    });
    all.collect()
}

fn whom(plan: &Plan, action: &Action, node: &NodeId) -> String {
    if let Action::Approve { gate, .. } = action {
        return format!("approval {gate}");
    }
    let node = plan.node(node).and_then(|node| plan.nodes.get(node.at()));
    let of_task = node.and_then(|node| node.run.as_ref()?.owner.clone());
    let owner = of_task.or_else(|| node.and_then(|node| node.owner.clone()));
    owner
        .or_else(|| plan.owner.clone())
        .unwrap_or_else(|| "whoever drives the run".to_owned())
}

#[derive(Default)]
struct Share {
    commanded: Option<u16>,
    measured: Option<u16>,
}

#[derive(Default)]
struct Seen {
    times: BTreeMap<StepId, (Option<Timestamp>, Option<Timestamp>)>,
    shares: BTreeMap<NodeId, Share>,
}

impl Seen {
    fn take(&mut self, plan: &Plan, event: &RunEvent) {
        match &event.what {
            Happened::StepStarted { place, .. } => {
                let times = self.times.entry(place.step.clone()).or_default();
                times.0 = times.0.or(Some(event.at));
                times.1 = None;
                if let Some(weight) = weight(plan, place) {
                    self.share(place).commanded = Some(weight);
                }
            }
            Happened::StepSucceeded {
                place, evidence, ..
            } => {
                self.end(place, event.at);
                self.read(place, evidence);
            }
            Happened::PreflightPassed { place, .. }
            | Happened::PreflightFailed { place, .. }
            | Happened::StepFailed { place, .. }
            | Happened::StepCancelled { place, .. }
            | Happened::StepSkipped { place, .. } => self.end(place, event.at),
            Happened::UndoSucceeded {
                place, evidence, ..
            } => self.read(place, evidence),
            // Nothing else begins, ends or moves traffic.
            _ => {}
        }
    }

    fn end(&mut self, place: &Place, at: Timestamp) {
        self.times.entry(place.step.clone()).or_default().1 = Some(at);
    }

    fn share(&mut self, place: &Place) -> &mut Share {
        self.shares.entry(place.node.clone()).or_default()
    }

    /// Takes the shares that a router said were commanded and measured.
    fn read(&mut self, place: &Place, evidence: &Evidence) {
        let fact = |name: &str| {
            let number = evidence.facts.get(name)?.as_u64()?;
            u16::try_from(number).ok()
        };
        if let Some(commanded) = fact("commanded_bp") {
            self.share(place).commanded = Some(commanded);
        }
        if let Some(measured) = fact("measured_bp") {
            self.share(place).measured = Some(measured);
        }
    }
}

fn weight(plan: &Plan, place: &Place) -> Option<u16> {
    let step = plan.steps.get(plan.step(&place.step)?.at())?;
    step.action.commanded_share().map(Weight::basis_points)
}

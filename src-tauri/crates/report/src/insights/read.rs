//! From one run to what it did to each service.

use std::collections::BTreeMap;

use chrono::DateTime;
use gantry_model::{
    event::{Happened, RunEvent},
    plan::{NodeIndex, Plan},
    release::node::Kind,
    time::Timestamp,
};

use super::RunRecord;
use crate::{account::exposure, elapsed::Elapsed};

/// What one run did to one service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Case {
    pub(super) run: String,
    /// When it reached production in full, or when it was stopped before.
    pub(super) at: Timestamp,
    /// Whether it reached production in full.
    pub(super) reached: bool,
    /// When the service was back on the old version, if it was rolled back after that.
    pub(super) rolled_back: Option<Timestamp>,
    /// Whether a person marked it as failed.
    pub(super) marked: bool,
    /// Whether it mends another.
    pub(super) hotfix: bool,
    /// Whether it followed from an incident.
    pub(super) unplanned: bool,
    /// When users first felt it, where somebody recorded that.
    pub(super) impact: Option<Timestamp>,
    /// When its commits were made.
    pub(super) commits: Vec<Timestamp>,
}

/// Reads what a run did to each service that it changed.
pub(super) fn cases(record: &RunRecord) -> Vec<(String, Case)> {
    let RunRecord { run, plan, events } = record;
    let labels = Labels::of(events);
    let done = reached(plan, events);
    let exposed = exposure::exposure(plan, events, &Elapsed::of(events));
    let mut services: BTreeMap<&str, Vec<NodeIndex>> = BTreeMap::new();
    for (at, node) in (0..).map(NodeIndex).zip(&plan.nodes) {
        if node.kind != Kind::Task {
            services.entry(node.service.as_str()).or_default().push(at);
        }
    }
    let mut cases = Vec::new();
    for (service, nodes) in services {
        let arrived = nodes.iter().filter_map(|node| done.get(node)).max();
        let back = back_at(plan, events, &nodes, arrived.map(|(_, seq)| *seq));
        let shown = |node: &NodeIndex| {
            let id = plan.nodes.get(node.at()).map(|node| node.id.as_str());
            exposed
                .iter()
                .any(|exposure| Some(exposure.node.as_str()) == id)
        };
        let at = match (arrived, back) {
            (Some((at, _)), _) => *at,
            // It had users and went back before it had them all: the canary caught it.
            (None, Some(back)) if nodes.iter().any(shown) => back,
            (None, _) => continue,
        };
        cases.push((
            service.to_owned(),
            Case {
                run: run.clone(),
                at,
                reached: arrived.is_some(),
                rolled_back: back.filter(|_| arrived.is_some()),
                marked: labels.has("failed", service),
                hotfix: labels.has("hotfix", service),
                unplanned: labels.has("hotfix", service) || labels.has("incident", service),
                impact: labels.instants("impact").min(),
                commits: labels.instants("commit").collect(),
            },
        ));
    }
    cases
}

/// Finds when each node reached `done` for the first time.
fn reached(plan: &Plan, events: &[RunEvent]) -> BTreeMap<NodeIndex, (Timestamp, u64)> {
    let mut done = BTreeMap::new();
    for event in events {
        let Happened::StepSucceeded { place, .. } = &event.what else {
            continue;
        };
        let step = plan
            .step(&place.step)
            .and_then(|at| plan.steps.get(at.at()));
        if let Some(step) = step
            && step
                .reaches
                .iter()
                .any(|milestone| milestone.as_str() == "done")
        {
            done.entry(step.node).or_insert((event.at, event.seq));
        }
    }
    done
}

/// Finds when the last undo of these nodes was over, of those after an entry.
fn back_at(
    plan: &Plan,
    events: &[RunEvent],
    nodes: &[NodeIndex],
    after: Option<u64>,
) -> Option<Timestamp> {
    let ours = |event: &&RunEvent| match &event.what {
        Happened::UndoSucceeded { place, .. } => plan
            .node(&place.node)
            .is_some_and(|node| nodes.contains(&node)),
        _ => false,
    };
    let later = events
        .iter()
        .filter(|event| after.is_none_or(|seq| event.seq > seq));
    later.filter(ours).map(|event| event.at).next_back()
}

/// The tags that people and programs put on a run.
struct Labels<'a>(Vec<&'a str>);

impl<'a> Labels<'a> {
    fn of(events: &'a [RunEvent]) -> Self {
        let tags = events.iter().filter_map(|event| match &event.what {
            Happened::Note { remark, .. } => Some(&remark.tags),
            _ => None,
        });
        Self(tags.flatten().map(String::as_str).collect())
    }

    /// Whether the whole run or this service carries a label: `failed` or `failed:orders`.
    fn has(&self, label: &str, service: &str) -> bool {
        self.0.iter().any(|tag| match tag.split_once(':') {
            Some((name, rest)) if label == "incident" => name == label && !rest.is_empty(),
            Some((name, of)) => name == label && of == service,
            None => *tag == label,
        })
    }

    /// Reads the instants behind a label: `commit:2026-12-01T19:00:00Z`.
    fn instants(&self, label: &str) -> impl Iterator<Item = Timestamp> {
        self.0.iter().filter_map(move |tag| {
            let (name, at) = tag.split_once(':')?;
            let at = DateTime::parse_from_rfc3339(at)
                .ok()
                .filter(|_| name == label)?;
            Some(at.to_utc())
        })
    }
}

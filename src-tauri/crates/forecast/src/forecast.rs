//! The forecast of a plan, and of a run that is under way.

use chrono::Timelike;
use gantry_model::{
    id::NodeId,
    plan::{Action, NodeIndex, Plan},
    run::{Manner, manner},
    time::Timestamp,
};
use serde::Serialize;

use crate::{
    history::{FEWEST_RUNS, History},
    learn::Learned,
    people::{START, Waits, waits},
    play::{Played, play},
    progress::{Bearing, Progress},
    project::compile::compile,
    record::whom,
};

/// A node is called critical from this share of draws on.
const CRITICAL_FROM: f64 = 0.05;

/// When it is, and when it may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outlook {
    /// Now.
    pub now: Timestamp,
    /// When the release's window opens, if it has one.
    pub opens: Option<Timestamp>,
    /// When the release's window closes, if it has one.
    pub closes: Option<Timestamp>,
}

/// How long a release will take.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum Forecast {
    /// Too few runs are known to say anything.
    NotEnoughHistory {
        /// How many are known.
        runs: usize,
        /// How many are needed.
        needs: usize,
    },
    /// So long, probably.
    Expected(Box<Expected>),
}

/// How long a release will probably take, without waiting for people.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Expected {
    /// From how many runs this is known.
    pub runs: usize,
    /// How many of them went through to their end; the times are those of going through.
    pub went_through: usize,
    /// Counted from when: now, or when the window opens.
    pub from: Timestamp,
    /// As likely as not, it is over after this.
    pub p50_ms: u64,
    /// In eight of ten cases it is over after this.
    pub p80_ms: u64,
    /// In nine of ten cases it is over after this.
    pub p90_ms: u64,
    /// How often it was played through.
    pub draws: usize,
    /// Which nodes decide when it is over, the most decisive first.
    pub critical: Vec<Critical>,
    /// Nodes of which no step was ever measured, so that others or an estimate stand in.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unmeasured: Vec<NodeId>,
    /// Whether it will end before the window closes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window: Option<InTime>,
    /// What it waits for people for, beside all that.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<Waits>,
}

/// How often a node decides when a release is over.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Critical {
    /// The node.
    pub node: NodeId,
    /// In which share of the draws.
    pub share: f64,
}

/// Whether a release will end before its window closes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct InTime {
    /// When it closes.
    pub closes: Timestamp,
    /// The chance.
    pub chance: f64,
}

impl Expected {
    /// Whether nine of ten draws end before the window closes, or there is none.
    pub fn is_in_time(&self) -> bool {
        self.window
            .as_ref()
            .is_none_or(|window| window.chance >= 0.9)
    }
}

/// Forecasts a plan that has not begun.
pub fn of_plan(plan: &Plan, history: &History, outlook: &Outlook) -> Forecast {
    forecast(plan, history, outlook, None)
}

/// Forecasts what is left of a run: what is over is known, what is under way has taken as long as it
/// has, and how slow this run was so far is taken for the rest of it. `None` where it does not
/// go forward.
pub fn of_run(
    plan: &Plan,
    history: &History,
    outlook: &Outlook,
    progress: &Progress,
) -> Option<Forecast> {
    let forward = progress.course == Bearing::Forward;
    forward.then(|| forecast(plan, history, outlook, Some(progress)))
}

fn forecast(
    plan: &Plan,
    history: &History,
    outlook: &Outlook,
    progress: Option<&Progress>,
) -> Forecast {
    let compiled = compile(plan, &Learned::from(history), progress);
    let runs = history.similar(&compiled.keys);
    if runs < FEWEST_RUNS {
        return Forecast::NotEnoughHistory {
            runs,
            needs: FEWEST_RUNS,
        };
    }
    let played = play(&compiled.project, *plan.digest.as_bytes());
    let from = match progress {
        Some(_) => outlook.now,
        None => outlook
            .opens
            .map_or(outlook.now, |opens| opens.max(outlook.now)),
    };
    let millis = |share| (played.quantile(share) * 1000.0) as u64;
    let window = outlook.closes.map(|closes| InTime {
        closes,
        chance: played.by((closes - from).num_milliseconds() as f64 / 1000.0),
    });
    Forecast::Expected(Box::new(Expected {
        runs,
        went_through: history.went_through(&compiled.keys),
        from,
        p50_ms: millis(0.5),
        p80_ms: millis(0.8),
        p90_ms: millis(0.9),
        draws: played.ends.len(),
        critical: critical(plan, &played),
        unmeasured: ids(plan, compiled.unmeasured.iter().copied()),
        window,
        people: people(plan, history, from, progress),
    }))
}

fn ids(plan: &Plan, nodes: impl Iterator<Item = NodeIndex>) -> Vec<NodeId> {
    nodes
        .filter_map(|node| Some(plan.nodes.get(node.at())?.id.clone()))
        .collect()
}

fn critical(plan: &Plan, played: &Played) -> Vec<Critical> {
    let mut critical: Vec<Critical> = plan
        .nodes
        .iter()
        .zip(&played.critical)
        .filter(|(_, share)| **share >= CRITICAL_FROM)
        .map(|(node, share)| Critical {
            node: node.id.clone(),
            share: *share,
        })
        .collect();
    critical.sort_by(|one, other| {
        let shares = other.share.total_cmp(&one.share);
        shares.then_with(|| one.node.cmp(&other.node))
    });
    critical
}

/// Lists whom a release still waits for.
fn people(
    plan: &Plan,
    history: &History,
    from: Timestamp,
    progress: Option<&Progress>,
) -> Vec<Waits> {
    let over = |place: usize| {
        let state = progress.and_then(|progress| progress.states.get(place));
        state.is_some_and(|state| *state == crate::project::State::Over)
    };
    let gates = plan.policy.approvals.gates.keys();
    let start = gates
        .filter(|gate| gate.as_str() == START && progress.is_none())
        .map(ToString::to_string);
    let steps = plan
        .steps
        .iter()
        .enumerate()
        .filter(|(place, step)| {
            let asked = matches!(manner(plan, step), Manner::Gate(_) | Manner::Hand);
            let is_start =
                matches!(&step.action, Action::Approve { gate, .. } if gate.as_str() == START);
            asked && !is_start && !over(*place)
        })
        .map(|(_, step)| whom(plan, step));
    let mut names: Vec<String> = start.chain(steps).collect();
    names.dedup();
    names
        .into_iter()
        .map(|name| waits(name, from.hour(), history.waits()))
        .collect()
}

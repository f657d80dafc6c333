//! Who the new versions served: the share of the traffic over time, and what was measured.

use gantry_model::{
    event::{Happened, RunEvent},
    measure::Level,
    plan::{Action, NodeIndex, Plan, Step},
    rollback::UndoKind,
    time::Timestamp,
};
use schemars::JsonSchema;
use serde::Serialize;

use crate::elapsed::Elapsed;

/// Who the new version of a node served.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Exposure {
    /// The node.
    pub node: String,
    /// The service.
    pub service: String,
    /// The changes of its share, in order.
    pub shares: Vec<Share>,
    /// The largest share, in basis points.
    pub highest_bp: u16,
    /// How long it had any share, up to the last event or its end.
    pub exposed_ms: u64,
    /// How many events of the new version the judge counted, where it counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counted: Option<f64>,
    /// How many of them were bad.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bad: Option<f64>,
}

/// A change of a share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Share {
    /// The entry.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// How long after the start of the run.
    pub elapsed_ms: u64,
    /// The share from then on, in basis points.
    pub weight_bp: u16,
}

/// Tells for each node that gave users a new version, how many and how long.
pub(crate) fn exposure(plan: &Plan, events: &[RunEvent], elapsed: &Elapsed) -> Vec<Exposure> {
    let mut all: Vec<Exposure> = plan.nodes.iter().map(blank).collect();
    for event in events {
        let Some((node, weight)) = change(plan, event) else {
            if let Happened::BakeMeasured { place, bucket } = &event.what
                && let Some(index) = plan.node(&place.node)
                && let Some(exposure) = all.get_mut(index.at())
                && let Some(reading) = bucket.readings.first()
            {
                exposure.count(&reading.canary);
            }
            continue;
        };
        if let Some(exposure) = all.get_mut(node.at()) {
            exposure.shares.push(Share {
                seq: event.seq,
                at: event.at,
                elapsed_ms: elapsed.at(event.seq),
                weight_bp: weight,
            });
        }
    }
    for exposure in &mut all {
        exposure.sum_up(elapsed.total());
    }
    all.retain(|exposure| exposure.highest_bp > 0);
    all
}

fn blank(node: &gantry_model::plan::PlannedNode) -> Exposure {
    Exposure {
        node: node.id.to_string(),
        service: node.service.to_string(),
        shares: Vec::new(),
        highest_bp: 0,
        exposed_ms: 0,
        counted: None,
        bad: None,
    }
}

impl Exposure {
    fn count(&mut self, level: &Level) {
        if let Level::Share { bad, of } = level {
            *self.counted.get_or_insert(0.0) += of;
            *self.bad.get_or_insert(0.0) += bad;
        }
    }

    fn sum_up(&mut self, end: u64) {
        self.highest_bp = self.shares.iter().map(|s| s.weight_bp).max().unwrap_or(0);
        let ends = self.shares.iter().skip(1).map(|share| share.elapsed_ms);
        let ends: Vec<u64> = ends.chain([end]).collect();
        let spans = self.shares.iter().zip(ends);
        let exposed = spans.filter(|(share, _)| share.weight_bp > 0);
        self.exposed_ms = exposed
            .map(|(share, end)| end.saturating_sub(share.elapsed_ms))
            .sum();
    }
}

/// Reads a change of a node's share out of an event.
fn change(plan: &Plan, event: &RunEvent) -> Option<(NodeIndex, u16)> {
    match &event.what {
        Happened::StepSucceeded { place, .. } => {
            let step = plan.steps.get(plan.step(&place.step)?.at())?;
            Some((step.node, forward(plan, step)?))
        }
        Happened::UndoSucceeded { place, .. } => {
            let node = plan.node(&place.node)?;
            let (_, name) = place.step.as_str().split_once('/')?;
            let moves = [
                UndoKind::RestoreFlag,
                UndoKind::RestoreTraffic,
                UndoKind::RestoreWorkload,
            ];
            moves
                .iter()
                .any(|kind| kind.word() == name)
                .then_some((node, 0))
        }
        _ => None,
    }
}

fn forward(plan: &Plan, step: &Step) -> Option<u16> {
    match &step.action {
        Action::Shift { weight } | Action::SetFlag { weight } => Some(weight.basis_points()),
        Action::StartNew { .. } => Some(10_000),
        Action::Batch { replicas, .. } => {
            let node = plan.nodes.get(step.node.at())?;
            let all = node.workload.as_ref()?.replicas.max(1);
            u16::try_from(u64::from(*replicas) * 10_000 / u64::from(all)).ok()
        }
        Action::Preflight
        | Action::Stage { .. }
        | Action::StageBaseline { .. }
        | Action::Preview
        | Action::Bake { .. }
        | Action::StopOld
        | Action::Verify
        | Action::Soak { .. }
        | Action::Retire { .. }
        | Action::Run
        | Action::Expand
        | Action::Backfill
        | Action::VerifyData
        | Action::DualWrite
        | Action::Compare { .. }
        | Action::ReadNew
        | Action::Approve { .. }
        | Action::Contract => None,
    }
}

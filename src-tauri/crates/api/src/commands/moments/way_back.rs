//! What going back from some moment means.

use gantry_forecast::timetable::{Basis, Slot, Teller};
use gantry_model::{
    id::{NodeId, StepId, Version},
    plan::{NodeIndex, Plan, StepIndex, Undo},
    release::node::Kind,
    rollback::{RollbackPlan, Scope, UndoAction, UndoKind, plan_rollback},
};
use gantry_planner::view::{
    self,
    part::{ActionView, LeftView},
};
use serde::Serialize;

/// The way back, in the words of the plan's rollback.
#[derive(Clone, Debug, Serialize)]
pub struct WayBack {
    /// What is undone, wave by wave.
    pub waves: Vec<Vec<UndoneNode>>,
    /// How long it takes, as likely as not.
    pub estimate_ms: u64,
    /// How long it takes in nine of ten cases.
    pub estimate_p90_ms: u64,
    /// What these times stand on.
    pub basis: Basis,
    /// The steps that nothing undoes.
    pub cannot_undo: Vec<StepId>,
    /// Every step that stays, with the reason.
    pub left: Vec<LeftView>,
    /// The actions; each one's needs stand before it.
    pub actions: Vec<ActionView>,
}

/// What is undone of one node.
#[derive(Clone, Debug, Serialize)]
pub struct UndoneNode {
    /// The node.
    pub node: NodeId,
    /// What it is.
    pub kind: Kind,
    /// What is done, in order and in words.
    pub actions: Vec<&'static str>,
    /// How it is undone.
    pub undo: Undo,
    /// The version that it comes back from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Version>,
    /// The version that it goes back to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Version>,
    /// When it begins, from the decision on.
    pub start_ms: u64,
    /// How long it takes, as likely as not.
    pub estimate_ms: u64,
    /// How long it takes in nine of ten cases.
    pub p90_ms: u64,
    /// The part of it that moves traffic or a flag.
    pub traffic_ms: u64,
}

/// Tells the way back once some steps were touched.
pub(crate) fn of(plan: &Plan, teller: &Teller<'_>, touched: &dyn Fn(StepIndex) -> bool) -> WayBack {
    let rollback = plan_rollback(plan, touched, Scope::Release);
    let told = teller.way_back(plan, &rollback);
    let shown = view::rollback(plan, &rollback);
    let declared = declared(&rollback);
    let slots = match told.basis {
        Basis::History => told.actions.as_slice(),
        Basis::Estimates => declared.as_slice(),
    };
    let node = |node: &NodeIndex| undone(plan, &rollback, *node, (slots, &told.actions));
    let waves = rollback.waves.iter();
    WayBack {
        waves: waves
            .map(|wave| wave.iter().filter_map(node).collect())
            .collect(),
        estimate_ms: match told.basis {
            Basis::History => told.ends.p50_ms,
            // What the plan says, and no other number for the same.
            Basis::Estimates => shown.estimate_ms,
        },
        estimate_p90_ms: told.ends.p90_ms.max(shown.estimate_ms),
        basis: told.basis,
        cannot_undo: shown.cannot_undo,
        left: shown.left,
        actions: shown.actions,
    }
}

/// When each action begins and ends if all take what was declared.
fn declared(rollback: &RollbackPlan) -> Vec<Slot> {
    let mut slots: Vec<Slot> = Vec::with_capacity(rollback.actions.len());
    for action in &rollback.actions {
        let needs = action.needs.iter();
        let start = needs
            .filter_map(|need| slots.get(*need as usize))
            .map(|slot| slot.ends.p50_ms);
        let mut slot = Slot::default();
        slot.begins.p50_ms = start.max().unwrap_or(0);
        slot.ends.p50_ms = slot
            .begins
            .p50_ms
            .saturating_add(action.estimate.as_millis());
        slots.push(slot);
    }
    slots
}

fn undone(
    plan: &Plan,
    rollback: &RollbackPlan,
    node: NodeIndex,
    (slots, drawn): (&[Slot], &[Slot]),
) -> Option<UndoneNode> {
    let planned = plan.nodes.get(node.at())?;
    let own = || {
        let numbered = rollback.actions.iter().enumerate();
        numbered.filter(move |(_, action)| action.node == node)
    };
    let times = || own().filter_map(|(at, _)| slots.get(at));
    let start = times().map(|slot| slot.begins.p50_ms).min().unwrap_or(0);
    let end = times().map(|slot| slot.ends.p50_ms).max().unwrap_or(0);
    let late = own()
        .filter_map(|(at, _)| drawn.get(at))
        .map(|slot| slot.ends.p90_ms)
        .max();
    let early = own()
        .filter_map(|(at, _)| drawn.get(at))
        .map(|slot| slot.begins.p50_ms)
        .min();
    let estimate_ms = end.saturating_sub(start);
    let p90 = late.unwrap_or(0).saturating_sub(early.unwrap_or(0));
    let traffic = own().filter(|(_, action)| moves_traffic(action.kind));
    let took = |slot: &Slot| slot.ends.p50_ms.saturating_sub(slot.begins.p50_ms);
    let version = planned.version.as_ref();
    Some(UndoneNode {
        node: planned.id.clone(),
        kind: planned.kind,
        actions: own().map(|(_, action)| action.kind.words()).collect(),
        undo: undo(plan, own().map(|(_, action)| action)),
        from: version.map(|change| change.to.clone()),
        to: version.and_then(|change| change.from.clone()),
        start_ms: start,
        estimate_ms,
        p90_ms: p90.max(estimate_ms),
        traffic_ms: traffic.filter_map(|(at, _)| slots.get(at)).map(took).sum(),
    })
}

fn moves_traffic(kind: UndoKind) -> bool {
    match kind {
        UndoKind::RestoreFlag | UndoKind::RestoreTraffic => true,
        UndoKind::RestageOld
        | UndoKind::RestoreWorkload
        | UndoKind::UndoTask
        | UndoKind::VerifyOld
        | UndoKind::RemoveNew
        | UndoKind::RevertSchema => false,
    }
}

/// How the steps that are covered are undone; a node without any leaves things as they are.
fn undo<'a>(plan: &Plan, mut actions: impl Iterator<Item = &'a UndoAction>) -> Undo {
    let covered = actions.find_map(|action| action.covers.first().copied());
    let step = covered.and_then(|step| plan.steps.get(step.at()));
    step.map_or(Undo::Leave, |step| step.undo)
}

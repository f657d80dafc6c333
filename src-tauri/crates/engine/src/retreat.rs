//! Turning round: which nodes go back, and what is undone in which order.

use gantry_model::{
    event::{Happened, Place, RollbackScope, RollbackStarted, RollbackTrigger},
    plan::{NodeIndex, StepIndex},
    rollback::{Guard, RollbackPlan, Scope, UndoAction, plan_rollback},
    run::{Claims, Fate, Run},
};

/// A rollback that shall start.
#[derive(Clone, Debug, PartialEq)]
pub struct Retreat {
    /// What sets it off.
    pub trigger: RollbackTrigger,
    /// The nodes; the whole release where there is no list.
    pub nodes: Option<Vec<NodeIndex>>,
    /// The step whose failure it is.
    pub step: Option<StepIndex>,
    /// Who asks.
    pub by: Option<String>,
    /// Why, in a sentence.
    pub message: String,
}

impl Retreat {
    /// Builds a rollback of everything.
    pub fn release(trigger: RollbackTrigger, message: impl Into<String>) -> Self {
        Self {
            trigger,
            nodes: None,
            step: None,
            by: None,
            message: message.into(),
        }
    }
}

/// Plans the undo of what is touched now, in the whole release or on top of some nodes.
pub fn plan_now(run: &Run, nodes: Option<&[NodeIndex]>) -> RollbackPlan {
    let scope = nodes.map_or(Scope::Release, Scope::OnTopOf);
    plan_rollback(run.plan(), &|step| run.is_touched(step), scope)
}

/// Turns a wish to go back into events: the rollback with its actions, and what stays in place.
pub fn events(run: &Run, retreat: &Retreat) -> Vec<Happened> {
    let nodes = retreat
        .nodes
        .as_ref()
        .map(|nodes| with_those_going_back(run, nodes));
    let planned = plan_now(run, nodes.as_deref());
    let plan = run.plan();
    let about = retreat.step.map(|step| run.planned_step(step));
    let single = match retreat.nodes.as_deref() {
        Some([node]) => Some(*node),
        Some(_) | None => None,
    };
    let about_node = about.map(|step| step.node).or(single);
    let turning = nodes.as_deref().map(|nodes| run.on_top_of(nodes));
    let id = |node: NodeIndex| run.planned_node(node).id.clone();
    let started = RollbackStarted {
        node: about_node.map(id),
        step: about.map(|step| step.id.clone()),
        trigger: retreat.trigger,
        scope: match retreat.nodes {
            Some(_) => RollbackScope::Nodes,
            None => RollbackScope::Release,
        },
        by: retreat.by.clone(),
        message: retreat.message.clone(),
        nodes: turning.into_iter().flatten().map(id).collect(),
        estimate_ms: planned.estimate.as_millis(),
        actions: guarded(run, planned.actions),
    };
    let known = |step: StepIndex| matches!(run.step(step).fate, Fate::Left(_));
    let left = planned.left.iter().filter(|left| !known(left.step));
    let left = left.filter_map(|left| {
        Some(Happened::LeftInPlace {
            place: Place::of_step(plan, left.step)?,
            reason: left.reason,
        })
    });
    let started = Happened::RollbackStarted(Box::new(started));
    std::iter::once(started).chain(left).collect()
}

/// Adds the nodes whose undo is still open: a rollback that meets one under way plans both anew as
/// one, or what waits for an action of the other would lose its place.
fn with_those_going_back(run: &Run, nodes: &[NodeIndex]) -> Vec<NodeIndex> {
    let open = run.undos().filter(|(_, record)| !record.state.is_over());
    let mut nodes: Vec<NodeIndex> = open
        .map(|(_, record)| record.action.node)
        .chain(nodes.iter().copied())
        .collect();
    nodes.sort_unstable();
    nodes.dedup();
    nodes
}

/// Has the first actions of each node look whether others changed it, where they could.
fn guarded(run: &Run, mut actions: Vec<UndoAction>) -> Vec<UndoAction> {
    match run.claims() {
        Claims::Kept => return actions,
        Claims::LetGo => {}
    }
    let nodes: Vec<NodeIndex> = actions.iter().map(|action| action.node).collect();
    for action in &mut actions {
        let mut before = action
            .needs
            .iter()
            .filter_map(|need| nodes.get(*need as usize));
        if !before.any(|node| *node == action.node) {
            action.guard = Guard::AsLeft;
        }
    }
    actions
}

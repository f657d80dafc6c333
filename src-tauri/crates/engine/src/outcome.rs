//! When a run has ended, and how.

use gantry_model::{
    event::{Happened, HoldReason, Outcome},
    id::NodeId,
    plan::{Action, NodeIndex, Undo},
    rollback::LeftReason,
    run::{Fate, Phase, Run},
};

use crate::criteria;

/// Gives the last event, if nothing is left that could happen.
pub(crate) fn finished(run: &Run) -> Option<Happened> {
    if !has_ended(run) {
        return None;
    }
    let changed: Vec<NodeIndex> = changed_nodes(run).collect();
    let outcome = outcome(run, &changed);
    let names = |nodes: &[NodeIndex]| -> Vec<NodeId> {
        let ids = nodes.iter().map(|node| run.planned_node(*node).id.clone());
        ids.collect()
    };
    let changed = match outcome {
        Outcome::Succeeded => Vec::new(),
        Outcome::RolledBack
        | Outcome::PartlyRolledBack
        | Outcome::Failed
        | Outcome::Held
        | Outcome::Cancelled => names(&changed),
    };
    Some(Happened::Finished {
        outcome,
        message: sentence(outcome, &changed),
        changed,
    })
}

fn has_ended(run: &Run) -> bool {
    let queues = run.queues();
    match run.phase() {
        Phase::Ended(_) => false,
        Phase::Preflight => !queues.failed.is_empty(),
        Phase::Backward => queues.live.is_empty() && queues.undo_open == 0,
        Phase::Forward => {
            let nothing_left = queues.ready_calls.is_empty()
                && queues.ready_free.is_empty()
                && queues.live.is_empty()
                && queues.undo_open == 0;
            let all_over = queues.steps_over as usize == run.plan().steps.len();
            let held = run
                .holds()
                .iter()
                .any(|hold| hold.reason != HoldReason::Window);
            // A run whose criteria are asked has not ended; what is held has not either.
            let asked = all_over && criteria::are_pending(run);
            nothing_left && !asked && (all_over || !held)
        }
    }
}

fn outcome(run: &Run, changed: &[NodeIndex]) -> Outcome {
    let all_over = run.queues().steps_over as usize == run.plan().steps.len();
    let undone = run.steps().any(|(_, step)| step.fate == Fate::Undone)
        || run.undos().any(|(_, undo)| undo.action.covers.is_empty());
    let failed = !run.queues().failed.is_empty();
    let back = run.phase() == Phase::Backward;
    if run.aborted_by().is_some() {
        Outcome::Cancelled
    } else if all_over && !back && !undone {
        Outcome::Succeeded
    } else if !undone && failed {
        Outcome::Failed
    } else if changed.is_empty() && back {
        Outcome::RolledBack
    } else if undone || back {
        Outcome::PartlyRolledBack
    } else {
        Outcome::Failed
    }
}

/// Walks the nodes that are not where they were: touched, not undone, and not left by design.
pub(crate) fn changed_nodes(run: &Run) -> impl Iterator<Item = NodeIndex> {
    let nodes = run.nodes().map(|(index, _)| index);
    nodes.filter(|index| is_changed(run, *index))
}

/// Whether a node is not where it was.
pub(crate) fn is_changed(run: &Run, node: NodeIndex) -> bool {
    let mut steps = run.planned_node(node).steps();
    steps.any(|step| {
        let stays = match run.step(step).fate {
            Fate::Standing | Fate::Undoing(_) | Fate::Accepted => true,
            Fate::Left(LeftReason::Irreversible | LeftReason::NoUndo) => true,
            Fate::Left(LeftReason::Compatible) | Fate::Undone => false,
        };
        let planned = run.planned_step(step);
        let acts = match planned.undo {
            Undo::None => planned.action == Action::Run,
            Undo::Restore | Undo::Inverse | Undo::Leave | Undo::Never => true,
        };
        stays && acts && run.is_touched(step)
    })
}

fn sentence(outcome: Outcome, changed: &[NodeId]) -> String {
    let list = || {
        let names: Vec<&str> = changed.iter().map(NodeId::as_str).collect();
        names.join(", ")
    };
    match (outcome, changed.is_empty()) {
        (Outcome::Succeeded, _) => "all nodes are done".into(),
        (Outcome::RolledBack, _) => "everything that was touched is back".into(),
        (Outcome::PartlyRolledBack, _) => {
            format!("some nodes are back, these are changed: {}", list())
        }
        (Outcome::Failed, true) => "it failed, and nothing was changed".into(),
        (Outcome::Failed, false) => format!("it failed, and these are changed: {}", list()),
        (Outcome::Cancelled, true) => "it was ended, and nothing is left changed".into(),
        (Outcome::Cancelled, false) => format!("it was ended, and these are changed: {}", list()),
        (Outcome::Held, _) => "only a person can move it".into(),
    }
}

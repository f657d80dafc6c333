//! In which manner a step or undo is carried out: by a call, by watching, or by people.

use crate::{
    plan::{Action, Plan, PlannedNode, Step},
    release::task::UndoTask,
    rollback::{UndoAction, UndoKind},
    unit::Span,
};

/// How a forward step is carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// It looks before anything is changed; no intent is journaled for it.
    Preflight,
    /// It is performed, and takes a slot of `max-parallel` while it lasts.
    Call,
    /// It is watched for a time.
    Watch(Span),
    /// So many distinct people are asked.
    Gate(u32),
    /// A person does it and says so.
    Hand,
}

/// Finds how a step is carried out.
pub fn manner(plan: &Plan, step: &Step) -> Manner {
    match &step.action {
        Action::Preflight => Manner::Preflight,
        Action::Bake { duration, .. } | Action::Soak { duration } => Manner::Watch(*duration),
        Action::Approve { count, .. } => Manner::Gate(*count),
        Action::Run if is_manual(plan.nodes.get(step.node.at())) => Manner::Hand,
        Action::Run
        | Action::Stage { .. }
        | Action::StageBaseline { .. }
        | Action::Preview
        | Action::Shift { .. }
        | Action::Batch { .. }
        | Action::StopOld
        | Action::StartNew { .. }
        | Action::Verify
        | Action::Retire { .. }
        | Action::SetFlag { .. }
        | Action::Expand
        | Action::Backfill
        | Action::VerifyData
        | Action::DualWrite
        | Action::Compare { .. }
        | Action::ReadNew
        | Action::Contract => Manner::Call,
    }
}

fn is_manual(node: Option<&PlannedNode>) -> bool {
    node.and_then(|node| node.run.as_ref())
        .is_some_and(|task| task.manual.is_some())
}

/// Whether an undo is done by a person.
pub fn is_undone_by_hand(plan: &Plan, action: &UndoAction) -> bool {
    let task = plan
        .nodes
        .get(action.node.at())
        .and_then(|node| node.run.as_ref());
    let undo = task.and_then(|task| task.undo.as_ref());
    action.kind == UndoKind::UndoTask && matches!(undo, Some(UndoTask::Manual(_)))
}

/// Whether a step only looks, so that dropping it at any time does no harm.
pub fn only_looks(action: &Action) -> bool {
    match action {
        Action::Preflight | Action::Verify | Action::VerifyData | Action::Compare { .. } => true,
        // A preview may run a program, which is then awaited like any other.
        Action::Preview
        | Action::Stage { .. }
        | Action::StageBaseline { .. }
        | Action::Shift { .. }
        | Action::Bake { .. }
        | Action::Batch { .. }
        | Action::StopOld
        | Action::StartNew { .. }
        | Action::Soak { .. }
        | Action::Retire { .. }
        | Action::Run
        | Action::SetFlag { .. }
        | Action::Expand
        | Action::Backfill
        | Action::DualWrite
        | Action::ReadNew
        | Action::Approve { .. }
        | Action::Contract => false,
    }
}

//! The laws of a rollback, checked without the code that makes it.

use std::collections::BTreeSet;

use gantry_model::{
    plan::{Action, NodeIndex, Plan, StepIndex, Undo},
    rollback::{RollbackPlan, UndoAction, UndoKind},
};
use proptest::{prelude::*, test_runner::TestCaseError};

type Law = Result<(), TestCaseError>;

/// Whether a node needs another one, directly or through others.
pub(crate) fn stands_on(plan: &Plan, node: NodeIndex, below: NodeIndex) -> bool {
    let needs = plan.nodes[node.at()].needs.iter();
    needs
        .map(|need| need.node)
        .any(|need| need == below || stands_on(plan, need, below))
}

/// Each touched step that can be undone is covered once; each that cannot is left; nothing else.
pub(crate) fn partition(
    plan: &Plan,
    touched: &BTreeSet<StepIndex>,
    rollback: &RollbackPlan,
) -> Law {
    let covered: Vec<StepIndex> = rollback
        .actions
        .iter()
        .flat_map(|a| a.covers.clone())
        .collect();
    let left: Vec<StepIndex> = rollback.left.iter().map(|left| left.step).collect();
    let mut accounted: Vec<StepIndex> = covered.iter().chain(&left).copied().collect();
    accounted.sort_unstable();
    let expected: Vec<StepIndex> = touched
        .iter()
        .copied()
        .filter(|at| must_be_told(plan, *at))
        .collect();
    prop_assert_eq!(accounted, expected);
    for step in &covered {
        prop_assert!(matches!(
            plan.steps[step.at()].undo,
            Undo::Restore | Undo::Inverse
        ));
    }
    for action in &rollback.actions {
        let changed = |at: &StepIndex| {
            let step = &plan.steps[at.at()];
            step.node == action.node && step.undo != Undo::None
        };
        prop_assert!(touched.iter().any(changed), "{} undoes nothing", action.id);
    }
    Ok(())
}

fn must_be_told(plan: &Plan, at: StepIndex) -> bool {
    let step = &plan.steps[at.at()];
    step.undo != Undo::None || step.action == Action::Run
}

fn is_main(action: &UndoAction) -> bool {
    match action.kind {
        UndoKind::RestoreFlag
        | UndoKind::RestoreTraffic
        | UndoKind::RestoreWorkload
        | UndoKind::UndoTask
        | UndoKind::RevertSchema => true,
        UndoKind::RestageOld | UndoKind::VerifyOld | UndoKind::RemoveNew => false,
    }
}

/// What stands on top goes back first, inside a node and between nodes.
pub(crate) fn order(plan: &Plan, rollback: &RollbackPlan) -> Law {
    let count = rollback.actions.len();
    let mut before: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); count];
    for at in 0..count {
        for need in &rollback.actions[at].needs {
            let need = *need as usize;
            prop_assert!(need < at, "a need stands behind");
            let earlier = before[need].clone();
            before[at].extend(earlier);
            before[at].insert(need);
        }
    }
    for (above, first) in rollback.actions.iter().enumerate() {
        for (below, then) in rollback.actions.iter().enumerate() {
            let on_top = stands_on(plan, first.node, then.node);
            let reverted_last =
                then.kind == UndoKind::RevertSchema && first.kind == UndoKind::RemoveNew;
            if on_top
                && (is_main(first) && (is_main(then) || then.kind == UndoKind::RemoveNew)
                    || reverted_last)
            {
                prop_assert!(
                    before[below].contains(&above),
                    "{} does not wait for {}",
                    then.id,
                    first.id
                );
            }
            let inside = first.node == then.node && first.kind < then.kind;
            if inside {
                prop_assert!(
                    before[below].contains(&above),
                    "{} does not wait for {}",
                    then.id,
                    first.id
                );
            }
            let direct = then.needs.contains(&(above as u32));
            if direct && first.kind == UndoKind::RemoveNew {
                prop_assert_eq!(
                    then.kind,
                    UndoKind::RevertSchema,
                    "clean-up blocks {}",
                    &then.id
                );
            }
        }
    }
    Ok(())
}

/// Actions keep their ids and what they cover; only a revert may go away.
pub(crate) fn growth(before: &RollbackPlan, after: &RollbackPlan) -> Law {
    for action in before
        .actions
        .iter()
        .filter(|action| action.kind != UndoKind::RevertSchema)
    {
        let same = after.actions.iter().find(|other| other.id == action.id);
        prop_assert!(
            same.is_some_and(|same| action.covers.iter().all(|step| same.covers.contains(step)))
        );
    }
    Ok(())
}

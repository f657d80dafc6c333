//! How each step is undone.

use gantry_model::{
    plan::{Action, Undo},
    release::strategy::{OnRollback, Strategy},
};

use crate::settled::Settled;

/// Says how a step of this node is undone.
pub(super) fn of(settled: &Settled<'_>, action: &Action) -> Undo {
    match action {
        Action::Preflight
        | Action::Preview
        | Action::Bake { .. }
        | Action::Verify
        | Action::Soak { .. }
        | Action::VerifyData
        | Action::Compare { .. }
        | Action::Approve { .. } => Undo::None,
        Action::Stage { .. }
        | Action::StageBaseline { .. }
        | Action::Shift { .. }
        | Action::Batch { .. }
        | Action::StopOld
        | Action::StartNew { .. }
        | Action::Retire { .. }
        | Action::SetFlag { .. }
        | Action::DualWrite
        | Action::ReadNew => Undo::Restore,
        Action::Run => of_task(settled),
        Action::Expand if reverts(settled) => Undo::Inverse,
        Action::Expand | Action::Backfill => Undo::Leave,
        Action::Contract => Undo::Never,
    }
}

fn of_task(settled: &Settled<'_>) -> Undo {
    let undo = settled
        .node
        .run
        .as_ref()
        .and_then(|task| task.undo.as_ref());
    undo.map_or(Undo::None, |_| Undo::Inverse)
}

/// Whether a rollback takes the expansion of this node back.
fn reverts(settled: &Settled<'_>) -> bool {
    match &settled.strategy {
        Some(Strategy::ExpandContract(settings)) => {
            settings.on_rollback == OnRollback::Revert && settings.revert.is_some()
        }
        Some(
            Strategy::Recreate(_)
            | Strategy::Rolling(_)
            | Strategy::BlueGreen(_)
            | Strategy::Canary(_)
            | Strategy::Progressive(_)
            | Strategy::ShadowWrites(_),
        )
        | None => false,
    }
}

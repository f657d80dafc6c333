//! Until when a node can be undone.

use gantry_model::plan::{Action, Reversibility, Step, Undo};

/// Reads it off the node's steps.
pub(crate) fn until_when(steps: &[Step]) -> Reversibility {
    let no_undo = |step: &&Step| step.action == Action::Run && step.undo == Undo::None;
    if steps.iter().any(|step| no_undo(&step)) {
        return Reversibility::Never;
    }
    if let Some(last) = steps.iter().find(|step| step.undo == Undo::Never) {
        return Reversibility::Until {
            step: last.id.clone(),
        };
    }
    let retire = steps
        .iter()
        .find(|step| matches!(step.action, Action::Retire { .. }));
    retire.map_or(Reversibility::Reversible, |step| {
        Reversibility::SlowerAfter {
            step: step.id.clone(),
        }
    })
}

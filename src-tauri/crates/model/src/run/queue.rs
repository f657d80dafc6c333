//! What is ready, live and at work, kept up to date with each change so that nobody has to search.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::state::{Slot, UndoIndex};
use crate::{plan::StepIndex, rollback::UndoKind};

/// Indexes over the states of steps and undo actions; only [`super::Run`] changes them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Queues {
    /// Ready steps that take a slot, by rank.
    pub ready_calls: BTreeSet<(u32, StepIndex)>,
    /// Ready steps that take none.
    pub ready_free: BTreeSet<(u32, StepIndex)>,
    /// Ready undo actions, in the order of their kinds.
    pub ready_undo: BTreeSet<(UndoKind, UndoIndex)>,
    /// Everything in flight or waited for.
    pub live: BTreeSet<Slot>,
    /// What was in flight when a driver took over and was not looked at since.
    pub unseen: BTreeSet<Slot>,
    /// How many steps and undo actions may be at work in the world now.
    pub acting: u32,
    /// Steps that failed and were not repeated or skipped since.
    pub failed: BTreeSet<StepIndex>,
    /// Undo actions that are stuck.
    pub stuck: BTreeSet<UndoIndex>,
    /// How many undo actions are not over.
    pub undo_open: u32,
    /// How many steps have succeeded or were skipped.
    pub steps_over: u32,
    /// How many preflights have not passed.
    pub preflights_open: u32,
}

//! A run written down, so that it can be taken up without folding its whole journal again.
//!
//! A snapshot is only a shortcut: whoever keeps it binds it to the entry that it stands for and
//! reads it back with the very code that wrote it. Everything else is folded.

use std::{borrow::Cow, collections::BTreeSet, sync::Arc};

use serde::{Deserialize, Serialize};

use super::{
    Claims, CriterionState, Graph, Hold, MalformedPlan, NodeRecord, Phase, Queues, Run,
    SilenceState, StepRecord, UndoIndex, UndoRecord,
};
use crate::{digest::Digest, id::RunId, plan::Plan, time::Timestamp};

/// Why a snapshot cannot be used; the journal tells the same.
#[derive(Debug, thiserror::Error)]
pub enum UnusableSnapshot {
    /// It cannot be read.
    #[error("the snapshot cannot be read")]
    Unreadable(#[from] serde_json::Error),
    /// It is of another plan.
    #[error("the snapshot does not belong to this plan")]
    WrongPlan,
    /// The plan cannot be run.
    #[error(transparent)]
    Malformed(#[from] MalformedPlan),
}

/// All of a run but what follows from its plan.
#[derive(Serialize, Deserialize)]
struct Written<'a> {
    plan: Digest,
    id: Cow<'a, RunId>,
    by: Cow<'a, str>,
    started_at: Timestamp,
    changed_at: Timestamp,
    seq: u64,
    epoch: u64,
    phase: Phase,
    aborted_by: Cow<'a, Option<String>>,
    rollback_by: Cow<'a, Option<String>>,
    holds: Cow<'a, [Hold]>,
    start_approvals: Cow<'a, [String]>,
    criteria: Cow<'a, [CriterionState]>,
    claims: Claims,
    steps: Cow<'a, [StepRecord]>,
    nodes: Cow<'a, [NodeRecord]>,
    undo: Cow<'a, [UndoRecord]>,
    queues: Cow<'a, Queues>,
    tripped: Cow<'a, BTreeSet<usize>>,
    silences: Cow<'a, [SilenceState]>,
}

impl Run {
    /// Writes the run down.
    ///
    /// # Errors
    /// Never for a run that was folded; the format has no infallible form.
    pub fn to_snapshot(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(&Written {
            plan: self.plan.digest,
            id: Cow::Borrowed(&self.id),
            by: Cow::Borrowed(&self.by),
            started_at: self.started_at,
            changed_at: self.changed_at,
            seq: self.seq,
            epoch: self.epoch,
            phase: self.phase,
            aborted_by: Cow::Borrowed(&self.aborted_by),
            rollback_by: Cow::Borrowed(&self.rollback_by),
            holds: Cow::Borrowed(&self.holds),
            start_approvals: Cow::Borrowed(&self.start_approvals),
            criteria: Cow::Borrowed(&self.criteria),
            claims: self.claims,
            steps: Cow::Borrowed(&self.steps),
            nodes: Cow::Borrowed(&self.nodes),
            undo: Cow::Borrowed(&self.undo),
            queues: Cow::Borrowed(&self.queues),
            tripped: Cow::Borrowed(&self.tripped),
            silences: Cow::Borrowed(&self.silences),
        })
    }

    /// Reads back what [`Self::to_snapshot`] wrote, with the plan that the run was of.
    ///
    /// # Errors
    /// If it cannot be read or is of another plan; then the journal has to be folded.
    pub fn from_snapshot(plan: Arc<Plan>, text: &str) -> Result<Self, UnusableSnapshot> {
        let written: Written<'_> = serde_json::from_str(text)?;
        let fits = written.plan == plan.digest
            && written.steps.len() == plan.steps.len()
            && written.nodes.len() == plan.nodes.len()
            && written.criteria.len() == plan.success.len();
        if !fits {
            return Err(UnusableSnapshot::WrongPlan);
        }
        let undo = written.undo.into_owned();
        let places = undo.iter().zip(0_u32..);
        Ok(Self {
            graph: Arc::new(Graph::of(&plan)?),
            plan,
            id: written.id.into_owned(),
            by: written.by.into_owned(),
            started_at: written.started_at,
            changed_at: written.changed_at,
            seq: written.seq,
            epoch: written.epoch,
            phase: written.phase,
            aborted_by: written.aborted_by.into_owned(),
            rollback_by: written.rollback_by.into_owned(),
            holds: written.holds.into_owned(),
            start_approvals: written.start_approvals.into_owned(),
            criteria: written.criteria.into_owned(),
            claims: written.claims,
            steps: written.steps.into_owned(),
            nodes: written.nodes.into_owned(),
            // Of several with one id the last is meant.
            undo_by_id: places
                .map(|(record, at)| (record.action.id.clone(), UndoIndex(at)))
                .collect(),
            undo,
            queues: written.queues.into_owned(),
            tripped: written.tripped.into_owned(),
            silences: written.silences.into_owned(),
        })
    }
}

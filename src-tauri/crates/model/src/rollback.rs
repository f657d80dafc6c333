//! What has to be undone, and in which order, for any set of touched steps.
//!
//! The rollback plan "for every reachable state" is a function of the set of touched steps; it is
//! computed when somebody asks and never enumerated. The planner shows it, the engine runs it.

mod draft;
mod order;

use serde::{Deserialize, Serialize};

use crate::{
    id::StepId,
    plan::{NodeIndex, Plan, StepIndex},
    release::Retry,
    unit::Span,
};

/// How much of what was touched is undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope<'a> {
    /// Everything.
    Release,
    /// These nodes and everything that was executed on top of them.
    OnTopOf(&'a [NodeIndex]),
}

/// Computes the ordered inverse of the touched steps that are in scope.
///
/// Touched is every step that was applied or may have been: succeeded, failed after it was sent,
/// cancelled, unknown, and still in flight. The ids of the actions depend on the node and the kind
/// only, so that a set of touched steps that grows while the rollback is under way keeps them; an
/// action may then cover more steps, and new actions may appear. Only the revert of a schema goes
/// away again, once its backfill was touched.
pub fn plan_rollback(
    plan: &Plan,
    touched: &dyn Fn(StepIndex) -> bool,
    scope: Scope<'_>,
) -> RollbackPlan {
    let graph = order::Reversed::of(plan);
    let in_scope = graph.in_scope(scope);
    let drafts = draft::drafts(plan, &|step, node| in_scope(node) && touched(step));
    graph.arrange(plan, drafts)
}

/// One action of a rollback: it undoes one or more touched steps of one node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UndoAction {
    /// Its id, stable for a node and kind, for example `orders/traffic`.
    pub id: StepId,
    /// The node.
    pub node: NodeIndex,
    /// What is done.
    pub kind: UndoKind,
    /// The touched steps that it undoes.
    pub covers: Vec<StepIndex>,
    /// The actions, by place in [`RollbackPlan::actions`], that must be over first.
    pub needs: Vec<u32>,
    /// How long it may take.
    pub timeout: Span,
    /// How a failure is repeated before the branch is stuck.
    pub retry: Retry,
    /// How long it usually takes.
    pub estimate: Span,
    /// Whether it is first made sure that nobody else has changed the node.
    #[serde(default, skip_serializing_if = "Guard::is_none")]
    pub guard: Guard,
}

/// Whether it is first made sure that nobody else has changed the node.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Guard {
    /// The run holds its claims and has never let go of them.
    #[default]
    None,
    /// The run had ended and let others have what it claimed: what is there must be what it left.
    AsLeft,
}

impl Guard {
    /// Whether nothing has to be made sure of, which needs no saying.
    pub fn is_none(&self) -> bool {
        *self == Self::None
    }
}

/// What an undo action does; the order of the variants is the order among ready actions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UndoKind {
    /// The flag goes back to what was observed.
    RestoreFlag,
    /// The old version, retired since, is started again; over when it is well.
    RestageOld,
    /// All traffic goes back to the old version, in one shift.
    RestoreTraffic,
    /// The old instances are started again and the new ones stopped.
    RestoreWorkload,
    /// The task's own undo is run.
    UndoTask,
    /// The old version is looked at.
    VerifyOld,
    /// The new version is taken away.
    RemoveNew,
    /// The expansion is taken back.
    RevertSchema,
}

impl UndoKind {
    /// Gives the word that stands in ids, JSON and on screen.
    pub fn word(self) -> &'static str {
        match self {
            Self::RestoreFlag => "flag",
            Self::RestageOld => "restage",
            Self::RestoreTraffic => "traffic",
            Self::RestoreWorkload => "restore",
            Self::UndoTask => "run",
            Self::VerifyOld => "verify-old",
            Self::RemoveNew => "remove-new",
            Self::RevertSchema => "revert",
        }
    }

    /// Gives what it does, in the words that a plan uses.
    pub fn words(self) -> &'static str {
        match self {
            Self::RestoreFlag => "flag back to what it was",
            Self::RestageOld => "start the old version again",
            Self::RestoreTraffic => "all traffic to the old version",
            Self::RestoreWorkload => "old instances back",
            Self::UndoTask => "run its undo",
            Self::VerifyOld => "verify the old version",
            Self::RemoveNew => "remove the new version",
            Self::RevertSchema => "take the expansion back",
        }
    }

    /// Finds the kind by the word that stands in ids.
    pub fn of_word(word: &str) -> Option<Self> {
        let all = [
            Self::RestoreFlag,
            Self::RestageOld,
            Self::RestoreTraffic,
            Self::RestoreWorkload,
            Self::UndoTask,
            Self::VerifyOld,
            Self::RemoveNew,
            Self::RevertSchema,
        ];
        all.into_iter().find(|kind| kind.word() == word)
    }
}

/// A touched step that a rollback leaves as it is, with the reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftInPlace {
    /// The step.
    pub step: StepIndex,
    /// Why.
    pub reason: LeftReason,
}

/// Why a touched step is not undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LeftReason {
    /// The old version can live beside it.
    Compatible,
    /// It cannot be undone.
    Irreversible,
    /// Nobody said how it is undone.
    NoUndo,
}

/// The ordered inverse of a set of touched steps.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RollbackPlan {
    /// The actions; each one's needs stand before it.
    pub actions: Vec<UndoAction>,
    /// The touched steps that stay.
    pub left: Vec<LeftInPlace>,
    /// The earliest levels of the reversed node graph, over the nodes that were touched beyond
    /// their preflight; a node whose changes all stay has its level too.
    pub waves: Vec<Vec<NodeIndex>>,
    /// How long it takes with branches in parallel.
    pub estimate: Span,
}

//! What each node has to undo, before anything is ordered between nodes.

use crate::{
    plan::{Action, NodeIndex, Plan, PlannedNode, Step, StepIndex, Undo},
    release::strategy::StrategyName,
    rollback::{LeftInPlace, LeftReason, UndoKind},
    unit::Span,
};

/// How many kinds of undo there are; a node has at most one action of each.
const KINDS: usize = 8;

/// An action whose place in the rollback is not known yet.
pub(super) struct Draft {
    pub(super) node: NodeIndex,
    pub(super) kind: UndoKind,
    pub(super) covers: Vec<StepIndex>,
    /// Places of other drafts.
    pub(super) needs: Vec<u32>,
    pub(super) timeout: Span,
    pub(super) estimate: Span,
}

/// All drafts, and where those of each node are.
pub(super) struct Drafts {
    pub(super) all: Vec<Draft>,
    pub(super) of_node: Vec<NodeDrafts>,
    pub(super) left: Vec<LeftInPlace>,
}

/// The drafts of one node, one place for each kind.
#[derive(Clone, Default)]
pub(super) struct NodeDrafts {
    places: [Option<u32>; KINDS],
    /// Whether anything beyond the preflight was touched.
    pub(super) touched: bool,
}

/// The kinds that take the new version out of use; what stands below waits for these.
const MAIN: [UndoKind; 5] = [
    UndoKind::RestoreFlag,
    UndoKind::RestoreTraffic,
    UndoKind::RestoreWorkload,
    UndoKind::UndoTask,
    UndoKind::RevertSchema,
];

impl NodeDrafts {
    pub(super) fn place(&self, kind: UndoKind) -> Option<u32> {
        self.places.get(kind as usize).copied().flatten()
    }

    pub(super) fn main(&self) -> impl Iterator<Item = u32> {
        MAIN.into_iter().filter_map(|kind| self.place(kind))
    }

    /// The drafts that wait for the nodes above: the main ones, or else the clean-up alone.
    pub(super) fn first(&self) -> impl Iterator<Item = u32> {
        let lonely = match self.main().next() {
            Some(_) => None,
            None => self.place(UndoKind::RemoveNew),
        };
        self.main().chain(lonely)
    }
}

/// Drafts the undo actions of every node that has touched steps.
pub(super) fn drafts(plan: &Plan, touched: &dyn Fn(StepIndex, NodeIndex) -> bool) -> Drafts {
    let mut drafts = Drafts {
        all: Vec::new(),
        of_node: vec![NodeDrafts::default(); plan.nodes.len()],
        left: Vec::new(),
    };
    for (place, node) in plan.nodes.iter().enumerate() {
        let index = NodeIndex(place as u32);
        let steps: Vec<(StepIndex, &Step)> = node
            .steps()
            .filter(|step| touched(*step, index))
            .filter_map(|step| Some((step, plan.steps.get(step.at())?)))
            .collect();
        if !steps.is_empty() {
            drafts.add_node(index, node, &steps);
        }
    }
    drafts
}

impl Drafts {
    fn add_node(&mut self, index: NodeIndex, node: &PlannedNode, steps: &[(StepIndex, &Step)]) {
        let mut covers: [Vec<StepIndex>; KINDS] = Default::default();
        let backfilled = steps
            .iter()
            .any(|(_, step)| step.action == Action::Backfill);
        for (place, step) in steps {
            match fate(node, step) {
                Fate::Nothing => {}
                Fate::Undone(UndoKind::RevertSchema) if backfilled => {
                    self.leave(*place, LeftReason::Compatible);
                }
                Fate::Undone(kind) => covers[kind as usize].push(*place),
                Fate::Left(reason) => self.leave(*place, reason),
            }
        }
        let new_runs = |(_, step): &(StepIndex, &Step)| runs_the_new_version(&step.action);
        let mut wanted = covers.each_ref().map(|steps| !steps.is_empty());
        let back =
            wanted[UndoKind::RestoreTraffic as usize] || wanted[UndoKind::RestoreWorkload as usize];
        wanted[UndoKind::VerifyOld as usize] = back && !node.first_deployment;
        wanted[UndoKind::RemoveNew as usize] |= steps.iter().any(new_runs);
        let mut own = NodeDrafts {
            places: [None; KINDS],
            touched: steps.iter().any(|(_, s)| s.action != Action::Preflight),
        };
        for (kind, covers) in ALL.into_iter().zip(covers) {
            if wanted[kind as usize] {
                let place = self.all.len() as u32;
                let needs = in_node_needs(&own, kind);
                own.places[kind as usize] = Some(place);
                self.all
                    .push(draft(index, node, kind, (covers, needs), steps));
            }
        }
        if let Some(slot) = self.of_node.get_mut(index.at()) {
            *slot = own;
        }
    }

    fn leave(&mut self, step: StepIndex, reason: LeftReason) {
        self.left.push(LeftInPlace { step, reason });
    }
}

/// The kinds in their order.
const ALL: [UndoKind; KINDS] = [
    UndoKind::RestoreFlag,
    UndoKind::RestageOld,
    UndoKind::RestoreTraffic,
    UndoKind::RestoreWorkload,
    UndoKind::UndoTask,
    UndoKind::VerifyOld,
    UndoKind::RemoveNew,
    UndoKind::RevertSchema,
];

/// Inside a node one action follows the other, in the order of the kinds.
fn in_node_needs(own: &NodeDrafts, kind: UndoKind) -> Vec<u32> {
    let before = ALL.into_iter().take_while(|other| *other != kind);
    before
        .filter_map(|other| own.place(other))
        .last()
        .into_iter()
        .collect()
}

fn draft(
    index: NodeIndex,
    node: &PlannedNode,
    kind: UndoKind,
    (covers, needs): (Vec<StepIndex>, Vec<u32>),
    steps: &[(StepIndex, &Step)],
) -> Draft {
    let covered = || {
        steps
            .iter()
            .filter(|(place, _)| covers.binary_search(place).is_ok())
    };
    let longest = covered().map(|(_, step)| step.timeout).max();
    let within = node.health.as_ref().map(|health| health.within);
    let within = within.unwrap_or(Span::from_secs(60));
    let timeout = match kind {
        // Looking at the old version has as long as it may take to become well, and some.
        UndoKind::VerifyOld => within + Span::from_secs(30),
        UndoKind::RestoreFlag
        | UndoKind::RestageOld
        | UndoKind::RestoreTraffic
        | UndoKind::RestoreWorkload
        | UndoKind::UndoTask
        | UndoKind::RemoveNew
        | UndoKind::RevertSchema => longest.unwrap_or(Span::from_secs(300)),
    };
    let slowest = covered().filter_map(|(_, step)| step.estimate).max();
    Draft {
        node: index,
        kind,
        timeout,
        estimate: estimate(kind, slowest, within).min(timeout),
        covers,
        needs,
    }
}

/// How long an undo usually takes, from what the forward steps take.
fn estimate(kind: UndoKind, forward: Option<Span>, within: Span) -> Span {
    match kind {
        UndoKind::RestoreFlag | UndoKind::RestoreTraffic => Span::from_secs(2),
        UndoKind::RestageOld => forward.unwrap_or(Span::ZERO).max(within),
        UndoKind::RestoreWorkload | UndoKind::UndoTask | UndoKind::RevertSchema => {
            forward.unwrap_or(Span::from_secs(30))
        }
        UndoKind::VerifyOld => Span::from_secs(5),
        UndoKind::RemoveNew => Span::from_secs(10),
    }
}

/// What a rollback does with one touched step.
enum Fate {
    Nothing,
    Undone(UndoKind),
    Left(LeftReason),
}

fn fate(node: &PlannedNode, step: &Step) -> Fate {
    match step.undo {
        Undo::None if step.action == Action::Run => Fate::Left(LeftReason::NoUndo),
        Undo::None => Fate::Nothing,
        Undo::Leave => Fate::Left(LeftReason::Compatible),
        Undo::Never => Fate::Left(LeftReason::Irreversible),
        Undo::Restore | Undo::Inverse => {
            undone_by(node, &step.action).map_or(Fate::Nothing, Fate::Undone)
        }
    }
}

fn undone_by(node: &PlannedNode, action: &Action) -> Option<UndoKind> {
    match action {
        Action::SetFlag { .. } | Action::DualWrite | Action::ReadNew => Some(UndoKind::RestoreFlag),
        Action::Retire { .. } => Some(undo_of_retire(node.strategy)),
        Action::Shift { .. } => Some(UndoKind::RestoreTraffic),
        Action::Batch { .. } | Action::StopOld | Action::StartNew { .. } => {
            Some(UndoKind::RestoreWorkload)
        }
        Action::Run => Some(UndoKind::UndoTask),
        Action::Stage { .. } | Action::StageBaseline { .. } => Some(UndoKind::RemoveNew),
        Action::Expand | Action::Backfill => Some(UndoKind::RevertSchema),
        // These look or wait, or cannot be undone at all.
        Action::Preflight
        | Action::Preview
        | Action::Bake { .. }
        | Action::Verify
        | Action::Soak { .. }
        | Action::VerifyData
        | Action::Compare { .. }
        | Action::Approve { .. }
        | Action::Contract => None,
    }
}

/// Where old and new share a place, the old one cannot come back beside the new one.
fn undo_of_retire(strategy: StrategyName) -> UndoKind {
    match strategy {
        StrategyName::Recreate | StrategyName::Rolling => UndoKind::RestoreWorkload,
        StrategyName::BlueGreen
        | StrategyName::Canary
        | StrategyName::Progressive
        | StrategyName::ExpandContract
        | StrategyName::ShadowWrites
        | StrategyName::Run => UndoKind::RestageOld,
    }
}

/// Whether instances of the new version may be there afterwards, to be taken away in the end.
fn runs_the_new_version(action: &Action) -> bool {
    match action {
        Action::Stage { .. } | Action::Batch { .. } | Action::StartNew { .. } => true,
        Action::Preflight
        | Action::StageBaseline { .. }
        | Action::Preview
        | Action::Shift { .. }
        | Action::Bake { .. }
        | Action::StopOld
        | Action::Verify
        | Action::Soak { .. }
        | Action::Retire { .. }
        | Action::Run
        | Action::SetFlag { .. }
        | Action::Expand
        | Action::Backfill
        | Action::VerifyData
        | Action::DualWrite
        | Action::Compare { .. }
        | Action::ReadNew
        | Action::Approve { .. }
        | Action::Contract => false,
    }
}

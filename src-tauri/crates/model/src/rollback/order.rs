//! Order between nodes: what was executed on top goes back first.

use std::{
    cmp::Reverse,
    collections::{BTreeSet, BinaryHeap},
};

use super::{
    Guard, RollbackPlan, Scope, UndoAction, UndoKind,
    draft::{Draft, Drafts},
};
use crate::{
    id::StepId,
    plan::{NodeIndex, Plan},
    release::Retry,
    unit::Span,
};

/// Five tries, then a person is asked.
const RETRY: Retry = Retry {
    times: 4,
    backoff: Span::from_secs(2),
};

/// The node graph with its edges turned round: for each node, who needs it.
pub(super) struct Reversed {
    starts: Vec<u32>,
    dependents: Vec<NodeIndex>,
}

impl Reversed {
    pub(super) fn of(plan: &Plan) -> Self {
        let mut starts = vec![0_u32; plan.nodes.len() + 1];
        let edges = || {
            let numbered = plan.nodes.iter().enumerate();
            let edges =
                numbered.flat_map(|(at, node)| node.needs.iter().map(move |need| (at, need.node)));
            edges.filter(|(_, needed)| needed.at() < plan.nodes.len())
        };
        for (_, needed) in edges() {
            starts[needed.at() + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut next = starts.clone();
        let mut dependents = vec![NodeIndex(0); edges().count()];
        for (at, needed) in edges() {
            dependents[next[needed.at()] as usize] = NodeIndex(at as u32);
            next[needed.at()] += 1;
        }
        Self { starts, dependents }
    }

    fn dependents(&self, node: NodeIndex) -> &[NodeIndex] {
        let bound = |at: usize| self.starts.get(at).map_or(0, |start| *start as usize);
        let range = bound(node.at())..bound(node.at() + 1);
        self.dependents.get(range).unwrap_or_default()
    }

    /// Answers, node by node, whether it is in scope.
    pub(super) fn in_scope(&self, scope: Scope<'_>) -> impl Fn(NodeIndex) -> bool + use<> {
        let members = match scope {
            Scope::Release => None,
            Scope::OnTopOf(nodes) => Some(self.on_top_of(nodes)),
        };
        move |node| {
            members
                .as_ref()
                .is_none_or(|members| members.get(node.at()).copied().unwrap_or_default())
        }
    }

    fn on_top_of(&self, nodes: &[NodeIndex]) -> Vec<bool> {
        let mut members = vec![false; self.starts.len()];
        let mut open: Vec<NodeIndex> = nodes.to_vec();
        while let Some(node) = open.pop() {
            let Some(member) = members.get_mut(node.at()) else {
                continue;
            };
            if !std::mem::replace(member, true) {
                open.extend_from_slice(self.dependents(node));
            }
        }
        members
    }

    /// Adds the edges between nodes and puts everything in order.
    pub(super) fn arrange(&self, plan: &Plan, mut drafts: Drafts) -> RollbackPlan {
        self.wait_for_what_is_above(plan, &mut drafts);
        self.revert_schemas_last(&mut drafts);
        let waves = self.waves(plan, &drafts);
        let Drafts { all, left, .. } = drafts;
        let order = order(&all);
        let estimate = longest(&all, &order);
        RollbackPlan {
            actions: actions(plan, all, &order),
            left,
            waves,
            estimate,
        }
    }

    /// Makes the main undo of a node wait for the main undo of every node on top of it, through
    /// nodes that have none.
    fn wait_for_what_is_above(&self, plan: &Plan, drafts: &mut Drafts) {
        let mut blockers: Vec<Vec<u32>> = vec![Vec::new(); plan.nodes.len()];
        for node in plan.order.iter().rev() {
            let Some(own) = drafts.of_node.get(node.at()) else {
                continue;
            };
            let dependents = self.dependents(*node).iter();
            let above = dependents.filter_map(|dependent| blockers.get(dependent.at()));
            let mut above: Vec<u32> = above.flatten().copied().collect();
            above.sort_unstable();
            above.dedup();
            let main: Vec<u32> = own.main().collect();
            let first: Vec<u32> = own.first().collect();
            for place in first {
                if let Some(draft) = drafts.all.get_mut(place as usize) {
                    draft.needs.extend_from_slice(&above);
                }
            }
            if let Some(slot) = blockers.get_mut(node.at()) {
                *slot = if main.is_empty() { above } else { main };
            }
        }
    }

    /// Makes the revert of a schema wait for the clean-up of everything on top of it.
    fn revert_schemas_last(&self, drafts: &mut Drafts) {
        for at in 0..drafts.of_node.len() {
            let revert = |at: usize| drafts.of_node.get(at)?.place(UndoKind::RevertSchema);
            let Some(place) = revert(at) else {
                continue;
            };
            let mut needs = BTreeSet::new();
            let mut seen = BTreeSet::new();
            let mut open = self.dependents(NodeIndex(at as u32)).to_vec();
            while let Some(node) = open.pop() {
                if !seen.insert(node) {
                    continue;
                }
                // What is on top of another schema has been waited for by that one's revert.
                if let Some(other) = revert(node.at()) {
                    needs.insert(other);
                    continue;
                }
                let own = drafts.of_node.get(node.at());
                needs.extend(own.and_then(|own| own.place(UndoKind::RemoveNew)));
                open.extend_from_slice(self.dependents(node));
            }
            if let Some(draft) = drafts.all.get_mut(place as usize) {
                draft.needs.extend(needs);
            }
        }
    }

    fn waves(&self, plan: &Plan, drafts: &Drafts) -> Vec<Vec<NodeIndex>> {
        let touched = |node: NodeIndex| drafts.of_node.get(node.at()).is_some_and(|n| n.touched);
        // The first level that is free for what stands below each node.
        let mut next = vec![0_usize; plan.nodes.len()];
        let mut waves: Vec<Vec<NodeIndex>> = Vec::new();
        for node in plan.order.iter().rev() {
            let above = self.dependents(*node).iter();
            let level = above.filter_map(|dependent| next.get(dependent.at())).max();
            let level = level.copied().unwrap_or_default();
            let is_touched = touched(*node);
            if let Some(slot) = next.get_mut(node.at()) {
                *slot = level + usize::from(is_touched);
            }
            if is_touched {
                waves.resize(waves.len().max(level + 1), Vec::new());
                waves[level].push(*node);
            }
        }
        for wave in &mut waves {
            wave.sort_unstable();
        }
        waves
    }
}

/// Orders drafts so that each one's needs stand before it; among ready ones by kind, then by node.
fn order(drafts: &[Draft]) -> Vec<u32> {
    let mut waiting: Vec<u32> = drafts.iter().map(|d| d.needs.len() as u32).collect();
    let mut followers: Vec<Vec<u32>> = vec![Vec::new(); drafts.len()];
    for (place, draft) in drafts.iter().enumerate() {
        for need in &draft.needs {
            followers[*need as usize].push(place as u32);
        }
    }
    let key = |place: u32| {
        let draft = &drafts[place as usize];
        Reverse((draft.kind, draft.node, place))
    };
    let free = (0..drafts.len() as u32).filter(|place| waiting[*place as usize] == 0);
    let mut ready: BinaryHeap<_> = free.map(key).collect();
    let mut order = Vec::with_capacity(drafts.len());
    while let Some(Reverse((_, _, place))) = ready.pop() {
        order.push(place);
        for follower in &followers[place as usize] {
            waiting[*follower as usize] -= 1;
            if waiting[*follower as usize] == 0 {
                ready.push(key(*follower));
            }
        }
    }
    order
}

/// How long the drafts take when everything that may run side by side does.
fn longest(drafts: &[Draft], order: &[u32]) -> Span {
    let mut ends = vec![Span::ZERO; drafts.len()];
    for place in order {
        let draft = &drafts[*place as usize];
        let start = draft.needs.iter().map(|need| ends[*need as usize]).max();
        ends[*place as usize] = start.unwrap_or_default() + draft.estimate;
    }
    ends.into_iter().max().unwrap_or_default()
}

fn actions(plan: &Plan, drafts: Vec<Draft>, order: &[u32]) -> Vec<UndoAction> {
    let mut place_of = vec![0_u32; drafts.len()];
    for (place, draft) in order.iter().enumerate() {
        place_of[*draft as usize] = place as u32;
    }
    let mut drafts: Vec<Option<Draft>> = drafts.into_iter().map(Some).collect();
    let ordered = order.iter().filter_map(|at| drafts[*at as usize].take());
    ordered
        .filter_map(|draft| {
            let node = plan.nodes.get(draft.node.at())?;
            let mut needs: Vec<u32> = draft.needs.iter().map(|n| place_of[*n as usize]).collect();
            needs.sort_unstable();
            needs.dedup();
            Some(UndoAction {
                id: StepId::new(&node.id, draft.kind.word()),
                node: draft.node,
                kind: draft.kind,
                covers: draft.covers,
                needs,
                timeout: draft.timeout,
                retry: RETRY,
                estimate: draft.estimate,
                guard: Guard::None,
            })
        })
        .collect()
}

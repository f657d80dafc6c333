//! Who waits for whom, as arrays, and a check that a plan is whole.

use std::collections::HashMap;

use crate::{
    id::StepId,
    plan::{NodeIndex, Plan, StepIndex},
};

/// Why a plan cannot be run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the plan is damaged: {0}")]
pub struct MalformedPlan(pub String);

/// Lists of indexes, one list an index.
#[derive(Clone, Debug, PartialEq)]
struct Lists {
    starts: Vec<u32>,
    members: Vec<u32>,
}

impl Lists {
    /// Turns edges (from, to) into the list of `to` for each `from`; edges must be in range.
    fn of(count: usize, edges: impl Iterator<Item = (u32, u32)> + Clone) -> Self {
        let mut starts = vec![0_u32; count + 1];
        for (from, _) in edges.clone() {
            starts[from as usize + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut next = starts.clone();
        let mut members = vec![0; starts[count] as usize];
        for (from, to) in edges {
            members[next[from as usize] as usize] = to;
            next[from as usize] += 1;
        }
        Self { starts, members }
    }

    fn get(&self, at: usize) -> &[u32] {
        let bound = |at: usize| self.starts.get(at).map_or(0, |start| *start as usize);
        self.members
            .get(bound(at)..bound(at + 1))
            .unwrap_or_default()
    }
}

/// The edges of a plan turned round, ranks, and the steps by id.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Graph {
    steps: Lists,
    nodes: Lists,
    by_id: HashMap<StepId, StepIndex>,
    /// For each node its place in the plan's order.
    rank: Vec<u32>,
}

impl Graph {
    /// Checks a plan and turns its edges round.
    pub(super) fn of(plan: &Plan) -> Result<Self, MalformedPlan> {
        check(plan)?;
        let steps = plan.steps.iter().zip(0_u32..);
        let step_edges =
            steps.flat_map(|(step, at)| step.needs.iter().map(move |need| (need.0, at)));
        let nodes = plan.nodes.iter().zip(0_u32..);
        let node_edges =
            nodes.flat_map(|(node, at)| node.needs.iter().map(move |need| (need.node.0, at)));
        let mut rank = vec![u32::MAX; plan.nodes.len()];
        for (node, place) in plan.order.iter().zip(0_u32..) {
            rank[node.at()] = place;
        }
        let by_id = plan.steps.iter().zip(0_u32..);
        Ok(Self {
            steps: Lists::of(plan.steps.len(), step_edges),
            nodes: Lists::of(plan.nodes.len(), node_edges),
            by_id: by_id
                .map(|(step, at)| (step.id.clone(), StepIndex(at)))
                .collect(),
            rank,
        })
    }

    pub(super) fn dependents(&self, step: StepIndex) -> &[u32] {
        self.steps.get(step.at())
    }

    pub(super) fn step(&self, id: &StepId) -> Option<StepIndex> {
        self.by_id.get(id).copied()
    }

    pub(super) fn rank(&self, node: NodeIndex) -> u32 {
        self.rank.get(node.at()).copied().unwrap_or(u32::MAX)
    }

    /// Gives the nodes and everything that needs them, however far.
    pub(super) fn on_top_of(&self, nodes: &[NodeIndex]) -> Vec<NodeIndex> {
        let mut member = vec![false; self.rank.len()];
        let mut open = nodes.to_vec();
        while let Some(node) = open.pop() {
            match member.get_mut(node.at()) {
                Some(seen) if !*seen => *seen = true,
                // Already there, or not of this plan.
                Some(_) | None => continue,
            }
            open.extend(self.nodes.get(node.at()).iter().map(|at| NodeIndex(*at)));
        }
        let members = member.iter().zip(0_u32..);
        members
            .filter_map(|(is_member, at)| is_member.then_some(NodeIndex(at)))
            .collect()
    }
}

/// Refuses a plan whose indexes point outside of it; everything after this may rely on them.
fn check(plan: &Plan) -> Result<(), MalformedPlan> {
    let steps = plan.steps.len();
    let nodes = plan.nodes.len();
    let damaged = |what: String| Err(MalformedPlan(what));
    if u32::try_from(steps).is_err() || u32::try_from(nodes).is_err() {
        return damaged("it is too large".into());
    }
    for node in &plan.nodes {
        let last = node.first_step.at() + node.step_count as usize;
        if last > steps || node.needs.iter().any(|need| need.node.at() >= nodes) {
            return damaged(format!("node {} points outside", node.id));
        }
    }
    for step in &plan.steps {
        if step.node.at() >= nodes || step.needs.iter().any(|need| need.at() >= steps) {
            return damaged(format!("step {} points outside", step.id));
        }
    }
    if plan.order.iter().any(|node| node.at() >= nodes) {
        return damaged("its order points outside".into());
    }
    Ok(())
}

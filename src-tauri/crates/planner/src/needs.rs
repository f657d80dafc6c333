//! Edges: what each node needs, down to the step that reaches the milestone.

use std::collections::BTreeMap;

use gantry_model::{
    id::{Milestone, NodeId},
    plan::Finding,
    release::node::Need,
};

use crate::{known::Known, settled::Settled, steps::Draft};

/// An edge that was found to be possible.
#[derive(Clone, Debug)]
pub(crate) struct Edge {
    /// Who needs.
    pub(crate) node: u32,
    /// What is needed.
    pub(crate) needed: u32,
    /// The milestone that is needed.
    pub(crate) milestone: Milestone,
    /// The step, by its place in the needed node, that reaches the milestone.
    pub(crate) step: u32,
    /// Where in the node's needs it stands.
    pub(crate) written: usize,
}

/// A node of the release together with its steps.
#[derive(Debug)]
pub(crate) struct Compiled<'a> {
    pub(crate) settled: &'a Settled<'a>,
    pub(crate) drafts: Vec<Draft>,
}

impl Compiled<'_> {
    /// Gives the place of the step that reaches a milestone.
    pub(crate) fn reaching(&self, milestone: &Milestone) -> Option<u32> {
        let place = self
            .drafts
            .iter()
            .position(|draft| draft.reaches.contains(milestone))?;
        u32::try_from(place).ok()
    }

    /// Gives the place of the step after which the node is done.
    pub(crate) fn done(&self) -> u32 {
        self.reaching(&Milestone::done()).unwrap_or_default()
    }
}

/// Checks every need, those of nodes that are left out too.
pub(crate) fn check(known: &Known<'_>, nodes: &[Compiled<'_>], found: &mut Vec<Finding>) {
    for node in nodes {
        for (written, need) in node.settled.node.needs.iter().enumerate() {
            let place = node.settled.place.at("needs").at(written);
            let needed = known.directory.node(&need.node);
            let Some(needed) = needed.and_then(|at| nodes.get(at as usize)) else {
                let all = known.nodes.iter().map(|node| node.id.as_str());
                let hint = known.nearest(need.node.as_str(), all);
                let (id, need) = (node.settled.id, &need.node);
                let message = format!("`{id}` needs `{need}`, which is not there.");
                found.push(place.error("unknown-need", message, hint));
                continue;
            };
            if needed.reaching(&need.milestone).is_none() {
                let message = format!(
                    "`{}` never reaches `{}`: its kind is {} and its strategy {}.",
                    need.node,
                    need.milestone,
                    kind_word(needed),
                    needed.settled.name
                );
                let reached = needed.drafts.iter().flat_map(|draft| &draft.reaches);
                let hint = known.nearest(need.milestone.as_str(), reached.map(Milestone::as_str));
                found.push(place.error("impossible-milestone", message, hint));
            }
        }
    }
}

fn kind_word(node: &Compiled<'_>) -> &'static str {
    crate::kind_word(node.settled.node.kind)
}

/// Gives the edges between these nodes, sorted by id; needs of others count as met.
pub(crate) fn edges(nodes: &[Compiled<'_>]) -> Vec<Edge> {
    let find = |id: &NodeId| {
        let place = nodes.binary_search_by(|other| other.settled.id.cmp(id));
        place.ok().and_then(|place| u32::try_from(place).ok())
    };
    let edge = |node: u32, (written, need): (usize, &Need)| {
        let needed = find(&need.node)?;
        let step = nodes.get(needed as usize)?.reaching(&need.milestone)?;
        let milestone = need.milestone.clone();
        Some(Edge {
            node,
            needed,
            milestone,
            step,
            written,
        })
    };
    let numbered = nodes.iter().zip(0_u32..);
    let all = numbered.flat_map(|(from, at)| {
        let needs = from.settled.node.needs.iter().enumerate();
        needs.filter_map(move |need| edge(at, need))
    });
    all.collect()
}

/// Tells every ring, whole, with the needs that make it.
pub(crate) fn tell_rings(
    nodes: &[Compiled<'_>],
    edges: &[Edge],
    rings: &[Vec<u32>],
    found: &mut Vec<Finding>,
) {
    let edge_between: BTreeMap<(u32, u32), &Edge> = edges
        .iter()
        .map(|edge| ((edge.node, edge.needed), edge))
        .collect();
    for ring in rings {
        let next = ring.iter().cycle().skip(1);
        let pairs = ring
            .iter()
            .zip(next)
            .filter_map(|(a, b)| edge_between.get(&(*a, *b)));
        let pairs: Vec<&&Edge> = pairs.collect();
        let name = |at: u32| nodes.get(at as usize).map_or("", |n| n.settled.id.as_str());
        let told: Vec<String> = pairs
            .iter()
            .map(|edge| {
                let need = match edge.milestone == Milestone::done() {
                    true => name(edge.needed).to_owned(),
                    false => format!("{}:{}", name(edge.needed), edge.milestone),
                };
                format!("`{}` needs `{need}`", name(edge.node))
            })
            .collect();
        let first = pairs.first();
        let place = first.and_then(|edge| {
            let node = nodes.get(edge.node as usize)?;
            Some(node.settled.place.at("needs").at(edge.written))
        });
        if let Some(place) = place {
            let message = format!("These nodes wait for each other: {}.", told.join(", "));
            found.push(place.error("cycle", message, "take one of these needs away"));
        }
    }
}

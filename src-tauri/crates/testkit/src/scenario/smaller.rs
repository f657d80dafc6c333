//! The same with a little less in it.

use std::collections::BTreeSet;

use gantry_model::{
    id::NodeId,
    release::{
        Release,
        strategy::{Contract, Strategy},
    },
};

use gantry_simulation::signal::Signals;

use super::{Scenario, honesty};

/// Walks what is smaller by one cut: the deep cuts first.
pub(super) fn than(whole: &Scenario) -> impl Iterator<Item = Scenario> {
    let nodes: Vec<NodeId> = whole.release.nodes.keys().cloned().collect();
    let halves = [2, 4, 8]
        .into_iter()
        .filter(|parts| nodes.len() > parts * 2)
        .flat_map(|parts| nodes.chunks(nodes.len().div_ceil(parts)))
        .map(|part| without(whole, part.iter().collect()))
        .collect::<Vec<_>>();
    let ones = nodes.iter().map(|node| without(whole, [node].into()));
    let ones: Vec<Scenario> = ones.filter(|_| nodes.len() > 1).collect();
    let cut = |apply: fn(&mut Scenario, usize), count: usize| {
        let cut = move |at| {
            let mut less = whole.clone();
            apply(&mut less, at);
            less.platform = honesty(&less.faults);
            less
        };
        (0..count).map(cut)
    };
    let parts = cut(
        |s, at| drop(s.faults.rules.remove(at)),
        whole.faults.rules.len(),
    )
    .chain(cut(|s, at| drop(s.orders.remove(at)), whole.orders.len()))
    .chain(cut(|s, at| _ = s.upsets.remove(at), whole.upsets.len()))
    .chain(cut(|s, at| _ = s.crashes.remove(at), whole.crashes.len()))
    .chain(cut(
        |s, _| s.release.window = None,
        usize::from(whole.release.window.is_some()),
    ))
    .chain(cut(
        |s, _| s.signals = Signals::default(),
        usize::from(whole.signals != Signals::default()),
    ))
    .chain(cut(
        |s, _| {
            s.release
                .nodes
                .values_mut()
                .for_each(|node| node.judge = None)
        },
        usize::from(
            whole
                .release
                .nodes
                .values()
                .any(|node| node.judge.is_some()),
        ),
    ))
    .collect::<Vec<_>>();
    halves.into_iter().chain(parts).chain(ones)
}

/// Takes nodes out; what needed one of them needs it no more.
fn without(whole: &Scenario, gone: BTreeSet<&NodeId>) -> Scenario {
    let mut less = whole.clone();
    cut_nodes(&mut less.release, &gone);
    less
}

fn cut_nodes(release: &mut Release, gone: &BTreeSet<&NodeId>) {
    release.nodes.retain(|id, _| !gone.contains(id));
    for node in release.nodes.values_mut() {
        node.needs.retain(|need| !gone.contains(&need.node));
        if let Some(contract) = node.strategy.as_mut().and_then(contract) {
            contract.after.retain(|id| !gone.contains(id));
        }
    }
}

fn contract(strategy: &mut Strategy) -> Option<&mut Contract> {
    match strategy {
        Strategy::ExpandContract(settings) => settings.contract.as_mut(),
        Strategy::ShadowWrites(settings) => settings.contract.as_mut(),
        Strategy::Recreate(_)
        | Strategy::Rolling(_)
        | Strategy::BlueGreen(_)
        | Strategy::Canary(_)
        | Strategy::Progressive(_) => None,
    }
}

//! Points for risk, each with the fact that it stands for.

use std::fmt;

use gantry_model::{
    id::Version,
    plan::{Action, Undo},
    release::{node::Kind, strategy::StrategyName},
};

use crate::{
    assemble::Assembled,
    kind_word,
    requirement::semantic,
    settled::{Deployment, Settled},
};

/// A fact and how many points of a hundred it weighs.
pub(super) struct Fact {
    pub(super) points: u32,
    what: String,
}

impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (+{})", self.what, self.points)
    }
}

fn fact(points: u32, what: impl Into<String>) -> Fact {
    let what = what.into();
    Fact { points, what }
}

/// Lists the facts that make a node risky.
pub(super) fn facts(plan: &Assembled<'_>, at: u32, settled: &Settled<'_>) -> Vec<Fact> {
    let serves = matches!(settled.node.kind, Kind::App | Kind::Config);
    let mut facts = vec![of_kind(settled.node.kind)];
    let dependents = plan.graph.dependents(at).len();
    if dependents > 0 {
        let points = u32::try_from(dependents)
            .unwrap_or(u32::MAX)
            .saturating_mul(4)
            .min(20);
        let noun = if dependents == 1 {
            "node needs"
        } else {
            "nodes need"
        };
        facts.push(fact(points, format!("{dependents} {noun} it")));
    }
    facts.extend(of_strategy(settled.name));
    let steps = plan.steps_of(at);
    if steps.iter().any(|step| step.undo == Undo::Never) {
        facts.push(fact(20, "It has a step that cannot be undone"));
    }
    if steps
        .iter()
        .any(|step| step.action == Action::Run && step.undo == Undo::None)
    {
        facts.push(fact(15, "Nobody said how it is undone"));
    }
    facts.extend(of_version(settled));
    if settled.deployment == Deployment::First {
        facts.push(fact(
            10,
            "It is deployed for the first time, so that nothing can be compared",
        ));
    }
    if serves && settled.health.is_none() {
        facts.push(fact(10, "No health check is declared"));
    }
    facts
}

fn of_kind(kind: Kind) -> Fact {
    let points = match kind {
        Kind::Database => 30,
        Kind::App => 20,
        Kind::Config => 15,
        Kind::Flag | Kind::Task => 10,
    };
    fact(points, format!("Its kind is {}", kind_word(kind)))
}

fn of_strategy(name: StrategyName) -> Option<Fact> {
    match name {
        StrategyName::Recreate => Some(fact(20, "Recreate has an outage in both directions")),
        StrategyName::Rolling => Some(fact(10, "Rolling goes back batch by batch")),
        // These go back at once, or say of each phase what it risks.
        StrategyName::BlueGreen
        | StrategyName::Canary
        | StrategyName::Progressive
        | StrategyName::ExpandContract
        | StrategyName::ShadowWrites
        | StrategyName::Run => None,
    }
}

fn of_version(settled: &Settled<'_>) -> Option<Fact> {
    let new = &settled.node.version.as_ref()?.to;
    let old = settled.old_version.as_ref()?;
    let change = |points, size: &str| Some(fact(points, format!("{old} → {new} is {size}")));
    match size(old, new) {
        Size::Same => None,
        Size::Patch => change(3, "a patch"),
        Size::Minor => change(8, "a minor version"),
        Size::Major => change(15, "a major version"),
        Size::Backward => change(10, "a step back"),
        Size::Unclear => change(10, "a change of unknown size"),
    }
}

/// How large a change of version is.
enum Size {
    Same,
    Patch,
    Minor,
    Major,
    Backward,
    Unclear,
}

fn size(old: &Version, new: &Version) -> Size {
    let (Some(before), Some(after)) = (semantic(old), semantic(new)) else {
        return if old == new {
            Size::Same
        } else {
            Size::Unclear
        };
    };
    match () {
        () if before == after => Size::Same,
        () if after < before => Size::Backward,
        () if before.major != after.major => Size::Major,
        () if before.minor != after.minor => Size::Minor,
        () => Size::Patch,
    }
}

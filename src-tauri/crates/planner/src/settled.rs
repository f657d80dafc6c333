//! A node with everything filled in that the release leaves to defaults or to the planner.

use gantry_model::{
    id::{NodeId, ServiceName, Version},
    release::{
        Release,
        check::{Health, Judge},
        node::{Kind, Node},
        strategy::{Strategy, StrategyName},
    },
};

use crate::{Observations, place::Place, recommend};

/// Whether an older version runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Deployment {
    /// Nothing of the service runs yet.
    First,
    /// An older version runs.
    Change,
}

/// A node of the release, ready to be compiled.
#[derive(Debug)]
pub(crate) struct Settled<'a> {
    pub(crate) id: &'a NodeId,
    pub(crate) node: &'a Node,
    pub(crate) place: Place,
    pub(crate) service: ServiceName,
    /// Declared or recommended; `None` for tasks, and for databases whose files nobody named.
    pub(crate) strategy: Option<Strategy>,
    pub(crate) name: StrategyName,
    pub(crate) health: Option<Health>,
    pub(crate) judge: Option<Judge>,
    pub(crate) deployment: Deployment,
    /// What runs before: declared, or else observed.
    pub(crate) old_version: Option<Version>,
}

impl<'a> Settled<'a> {
    /// Fills in what the node leaves open.
    pub(crate) fn new(
        release: &'a Release,
        observations: &Observations,
        (id, node): (&'a NodeId, &'a Node),
    ) -> Self {
        let strategy = match (&node.strategy, node.kind) {
            (Some(strategy), _) => Some(strategy.clone()),
            (None, Kind::Task) => None,
            (None, Kind::App | Kind::Config | Kind::Database | Kind::Flag) => {
                recommend::settings(recommend::strategy(release, node))
            }
        };
        let observed = observations.running.get(id);
        let first = observed.is_some_and(|baseline| baseline.is_first_deployment());
        let declared = node
            .version
            .as_ref()
            .and_then(|version| version.from.clone());
        let serves = matches!(node.kind, Kind::App | Kind::Config);
        let judged = serves || node.kind == Kind::Flag;
        let defaults = &release.defaults;
        Self {
            id,
            node,
            place: Place::of_node(id),
            service: service_of(id, node),
            name: name_of(node.kind, strategy.as_ref()),
            strategy,
            health: inherited(&node.health, &defaults.health, serves),
            judge: inherited(&node.judge, &defaults.judge, judged),
            deployment: if first && serves {
                Deployment::First
            } else {
                Deployment::Change
            },
            old_version: declared.or_else(|| observed.and_then(|o| o.version.clone())),
        }
    }
}

fn inherited<T: Clone>(own: &Option<T>, default: &Option<T>, applies: bool) -> Option<T> {
    let default = default.as_ref().filter(|_| applies);
    own.as_ref().or(default).cloned()
}

fn name_of(kind: Kind, strategy: Option<&Strategy>) -> StrategyName {
    match (kind, strategy) {
        (Kind::Task, _) => StrategyName::Run,
        (_, Some(strategy)) => strategy.name(),
        (Kind::Database, None) => StrategyName::ExpandContract,
        (Kind::Flag, None) => StrategyName::Progressive,
        (Kind::App | Kind::Config, None) => StrategyName::Recreate,
    }
}

/// Gives the service of a node; its own id where nothing is said.
fn service_of(id: &NodeId, node: &Node) -> ServiceName {
    node.service.clone().unwrap_or_else(|| id.into())
}

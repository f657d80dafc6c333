//! Triggers: declared ones, and the guardrails that metrics bring along.

use gantry_model::{
    id::Version,
    plan::{NodeIndex, PlannedTrigger},
    release::{
        OnFailure, Release,
        check::{Reaction, Trigger},
        metric::Metric,
    },
    unit::Span,
};

use crate::{known::Directory, needs::Compiled, settled::Settled};

/// Lists the triggers of the release, then those of each node with its guardrails.
pub(crate) fn planned(release: &Release, nodes: &[Compiled<'_>]) -> Vec<PlannedTrigger> {
    let directory = Directory::of(nodes.iter().map(|node| node.settled));
    let whole = release.triggers.iter().map(|trigger| PlannedTrigger {
        node: named_node(trigger, &directory),
        version: neighbour(release, trigger),
        trigger: trigger.clone(),
        then: trigger.then,
        source: None,
    });
    let own = nodes.iter().zip(0_u32..).flat_map(|(node, at)| {
        let declared = node.settled.node.triggers.iter().cloned();
        let implied = guardrails(release, node.settled);
        declared.chain(implied).map(move |trigger| PlannedTrigger {
            node: Some(NodeIndex(at)),
            version: neighbour(release, &trigger),
            then: trigger.then,
            trigger,
            source: None,
        })
    });
    whole.chain(own).collect()
}

/// The version of a service that the release does not change.
fn neighbour(release: &Release, trigger: &Trigger) -> Option<Version> {
    release.services.get(trigger.of.as_ref()?).cloned()
}

/// A trigger of the release that rolls one node back belongs to the node of its service.
fn named_node(trigger: &Trigger, directory: &Directory<'_>) -> Option<NodeIndex> {
    let of = trigger
        .of
        .as_ref()
        .filter(|_| trigger.then == Reaction::RollbackNode)?;
    directory.of_service(of).first().copied().map(NodeIndex)
}

/// The limits of the metrics that judge a node trip alone, without being listed.
fn guardrails(release: &Release, settled: &Settled<'_>) -> Vec<Trigger> {
    let then = reaction(release, settled);
    let judged = settled.judge.iter().flat_map(|judge| &judge.metrics);
    let limits = judged.filter_map(|name| Some((name, release.metrics.get(name)?)));
    let limited = limits.filter(|(_, metric)| has_limit(metric));
    limited
        .map(|(name, metric)| Trigger {
            metric: Some(name.clone()),
            alert: Default::default(),
            of: Some(settled.service.clone()),
            above: metric.never_above.clone(),
            below: metric.never_below.clone(),
            lasting: Span::ZERO,
            then,
        })
        .collect()
}

fn has_limit(metric: &Metric) -> bool {
    !metric.observe && (metric.never_above.is_some() || metric.never_below.is_some())
}

fn reaction(release: &Release, settled: &Settled<'_>) -> Reaction {
    let declared = settled.node.on_failure.or(release.defaults.on_failure);
    match declared.unwrap_or(release.policy.on_failure) {
        OnFailure::RollbackRelease => Reaction::RollbackRelease,
        OnFailure::RollbackNode => Reaction::RollbackNode,
        // A version past its guardrail is not left alone with its users.
        OnFailure::Hold | OnFailure::Continue => Reaction::Hold,
    }
}

//! What runs before the first change: observed, never inferred.

use std::collections::{BTreeMap, BTreeSet};

use gantry_model::{
    id::Version,
    platform::{Baseline, Instance, RouteState},
    unit::Weight,
};
use gantry_port::fault::{Fault, FaultKind};

use crate::{
    deployment::{Deployment, is_live},
    scene::Scene,
};

/// Reads what runs and what the router does.
pub(super) async fn take(deployment: &Deployment<'_>) -> Result<Baseline, Fault> {
    let mut instances = deployment.instances().await?;
    instances.sort_by(|a, b| a.id.cmp(&b.id));
    let route = match &deployment.backend {
        Some(backend) => Some(backend.router.observe(backend.name).await?),
        None => None,
    };
    let version = serving(deployment.scene, &instances, route.as_ref())?;
    Ok(Baseline {
        version,
        instances,
        route,
        ..Baseline::default()
    })
}

/// Compares what serves with what the release expects to replace.
pub(super) fn check_version(scene: &Scene<'_>, baseline: &Baseline) -> Result<(), Fault> {
    let expected = scene
        .node
        .version
        .as_ref()
        .and_then(|version| version.from.as_ref());
    let Some(expected) = expected else {
        return Ok(());
    };
    if baseline.version.as_ref() == Some(expected) {
        return Ok(());
    }
    let service = &scene.node.service;
    let environment = &scene.operation.plan.environment;
    let message = match &baseline.version {
        Some(runs) => {
            format!("{service} {runs} serves in {environment}; the release expects {expected}")
        }
        None => {
            format!("nothing of {service} runs in {environment}; the release expects {expected}")
        }
    };
    Err(Fault::refused(message))
}

/// Says which version serves: the one that the router sends traffic to, or else the one that runs.
fn serving(
    scene: &Scene<'_>,
    instances: &[Instance],
    route: Option<&RouteState>,
) -> Result<Option<Version>, Fault> {
    let routed = route
        .map(|route| routed(instances, route))
        .unwrap_or_default();
    let live: BTreeSet<&Version> = instances
        .iter()
        .filter(|i| is_live(i))
        .map(|i| &i.version)
        .collect();
    let candidates = if routed.is_empty() { live } else { routed };
    let mut candidates = candidates.into_iter();
    match (candidates.next(), candidates.next()) {
        (None, _) => Ok(None),
        (Some(version), None) => Ok(Some(version.clone())),
        (Some(one), Some(other)) => {
            let service = &scene.node.service;
            let message = format!(
                "{service} {one} and {other} serve at once: finish or roll back what is under way first"
            );
            Err(Fault::new(FaultKind::Conflict, message))
        }
    }
}

/// Gives the versions that the router sends traffic to.
fn routed<'a>(instances: &'a [Instance], route: &RouteState) -> BTreeSet<&'a Version> {
    let versions: BTreeMap<&str, &Version> = instances
        .iter()
        .filter(|instance| is_live(instance))
        .filter_map(|instance| Some((instance.address.as_deref()?, &instance.version)))
        .collect();
    let serving = route
        .servers
        .iter()
        .filter(|server| server.commanded > Weight::ZERO);
    serving
        .filter_map(|server| versions.get(server.address.as_str()).copied())
        .collect()
}

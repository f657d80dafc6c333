//! Taking the old version away, so that it can still come back.

use std::collections::BTreeSet;

use gantry_model::{
    id::Version,
    operation::{Evidence, Sighting},
    unit::Weight,
};
use gantry_port::fault::Fault;

use crate::{
    deployment::{Deployment, is_live},
    recreate::has_all_traffic,
    traffic::{arm, route},
};

/// Drains and stops the old version and keeps it stopped; removes the generations before it.
pub(crate) async fn perform(deployment: &Deployment<'_>) -> Result<Evidence, Fault> {
    let live = deployment.live(deployment.new).await?;
    if let Some(backend) = &deployment.backend {
        let all = arm(deployment.new, &live, Weight::FULL);
        route(deployment, backend, &[all]).await?;
    }
    if let Some(old) = deployment.old() {
        if live.is_empty() {
            let message = format!(
                "{old} stays: nothing of {} runs in its place",
                deployment.new
            );
            return Err(Fault::refused(message));
        }
        deployment.scale_old(old, 0).await?;
    }
    let removed = remove_older(deployment).await?;
    let service = &deployment.scene.node.service;
    let mut evidence = Evidence::sentence(match deployment.old() {
        Some(old) => format!("{service} {old} is stopped and kept"),
        None => format!("{service} had no old version"),
    });
    if !removed.is_empty() {
        evidence.facts.insert("removed".into(), removed.into());
    }
    Ok(evidence)
}

/// Says whether the old version is stopped and the new one has all traffic.
pub(crate) async fn observe(deployment: &Deployment<'_>) -> Result<Sighting, Fault> {
    let running = match deployment.old() {
        Some(old) => deployment.live(old).await?,
        None => Vec::new(),
    };
    if !running.is_empty() || !has_all_traffic(deployment).await? {
        return Ok(Sighting::NotApplied);
    }
    let evidence = Evidence::sentence("nothing of the old version runs");
    Ok(Sighting::Applied { evidence })
}

/// Removes versions that are neither old nor new and of which nothing runs.
async fn remove_older(deployment: &Deployment<'_>) -> Result<Vec<String>, Fault> {
    let instances = deployment.instances().await?;
    let versions: BTreeSet<&Version> = instances.iter().map(|i| &i.version).collect();
    let mut removed = Vec::new();
    for version in versions {
        let kept = version == deployment.new || deployment.old() == Some(version);
        let runs = instances
            .iter()
            .any(|i| i.version == *version && is_live(i));
        if !kept && !runs {
            let revision = deployment.revision(version);
            deployment
                .platform
                .remove(&deployment.scene.call, &revision)
                .await?;
            removed.push(version.to_string());
        }
    }
    Ok(removed)
}

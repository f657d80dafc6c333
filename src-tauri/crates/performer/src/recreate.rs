//! Stopping the old version, then starting the new one.

use gantry_model::{
    operation::{Evidence, Sighting},
    unit::Weight,
};
use gantry_port::fault::Fault;

use crate::{
    deployment::{Deployment, addresses},
    health::{look, until_well},
    sample::Looks,
    stage::started,
    traffic::{arm, is_so, route},
};

/// Drains and stops the old version.
pub(crate) async fn stop_old(deployment: &Deployment<'_>) -> Result<Evidence, Fault> {
    let Some(old) = deployment.old() else {
        return Ok(Evidence::sentence("there is no old version to stop"));
    };
    let staying = deployment.live(deployment.new).await?;
    if let Some(backend) = &deployment.backend
        && staying.is_empty()
    {
        route(deployment, backend, &[]).await?;
    }
    deployment.scale_old(old, 0).await?;
    let service = &deployment.scene.node.service;
    Ok(Evidence::sentence(format!(
        "{service} {old} is stopped and kept"
    )))
}

/// Says whether the old version is stopped.
pub(crate) async fn observe_stop(deployment: &Deployment<'_>) -> Result<Sighting, Fault> {
    let running = match deployment.old() {
        Some(old) => deployment.live(old).await?,
        None => Vec::new(),
    };
    if !running.is_empty() {
        return Ok(Sighting::NotApplied);
    }
    let evidence = Evidence::sentence("nothing of the old version runs");
    Ok(Sighting::Applied { evidence })
}

/// Starts the new version and gives it all traffic as soon as it is well.
pub(crate) async fn start_new(
    deployment: &Deployment<'_>,
    replicas: u32,
    looks: &Looks,
) -> Result<Evidence, Fault> {
    let instances = deployment.scale_new(replicas).await?;
    until_well(deployment, deployment.new, replicas, 1).await?;
    if let Some(backend) = &deployment.backend {
        let live = deployment.live(deployment.new).await?;
        let all = arm(deployment.new, &live, Weight::FULL);
        let state = route(deployment, backend, &[all]).await?;
        looks.keep(deployment.scene, &state);
    }
    Ok(started(deployment, deployment.new, &instances))
}

/// Says whether the new version runs and has all traffic.
pub(crate) async fn observe_start(
    deployment: &Deployment<'_>,
    replicas: u32,
) -> Result<Sighting, Fault> {
    let seen = look(deployment, deployment.new, replicas).await?;
    if !(seen.is_good() && has_all_traffic(deployment).await?) {
        return Ok(Sighting::NotApplied);
    }
    let evidence = Evidence::sentence(seen.sentence(deployment, deployment.new));
    Ok(Sighting::Applied { evidence })
}

/// Says whether the router, if there is one, sends everything to the new version.
pub(crate) async fn has_all_traffic(deployment: &Deployment<'_>) -> Result<bool, Fault> {
    let Some(backend) = &deployment.backend else {
        return Ok(true);
    };
    let live = deployment.live(deployment.new).await?;
    let state = backend.router.observe(backend.name).await?;
    let all = arm(deployment.new, &live, Weight::FULL);
    Ok(!addresses(&live).is_empty() && is_so(&state, &all))
}

//! Bringing the old instances back.

use gantry_model::{
    id::Version,
    operation::{Evidence, Sighting},
    unit::Weight,
};
use gantry_port::fault::Fault;

use crate::{
    deployment::Deployment,
    health::{look, until_well},
    stage::{stands, started},
    traffic::{are_so, arm, route},
};

/// Starts the old version, retired since, without giving it traffic yet.
pub(crate) async fn restage(deployment: &Deployment<'_>) -> Result<Evidence, Fault> {
    match &deployment.baseline.version {
        Some(old) => start(deployment, old).await,
        None => Ok(nothing_before()),
    }
}

/// Says whether the old version stands ready again.
pub(crate) async fn observe_restaged(deployment: &Deployment<'_>) -> Result<Sighting, Fault> {
    match &deployment.baseline.version {
        Some(old) => stands(deployment, old, deployment.old_count()).await,
        None => Ok(applied(nothing_before())),
    }
}

/// Starts the old instances, gives them all traffic, and stops the new ones. Where two versions
/// cannot run beside each other, the new ones are stopped first.
pub(crate) async fn restore(deployment: &Deployment<'_>) -> Result<Evidence, Fault> {
    let Some(old) = &deployment.baseline.version else {
        turn_away(deployment).await?;
        stop_new(deployment).await?;
        return Ok(nothing_before());
    };
    if !deployment.platform.capabilities().side_by_side {
        turn_away(deployment).await?;
        stop_new(deployment).await?;
    }
    let evidence = start(deployment, old).await?;
    if let Some(backend) = &deployment.backend {
        let before = deployment.live(old).await?;
        route(deployment, backend, &[arm(old, &before, Weight::FULL)]).await?;
    }
    stop_new(deployment).await?;
    Ok(evidence)
}

/// Says whether the old instances run and serve, and the new ones do not.
pub(crate) async fn observe(deployment: &Deployment<'_>) -> Result<Sighting, Fault> {
    let new = deployment.live(deployment.new).await?;
    let stopped = new.is_empty() || deployment.served_before();
    let Some(old) = &deployment.baseline.version else {
        return Ok(match stopped {
            true => applied(nothing_before()),
            false => Sighting::NotApplied,
        });
    };
    let seen = look(deployment, old, deployment.old_count()).await?;
    if !(stopped && seen.is_good() && serves(deployment, old).await?) {
        return Ok(Sighting::NotApplied);
    }
    Ok(applied(Evidence::sentence(seen.sentence(deployment, old))))
}

async fn start(deployment: &Deployment<'_>, old: &Version) -> Result<Evidence, Fault> {
    let count = deployment.old_count();
    let instances = deployment.scale_old(old, count).await?;
    until_well(deployment, old, count, 1).await?;
    Ok(started(deployment, old, &instances))
}

async fn serves(deployment: &Deployment<'_>, old: &Version) -> Result<bool, Fault> {
    let Some(backend) = &deployment.backend else {
        return Ok(true);
    };
    let before = deployment.live(old).await?;
    let state = backend.router.observe(backend.name).await?;
    Ok(are_so(&state, &[arm(old, &before, Weight::FULL)]))
}

async fn turn_away(deployment: &Deployment<'_>) -> Result<(), Fault> {
    if let Some(backend) = &deployment.backend {
        route(deployment, backend, &[]).await?;
    }
    Ok(())
}

async fn stop_new(deployment: &Deployment<'_>) -> Result<(), Fault> {
    if !deployment.served_before() {
        deployment.scale_new(0).await?;
    }
    Ok(())
}

fn nothing_before() -> Evidence {
    Evidence::sentence("nothing ran before")
}

fn applied(evidence: Evidence) -> Sighting {
    Sighting::Applied { evidence }
}

//! Replacing one batch of old instances by new ones.

use gantry_model::{
    operation::{Evidence, Sighting},
    platform::{Arm, Instance},
    unit::Weight,
};
use gantry_port::fault::Fault;

use crate::{
    deployment::{Deployment, addresses},
    health::{look, until_well},
    sample::Looks,
    stage::started,
    traffic::{are_so, arm, route},
};

/// Starts the batch, gives it its part of the traffic, and only then stops what it replaces.
/// Where two versions cannot run beside each other, the old ones are stopped first.
pub(crate) async fn perform(
    deployment: &Deployment<'_>,
    replicas: u32,
    looks: &Looks,
) -> Result<Evidence, Fault> {
    let side_by_side = deployment.platform.capabilities().side_by_side;
    if !side_by_side {
        stop_replaced(deployment, replicas, looks).await?;
    }
    let instances = deployment.scale_new(replicas).await?;
    until_well(deployment, deployment.new, replicas, 1).await?;
    stop_replaced(deployment, replicas, looks).await?;
    Ok(started(deployment, deployment.new, &instances))
}

/// Says whether the batch runs, has its part, and what it replaces does not run.
pub(crate) async fn observe(deployment: &Deployment<'_>, replicas: u32) -> Result<Sighting, Fault> {
    let seen = look(deployment, deployment.new, replicas).await?;
    let staying = staying(deployment, replicas).await?;
    let stopped = staying.len() == running_old(deployment).await?.len();
    let routed = match &deployment.backend {
        Some(backend) => {
            let state = backend.router.observe(backend.name).await?;
            are_so(&state, &arms(deployment, &staying).await?)
        }
        None => true,
    };
    if !(seen.is_good() && stopped && routed) {
        return Ok(Sighting::NotApplied);
    }
    let evidence = Evidence::sentence(seen.sentence(deployment, deployment.new));
    Ok(Sighting::Applied { evidence })
}

/// Takes the replaced instances out of the router, lets their requests end, and stops them.
async fn stop_replaced(
    deployment: &Deployment<'_>,
    replicas: u32,
    looks: &Looks,
) -> Result<(), Fault> {
    let expected = staying(deployment, replicas).await?;
    share(deployment, &expected, looks).await?;
    let Some(old) = deployment.old() else {
        return Ok(());
    };
    let count = u32::try_from(expected.len()).unwrap_or(u32::MAX);
    deployment.scale_old(old, count).await?;
    let staying = running_old(deployment).await?;
    if addresses(&staying) != addresses(&expected) {
        // The platform chose others to stop than the router was told.
        share(deployment, &staying, looks).await?;
    }
    Ok(())
}

async fn share(
    deployment: &Deployment<'_>,
    staying: &[Instance],
    looks: &Looks,
) -> Result<(), Fault> {
    let Some(backend) = &deployment.backend else {
        return Ok(());
    };
    let arms = arms(deployment, staying).await?;
    let state = route(deployment, backend, &arms).await?;
    looks.keep(deployment.scene, &state);
    Ok(())
}

/// Gives every instance an equal part.
async fn arms(deployment: &Deployment<'_>, staying: &[Instance]) -> Result<Vec<Arm>, Fault> {
    let new = deployment.live(deployment.new).await?;
    let points = new.len() * 10_000 / (new.len() + staying.len()).max(1);
    let share = u16::try_from(points)
        .ok()
        .and_then(Weight::from_basis_points);
    let share = share.unwrap_or(Weight::FULL);
    let mut arms = Vec::new();
    if let Some(old) = deployment.old().filter(|_| !staying.is_empty()) {
        arms.push(arm(old, staying, share.complement()));
    }
    if !new.is_empty() {
        arms.push(arm(deployment.new, &new, share));
    }
    Ok(arms)
}

/// Says which old instances stay beside so many new ones: the first by id, as platforms stop the
/// last first.
async fn staying(deployment: &Deployment<'_>, replicas: u32) -> Result<Vec<Instance>, Fault> {
    let left = match replicas < deployment.spec.replicas {
        true => deployment.old_count().saturating_sub(replicas),
        false => 0,
    };
    let mut running = running_old(deployment).await?;
    running.truncate(usize::try_from(left).unwrap_or(usize::MAX));
    Ok(running)
}

async fn running_old(deployment: &Deployment<'_>) -> Result<Vec<Instance>, Fault> {
    match deployment.old() {
        Some(old) => deployment.live(old).await,
        None => Ok(Vec::new()),
    }
}

//! Taking the new version away, once nobody is sent to it.

use gantry_model::{
    operation::{Evidence, Sighting},
    unit::Weight,
};
use gantry_port::fault::{Fault, FaultKind};

use crate::{
    deployment::{Deployment, addresses},
    traffic::{arm, route, share_of},
};

/// Removes the new version; never what served before, and never what serves now.
pub(crate) async fn perform(deployment: &Deployment<'_>) -> Result<Evidence, Fault> {
    let (service, new) = (&deployment.scene.node.service, deployment.new);
    if deployment.served_before() {
        return Ok(Evidence::sentence(format!(
            "{service} {new} ran before and stays"
        )));
    }
    take_out(deployment).await?;
    let revision = deployment.revision(new);
    deployment
        .platform
        .remove(&deployment.scene.call, &revision)
        .await?;
    if let Some(old) = deployment.old() {
        // A fresh old version that was only there to be compared with goes as well.
        deployment.scale_old(old, deployment.old_count()).await?;
    }
    Ok(Evidence::sentence(format!("{service} {new} is removed")))
}

/// Says whether nothing of the new version is left.
pub(crate) async fn observe(deployment: &Deployment<'_>) -> Result<Sighting, Fault> {
    let instances = deployment.instances().await?;
    let left = instances
        .iter()
        .any(|instance| instance.version == *deployment.new);
    let more = match deployment.old() {
        // What was only there to be compared with goes as well.
        Some(old) => deployment.live(old).await?.len() > deployment.old_count() as usize,
        None => false,
    };
    if (left || more) && !deployment.served_before() {
        return Ok(Sighting::NotApplied);
    }
    let evidence = Evidence::sentence("nothing of the new version is left");
    Ok(Sighting::Applied { evidence })
}

/// Takes the new version's servers out of the router, which has to send them nothing by now.
async fn take_out(deployment: &Deployment<'_>) -> Result<(), Fault> {
    let Some(backend) = &deployment.backend else {
        return Ok(());
    };
    let Some(old) = deployment.old() else {
        // Nothing served before: going back is to serve nobody.
        route(deployment, backend, &[]).await?;
        return Ok(());
    };
    let mut new = deployment.instances().await?;
    new.retain(|instance| instance.version == *deployment.new);
    let state = backend.router.observe(backend.name).await?;
    let share = share_of(&state, &addresses(&new));
    if share > Weight::ZERO {
        let message = format!(
            "{} still has {share} of the traffic of `{}` and is not removed",
            deployment.new, backend.name
        );
        return Err(Fault::new(FaultKind::Conflict, message));
    }
    let mut before = deployment.live(old).await?;
    before.truncate(usize::try_from(deployment.old_count()).unwrap_or(usize::MAX));
    route(deployment, backend, &[arm(old, &before, Weight::FULL)]).await?;
    Ok(())
}

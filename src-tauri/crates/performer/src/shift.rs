//! Giving the new version a share of the traffic.

use gantry_model::{
    operation::{Evidence, Sighting},
    platform::Arm,
    unit::Weight,
};
use gantry_port::fault::{Fault, FaultKind};

use crate::{
    deployment::{Backend, Deployment, addresses},
    sample::Looks,
    traffic::{are_so, arm, measure, note_shares, route},
};

/// Shares the traffic between old and new, reads the shares back and measures them.
pub(crate) async fn perform(
    deployment: &Deployment<'_>,
    weight: Weight,
    looks: &Looks,
) -> Result<Evidence, Fault> {
    let backend = backend(deployment)?;
    let arms = arms(deployment, weight).await?;
    let state = route(deployment, backend, &arms).await?;
    looks.keep(deployment.scene, &state);
    let new = addresses(&deployment.live(deployment.new).await?);
    let counted = measure(deployment, backend, &state, &new).await;
    let service = &deployment.scene.node.service;
    let (version, name) = (deployment.new, backend.name);
    let share = if deployment.old().is_none() {
        Weight::FULL
    } else {
        weight
    };
    let mut evidence = Evidence::sentence(format!(
        "{service} {version} has {share} of the traffic of `{name}`{}",
        counted.words()
    ));
    note_shares(&mut evidence, share, counted);
    Ok(evidence)
}

/// Says whether the router shares the traffic in this way.
pub(crate) async fn observe(
    deployment: &Deployment<'_>,
    weight: Weight,
) -> Result<Sighting, Fault> {
    let backend = backend(deployment)?;
    let arms = arms(deployment, weight).await?;
    let state = backend.router.observe(backend.name).await?;
    if arms
        .iter()
        .any(|arm| arm.addresses.is_empty() && arm.share > Weight::ZERO)
        || !are_so(&state, &arms)
    {
        return Ok(Sighting::NotApplied);
    }
    let mut evidence = Evidence::sentence("the router has these shares");
    evidence
        .facts
        .insert("commanded_bp".into(), weight.basis_points().into());
    Ok(Sighting::Applied { evidence })
}

/// Gives the backend of a node that must have one.
pub(crate) fn backend<'b>(deployment: &'b Deployment<'_>) -> Result<&'b Backend<'b>, Fault> {
    deployment.backend.as_ref().ok_or_else(|| {
        let node = &deployment.scene.node.id;
        let message = format!("`{node}` has no router whose traffic could be shifted");
        Fault::new(FaultKind::Unsupported, message)
    })
}

/// Gives both versions their arms. With nothing old to share with, the new one has all.
async fn arms(deployment: &Deployment<'_>, weight: Weight) -> Result<Vec<Arm>, Fault> {
    let new = deployment.live(deployment.new).await?;
    let Some(old) = deployment.old() else {
        return Ok(vec![arm(deployment.new, &new, Weight::FULL)]);
    };
    let before = deployment.live(old).await?;
    Ok(vec![
        arm(old, &before, weight.complement()),
        arm(deployment.new, &new, weight),
    ])
}

//! Looking at health until it is good enough often enough.

use gantry_model::{id::Version, operation::Evidence};
use gantry_port::fault::Fault;

use crate::{deployment::Deployment, health::until_well};

/// Looks at the new version: all of its instances, never most of them.
pub(crate) async fn perform(deployment: &Deployment<'_>) -> Result<Evidence, Fault> {
    all_of(deployment, deployment.new, deployment.new_count()).await
}

/// Looks at the old version after a rollback.
pub(crate) async fn perform_old(deployment: &Deployment<'_>) -> Result<Evidence, Fault> {
    match &deployment.baseline.version {
        Some(old) => all_of(deployment, old, deployment.old_count()).await,
        None => Ok(Evidence::sentence(
            "nothing ran before that could be looked at",
        )),
    }
}

async fn all_of(
    deployment: &Deployment<'_>,
    version: &Version,
    wanted: u32,
) -> Result<Evidence, Fault> {
    let health = deployment.scene.node.health.as_ref();
    let consecutive = health.map_or(1, |health| health.consecutive);
    let look = until_well(deployment, version, wanted, consecutive).await?;
    let mut evidence = Evidence::sentence(look.sentence(deployment, version));
    evidence.facts.insert("healthy".into(), look.well.into());
    evidence.facts.insert("wanted".into(), look.wanted.into());
    Ok(evidence)
}

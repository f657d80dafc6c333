//! Starting a version without traffic.

use gantry_model::{
    id::Version,
    operation::{Evidence, Sighting},
    platform::Instance,
};
use gantry_port::fault::Fault;

use crate::{
    deployment::Deployment,
    health::{look, until_well},
};

/// Starts the new version and waits until it could take traffic: a share given to an instance
/// that is still starting would be an outage of our own making.
pub(crate) async fn perform(deployment: &Deployment<'_>, replicas: u32) -> Result<Evidence, Fault> {
    let instances = deployment.scale_new(replicas).await?;
    until_well(deployment, deployment.new, replicas, 1).await?;
    Ok(started(deployment, deployment.new, &instances))
}

/// Says whether the new version stands ready.
pub(crate) async fn observe(deployment: &Deployment<'_>, replicas: u32) -> Result<Sighting, Fault> {
    stands(deployment, deployment.new, replicas).await
}

/// Starts a fresh old version beside the one that serves.
pub(crate) async fn perform_baseline(
    deployment: &Deployment<'_>,
    replicas: u32,
) -> Result<Evidence, Fault> {
    let Some(old) = deployment.old() else {
        return Ok(Evidence::sentence(
            "there is no old version to compare with",
        ));
    };
    let all = deployment.old_count() + replicas;
    let template = deployment.template(old);
    let revision = deployment.revision(old);
    let call = &deployment.scene.call;
    let instances = deployment
        .platform
        .scale(call, &revision, Some(&template), all)
        .await?;
    until_well(deployment, old, all, 1).await?;
    Ok(started(deployment, old, &instances))
}

/// Says whether the fresh old version stands ready.
pub(crate) async fn observe_baseline(
    deployment: &Deployment<'_>,
    replicas: u32,
) -> Result<Sighting, Fault> {
    match deployment.old() {
        Some(old) => stands(deployment, old, deployment.old_count() + replicas).await,
        None => Ok(Sighting::NotApplied),
    }
}

/// Says whether so many instances of a version run and are well.
pub(crate) async fn stands(
    deployment: &Deployment<'_>,
    version: &Version,
    replicas: u32,
) -> Result<Sighting, Fault> {
    let seen = look(deployment, version, replicas).await?;
    if !seen.is_good() {
        return Ok(Sighting::NotApplied);
    }
    let evidence = Evidence::sentence(seen.sentence(deployment, version));
    Ok(Sighting::Applied { evidence })
}

/// Writes down which instances run.
pub(crate) fn started(
    deployment: &Deployment<'_>,
    version: &Version,
    instances: &[Instance],
) -> Evidence {
    let service = &deployment.scene.node.service;
    let count = instances.len();
    let mut evidence = Evidence::sentence(match count {
        1 => format!("1 instance of {service} {version} runs and is healthy"),
        _ => format!("{count} instances of {service} {version} run and are healthy"),
    });
    let ids: Vec<&str> = instances
        .iter()
        .map(|instance| instance.id.as_str())
        .collect();
    evidence.facts.insert("replicas".into(), count.into());
    evidence.facts.insert("instances".into(), ids.into());
    if let Some(digest) = instances
        .iter()
        .find_map(|instance| instance.digest.clone())
    {
        evidence.facts.insert("digest".into(), digest.into());
    }
    evidence
}

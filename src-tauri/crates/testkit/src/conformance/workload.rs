//! What every workload platform promises.

use std::sync::Arc;

use async_trait::async_trait;
use gantry_model::platform::{Instance, InstanceState, Revision, Template};
use gantry_port::{fault::FaultKind, ports::Call, workload::Workload};

use super::{Broken, answer, holds};

/// What the suite needs to know of the platform that it asks.
#[async_trait]
pub trait Environment: Send + Sync {
    /// Gives the platform.
    fn port(&self) -> Arc<dyn Workload>;

    /// Gives the revision of one of two versions, `1` or `2`, of a service that nothing runs of.
    fn revision(&self, version: &str) -> Revision;

    /// Says how instances of that version are made.
    fn template(&self, version: &str) -> Template;

    /// Builds a call; the same word gives the same key.
    fn call(&self, word: &str) -> Result<Call, Broken>;
}

/// Asks everything, in an order in which each promise stands on the ones before.
///
/// # Errors
/// The first promise that is broken.
pub async fn suite(environment: &dyn Environment) -> Result<(), Broken> {
    pins_images(environment).await?;
    makes_what_is_missing(environment).await?;
    makes_nothing_twice(environment).await?;
    keeps_what_is_surplus(environment).await?;
    runs_versions_side_by_side(environment).await?;
    needs_a_template_for_new_instances(environment).await?;
    removes_one_revision_alone(environment).await
}

async fn pins_images(environment: &dyn Environment) -> Result<(), Broken> {
    const PROMISE: &str = "an image is pinned to one digest";
    let (port, template) = (environment.port(), environment.template("1"));
    let first = answer(port.pin(&template).await, PROMISE)?;
    let second = answer(port.pin(&template).await, PROMISE)?;
    holds(
        first == second && !first.is_empty(),
        PROMISE,
        (first, second),
    )
}

async fn makes_what_is_missing(environment: &dyn Environment) -> Result<(), Broken> {
    const PROMISE: &str = "missing instances are made, found by service, and carry their key";
    let before = instances(environment).await?;
    holds(before.is_empty(), "nothing runs of a new service", before)?;
    let made = scale(environment, "make", "1", 2).await?;
    let listed = instances(environment).await?;
    holds(
        live(&listed, "1").len() == 2 && made.len() == 2,
        PROMISE,
        &listed,
    )?;
    let key = environment.call("make")?.key;
    let carried = |instance: &Instance| instance.made_by.as_deref() == Some(key.as_str());
    holds(listed.iter().all(carried), PROMISE, &listed)?;
    let sorted = listed.is_sorted_by(|a, b| a.id < b.id);
    holds(sorted, "instances are listed once each, by id", &listed)?;
    let reachable = listed.iter().all(|instance| instance.address.is_some());
    let promised = environment.port().capabilities().addresses;
    holds(reachable || !promised, "instances have addresses", listed)
}

async fn makes_nothing_twice(environment: &dyn Environment) -> Result<(), Broken> {
    const PROMISE: &str = "asking for what is there changes nothing";
    let before = ids(&instances(environment).await?);
    scale(environment, "make", "1", 2).await?;
    scale(environment, "make-again", "1", 2).await?;
    let after = ids(&instances(environment).await?);
    holds(before == after, PROMISE, (before, after))
}

async fn keeps_what_is_surplus(environment: &dyn Environment) -> Result<(), Broken> {
    const PROMISE: &str = "surplus instances are stopped, kept, and started again as they were";
    let before = ids(&instances(environment).await?);
    scale(environment, "fewer", "1", 1).await?;
    let fewer = instances(environment).await?;
    let stopped = fewer
        .iter()
        .filter(|i| i.state == InstanceState::Stopped)
        .count();
    holds(
        live(&fewer, "1").len() == 1,
        "surplus instances are stopped",
        &fewer,
    )?;
    if !environment.port().capabilities().restart {
        return Ok(());
    }
    holds(stopped == 1, PROMISE, &fewer)?;
    let (call, revision) = (environment.call("more")?, environment.revision("1"));
    let started = environment.port().scale(&call, &revision, None, 2).await;
    answer(started, "stopped instances are started without a template")?;
    let after = instances(environment).await?;
    holds(
        live(&after, "1").len() == 2 && ids(&after) == before,
        PROMISE,
        after,
    )
}

async fn runs_versions_side_by_side(environment: &dyn Environment) -> Result<(), Broken> {
    const PROMISE: &str = "scaling one version leaves the other alone";
    if !environment.port().capabilities().side_by_side {
        return Ok(());
    }
    let before = instances(environment).await?;
    scale(environment, "beside", "2", 1).await?;
    let after = instances(environment).await?;
    holds(live(&after, "2").len() == 1, PROMISE, &after)?;
    holds(
        live(&after, "1") == live(&before, "1"),
        PROMISE,
        (before, after),
    )
}

async fn needs_a_template_for_new_instances(environment: &dyn Environment) -> Result<(), Broken> {
    const PROMISE: &str = "without a template nothing new is made, and that is said";
    let (call, mut revision) = (environment.call("from-nothing")?, environment.revision("1"));
    let fresh = format!("{}-fresh", revision.service);
    revision.service = fresh.parse().map_err(|_| Broken::new(PROMISE, fresh))?;
    match environment.port().scale(&call, &revision, None, 1).await {
        Err(fault) => holds(fault.kind == FaultKind::Refused, PROMISE, fault),
        Ok(made) => Err(Broken::new(PROMISE, made)),
    }
}

async fn removes_one_revision_alone(environment: &dyn Environment) -> Result<(), Broken> {
    const PROMISE: &str = "removing takes one revision away, and may be repeated";
    for version in ["1", "1", "2"] {
        let before = live(&instances(environment).await?, "2");
        let (call, revision) = (environment.call("remove")?, environment.revision(version));
        answer(environment.port().remove(&call, &revision).await, PROMISE)?;
        let after = instances(environment).await?;
        let gone = after
            .iter()
            .all(|instance| instance.version != revision.version);
        holds(gone, PROMISE, &after)?;
        holds(
            version == "2" || live(&after, "2") == before,
            PROMISE,
            after,
        )?;
    }
    Ok(())
}

async fn scale(
    environment: &dyn Environment,
    word: &str,
    version: &str,
    replicas: u32,
) -> Result<Vec<Instance>, Broken> {
    let (call, revision) = (environment.call(word)?, environment.revision(version));
    let template = environment.template(version);
    let port = environment.port();
    let answered = port
        .scale(&call, &revision, Some(&template), replicas)
        .await;
    answer(answered, "as many instances run as were asked for")
}

async fn instances(environment: &dyn Environment) -> Result<Vec<Instance>, Broken> {
    let listed = environment
        .port()
        .instances(&environment.revision("1"))
        .await;
    answer(listed, "instances are listed")
}

fn live(instances: &[Instance], version: &str) -> Vec<String> {
    let runs = |instance: &&Instance| match instance.state {
        InstanceState::Starting | InstanceState::Running | InstanceState::Unhealthy => true,
        InstanceState::Stopped | InstanceState::Failed => false,
    };
    let live = instances
        .iter()
        .filter(runs)
        .filter(|i| i.version.as_str() == version);
    live.map(|instance| instance.id.clone()).collect()
}

fn ids(instances: &[Instance]) -> Vec<String> {
    instances
        .iter()
        .map(|instance| instance.id.clone())
        .collect()
}

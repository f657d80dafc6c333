//! Giving all traffic back to the old version, in one shift.

use gantry_model::{
    operation::{Evidence, Sighting},
    platform::{Arm, RouteState},
    unit::{Span, Weight},
};
use gantry_port::fault::Fault;

use crate::{
    deployment::{Backend, Deployment, addresses},
    shift::backend,
    traffic::{are_so, arm, measure, note_shares, route, under_way},
};

/// How long requests of the new version may take to end before the rollback goes on without them.
const DRAIN: Span = Span::from_secs(10);
const PAUSE: Span = Span::from_millis(250);

/// Gives the old version everything at once, never back down the steps, and waits for the
/// requests under way. Where nothing served before, nobody serves afterwards.
pub(crate) async fn perform(deployment: &Deployment<'_>) -> Result<Evidence, Fault> {
    let backend = backend(deployment)?;
    let arms = arms(deployment).await?;
    let state = route(deployment, backend, &arms).await?;
    let new = addresses(&deployment.live(deployment.new).await?);
    let left = match deployment.served_before() {
        true => 0,
        false => drain(deployment, backend, state.clone(), &new).await,
    };
    let Some(old) = &deployment.baseline.version else {
        return Ok(Evidence::sentence(format!(
            "`{}` sends nothing any more",
            backend.name
        )));
    };
    let serving = addresses(&deployment.live(old).await?);
    let counted = measure(deployment, backend, &state, &serving).await;
    let service = &deployment.scene.node.service;
    let mut evidence = Evidence::sentence(format!("{service} {old} has all traffic again"));
    note_shares(&mut evidence, Weight::FULL, counted);
    if left > 0 {
        evidence
            .facts
            .insert("requests_cut_off".into(), left.into());
    }
    Ok(evidence)
}

/// Says whether the old version has all traffic.
pub(crate) async fn observe(deployment: &Deployment<'_>) -> Result<Sighting, Fault> {
    let backend = backend(deployment)?;
    let arms = arms(deployment).await?;
    let state = backend.router.observe(backend.name).await?;
    if arms
        .iter()
        .any(|arm| arm.addresses.is_empty() && arm.share > Weight::ZERO)
        || !are_so(&state, &arms)
    {
        return Ok(Sighting::NotApplied);
    }
    let evidence = Evidence::sentence("the old version has all traffic");
    Ok(Sighting::Applied { evidence })
}

/// Gives the old version everything and the new one nothing; both stay known to the router.
async fn arms(deployment: &Deployment<'_>) -> Result<Vec<Arm>, Fault> {
    let Some(old) = &deployment.baseline.version else {
        return Ok(Vec::new());
    };
    let before = deployment.live(old).await?;
    let mut arms = vec![arm(old, &before, Weight::FULL)];
    if !deployment.served_before() {
        let new = deployment.live(deployment.new).await?;
        arms.push(arm(deployment.new, &new, Weight::ZERO));
    }
    Ok(arms)
}

/// Waits until the addresses have no request under way, and says how many were left.
async fn drain(
    deployment: &Deployment<'_>,
    backend: &Backend<'_>,
    mut state: RouteState,
    addresses: &[String],
) -> u64 {
    let clock = deployment.scene.clock;
    let until = clock.elapsed() + DRAIN.min(deployment.scene.time_left());
    while under_way(&state, addresses) > 0 && clock.elapsed() < until {
        clock.wait(PAUSE).await;
        // The traffic is moved already; a look that fails is simply taken again.
        if let Ok(seen) = backend.router.observe(backend.name).await {
            state = seen;
        }
    }
    under_way(&state, addresses)
}

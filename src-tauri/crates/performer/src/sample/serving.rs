//! One look at a version that serves: its instances, and what the router counts of it.

use gantry_model::{
    measure::judged,
    operation::{Sample, SampleHealth},
    release::metric::{Metric, MetricKind},
    unit::Weight,
};
use gantry_port::fault::Fault;

use super::looks::{Looks, is_telling};
use crate::{
    deployment::{Deployment, addresses},
    health::{Look, look},
    scene::Scene,
    traffic::{Counted, share_of},
};

/// So many failed requests in 10,000 trip where no metric of the node says `never-above`.
const GUARDRAIL: u64 = 500;

/// Looks at the new version's instances and at the answers that the router saw from them.
pub(super) async fn sample(scene: &Scene<'_>, looks: &Looks) -> Result<Sample, Fault> {
    let deployment = Deployment::of(scene)?;
    let look = look(&deployment, deployment.new, deployment.new_count()).await?;
    let (counted, share) = count(&deployment, looks).await?;
    let failing = counted
        .filter(|counted| is_telling(*counted))
        .and_then(Counted::failing);
    let limit = guardrail(scene);
    let instances = look.sentence(&deployment, deployment.new);
    let (health, summary) = match failing {
        _ if look.failed > 0 => {
            let failed = look.failed;
            (
                SampleHealth::Tripped,
                format!("{failed} instances have ended by themselves"),
            )
        }
        Some(failing) if limit.is_some_and(|limit| failing > limit) => {
            let summary = format!(
                "{} of its requests failed, more than {}",
                percent(failing),
                percent(limit.unwrap_or(failing))
            );
            (SampleHealth::Tripped, summary)
        }
        _ if !look.is_good() => (SampleHealth::Unhealthy, instances),
        None if !look.telling => (
            SampleHealth::NoData,
            "nobody could tell how it is, and no requests came".into(),
        ),
        Some(_) | None => (SampleHealth::Healthy, instances),
    };
    Ok(Sample {
        health,
        summary,
        facts: facts(&look, counted, share),
    })
}

async fn count(
    deployment: &Deployment<'_>,
    looks: &Looks,
) -> Result<(Option<Counted>, Option<Weight>), Fault> {
    let Some(backend) = &deployment.backend else {
        return Ok((None, None));
    };
    let state = backend.router.observe(backend.name).await?;
    let new = addresses(&deployment.live(deployment.new).await?);
    let share = Some(share_of(&state, &new));
    if !backend.router.capabilities().counts {
        return Ok((None, share));
    }
    Ok((looks.count(deployment.scene, &state, &new), share))
}

/// Gives the share of failed requests that trips, in basis points: the strictest `never-above` of
/// the node's ratio metrics, and 5 % where nobody judges errors.
///
/// Where the judge does and the file names no limit there is none: an incident that old and new
/// share is then told apart from harm that the new version does.
fn guardrail(scene: &Scene<'_>) -> Option<u64> {
    let metrics = judged(&scene.operation.plan, scene.node);
    let ratios: Vec<_> = metrics
        .into_iter()
        .filter(|(_, metric)| metric.kind == MetricKind::Ratio && !metric.observe)
        .collect();
    if ratios.is_empty() {
        return Some(GUARDRAIL);
    }
    let limit = |metric: &Metric| metric.never_above.as_ref()?.parse::<Weight>().ok();
    ratios
        .into_iter()
        .filter_map(|(_, metric)| limit(metric))
        .map(|weight| u64::from(weight.basis_points()))
        .min()
}

fn percent(points: u64) -> String {
    let weight = u16::try_from(points)
        .ok()
        .and_then(Weight::from_basis_points);
    weight.unwrap_or(Weight::FULL).to_string()
}

fn facts(
    look: &Look,
    counted: Option<Counted>,
    share: Option<Weight>,
) -> std::collections::BTreeMap<String, serde_json::Value> {
    let mut facts = std::collections::BTreeMap::new();
    facts.insert("healthy".into(), look.well.into());
    facts.insert("wanted".into(), look.wanted.into());
    if let Some(share) = share {
        facts.insert("commanded_bp".into(), share.basis_points().into());
    }
    if let Some(counted) = counted {
        facts.insert("measured_bp".into(), counted.share().into());
        facts.insert("requests".into(), counted.requests.into());
        facts.insert("errors".into(), counted.errors.into());
        facts.insert("requests_of_all".into(), counted.requests_of_all.into());
        facts.insert("errors_of_all".into(), counted.errors_of_all.into());
    }
    facts
}

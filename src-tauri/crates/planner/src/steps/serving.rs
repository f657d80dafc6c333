//! Steps of programs that serve: canary, blue-green, rolling, recreate.

use gantry_model::{
    plan::Action,
    release::strategy::{BaselineArm, BlueGreen, Canary, Rolling},
    unit::{Span, Weight},
};

use super::{Chain, FINEST_RAMP, MOST_REPLICAS, Waits, shares};
use crate::settled::{Deployment, Settled};

/// Stops the old version, then starts the new one.
pub(super) fn recreate(chain: &mut Chain, settled: &Settled<'_>) {
    if settled.deployment == Deployment::Change {
        chain.push("stop-old", Action::StopOld);
    }
    let replicas = replicas(settled);
    chain.push("start-new", Action::StartNew { replicas });
    verified_in_place(chain, settled);
}

/// Replaces the old instances batch by batch.
pub(super) fn rolling(chain: &mut Chain, settled: &Settled<'_>, rolling: &Rolling) {
    let (all, batch) = (replicas(settled), rolling.batch.max(1));
    for number in 1..=all.div_ceil(batch) {
        let replicas = number.saturating_mul(batch).min(all);
        chain.push(
            format!("batch-{number}"),
            Action::Batch { number, replicas },
        );
        if rolling.bake > Span::ZERO {
            let (weight, duration) = (share(replicas, all), rolling.bake);
            chain.push(
                format!("bake-batch-{number}"),
                Action::Bake { weight, duration },
            );
        }
    }
    verified_in_place(chain, settled);
}

/// The share of the traffic that some of all instances have.
fn share(some: u32, all: u32) -> Weight {
    let points = u64::from(some) * 10_000 / u64::from(all.max(1));
    let points = u16::try_from(points).ok();
    points
        .and_then(Weight::from_basis_points)
        .unwrap_or(Weight::FULL)
}

/// Where the new version takes the old one's place, it is staged, live and well at once.
fn verified_in_place(chain: &mut Chain, settled: &Settled<'_>) {
    chain.push("verify", Action::Verify);
    chain.reach("staged");
    chain.reach("live");
    chain.soak(settled.node.soak);
    chain.reach("done");
    retire(chain, settled, Span::ZERO);
}

/// Starts the new version in full beside the old one, then shifts at once.
pub(super) fn blue_green(chain: &mut Chain, settled: &Settled<'_>, settings: &BlueGreen) {
    in_full(chain, settled, settings);
    retire(chain, settled, settings.keep_old);
}

fn in_full(chain: &mut Chain, settled: &Settled<'_>, settings: &BlueGreen) {
    let replicas = replicas(settled);
    chain.push("stage", Action::Stage { replicas });
    chain.push("verify", Action::Verify);
    chain.reach("staged");
    if settings.preview.is_some() {
        chain.push("preview", Action::Preview);
    }
    shift(chain, Weight::FULL);
    chain.reach("live");
    chain.bake(Weight::FULL, settings.bake);
    chain.soak(settled.node.soak);
    chain.reach("done");
}

/// Shifts traffic share by share and watches each.
pub(super) fn canary(chain: &mut Chain, settled: &Settled<'_>, canary: &Canary) {
    match settled.deployment {
        // There is nothing to compare with: the whole version goes live and guardrails watch it.
        Deployment::First => {
            let bake = canary.bake;
            in_full(
                chain,
                settled,
                &BlueGreen {
                    bake,
                    ..BlueGreen::default()
                },
            );
        }
        Deployment::Change => stepwise(chain, settled, canary),
    }
    retire(chain, settled, canary.keep_old);
}

fn stepwise(chain: &mut Chain, settled: &Settled<'_>, canary: &Canary) {
    let all = replicas(settled);
    let staged = canary.replicas.unwrap_or(all).min(all);
    chain.push("stage", Action::Stage { replicas: staged });
    chain.reach("staged");
    if canary.baseline == Some(BaselineArm::Equal) {
        chain.push("stage-baseline", Action::StageBaseline { replicas: staged });
    }
    for weight in canary_shares(canary) {
        if weight < Weight::FULL {
            shift(chain, weight);
            chain.bake(weight, canary.bake);
        }
    }
    if staged < all {
        chain.push("stage-full", Action::Stage { replicas: all });
    }
    shift(chain, Weight::FULL);
    chain.push("verify", Action::Verify);
    chain.reach("live");
    chain.bake(Weight::FULL, canary.bake);
    chain.soak(settled.node.soak);
    chain.reach("done");
}

/// Gives the shares of a canary: its steps, its ramp, or 5, 25, 50 and 100 %.
pub(crate) fn canary_shares(canary: &Canary) -> Vec<Weight> {
    match (canary.steps.is_empty(), canary.every) {
        (false, _) => canary.steps.clone(),
        (true, Some(every)) => ramp(every),
        (true, None) => shares(&[500, 2500, 5000, 10_000]),
    }
}

fn ramp(every: Weight) -> Vec<Weight> {
    let stride = usize::from(every.basis_points().max(FINEST_RAMP));
    let below = (0..10_000_u16).step_by(stride).skip(1);
    let below = below.filter_map(Weight::from_basis_points);
    below.chain([Weight::FULL]).collect()
}

fn shift(chain: &mut Chain, weight: Weight) {
    let name = format!("shift-{}", weight.basis_points());
    chain.push(name, Action::Shift { weight });
}

/// Takes the old version away in the end; nobody waits for it.
fn retire(chain: &mut Chain, settled: &Settled<'_>, keep: Span) {
    if settled.deployment == Deployment::Change {
        chain.push_waiting("retire", Action::Retire { keep }, Waits::Dependents);
    }
}

fn replicas(settled: &Settled<'_>) -> u32 {
    let workload = settled.node.workload.as_ref();
    workload.map_or(1, |workload| workload.replicas.clamp(1, MOST_REPLICAS))
}

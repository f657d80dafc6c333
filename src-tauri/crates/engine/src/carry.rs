//! Evidence of an earlier run that counts on where the same change is tried again.
//!
//! Whoever starts the same change again until it passes by luck would make the judge's promise
//! worthless: its chance of a false word holds for all that was seen of a change, not for a try.

use gantry_model::{
    digest::Digest,
    event::{Carried, CarriedBucket, Outcome},
    measure::judged,
    plan::{NodeIndex, Plan, PlannedNode},
    run::{Phase, Run},
};

/// Gives what an earlier run measured of nodes that this plan changes in just the same way.
///
/// A change that succeeded has been judged to its end; what happens to it later is another story.
pub fn carried(earlier: &Run, plan: &Plan) -> Vec<Carried> {
    if matches!(earlier.phase(), Phase::Ended(Outcome::Succeeded)) {
        return Vec::new();
    }
    let before = earlier.plan();
    let nodes = before.nodes.iter().enumerate();
    nodes
        .filter_map(|(at, node)| {
            let again = plan.nodes.iter().find(|one| one.id == node.id)?;
            let bound_to = bound_to(plan, again)?;
            (bound_to == self::bound_to(before, node)?).then_some(())?;
            let buckets = buckets(earlier, NodeIndex(u32::try_from(at).ok()?));
            (!buckets.is_empty()).then(|| Carried {
                node: node.id.clone(),
                from: earlier.id().clone(),
                bound_to,
                buckets,
            })
        })
        .collect()
}

fn buckets(run: &Run, node: NodeIndex) -> Vec<CarriedBucket> {
    let measured = run.node(node).measured.iter();
    measured
        .map(|one| CarriedBucket {
            step: run.planned_step(one.step).id.clone(),
            bucket: (*one.bucket).clone(),
        })
        .collect()
}

/// Gives the hash of all that evidence about a node is bound to: the release, the two versions and
/// how they run, the steps and how they are judged. `None` where nothing is judged.
fn bound_to(plan: &Plan, node: &PlannedNode) -> Option<Digest> {
    let metrics = judged(plan, node);
    if metrics.is_empty() {
        return None;
    }
    let change = (&node.version, &node.workload, &node.flag, &node.strategy);
    let rules = (&node.settings, &node.judge, metrics);
    let place = (&plan.release, &plan.environment, &node.service);
    serde_json::to_vec(&(place, change, rules))
        .ok()
        .map(Digest::of)
}

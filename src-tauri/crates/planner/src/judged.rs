//! Remarks on judges: what they cannot compare, and bakes in which they see too little.

use gantry_model::{
    measure::tells_versions,
    plan::{Action, Finding, Step},
    release::{Release, check::Judge},
    unit::{Span, Weight},
};

use crate::settled::{Deployment, Settled};

/// The fewest buckets with which a bake can pass.
const BUCKETS: u64 = 10;

/// Says what a node's judge cannot do.
pub(crate) fn remarks(release: &Release, settled: &Settled<'_>, steps: &[Step]) -> Vec<Finding> {
    let Some(judge) = &settled.judge else {
        return Vec::new();
    };
    if settled.deployment == Deployment::First {
        return Vec::new();
    }
    let mut found = one_arm(release, settled, judge);
    found.extend(too_short(settled, judge, steps));
    found
}

fn one_arm(release: &Release, settled: &Settled<'_>, judge: &Judge) -> Vec<Finding> {
    let known = judge
        .metrics
        .iter()
        .filter_map(|name| Some((name, release.metrics.get(name)?)));
    let alike = known.filter(|(_, metric)| !metric.observe && !tells_versions(metric));
    alike
        .map(|(name, _)| {
            let message = format!(
                "`{name}` does not tell the versions of `{}` apart: it is shown and decides nothing.",
                settled.id
            );
            let hint = "put `{{version}}`, `{{arm}}` or, for a flag, `{{variant}}` into its query";
            settled.place.at("judge").warning("judge-one-arm", message, hint)
        })
        .collect()
}

/// A judge that sees fewer than ten buckets before the last share always holds.
fn too_short(settled: &Settled<'_>, judge: &Judge, steps: &[Step]) -> Option<Finding> {
    let bakes = || {
        steps.iter().filter_map(|step| match step.action {
            Action::Bake { weight, duration } if weight < Weight::FULL => Some(duration),
            _ => None,
        })
    };
    let first = bakes().next()?;
    let judged = first
        .as_millis()
        .saturating_sub(judge.warm_up().as_millis());
    let needed = judge.bucket.as_millis().saturating_mul(BUCKETS);
    let message = format!(
        "The first bake of `{}` takes {first}; with its warm-up the judge sees fewer than {BUCKETS} buckets of {}, so that it holds.",
        settled.id, judge.bucket
    );
    let hint = format!(
        "bake for {} at least, or give `judge` a shorter `bucket`",
        Span::from_millis(needed + judge.warm_up().as_millis())
    );
    (judged < needed).then(|| {
        settled
            .place
            .at("judge")
            .warning("judge-too-short", message, hint)
    })
}

//! Strategies: they fit the kind, and their shares grow to 100 %.

use gantry_model::{
    id::NodeId,
    plan::Finding,
    release::{
        node::Kind,
        strategy::{BlueGreen, Canary, Contract, OnRollback, Strategy, StrategyName},
    },
    unit::Weight,
};

use super::text;
use crate::{
    kind_word,
    known::Known,
    place::Place,
    settled::Settled,
    steps::{FINEST_RAMP, MOST_REPLICAS},
};

/// Checks the strategy of a node.
pub(super) fn check(known: &Known<'_>, settled: &Settled<'_>, found: &mut Vec<Finding>) {
    let Some(strategy) = &settled.strategy else {
        return;
    };
    let name = strategy.name();
    if let Some(misfit) = misfit(settled, name) {
        found.push(misfit);
        return;
    }
    let place = settled.place.at("strategy").at(name);
    match strategy {
        Strategy::Recreate(_) => {}
        Strategy::Rolling(rolling) => {
            found.extend(at_least_one(rolling.batch, &place.at("batch")));
        }
        Strategy::BlueGreen(settings) => blue_green(settled, settings, &place, found),
        Strategy::Canary(canary) => check_canary(settled, canary, &place, found),
        Strategy::Progressive(progressive) => {
            found.extend(shares(&progressive.steps, &place.at("steps")));
        }
        Strategy::ExpandContract(settings) => {
            if settings.on_rollback == OnRollback::Revert && settings.revert.is_none() {
                let message = "A rollback shall revert the expansion, but no `revert` is given.";
                let hint = "add `revert` with the file, or `on-rollback: leave`";
                found.push(place.error("missing-part", message.into(), hint));
            }
            found.extend(contract(known, settings.contract.as_ref(), &place));
        }
        Strategy::ShadowWrites(settings) => {
            found.extend(contract(known, settings.contract.as_ref(), &place));
        }
    }
}

fn misfit(settled: &Settled<'_>, name: StrategyName) -> Option<Finding> {
    let kind = settled.node.kind;
    let names: Vec<&str> = fitting(kind).iter().map(|name| name.as_str()).collect();
    let hint = match names.is_empty() {
        true => "a task runs once; take the strategy away".to_owned(),
        false => format!("expected {}", names.join(", ")),
    };
    let message = format!("{name} is not a strategy for the kind {}.", kind_word(kind));
    let place = settled.place.at("strategy");
    let fits = fitting(kind).contains(&name);
    (!fits).then(|| place.error("strategy-does-not-fit", message, hint))
}

fn fitting(kind: Kind) -> &'static [StrategyName] {
    match kind {
        Kind::App | Kind::Config => &[
            StrategyName::Canary,
            StrategyName::BlueGreen,
            StrategyName::Rolling,
            StrategyName::Recreate,
        ],
        Kind::Database => &[StrategyName::ExpandContract, StrategyName::ShadowWrites],
        Kind::Flag => &[StrategyName::Progressive],
        Kind::Task => &[],
    }
}

fn blue_green(
    settled: &Settled<'_>,
    settings: &BlueGreen,
    place: &Place,
    found: &mut Vec<Finding>,
) {
    found.extend(needs_router(settled));
    let check = settings.preview.as_ref().map(|preview| &preview.check);
    let Some(check) = check else {
        return;
    };
    let place = place.at("preview").at("check");
    if let Some(arguments) = &check.exec {
        found.extend(text::check_arguments(arguments, &place.at("exec")));
    }
    if check.http.is_none() && check.tcp.is_none() && check.exec.is_none() {
        let message = "The preview looks at nothing that the new version could answer.";
        found.push(place.error("empty-check", message.into(), "add `http`, `tcp` or `exec`"));
    }
}

fn check_canary(settled: &Settled<'_>, canary: &Canary, place: &Place, found: &mut Vec<Finding>) {
    found.extend(needs_router(settled));
    found.extend(shares(&canary.steps, &place.at("steps")));
    if !canary.steps.is_empty() && canary.every.is_some() {
        let message = "A canary has either `steps` or `every`, and this one has both.";
        found.push(
            place
                .at("every")
                .error("steps-and-every", message.into(), "keep one of them"),
        );
    }
    if canary
        .every
        .is_some_and(|every| every.basis_points() < FINEST_RAMP)
    {
        let message = "A ramp has steps of 1% or more.";
        let place = place.at("every");
        found.push(place.error("ramp-too-fine", message.into(), "try `10%`"));
    }
    if let Some(replicas) = canary.replicas {
        found.extend(at_least_one(replicas, &place.at("replicas")));
    }
}

fn needs_router(settled: &Settled<'_>) -> Option<Finding> {
    let missing = settled.node.router.is_none();
    missing.then(|| {
        let message = format!(
            "`{}` is {} without a router to share its traffic.",
            settled.id, settled.name
        );
        let hint = "add `router: { connection, backend }`, or take `rolling` or `recreate`";
        settled.place.error("missing-part", message, hint)
    })
}

/// Shares must grow and end at 100 %; none at all means the default ones.
fn shares(steps: &[Weight], place: &Place) -> Vec<Finding> {
    let mut found = Vec::new();
    for (number, pair) in steps.windows(2).enumerate() {
        if let [one, next] = pair
            && one >= next
        {
            let message = format!("{next} follows {one}: shares must grow.");
            let hint = "for example `[5%, 25%, 50%, 100%]`";
            found.push(
                place
                    .at(number + 1)
                    .error("steps-not-growing", message, hint),
            );
        }
    }
    if steps.first() == Some(&Weight::ZERO) {
        let message = "The first share is 0%, which is what there is anyway.".to_owned();
        found.push(
            place
                .at(0)
                .error("steps-not-growing", message, "start above 0%"),
        );
    }
    if let Some(last) = steps.last().filter(|last| **last != Weight::FULL) {
        let message = format!("The last share is {last}, so that the node never gets all traffic.");
        let place = place.at(steps.len() - 1);
        found.push(place.error("steps-end-early", message, "end with `100%`"));
    }
    found
}

fn contract(known: &Known<'_>, contract: Option<&Contract>, place: &Place) -> Vec<Finding> {
    let after = contract
        .into_iter()
        .flat_map(|contract| contract.after.iter().enumerate());
    let unknown = after.filter(|(_, id)| !known.release.nodes.contains_key(*id));
    let place = place.at("contract").at("after");
    unknown
        .map(|(number, id)| {
            let all = known.release.nodes.keys().map(NodeId::as_str);
            let message = format!("The contract waits for `{id}`, which is not there.");
            place
                .at(number)
                .error("unknown-need", message, known.nearest(id.as_str(), all))
        })
        .collect()
}

/// Checks a number of instances.
pub(super) fn replicas(number: u32, place: &Place) -> Option<Finding> {
    let message = format!("{number} instances are more than {MOST_REPLICAS}.");
    let too_many = || place.error("too-many", message, "write fewer");
    at_least_one(number, place).or_else(|| (number > MOST_REPLICAS).then(too_many))
}

/// Checks a number of things of which there must be some.
pub(super) fn at_least_one(number: u32, place: &Place) -> Option<Finding> {
    let message = "There must be at least one.".to_owned();
    (number == 0).then(|| place.error("not-positive", message, "write 1 or more"))
}

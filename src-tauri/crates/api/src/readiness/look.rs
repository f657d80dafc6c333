//! Running automatic items: only once a person confirmed what the file may reach.

use futures_util::future::join_all;
use gantry_engine::drive::World;
use gantry_model::{
    digest::Digest,
    id::RunId,
    operation::SampleHealth,
    plan::Plan,
    release::{
        check::{Check, Criterion},
        people::Item,
    },
};
use gantry_readiness::{
    agenda::Agenda,
    event::{Source, TestResult},
    preparation::Preparation,
    request::Request,
};

use super::{
    before::{self, Found},
    desk::{Desk, Writer},
};
use crate::{
    app::App,
    error::{ApiError, ErrorCode},
    follow, reach,
};

/// Which automatic items are run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// All of them.
    All,
    /// The one of this name.
    Named(String),
}

/// Lists what a plan and its lists may reach.
pub fn reach_of(plan: &Plan, agenda: &Agenda) -> Vec<String> {
    with_checks(plan, agenda.checks())
}

/// Lists what a plan, its lists and the conditions of votes may reach.
pub fn reach_with_conditions(plan: &Plan, preparation: &Preparation) -> Vec<String> {
    let items = preparation.items();
    with_checks(
        plan,
        items.iter().filter_map(|(_, item)| item.check.as_ref()),
    )
}

fn with_checks<'a>(plan: &Plan, checks: impl Iterator<Item = &'a Check>) -> Vec<String> {
    let mut lines = reach::of(plan);
    lines.extend(checks.flat_map(reach::of_check));
    lines.sort();
    lines.dedup();
    lines
}

/// Gives the hash by which a confirmation is remembered.
pub fn reach_digest(lines: &[String]) -> Digest {
    Digest::of(lines.join("\n"))
}

/// Runs automatic items and records what they said; gives how many were run.
///
/// # Errors
/// `not-confirmed` where nobody confirmed what the file may reach.
pub async fn look(
    app: &App,
    desk: &Desk<'_>,
    writer: &Writer,
    (plan, which): (&Plan, &Which),
) -> Result<usize, ApiError> {
    let preparation = desk.preparation(&plan.release).await?.state;
    let lines = reach_with_conditions(plan, &preparation);
    if !preparation.is_confirmed(reach_digest(&lines)) {
        return Err(unconfirmed(&lines));
    }
    let items = automatic(&preparation, which);
    if items.is_empty() {
        return Ok(0);
    }
    let world = follow::world(app, plan).await?;
    let answers = all(&world, plan, &items).await;
    for ((place, _), (result, comment)) in items.iter().zip(answers) {
        let answer = Request::Answer {
            item: place.clone(),
            result,
            source: Source::Check,
            comment: Some(comment),
            evidence: None,
        };
        desk.ask(&plan.release, writer, &answer).await?;
    }
    Ok(items.len())
}

fn automatic(preparation: &Preparation, which: &Which) -> Vec<(String, Item)> {
    let items = preparation.items().into_iter();
    let wanted = |place: &str, item: &Item| match which {
        Which::All => true,
        Which::Named(name) => place == name || item.id == *name,
    };
    items
        .filter(|(place, item)| item.check.is_some() && wanted(place, item))
        .collect()
}

/// Looks at items at the same time; the caller has made sure that a person confirmed their reach.
pub(super) async fn all(world: &World, plan: &Plan, items: &[(String, Item)]) -> Vec<Found> {
    let looks = items.iter().map(|(_, item)| one(world, plan, item));
    join_all(looks).await
}

/// What could not be looked at is not tested: no data is never a pass.
async fn one(world: &World, plan: &Plan, item: &Item) -> Found {
    let now = world.clock.now();
    if let Some(check) = &item.check
        && let Some(found) = before::look(&*world.journal, plan, check, now).await
    {
        return found;
    }
    let criterion = Criterion {
        id: item.id.clone(),
        item: item.item.clone(),
        check: item.check.clone(),
    };
    let run = RunId::new(plan.release.clone(), 1);
    match world.platform.check(&run, plan, &criterion).await {
        Ok(sample) => {
            let result = match sample.health {
                SampleHealth::Healthy => TestResult::Pass,
                SampleHealth::Unhealthy | SampleHealth::Tripped => TestResult::Fail,
                SampleHealth::NoData => TestResult::NotTested,
            };
            (result, sample.summary)
        }
        Err(fault) => (TestResult::NotTested, fault.message),
    }
}

pub(super) fn unconfirmed(lines: &[String]) -> ApiError {
    let hint = "look at what it may reach, and confirm it with --yes; nothing was run";
    let message = "nobody has confirmed what this file may reach";
    ApiError {
        chain: lines
            .iter()
            .map(|line| format!("it may reach {line}"))
            .collect(),
        ..ApiError::new(ErrorCode::NotConfirmed, message, hint)
    }
}

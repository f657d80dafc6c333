//! Items that ask what was done before: a rehearsal of this plan, or another release.

use gantry_model::{
    event::Outcome,
    id::ReleaseId,
    plan::Plan,
    release::check::{
        Check,
        question::{OtherRelease, Rehearsed, RehearsedEnd},
    },
    time::Timestamp,
    unit::Span,
};
use gantry_port::journal::{Journal, StoreError};
use gantry_readiness::event::TestResult;

use crate::{error::ApiError, rehearsals};

/// What an item was found to be, with one sentence.
pub(super) type Found = (TestResult, String);

/// Looks into the workspace; `None` where the check asks something of the outside.
pub(super) async fn look(
    journal: &dyn Journal,
    plan: &Plan,
    check: &Check,
    now: Timestamp,
) -> Option<Found> {
    let found = match (&check.rehearsed, &check.release) {
        (Some(asked), _) => rehearsed(journal, plan, asked, now).await,
        (None, Some(asked)) => released(journal, asked, now).await,
        (None, None) => return None,
    };
    Some(found.unwrap_or_else(|error| (TestResult::NotTested, error.message)))
}

/// The latest rehearsal of this very plan that ended as it was asked counts.
async fn rehearsed(
    journal: &dyn Journal,
    plan: &Plan,
    asked: &Rehearsed,
    now: Timestamp,
) -> Result<Found, ApiError> {
    let kept = rehearsals::list(journal, &plan.release).await?;
    let wanted = match asked.outcome {
        RehearsedEnd::Succeeded => Outcome::Succeeded,
        RehearsedEnd::RolledBack => Outcome::RolledBack,
    };
    let mut same = kept
        .iter()
        .filter(|kept| kept.rehearsal.plan == plan.digest);
    let Some(latest) = same.clone().next() else {
        let sentence = match kept.first() {
            None => "it was never rehearsed".to_owned(),
            Some(_) => "what was rehearsed was another plan".to_owned(),
        };
        return Ok((TestResult::NotTested, sentence));
    };
    let Some(fit) = same.find(|kept| kept.rehearsal.ended(wanted)) else {
        let worst = latest.rehearsal.worst.unwrap_or(latest.rehearsal.outcome);
        let sentence = format!("its last rehearsal ended {}", worst.word());
        return Ok((TestResult::Fail, sentence));
    };
    let what = format!("it was rehearsed by {}", fit.rehearsal.by);
    Ok(aged(&what, (fit.at, now), Some(asked.within)))
}

async fn released(
    journal: &dyn Journal,
    asked: &OtherRelease,
    now: Timestamp,
) -> Result<Found, ApiError> {
    let other: &ReleaseId = &asked.done;
    let latest = match journal.latest(other).await {
        Ok(latest) => latest,
        Err(StoreError::NoSuchRun(_)) => {
            return Ok((TestResult::NotTested, format!("{other} has not run here")));
        }
        Err(error) => return Err(error.into()),
    };
    let summary = journal.summary(&latest).await?;
    if !summary.ended {
        let sentence = format!("{latest} is still under way ({})", summary.state);
        return Ok((TestResult::NotTested, sentence));
    }
    if summary.state != Outcome::Succeeded.word() {
        let sentence = format!("{latest} has ended {}", summary.state);
        return Ok((TestResult::Fail, sentence));
    }
    let what = format!("{latest} has succeeded");
    Ok(aged(&what, (summary.changed_at, now), asked.within))
}

fn aged(what: &str, (at, now): (Timestamp, Timestamp), within: Option<Span>) -> Found {
    let age = now.signed_duration_since(at);
    let shown = at.format("%Y-%m-%d %H:%M:%SZ");
    match within {
        Some(within) if age > within.as_delta() => {
            let sentence = format!("{what} at {shown}, longer ago than {within}");
            (TestResult::Fail, sentence)
        }
        Some(_) | None => (TestResult::Pass, format!("{what} at {shown}")),
    }
}

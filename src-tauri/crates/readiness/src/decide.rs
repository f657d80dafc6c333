//! What a request leads to: events, or a refusal with a sentence. Pure.

mod list;
mod vote;

use gantry_model::time::Timestamp;

use crate::{
    agenda::Agenda,
    entry::Person,
    event::Happened,
    freeze::Freeze,
    house::House,
    preparation::{Preparation, fact::Presented},
    request::Request,
    stage::Stage,
};

/// Why something is not done.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is no such item, position, poll or freeze.
    #[error("{0}")]
    NoSuch(String),
    /// This person may not.
    #[error("{0}")]
    NotAllowed(String),
    /// It does not fit how things stand.
    #[error("{0}")]
    Unfit(String),
}

/// What a decision looks at.
#[derive(Clone, Copy, Debug)]
pub struct Given<'a> {
    /// Where the preparation stands.
    pub preparation: &'a Preparation,
    /// What holds for the workspace.
    pub house: &'a House,
    /// Who asks.
    pub by: &'a Person,
    /// When.
    pub now: Timestamp,
}

/// Decides what a request leads to; no event means that it is so already.
///
/// # Errors
/// A refusal with its sentence; nothing happened then.
pub fn decide(given: Given<'_>, request: &Request) -> Result<Vec<Happened>, Refusal> {
    match request {
        Request::Present {
            plan,
            agenda,
            changes,
        } => present(given, *plan, agenda, changes),
        Request::ConfirmReach { reach } => {
            let known = given.preparation.is_confirmed(*reach);
            Ok(unless(known, Happened::ReachConfirmed { reach: *reach }))
        }
        Request::Answer { .. }
        | Request::Assign { .. }
        | Request::Claim { .. }
        | Request::Link { .. }
        | Request::Waive { .. }
        | Request::ApproveWaiver { .. }
        | Request::Correct { .. } => list::decide(given, request),
        Request::Vote {
            stage,
            role,
            vote,
            comment,
        } => vote::vote(given, (stage.as_ref(), role), vote, comment.as_deref()),
        Request::Recycle { stage, reason } => vote::recycle(given, stage.as_ref(), reason),
        Request::Override { stage, reason } => overrule(given, stage, reason),
        Request::OverrideFreeze { freeze, reason } => overrule_freeze(given, freeze, reason),
    }
}

fn present(
    given: Given<'_>,
    plan: gantry_model::digest::Digest,
    agenda: &Agenda,
    changes: &[String],
) -> Result<Vec<Happened>, Refusal> {
    if let Some(run) = given.preparation.under_way()
        && run.plan != plan
    {
        return Err(Refusal::Unfit(format!(
            "run {} is under way with another plan: it must end before another plan is voted on",
            run.run
        )));
    }
    let before = given.preparation.presented.as_ref();
    let known = before.is_some_and(|before| before.plan == plan && before.agenda == *agenda);
    let presented = Happened::Presented {
        plan,
        agenda: Box::new(agenda.clone()),
        changes: changes.to_vec(),
    };
    Ok(unless(known, presented))
}

fn overrule(given: Given<'_>, stage: &Stage, reason: &str) -> Result<Vec<Happened>, Refusal> {
    let presented = presented(given)?;
    permitted(
        given,
        &presented.agenda.may_override,
        "the polls and lists of this release",
    )?;
    Ok(vec![Happened::Overridden {
        stage: stage.clone(),
        plan: presented.plan,
        reason: said(reason, "an override")?,
    }])
}

fn overrule_freeze(given: Given<'_>, name: &str, reason: &str) -> Result<Vec<Happened>, Refusal> {
    let presented = presented(given)?;
    let declared = given.house.freezes().get(name);
    let none = || Refusal::NoSuch(format!("there is no freeze called {name}"));
    let freeze: &Freeze = &declared.ok_or_else(none)?.freeze;
    permitted(given, &freeze.may_override, &format!("freeze {name}"))?;
    Ok(vec![Happened::FreezeOverridden {
        freeze: name.to_owned(),
        plan: presented.plan,
        reason: said(reason, "an override")?,
    }])
}

fn permitted(given: Given<'_>, allowed: &[String], what: &str) -> Result<(), Refusal> {
    let by = &given.by.name;
    if allowed.contains(by) {
        return Ok(());
    }
    let who = match allowed {
        [] => "nobody may".to_owned(),
        names => format!("only {} may", names.join(", ")),
    };
    Err(Refusal::NotAllowed(format!(
        "{by} may not override {what}: {who}"
    )))
}

/// Gives what was put before people.
fn presented(given: Given<'_>) -> Result<&Presented, Refusal> {
    let none = "nobody has put a plan of this release before people yet";
    let presented = given.preparation.presented.as_ref();
    presented.ok_or_else(|| Refusal::Unfit(none.into()))
}

/// Takes a text that must say something.
fn said(text: &str, what: &str) -> Result<String, Refusal> {
    if text.trim().is_empty() {
        return Err(Refusal::Unfit(format!("{what} needs a reason")));
    }
    Ok(text.to_owned())
}

fn unless(known: bool, happened: Happened) -> Vec<Happened> {
    if known { Vec::new() } else { vec![happened] }
}

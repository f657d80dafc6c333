//! Voting, and beginning a poll anew.

use gantry_model::release::people::OnSilence;

use super::{Given, Refusal, list::refuse_author, presented, said};
use crate::{
    agenda::{Agenda, Poll},
    event::{Happened, Vote},
    poll::{self, Decision},
    stage::Stage,
};

/// Decides about a vote for a position.
pub(super) fn vote(
    given: Given<'_>,
    (stage, role): (Option<&Stage>, &str),
    vote: &Vote,
    comment: Option<&str>,
) -> Result<Vec<Happened>, Refusal> {
    let presented = presented(given)?;
    let (stage, poll) = find(given, stage)?;
    let Some(position) = poll.position(role) else {
        let roles: Vec<&str> = poll
            .positions
            .iter()
            .map(|position| position.role.as_str())
            .collect();
        let sentence = format!(
            "the poll has no position `{role}`; it has: {}",
            roles.join(", ")
        );
        return Err(Refusal::NoSuch(sentence));
    };
    let voters = poll::voters(given.preparation, &stage, position);
    let by = &given.by.name;
    if !voters.contains(by) {
        return Err(Refusal::NotAllowed(format!(
            "{by} may not vote for {}: only {} may",
            position.role,
            voters.join(", ")
        )));
    }
    refuse_author(given, "vote on it")?;
    refuse_late(given, poll, &stage)?;
    fits(given, vote)?;
    let mut happened = Vec::new();
    if !given.preparation.opened.contains_key(&stage) {
        happened.push(Happened::PollOpened {
            stage: stage.clone(),
        });
    }
    happened.push(Happened::Voted {
        stage,
        role: position.role.clone(),
        vote: vote.clone(),
        plan: presented.plan,
        comment: comment.map(str::to_owned),
    });
    Ok(happened)
}

/// Decides about beginning a poll anew.
pub(super) fn recycle(
    given: Given<'_>,
    stage: Option<&Stage>,
    reason: &str,
) -> Result<Vec<Happened>, Refusal> {
    presented(given)?;
    let (stage, _) = find(given, stage)?;
    let reason = said(reason, "beginning a poll anew")?;
    Ok(vec![Happened::Recycled { stage, reason }])
}

/// A delegate answers; what stands for a person who is away is not handed on.
fn fits(given: Given<'_>, vote: &Vote) -> Result<(), Refusal> {
    match vote {
        Vote::Delegated { to } if *to == given.by.name => Err(Refusal::Unfit(
            "a vote is delegated to somebody else".into(),
        )),
        Vote::Delegated { to } if to.trim().is_empty() => {
            Err(Refusal::Unfit("say to whom the vote is delegated".into()))
        }
        Vote::Condition { item, .. } if item.trim().is_empty() => {
            Err(Refusal::Unfit("say what must hold".into()))
        }
        Vote::Go | Vote::NoGo | Vote::Absent | Vote::Condition { .. } | Vote::Delegated { .. } => {
            Ok(())
        }
    }
}

fn refuse_late(given: Given<'_>, poll: &Poll, stage: &Stage) -> Result<(), Refusal> {
    let agenda = &presented(given)?.agenda;
    let stand = poll::stand(agenda, given.preparation, stage, given.now);
    let over = stand.is_some_and(|stand| {
        let late = stand.deadline.is_some_and(|deadline| given.now >= deadline);
        late && stand.decision == Decision::NoGo
    });
    match poll.on_deadline {
        OnSilence::NoGo if over => Err(Refusal::Unfit(format!(
            "the poll before {} has ended with no-go at its deadline; only a new round opens it",
            stage.words()
        ))),
        OnSilence::NoGo | OnSilence::Hold => Ok(()),
    }
}

/// Finds the poll that is meant: the named one, or the next.
fn find<'a>(given: Given<'a>, stage: Option<&Stage>) -> Result<(Stage, &'a Poll), Refusal> {
    let agenda = &presented(given)?.agenda;
    let stage = match stage {
        Some(stage) => Some(stage.clone()),
        None => next(given, agenda),
    };
    let none = || Refusal::Unfit("no poll is open now".into());
    let stage = stage.ok_or_else(none)?;
    if let Stage::Crossing(step) = &stage
        && !agenda.crossings.contains(step)
    {
        return Err(Refusal::NoSuch(format!(
            "{step} is no step that cannot be undone"
        )));
    }
    let untaken = || Refusal::NoSuch(format!("no poll is taken before {}", stage.words()));
    let poll = agenda.polls_at(&stage).ok_or_else(untaken)?;
    Ok((stage, poll))
}

/// Gives the first poll that does not say go, of those that can be taken now.
fn next(given: Given<'_>, agenda: &Agenda) -> Option<Stage> {
    let stages = given.preparation.stages_now(agenda);
    let polls = stages
        .into_iter()
        .filter(|stage| agenda.polls_at(stage).is_some());
    let mut polls = polls.peekable();
    let last = polls.peek().cloned();
    let open = polls.find(|stage| {
        let stand = poll::stand(agenda, given.preparation, stage, given.now);
        stand.is_some_and(|stand| stand.decision != Decision::Go)
    });
    // Who votes once everybody has said go changes their mind.
    open.or(last)
}

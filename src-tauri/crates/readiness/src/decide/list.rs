//! Ticking, assigning and waiving items, and correcting the four questions.

use gantry_model::{release::people::Item, time::Timestamp};

use super::{Given, Refusal, presented, said, unless};
use crate::{
    agenda::AuthorRule,
    event::{Happened, Question, Source, TestResult},
    item::Standing,
    request::Request,
};

/// Decides what a request about lists leads to.
pub(super) fn decide(given: Given<'_>, request: &Request) -> Result<Vec<Happened>, Refusal> {
    match request {
        Request::Answer { .. } => answer(given, request),
        Request::Assign { item, to } => assign(given, item, to),
        Request::Claim { item } => assign(given, item, &given.by.name),
        Request::Link { item, link } => {
            let (item, _) = find(given, item)?;
            let link = link.clone();
            Ok(vec![Happened::ItemLinked { item, link }])
        }
        Request::Waive {
            item,
            reason,
            risk,
            expires,
        } => waive(given, item, (reason, risk), *expires),
        Request::ApproveWaiver { item } => approve(given, item),
        Request::Correct { .. } => correct(given, request),
        // These are decided elsewhere.
        Request::Present { .. }
        | Request::ConfirmReach { .. }
        | Request::Vote { .. }
        | Request::Recycle { .. }
        | Request::Override { .. }
        | Request::OverrideFreeze { .. } => Ok(Vec::new()),
    }
}

fn answer(given: Given<'_>, request: &Request) -> Result<Vec<Happened>, Refusal> {
    let Request::Answer {
        item,
        result,
        source,
        comment,
        evidence,
    } = request
    else {
        return Ok(Vec::new());
    };
    let (place, item) = find(given, item)?;
    // A person may say that an answer no longer holds, but not that a check has passed.
    let by_hand = *source == Source::Person && *result != TestResult::NotTested;
    if by_hand && item.check.is_some() {
        return Err(Refusal::NotAllowed(format!(
            "{place} ticks itself by its check; where it cannot, waive it"
        )));
    }
    Ok(vec![Happened::ItemAnswered {
        item: place,
        result: *result,
        source: *source,
        comment: comment.clone(),
        evidence: evidence.clone(),
    }])
}

fn assign(given: Given<'_>, item: &str, to: &str) -> Result<Vec<Happened>, Refusal> {
    let (item, _) = find(given, item)?;
    let known = given
        .preparation
        .assigned
        .get(&item)
        .is_some_and(|name| name == to);
    let to = to.to_owned();
    Ok(unless(known, Happened::ItemAssigned { item, to }))
}

fn waive(
    given: Given<'_>,
    item: &str,
    (reason, risk): (&str, &str),
    expires: Timestamp,
) -> Result<Vec<Happened>, Refusal> {
    let (item, _) = find(given, item)?;
    if expires <= given.now {
        return Err(Refusal::Unfit("a waiver must end in the future".into()));
    }
    if risk.trim().is_empty() {
        let sentence = "a waiver says which risk is accepted";
        return Err(Refusal::Unfit(sentence.into()));
    }
    Ok(vec![Happened::WaiverAsked {
        item,
        reason: said(reason, "a waiver")?,
        risk: risk.to_owned(),
        expires,
    }])
}

fn approve(given: Given<'_>, item: &str) -> Result<Vec<Happened>, Refusal> {
    let (item, asked) = find(given, item)?;
    let Some(waiver) = given.preparation.waivers.get(&item) else {
        return Err(Refusal::Unfit(format!(
            "nobody has asked for a waiver of {item}"
        )));
    };
    let by = given.by;
    // The same key under two names is one person.
    if waiver.owner.name == by.name || waiver.owner.key == by.key {
        return Err(Refusal::NotAllowed(format!(
            "{} asked for the waiver of {item} and may not approve it: somebody else must",
            waiver.owner.name
        )));
    }
    refuse_author(given, &format!("approve the waiver of {item}"))?;
    if given.now >= waiver.expires {
        return Err(Refusal::Unfit(format!("the waiver of {item} has expired")));
    }
    let stand = crate::item::stand(given.preparation, &item, &asked, given.now);
    let known = stand.standing == Standing::Waived;
    Ok(unless(known, Happened::WaiverApproved { item }))
}

fn correct(given: Given<'_>, request: &Request) -> Result<Vec<Happened>, Refusal> {
    let Request::Correct {
        node,
        question,
        answer,
        reason,
    } = request
    else {
        return Ok(Vec::new());
    };
    let nodes = &presented(given)?.agenda.assessments;
    if !nodes.iter().any(|(known, _)| known == node) {
        return Err(Refusal::NoSuch(format!(
            "this release has no node called {node}"
        )));
    }
    let graded = matches!(question, Question::Risk | Question::RollbackComplexity);
    if graded && !["low", "medium", "high"].contains(&answer.as_str()) {
        let sentence = format!("`{answer}` is no grade: write low, medium or high");
        return Err(Refusal::Unfit(sentence));
    }
    Ok(vec![Happened::AssessmentCorrected {
        node: node.clone(),
        question: *question,
        answer: said(answer, "a correction")?,
        reason: said(reason, "a correction")?,
    }])
}

/// Refuses who presented the plan, where the file says so.
pub(super) fn refuse_author(given: Given<'_>, what: &str) -> Result<(), Refusal> {
    let presented = presented(given)?;
    let author = &presented.by;
    let is_author = author.name == given.by.name || author.key == given.by.key;
    match presented.agenda.author {
        AuthorRule::MayNot if is_author => Err(Refusal::NotAllowed(format!(
            "{} put this plan before people and may not {what}: somebody else must",
            author.name
        ))),
        AuthorRule::MayNot | AuthorRule::MayVote => Ok(()),
    }
}

fn find(given: Given<'_>, name: &str) -> Result<(String, Item), Refusal> {
    presented(given)?;
    let items = given.preparation.items();
    let names: Vec<&str> = items.iter().map(|(place, _)| place.as_str()).collect();
    let known = names.join(", ");
    let mut found = items
        .iter()
        .filter(|(place, item)| place == name || item.id == name);
    match (found.next(), found.next()) {
        (Some(item), None) => Ok(item.clone()),
        (Some((first, _)), Some((second, _))) => Err(Refusal::Unfit(format!(
            "`{name}` is both {first} and {second}: name the list too"
        ))),
        (None, _) => Err(Refusal::NoSuch(format!(
            "there is no item `{name}`; there are: {known}"
        ))),
    }
}

//! How a poll stands. Silence, absence and an unmet condition are never a go.

pub(crate) mod wish;

use std::collections::BTreeSet;

use gantry_model::{
    release::people::{OnSilence, Position},
    time::Timestamp,
};
use serde::Serialize;

use crate::{
    agenda::{Agenda, Poll},
    entry::PublicKey,
    event::Vote,
    item::{self, Standing},
    preparation::{Preparation, condition_place, fact::Cast},
    stage::Stage,
};

/// What a poll says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// Go.
    Go,
    /// No-go: somebody said it, or the deadline means it.
    NoGo,
    /// Somebody's word is missing.
    Open,
    /// Somebody's word is missing, and the deadline has passed: it is held.
    Held,
}

/// How a position stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Word {
    /// Go.
    Go,
    /// No-go.
    NoGo,
    /// Go, and its condition holds.
    ConditionMet,
    /// Go with a condition that does not hold, or of which nobody knows.
    ConditionOpen,
    /// Not there.
    Absent,
    /// Waits for who it was delegated to.
    Delegated,
    /// Nothing was said.
    Silent,
}

/// A position with its answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Answered {
    /// The role.
    pub role: String,
    /// Whether it only advises.
    pub advisory: bool,
    /// Who may vote for it, a delegate included.
    pub voters: Vec<String>,
    /// How it stands.
    pub word: Word,
    /// Who voted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// One sentence.
    pub sentence: String,
    /// When one of its voters last did something with this before them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seen_at: Option<Timestamp>,
    /// What changed since, a sentence each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changes_since: Vec<String>,
    /// The vote that was voided, where none was given since.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub void: Option<Void>,
    #[serde(skip)]
    key: Option<PublicKey>,
}

/// A vote that no longer counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Void {
    /// What it said.
    pub word: Word,
    /// Who.
    pub by: String,
    /// When it was given.
    pub at: Timestamp,
    /// What voided it, a sentence each.
    pub because: Vec<String>,
}

/// How a poll stands.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Stand {
    /// Before what.
    pub stage: Stage,
    /// What it says.
    pub decision: Decision,
    /// The positions, in their order.
    pub positions: Vec<Answered>,
    /// When it was opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opened_at: Option<Timestamp>,
    /// Until when it may stay open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deadline: Option<Timestamp>,
    /// What its deadline means while a vote is missing.
    pub on_deadline: OnSilence,
    /// Since when it holds the release: somebody's no-go, or its deadline.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub held_since: Option<Timestamp>,
    /// What has to happen so that it says go, in one sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub what_would_make_it_go: Option<String>,
    /// Why it does not say go, a sentence each.
    pub reasons: Vec<String>,
    /// What has to happen, a clause each, for sentences that wish for more than this poll.
    #[serde(skip)]
    pub(crate) wishes: Vec<String>,
}

/// Tells how the poll before a stage stands; `None` where none is taken there.
pub fn stand(
    agenda: &Agenda,
    preparation: &Preparation,
    stage: &Stage,
    now: Timestamp,
) -> Option<Stand> {
    let poll = agenda.polls_at(stage)?;
    let look = |position| answered(preparation, stage, position, now);
    let positions: Vec<Answered> = poll.positions.iter().map(look).collect();
    let opened = preparation.opened.get(stage).copied();
    let deadline = opened
        .zip(poll.deadline)
        .and_then(|(opened, span)| opened.checked_add_signed(span.as_delta()));
    let mut reasons = Vec::new();
    let refused = collect_reasons(poll, &positions, &mut reasons);
    let late = deadline.is_some_and(|deadline| now >= deadline);
    let decision = match (reasons.is_empty(), refused) {
        (true, _) => Decision::Go,
        (false, Refused::BySomebody) => Decision::NoGo,
        (false, Refused::ByNobody) if late => match poll.on_deadline {
            OnSilence::Hold => Decision::Held,
            OnSilence::NoGo => Decision::NoGo,
        },
        (false, Refused::ByNobody) => Decision::Open,
    };
    if late && !reasons.is_empty() {
        reasons.push(format!(
            "the deadline of the poll before {} has passed",
            stage.words()
        ));
    }
    let wishes = wish::of(poll, &positions, decision);
    Some(Stand {
        stage: stage.clone(),
        decision,
        opened_at: opened,
        deadline,
        on_deadline: poll.on_deadline,
        held_since: held_since(decision, &positions, deadline),
        what_would_make_it_go: wish::sentence(&wishes),
        wishes,
        positions,
        reasons,
    })
}

/// A poll is held from the first no-go that still stands, or else from its deadline.
fn held_since(
    decision: Decision,
    positions: &[Answered],
    deadline: Option<Timestamp>,
) -> Option<Timestamp> {
    let refused = positions
        .iter()
        .filter(|answered| answered.word == Word::NoGo && !answered.advisory);
    match decision {
        Decision::Go | Decision::Open => None,
        Decision::Held => deadline,
        Decision::NoGo => refused
            .filter_map(|answered| answered.at)
            .min()
            .or(deadline),
    }
}

/// Gives the voters of a position, with who it was delegated to.
pub fn voters(preparation: &Preparation, stage: &Stage, position: &Position) -> Vec<String> {
    let mut voters = position.voters.clone();
    let key = (stage.clone(), position.role.clone());
    if let Some(Vote::Delegated { to }) = preparation.votes.get(&key).map(|cast| &cast.vote)
        && !voters.contains(to)
    {
        voters.push(to.clone());
    }
    voters
}

enum Refused {
    BySomebody,
    ByNobody,
}

fn collect_reasons(poll: &Poll, positions: &[Answered], reasons: &mut Vec<String>) -> Refused {
    let mut refused = Refused::ByNobody;
    let counted = || {
        poll.positions
            .iter()
            .zip(positions)
            .filter(|(asked, _)| !asked.advisory)
    };
    for (asked, answered) in counted() {
        let needed = poll.quorum.is_none() || asked.mandatory;
        if needed && !is_go(answered) {
            reasons.push(answered.sentence.clone());
            if answered.word == Word::NoGo {
                refused = Refused::BySomebody;
            }
        }
    }
    if let Some(quorum) = poll.quorum {
        let went = counted().filter(|(_, answered)| is_go(answered));
        let people: BTreeSet<_> = went
            .filter_map(|(_, answered)| answered.key.as_ref())
            .collect();
        if people.len() < quorum as usize {
            let have = people.len();
            reasons.push(format!("{have} of {quorum} different people said go"));
        }
    }
    refused
}

fn is_go(answered: &Answered) -> bool {
    matches!(answered.word, Word::Go | Word::ConditionMet)
}

fn answered(
    preparation: &Preparation,
    stage: &Stage,
    position: &Position,
    now: Timestamp,
) -> Answered {
    let role = &position.role;
    let cast = preparation.votes.get(&(stage.clone(), role.clone()));
    let (word, sentence) = match cast {
        None => (Word::Silent, format!("{role} has not voted")),
        Some(cast) => said(preparation, role, cast, now),
    };
    let voters = voters(preparation, stage, position);
    let seen = voters
        .iter()
        .filter_map(|name| preparation.last_seen.get(name));
    let seen_at = seen.max().copied();
    Answered {
        role: role.clone(),
        advisory: position.advisory,
        seen_at,
        changes_since: seen_at.map_or_else(Vec::new, |seen| changes_since(preparation, seen)),
        void: void(preparation, stage, role),
        voters,
        word,
        by: cast.map(|cast| cast.by.name.clone()),
        at: cast.map(|cast| cast.at),
        sentence,
        key: cast.map(|cast| cast.by.key.clone()),
    }
}

fn changes_since(preparation: &Preparation, seen: Timestamp) -> Vec<String> {
    let later = preparation.changes.iter().filter(|change| change.at > seen);
    later.flat_map(|change| change.sentences.clone()).collect()
}

fn void(preparation: &Preparation, stage: &Stage, role: &str) -> Option<Void> {
    let void = preparation
        .void_votes
        .get(&(stage.clone(), role.to_owned()))?;
    Some(Void {
        word: match void.cast.vote {
            Vote::Go => Word::Go,
            Vote::NoGo => Word::NoGo,
            // Whether it held is of no matter any more.
            Vote::Condition { .. } => Word::ConditionOpen,
            Vote::Absent => Word::Absent,
            Vote::Delegated { .. } => Word::Delegated,
        },
        by: void.cast.by.name.clone(),
        at: void.cast.at,
        because: void.because.clone(),
    })
}

fn said(preparation: &Preparation, role: &str, cast: &Cast, now: Timestamp) -> (Word, String) {
    let by = &cast.by.name;
    let comment = cast.comment.as_deref();
    let comment = comment
        .map(|comment| format!(": {comment}"))
        .unwrap_or_default();
    match &cast.vote {
        Vote::Go => (Word::Go, format!("{role} says go ({by}){comment}")),
        Vote::NoGo => (Word::NoGo, format!("{role} says no-go ({by}){comment}")),
        Vote::Absent => (Word::Absent, format!("{role} is absent{comment}")),
        Vote::Delegated { to } => {
            let sentence = format!("{role} has delegated its vote to {to}, who has not voted");
            (Word::Delegated, sentence)
        }
        Vote::Condition { item, .. } => {
            let place = condition_place(role);
            let items = preparation.items();
            let condition = items.iter().find(|(known, _)| *known == place);
            let stand = condition.map(|(place, item)| item::stand(preparation, place, item, now));
            match stand {
                Some(stand) if stand.standing == Standing::Pass => (
                    Word::ConditionMet,
                    format!("{role} says go, and its condition holds: {item}"),
                ),
                Some(stand) => {
                    let why = stand.why;
                    (
                        Word::ConditionOpen,
                        format!("{role} says go if: {item}; that is {why}"),
                    )
                }
                None => (Word::ConditionOpen, format!("{role} says go if: {item}")),
            }
        }
    }
}

//! How a poll stands. Silence, absence and an unmet condition are never a go.

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
    #[serde(skip)]
    key: Option<PublicKey>,
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
    /// Until when it may stay open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deadline: Option<Timestamp>,
    /// Why it does not say go, a sentence each.
    pub reasons: Vec<String>,
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
    Some(Stand {
        stage: stage.clone(),
        decision,
        positions,
        deadline,
        reasons,
    })
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
    Answered {
        role: role.clone(),
        advisory: position.advisory,
        voters: voters(preparation, stage, position),
        word,
        by: cast.map(|cast| cast.by.name.clone()),
        at: cast.map(|cast| cast.at),
        sentence,
        key: cast.map(|cast| cast.by.key.clone()),
    }
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

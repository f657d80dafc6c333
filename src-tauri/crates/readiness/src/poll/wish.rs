//! What has to happen so that a poll says go, in one sentence.

use super::{Answered, Decision, Poll, Word, is_go};

/// Lists it, a clause each; nothing where it says go already.
pub(super) fn of(poll: &Poll, positions: &[Answered], decision: Decision) -> Vec<String> {
    if decision == Decision::Go {
        return Vec::new();
    }
    let counted = poll.positions.iter().zip(positions);
    let counted = counted.filter(|(asked, _)| !asked.advisory);
    let missing = counted.filter(|(_, answered)| !is_go(answered));
    let (needed, others): (Vec<_>, Vec<_>) =
        missing.partition(|(asked, _)| poll.quorum.is_none() || asked.mandatory);
    let mut wishes: Vec<String> = needed.iter().map(|(_, answered)| one(answered)).collect();
    if let Some(quorum) = poll.quorum {
        wishes.extend(more(quorum, &needed.len(), positions, &others));
    }
    wishes
}

/// Puts clauses into one sentence; none where there are none.
pub(crate) fn sentence(wishes: &[String]) -> Option<String> {
    (!wishes.is_empty()).then(|| format!("It goes when {}.", wishes.join(", and ")))
}

/// Says that the condition of a position has to hold.
pub(crate) fn condition_holds(role: &str) -> String {
    format!("the condition of {role} holds")
}

fn one(answered: &Answered) -> String {
    let role = &answered.role;
    let voters = answered.voters.join(" or ");
    match answered.word {
        Word::Silent => format!("{role} ({voters}) says go"),
        Word::NoGo => {
            let by = answered.by.as_deref().unwrap_or("it");
            format!("{by} changes the no-go of {role} into a go")
        }
        Word::ConditionOpen => condition_holds(role),
        Word::Absent => format!("somebody votes for {role}, which is absent ({voters})"),
        Word::Delegated => format!("who {role} has delegated its vote to says go ({voters})"),
        // These are goes; only their voter may be counted already.
        Word::Go | Word::ConditionMet => format!("somebody else votes for {role}"),
    }
}

/// Says how many more people have to say go, beside those whose word is needed anyway.
fn more(
    quorum: u32,
    needed: &usize,
    positions: &[Answered],
    others: &[(&gantry_model::release::people::Position, &Answered)],
) -> Option<String> {
    let went = positions
        .iter()
        .filter(|answered| !answered.advisory && is_go(answered));
    let people: std::collections::BTreeSet<_> =
        went.filter_map(|answered| answered.key.as_ref()).collect();
    let have = people.len() + needed;
    let missing = usize::try_from(quorum).ok()?.checked_sub(have)?;
    let roles: Vec<&str> = others
        .iter()
        .map(|(_, answered)| answered.role.as_str())
        .collect();
    (missing > 0).then(|| match roles.as_slice() {
        [] => format!("{missing} more people say go"),
        roles => format!("{missing} more of {} say go", roles.join(", ")),
    })
}

//! May it start, cross this step, be declared good? If not: one sentence for each reason.

mod wish;

use gantry_model::time::Timestamp;
use serde::Serialize;

use crate::{
    agenda::{Agenda, CONDITIONS},
    house::House,
    item, poll,
    preparation::{Preparation, fact::Override},
    stage::Stage,
};

/// The answer at a stage.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Answer {
    /// Before what.
    pub stage: Stage,
    /// What holds it, a sentence each; it may go ahead if there is none.
    pub reasons: Vec<String>,
    /// What has to happen so that it may go ahead, in one sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub what_would_make_it_go: Option<String>,
    /// What was overridden, a sentence each; it stands in every report.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub overridden: Vec<String>,
}

impl Answer {
    /// Whether it may go ahead.
    pub fn is_go(&self) -> bool {
        self.reasons.is_empty()
    }
}

/// Answers for a release whose plan was put before people.
///
/// It is asked before steps forward alone; an abort or a rollback needs nobody's leave.
pub fn ask(
    agenda: &Agenda,
    (preparation, house): (&Preparation, &House),
    stage: &Stage,
    now: Timestamp,
) -> Answer {
    let mut asked = people(agenda, preparation, stage, now);
    let mut wishes = wish::of_people(agenda, preparation, stage, now);
    let mut overridden = Vec::new();
    if let Some(by) = preparation.overrides.get(stage)
        && !asked.is_empty()
    {
        wishes.clear();
        overridden.extend(asked.drain(..).map(|reason| gone_over(by, &reason)));
    }
    for (freeze, sentence) in frozen(agenda, house, stage, now) {
        match preparation.freeze_overrides.get(&freeze) {
            Some(by) => overridden.push(gone_over(by, &sentence)),
            None => {
                asked.push(sentence);
                wishes.push(format!("freeze {freeze} ends"));
            }
        }
    }
    Answer {
        stage: stage.clone(),
        what_would_make_it_go: poll::wish::sentence(&wishes),
        reasons: asked,
        overridden,
    }
}

/// Declaring good changes nothing, and talking about readiness neither: freezes do not hold them.
fn frozen(agenda: &Agenda, house: &House, stage: &Stage, now: Timestamp) -> Vec<(String, String)> {
    match stage {
        Stage::Readiness | Stage::Success => Vec::new(),
        Stage::Start | Stage::Crossing(_) => {
            let holding = house.holding(agenda, now).into_iter();
            holding
                .map(|(freeze, sentence)| (freeze.name.clone(), sentence))
                .collect()
        }
    }
}

fn people(
    agenda: &Agenda,
    preparation: &Preparation,
    stage: &Stage,
    now: Timestamp,
) -> Vec<String> {
    let items = preparation.items();
    let due = items.iter().filter(|(place, _)| is_due(place, stage));
    let mut reasons: Vec<String> = due
        .filter_map(|(place, item)| item::complaint(preparation, place, item, now))
        .collect();
    let stands = polls(agenda, preparation, stage, now);
    reasons.extend(stands.into_iter().flat_map(|stand| stand.reasons));
    if !reasons.is_empty()
        && let Some(voided) = &preparation.voided
    {
        let because = voided.because.join("; ");
        let count = voided.votes;
        let votes = if count == 1 { "vote is" } else { "votes are" };
        reasons.push(format!(
            "{count} {votes} void because the plan changed: {because}"
        ));
    }
    reasons
}

/// Gives the polls that a stage waits for: a start also for the one at readiness.
fn polls(
    agenda: &Agenda,
    preparation: &Preparation,
    stage: &Stage,
    now: Timestamp,
) -> Vec<poll::Stand> {
    let earlier = matches!(stage, Stage::Start).then_some(Stage::Readiness);
    let stages = earlier.iter().chain([stage]);
    stages
        .filter_map(|stage| poll::stand(agenda, preparation, stage, now))
        .collect()
}

/// A condition that was voted must hold wherever the release goes on.
fn is_due(place: &str, stage: &Stage) -> bool {
    let list = place.split_once('/').map_or(place, |(list, _)| list);
    match stage {
        Stage::Readiness => false,
        Stage::Start | Stage::Crossing(_) | Stage::Success if list == CONDITIONS => true,
        Stage::Start | Stage::Success => Agenda::stage_of_list(list).as_ref() == Some(stage),
        Stage::Crossing(_) => false,
    }
}

fn gone_over(by: &Override, reason: &str) -> String {
    format!(
        "{} went ahead although {reason}; because: {}",
        by.by, by.reason
    )
}

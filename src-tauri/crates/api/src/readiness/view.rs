//! A preparation as doors show it.

use gantry_model::{
    digest::Digest,
    id::{EnvironmentName, NodeId, ReleaseId},
    plan::Assessment,
    release::people::Item,
    time::Timestamp,
};
use gantry_readiness::{
    agenda::Agenda,
    event::{Evidence, Question, Source},
    gate::{self, Answer},
    house::House,
    item::{self, Standing},
    poll,
    preparation::{
        Preparation,
        fact::{Presented, Waiver},
    },
    stage::Stage,
};
use serde::Serialize;

/// How the preparation of a release stands.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    /// The release.
    pub release: ReleaseId,
    /// Where it goes.
    pub environment: EnvironmentName,
    /// The plan's hash.
    pub plan: Digest,
    /// The ticket or change request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// Who put the plan before people.
    pub presented_by: String,
    /// When.
    pub presented_at: Timestamp,
    /// The lists.
    pub lists: Vec<ListView>,
    /// The polls that can be taken now.
    pub polls: Vec<poll::Stand>,
    /// What may go ahead now, and what holds it.
    pub gates: Vec<Answer>,
    /// The four questions, node by node.
    pub assessments: Vec<AssessmentView>,
    /// Why votes were voided.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<String>,
}

/// A checklist.
#[derive(Clone, Debug, Serialize)]
pub struct ListView {
    /// Its name.
    pub name: String,
    /// Before what its required items must be answered; nothing waits for the list of a rollback.
    pub before: Option<Stage>,
    /// Its items.
    pub items: Vec<ItemView>,
}

/// An item.
#[derive(Clone, Debug, Serialize)]
pub struct ItemView {
    /// `list/item`.
    pub id: String,
    /// What must be so.
    pub item: String,
    /// Which role answers for it.
    pub owner: Option<String>,
    /// Whether it must be so.
    pub required: bool,
    /// Whether it ticks itself.
    pub automatic: bool,
    /// What it counts as.
    pub result: Standing,
    /// Why, in words.
    pub why: String,
    /// Who answered last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// What was said with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// What shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Evidence>,
    /// Who sees to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assignee: Option<String>,
    /// Its ticket.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// What its own check last said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Until when the answer counts, where that is limited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fresh_until: Option<Timestamp>,
    /// Going without it, as somebody asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waiver: Option<WaiverView>,
}

/// A waiver.
#[derive(Clone, Debug, Serialize)]
pub struct WaiverView {
    /// Who asked for it and owns the risk.
    pub owner: String,
    /// Why.
    pub reason: String,
    /// Which risk is accepted.
    pub risk: String,
    /// Until when it counts.
    pub expires: Timestamp,
    /// Who agreed; it counts for nothing until somebody has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approver: Option<String>,
}

/// The four questions of a node, computed and corrected.
#[derive(Clone, Debug, Serialize)]
pub struct AssessmentView {
    /// The node.
    pub node: NodeId,
    /// As the facts have it.
    pub computed: Assessment,
    /// As people corrected it.
    pub corrected: Vec<CorrectionView>,
}

/// A corrected answer.
#[derive(Clone, Debug, Serialize)]
pub struct CorrectionView {
    /// Which question.
    pub question: Question,
    /// The answer.
    pub answer: String,
    /// Why.
    pub reason: String,
    /// Who.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// Draws up how a preparation stands; `None` before a plan was put before people.
pub fn view(preparation: &Preparation, house: &House, now: Timestamp) -> Option<View> {
    let Presented {
        plan,
        agenda,
        by,
        at,
    } = preparation.presented.as_ref()?;
    let stages = preparation.stages_now(agenda);
    let polls = stages.iter();
    let polls = polls.filter_map(|stage| poll::stand(agenda, preparation, stage, now));
    let gates = stages.iter().filter(|stage| **stage != Stage::Readiness);
    let ask = |stage| gate::ask(agenda, (preparation, house), stage, now);
    Some(View {
        release: agenda.release.clone(),
        environment: agenda.environment.clone(),
        plan: *plan,
        link: agenda.link.clone(),
        presented_by: by.name.clone(),
        presented_at: *at,
        lists: lists(preparation, now),
        polls: polls.collect(),
        gates: gates.map(ask).collect(),
        assessments: assessments(preparation, agenda),
        changes: preparation
            .voided
            .iter()
            .flat_map(|voided| voided.because.clone())
            .collect(),
    })
}

fn lists(preparation: &Preparation, now: Timestamp) -> Vec<ListView> {
    let mut lists: Vec<ListView> = Vec::new();
    for (place, item) in preparation.items() {
        let name = place
            .split_once('/')
            .map_or(place.as_str(), |(name, _)| name);
        let shown = one(preparation, &place, &item, now);
        match lists.last_mut() {
            Some(last) if last.name == name => last.items.push(shown),
            Some(_) | None => lists.push(ListView {
                name: name.to_owned(),
                before: Agenda::stage_of_list(name),
                items: vec![shown],
            }),
        }
    }
    lists
}

fn one(preparation: &Preparation, place: &str, item: &Item, now: Timestamp) -> ItemView {
    let stand = item::stand(preparation, place, item, now);
    let answer = preparation.answers.get(place);
    let assigned = preparation.assigned.get(place);
    let link = preparation.links.get(place);
    ItemView {
        id: place.to_owned(),
        item: item.item.clone(),
        owner: item.owner.clone(),
        required: item.required,
        automatic: item.check.is_some(),
        result: stand.standing,
        why: stand.why,
        by: answer.map(|answer| answer.by.clone()),
        at: answer.map(|answer| answer.at),
        comment: answer.and_then(|answer| answer.comment.clone()),
        evidence: answer.and_then(|answer| answer.evidence.clone()),
        assignee: assigned.or(item.assignee.as_ref()).cloned(),
        link: link.or(item.link.as_ref()).cloned(),
        value: answer
            .filter(|answer| answer.source == Source::Check)
            .and_then(|answer| answer.comment.clone()),
        fresh_until: answer.and_then(|answer| item::fresh_until(item, answer)),
        waiver: preparation.waivers.get(place).map(waived),
    }
}

fn waived(waiver: &Waiver) -> WaiverView {
    WaiverView {
        owner: waiver.owner.name.clone(),
        reason: waiver.reason.clone(),
        risk: waiver.risk.clone(),
        expires: waiver.expires,
        approver: waiver.approver.as_ref().map(|person| person.name.clone()),
    }
}

fn assessments(preparation: &Preparation, agenda: &Agenda) -> Vec<AssessmentView> {
    let nodes = agenda.assessments.iter();
    let view = |(node, computed): &(NodeId, Assessment)| AssessmentView {
        node: node.clone(),
        computed: computed.clone(),
        corrected: corrections(preparation, node),
    };
    nodes.map(view).collect()
}

fn corrections(preparation: &Preparation, node: &NodeId) -> Vec<CorrectionView> {
    let corrections = preparation.corrections.iter();
    let of_node = corrections.filter(|((of, _), _)| of == node);
    of_node
        .map(|((_, question), correction)| CorrectionView {
            question: *question,
            answer: correction.answer.clone(),
            reason: correction.reason.clone(),
            by: correction.by.clone(),
            at: correction.at,
        })
        .collect()
}

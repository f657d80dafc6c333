//! What would be said of everything that may happen; nothing is sent.

use gantry_model::{plan::Plan, release::stakeholder::Audience, time::Timestamp};
use serde::Serialize;

use crate::{
    facts::Facts,
    matrix,
    subject::Subject,
    wording::{Wordings, Written},
};

/// One message that a stakeholder would get.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Preview {
    /// What it is about.
    pub event: &'static str,
    /// Who would get it.
    #[serde(rename = "audience")]
    pub stakeholder: String,
    /// Whose words it is in.
    #[serde(rename = "words")]
    pub audience: Audience,
    /// The channel: the connection's name.
    pub channel: String,
    /// One line.
    pub title: String,
    /// The rest.
    pub body: String,
    /// Why the stakeholder's own wording is not used, where it is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

/// Writes what each stakeholder would be told, in the order in which it would happen. What only
/// the event itself can say stands there in words.
pub fn all(plan: &Plan, wordings: &Wordings, at: Timestamp) -> Vec<Preview> {
    let mut previews = Vec::new();
    for stakeholder in &plan.stakeholders {
        for subject in Subject::ALL {
            if matrix::hears(stakeholder, subject).is_none() {
                continue;
            }
            let Written {
                title,
                body,
                problem,
            } = wordings.write(stakeholder, &sample(plan, subject, at));
            previews.push(Preview {
                event: subject.word(),
                stakeholder: stakeholder.name.clone(),
                audience: stakeholder.audience,
                channel: stakeholder.via.connection.to_string(),
                title,
                body,
                problem,
            });
        }
    }
    previews
}

/// Gathers facts as they could be.
pub fn sample(plan: &Plan, subject: Subject, at: Timestamp) -> Facts {
    let node = plan
        .order
        .first()
        .and_then(|node| plan.nodes.get(node.at()));
    let step = node.and_then(|node| plan.steps.get(node.steps().last()?.at()));
    let release = &plan.release;
    Facts {
        run: format!("{release}#1"),
        node: node.map(|node| node.id.to_string()).unwrap_or_default(),
        step: step.map(|step| step.id.to_string()).unwrap_or_default(),
        reason: "(the reason stands here)".to_owned(),
        by: "(who did it)".to_owned(),
        stage: "the start".to_owned(),
        missing: vec!["(who has not voted)".to_owned()],
        on_deadline: "hold".to_owned(),
        command: format!("gantry status {release}"),
        ..Facts::of_plan(plan, subject, at)
    }
}

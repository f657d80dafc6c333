//! Who is told of what: stakeholders by occasions.

use std::collections::BTreeMap;

use gantry_model::{
    plan::Plan,
    release::stakeholder::{Audience, Occasion, Stakeholder},
};
use serde::Serialize;

use crate::subject::Subject;

/// One stakeholder's line of the matrix.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// Who.
    #[serde(rename = "audience")]
    pub stakeholder: String,
    /// Whose words they are told in.
    #[serde(rename = "words")]
    pub audience: Audience,
    /// The channel: the connection's name.
    pub channel: String,
    /// The product behind it.
    pub product: &'static str,
    /// The address on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Every occasion, and whether they are told of it.
    pub events: BTreeMap<&'static str, bool>,
}

/// Draws the matrix of a plan.
pub fn rows(plan: &Plan) -> Vec<Row> {
    let row = |stakeholder: &Stakeholder| Row {
        stakeholder: stakeholder.name.clone(),
        audience: stakeholder.audience,
        channel: stakeholder.via.connection.to_string(),
        product: product(plan, stakeholder),
        to: stakeholder.via.to.clone(),
        events: Occasion::ALL
            .iter()
            .map(|occasion| (occasion.word(), stakeholder.on.contains(occasion)))
            .collect(),
    };
    plan.stakeholders.iter().map(row).collect()
}

/// Gives the product behind a stakeholder's channel.
pub fn product(plan: &Plan, stakeholder: &Stakeholder) -> &'static str {
    let connection = plan.connections.get(&stakeholder.via.connection);
    connection.map_or("unknown", |connection| connection.product())
}

/// Says as which occasion a stakeholder hears of a subject, if they do.
pub fn hears(stakeholder: &Stakeholder, subject: Subject) -> Option<Occasion> {
    let mut occasions = subject.occasions().iter().copied();
    occasions.find(|occasion| stakeholder.on.contains(occasion))
}

//! Who is told, and who answers for what.

use std::collections::BTreeMap;

use gantry_model::plan::Plan;

use super::Material;
use crate::document::{Section, Sources, Table, Text, Tone};

/// Lists who is told what, by which channel.
pub(super) fn communications(plan: &Plan) -> Section {
    let mut section = Section::new("communications", "Communications");
    let mut table = Table::new(&[("Who", 3), ("By", 4), ("When", 6)]);
    for stakeholder in &plan.stakeholders {
        let product = plan.connections.get(&stakeholder.via.connection);
        let product = product.map_or("unknown", |connection| connection.product());
        let to = stakeholder
            .via
            .to
            .as_ref()
            .map_or_else(String::new, |to| format!(", {to}"));
        let occasions: Vec<&str> = stakeholder.on.iter().map(|on| on.words()).collect();
        table.row(
            Tone::Plain,
            Sources::none(),
            vec![
                Text::strong(&stakeholder.name),
                Text::plain(format!("{} ({product}){to}", stakeholder.via.connection)),
                Text::plain(occasions.join(", ")),
            ],
        );
    }
    section.table_or(table, "Nobody is told by Gantry.");
    section
}

/// Lists who answers for what.
pub(super) fn contacts(material: &Material<'_>) -> Section {
    let plan = material.plan;
    let mut all: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    if let Some(owner) = &plan.owner {
        all.entry(owner).or_default().push("the release".to_owned());
    }
    for node in &plan.nodes {
        if let Some(owner) = &node.owner {
            all.entry(owner).or_default().push(node.id.to_string());
        }
        if let Some(owner) = node.run.as_ref().and_then(|task| task.owner.as_ref()) {
            all.entry(owner)
                .or_default()
                .push(format!("{} by hand", node.id));
        }
    }
    let poll = material
        .release
        .map(|release| release.go_no_go.poll.as_slice());
    for position in poll.unwrap_or_default() {
        for voter in &position.voters {
            all.entry(voter)
                .or_default()
                .push(format!("votes for {}", position.role));
        }
    }
    let mut section = Section::new("contacts", "Contacts");
    let mut table = Table::new(&[("Who", 4), ("Answers for", 8)]);
    for (who, what) in all {
        let cells = vec![Text::strong(who), Text::plain(what.join(", "))];
        table.row(Tone::Plain, Sources::none(), cells);
    }
    section.table_or(table, "The release names nobody who answers for anything.");
    section
}

//! What is watched, and what trips.

use gantry_model::{
    plan::{Plan, PlannedTrigger},
    release::check::Reaction,
};

use crate::document::{Section, Sources, Table, Text, Tone};

/// Lists judged metrics, guardrails and triggers.
pub(super) fn section(plan: &Plan) -> Section {
    let mut section = Section::new("monitoring", "Monitoring");
    let mut judged = Table::new(&[
        ("Node", 3),
        ("Judged by", 5),
        ("Bucket", 2),
        ("Guardrails", 5),
    ]);
    for node in &plan.nodes {
        let Some(judge) = &node.judge else { continue };
        let guards = judge.metrics.iter().filter_map(|name| {
            let metric = plan.metrics.get(name)?;
            let above = metric
                .never_above
                .as_ref()
                .map(|limit| format!("{name} never above {limit}"));
            let below = metric
                .never_below
                .as_ref()
                .map(|limit| format!("{name} never below {limit}"));
            above.or(below)
        });
        let guards: Vec<String> = guards.collect();
        judged.row(
            Tone::Plain,
            Sources::none(),
            vec![
                Text::code(node.id.to_string()),
                Text::codes(&judge.metrics),
                Text::plain(judge.bucket.to_string()),
                Text::plain(if guards.is_empty() {
                    "none".to_owned()
                } else {
                    guards.join("; ")
                }),
            ],
        );
    }
    section.table_or(
        judged,
        "No bake is judged by metrics; health alone is looked at.",
    );
    let mut table = Table::new(&[("Where", 3), ("Trips when", 6), ("Then", 4)]);
    for planned in &plan.triggers {
        let place = planned.node.and_then(|node| plan.nodes.get(node.at()));
        table.row(
            Tone::Plain,
            Sources::none(),
            vec![
                place.map_or_else(
                    || Text::plain("release"),
                    |node| Text::code(node.id.to_string()),
                ),
                Text::plain(condition(planned)),
                Text::plain(then(planned.then)),
            ],
        );
    }
    section.table_or(
        table,
        "No triggers were declared; failures, health and timeouts trip all the same.",
    );
    section
}

fn condition(planned: &PlannedTrigger) -> String {
    let trigger = &planned.trigger;
    let subject = match &trigger.metric {
        Some(metric) => metric.to_string(),
        None => {
            let labels = trigger
                .alert
                .iter()
                .map(|(key, value)| format!("{key}={value}"));
            format!("alert {}", labels.collect::<Vec<_>>().join(", "))
        }
    };
    let of = trigger
        .of
        .as_ref()
        .map_or_else(String::new, |service| format!(" of {service}"));
    let limit = match (&trigger.above, &trigger.below) {
        (Some(above), _) => format!(" is above {above}"),
        (None, Some(below)) => format!(" is below {below}"),
        (None, None) => " fires".to_owned(),
    };
    let lasting = match trigger.lasting.as_millis() {
        0 => String::new(),
        _ => format!(" for {}", trigger.lasting),
    };
    format!("{subject}{of}{limit}{lasting}")
}

fn then(reaction: Reaction) -> &'static str {
    match reaction {
        Reaction::RollbackRelease => "the whole release is rolled back",
        Reaction::RollbackNode => "the node and what stands on it is rolled back",
        Reaction::Hold => "new steps stop, a person decides",
        Reaction::Notify => "it is only told",
    }
}

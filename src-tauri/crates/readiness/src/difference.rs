//! What changed between two plans, at the top, in sentences: what people voted on is no longer it.

use std::collections::{BTreeMap, BTreeSet};

use gantry_model::{
    id::Milestone,
    plan::{Plan, PlannedNode},
    release::people::{Item, Position},
};

use crate::agenda::Agenda;

/// Says what differs between two plans of a release; nothing for the same plan.
pub fn between(before: &Plan, after: &Plan) -> Vec<String> {
    if before.digest == after.digest {
        return Vec::new();
    }
    let mut said = nodes(before, after);
    said.extend(surroundings(before, after));
    said.extend(files(before, after));
    if said.is_empty() {
        said.push("the way in which it is done was changed".into());
    }
    said
}

/// Says what differs in what is asked of people: items, positions and the rules of the poll.
pub fn asked(before: &Agenda, after: &Agenda) -> Vec<String> {
    let items = |agenda: &'_ Agenda| -> BTreeMap<String, Item> {
        let items = agenda.items();
        items.map(|(place, item)| (place, item.clone())).collect()
    };
    let mut said = compared("item ", (&items(before), &items(after)));
    let positions = |agenda: &Agenda| -> BTreeMap<String, Position> {
        let positions = agenda.poll.iter().flat_map(|poll| &poll.positions);
        let by_role = positions.map(|position| (position.role.clone(), position.clone()));
        by_role.collect()
    };
    let (old, new) = (positions(before), positions(after));
    said.extend(compared("position ", (&old, &new)));
    if before.poll != after.poll && old == new {
        said.push("the rules of the poll were changed".into());
    }
    said
}

fn compared<T: PartialEq>(
    what: &str,
    (before, after): (&BTreeMap<String, T>, &BTreeMap<String, T>),
) -> Vec<String> {
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let said = names
        .into_iter()
        .filter_map(|name| match (before.get(name), after.get(name)) {
            (Some(one), Some(other)) if one == other => None,
            (Some(_), Some(_)) => Some(format!("{what}{name} was changed")),
            (Some(_), None) => Some(format!("{what}{name} was taken out")),
            (None, _) => Some(format!("{what}{name} is new")),
        });
    said.collect()
}

fn nodes(before: &Plan, after: &Plan) -> Vec<String> {
    let named = |plan: &'_ Plan| -> BTreeMap<String, usize> {
        let nodes = plan.nodes.iter().enumerate();
        nodes.map(|(at, node)| (node.id.to_string(), at)).collect()
    };
    let (old, new) = (named(before), named(after));
    let gone = old.keys().filter(|id| !new.contains_key(*id));
    let mut said: Vec<String> = gone.map(|id| format!("{id} was taken out")).collect();
    for (id, at) in &new {
        let after_node = after.nodes.get(*at);
        let before_node = old.get(id).and_then(|at| before.nodes.get(*at));
        match (before_node, after_node) {
            (Some(one), Some(other)) => said.extend(node(before, after, (one, other))),
            (None, Some(_)) => said.push(format!("{id} was added")),
            (_, None) => {}
        }
    }
    said
}

fn node(before: &Plan, after: &Plan, (one, other): (&PlannedNode, &PlannedNode)) -> Option<String> {
    let id = &other.id;
    let mut parts = Vec::new();
    if one.version != other.version {
        parts.push(match (&one.version, &other.version) {
            (Some(one), Some(other)) => format!("goes to {} instead of {}", other.to, one.to),
            (None, _) | (_, None) => "has another version".to_owned(),
        });
    }
    if one.strategy != other.strategy || one.settings != other.settings {
        parts.push("has another strategy".to_owned());
    }
    parts.extend(waits(&needs(before, one), &needs(after, other)));
    let facets = [
        ("kind", one.kind != other.kind),
        ("service", one.service != other.service),
        ("connection", one.connection != other.connection),
        ("workload", one.workload != other.workload),
        ("router", one.router != other.router),
        ("flag", one.flag != other.flag),
        ("task", one.run != other.run),
        ("health check", one.health != other.health),
        ("judge", one.judge != other.judge),
        ("failure policy", one.on_failure != other.on_failure),
    ];
    let changed = facets.iter().filter(|(_, differs)| *differs);
    parts.extend(changed.map(|(name, _)| format!("has another {name}")));
    (!parts.is_empty()).then(|| format!("{id} {}", parts.join(", ")))
}

/// Says which needs came and which went.
fn waits(before: &BTreeSet<String>, after: &BTreeSet<String>) -> Vec<String> {
    let listed = |needs: Vec<&String>, words: &str| {
        let needs: Vec<&str> = needs.into_iter().map(String::as_str).collect();
        (!needs.is_empty()).then(|| format!("{words} {}", needs.join(" and ")))
    };
    let came = listed(after.difference(before).collect(), "now waits for");
    let went = listed(before.difference(after).collect(), "no longer waits for");
    came.into_iter().chain(went).collect()
}

/// Lists what a node waits for, as a file says it: a node, or one of its milestones.
fn needs(plan: &Plan, node: &PlannedNode) -> BTreeSet<String> {
    let needs = node.needs.iter().filter_map(|need| {
        let other = plan.nodes.get(need.node.at())?;
        Some(if need.milestone == Milestone::done() {
            other.id.to_string()
        } else {
            format!("{}:{}", other.id, need.milestone)
        })
    });
    needs.collect()
}

fn surroundings(before: &Plan, after: &Plan) -> Vec<String> {
    let checks = |plan: &Plan| -> Vec<_> {
        let criteria = plan.success.iter();
        criteria
            .map(|asked| (asked.id.clone(), asked.check.clone()))
            .collect()
    };
    let parts = [
        (
            "the environment is another one",
            before.environment != after.environment,
        ),
        ("the policy was changed", before.policy != after.policy),
        ("the window was changed", before.window != after.window),
        (
            "the connections were changed",
            before.connections != after.connections,
        ),
        ("the metrics were changed", before.metrics != after.metrics),
        (
            "the rollback triggers were changed",
            before.triggers != after.triggers,
        ),
        (
            "the success criteria were changed",
            checks(before) != checks(after),
        ),
    ];
    let changed = parts.iter().filter(|(_, differs)| *differs);
    changed
        .map(|(sentence, _)| (*sentence).to_owned())
        .collect()
}

fn files(before: &Plan, after: &Plan) -> Vec<String> {
    let known = before.files.keys().chain(after.files.keys());
    let names: BTreeSet<&String> = known.collect();
    let said = names.into_iter().filter_map(|name| {
        match (before.files.get(name), after.files.get(name)) {
            (Some(one), Some(other)) if one == other => None,
            (Some(_), Some(_)) => Some(format!("file {name} was changed")),
            (Some(_), None) => Some(format!("file {name} is no longer used")),
            (None, Some(_)) => Some(format!("file {name} is new")),
            (None, None) => None,
        }
    });
    said.collect()
}

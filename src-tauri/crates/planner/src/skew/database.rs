//! Schemas: the new version finds what it needs, and the old one keeps what it needs.

use super::{Side, Sink};
use crate::needs::Compiled;

/// Checks a node against the milestones of a database.
pub(super) fn check(side: &Side<'_>, (database, at): (&Compiled<'_>, u32), sink: &mut Sink<'_>) {
    let (id, other, wanted) = (side.id(), database.settled.id, side.text);
    let reached = wanted
        .parse()
        .ok()
        .and_then(|milestone| database.reaching(&milestone));
    let waits = reached.is_some() && side.awaited.step(at) >= reached;
    if waits {
        let when = format!("`{id}` starts after `{other}` is {wanted}, and goes back before it");
        side.record((wanted.to_owned(), when, true), String::new(), sink);
    } else {
        let when = format!("nothing makes `{id}` wait until `{other}` is {wanted}");
        let hint = format!("add `{other}:{wanted}` to the needs of `{id}`");
        side.record((format!("before {wanted}"), when, false), hint, sink);
    }
    contract(side, (database, at), sink);
}

/// The old version of a node lives on the old shape until the node is done.
fn contract(side: &Side<'_>, (database, at): (&Compiled<'_>, u32), sink: &mut Sink<'_>) {
    let contracted = "contracted".parse().ok();
    if contracted.is_none_or(|milestone| database.reaching(&milestone).is_none()) {
        return;
    }
    let last_steps = side
        .plan
        .steps_of(at)
        .iter()
        .skip(database.done() as usize + 1);
    let steps = &side.plan.steps;
    let needed = last_steps.flat_map(|step| &step.needs);
    let nodes = needed
        .filter_map(|need| steps.get(need.at()))
        .map(|step| step.node.0);
    let waited: Vec<u32> = nodes.filter(|node| *node != at).collect();
    let direct = waited.contains(&side.at);
    let Some(through) = side.walk.awaited(waited) else {
        // That not everything was checked is told with the next node.
        return;
    };
    if direct || through.step(side.at) >= Some(side.consumer.done()) {
        return;
    }
    let old = side.consumer.settled.old_version.as_ref();
    let old = old.map_or("old".to_owned(), |version| version.to_string());
    let when = format!(
        "`{}` may be contracted before `{}` is done",
        database.settled.id,
        side.id()
    );
    let hint = format!(
        "add `{}` to `contract.after` of `{}`",
        side.id(),
        database.settled.id
    );
    side.record_pair(((old, "contracted".into()), when, false), hint, sink);
}

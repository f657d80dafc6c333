//! Checklists and the poll: what could never be answered is said before people are asked.

use std::collections::BTreeSet;

use gantry_model::{
    plan::Finding,
    release::{
        Release,
        people::{Checklist, GoNoGo, Item, Position},
    },
};

use crate::place::Place;

/// Lists that Gantry fills itself.
const RESERVED: [&str; 2] = ["criteria", "conditions"];

/// Checks the lists and the poll of a release.
pub(super) fn check(release: &Release, found: &mut Vec<Finding>) {
    for (name, list) in &release.checklists.0 {
        let place = Place::top("checklists").at(name);
        if RESERVED.contains(&name.as_str()) || name.contains('/') {
            let message = format!("A checklist cannot be called `{name}`.");
            let hint =
                "`criteria` and `conditions` are filled by Gantry, and `/` stands before an item";
            found.push(place.error("reserved-list", message, hint));
        }
        if let Checklist::Items(items) = list {
            check_items(items, &place, found);
        }
    }
    check_poll(&release.go_no_go, found);
}

fn check_items(items: &[Item], place: &Place, found: &mut Vec<Finding>) {
    let mut ids = BTreeSet::new();
    for (number, item) in items.iter().enumerate() {
        let place = place.at(number);
        if !ids.insert(&item.id) {
            let message = format!("Two items of the list are called `{}`.", item.id);
            let hint = "give each an id of its own, since answers name it";
            found.push(place.at("id").error("duplicate-item", message, hint));
        }
        let odd = |sign: char| sign == '/' || sign.is_whitespace() || sign.is_control();
        if item.id.is_empty() || item.id.chars().any(odd) {
            let message = format!("`{}` cannot be typed as the id of an item.", item.id);
            found.push(
                place
                    .at("id")
                    .error("bad-item", message, "write one word, without `/`"),
            );
        }
    }
}

fn check_poll(asked: &GoNoGo, found: &mut Vec<Finding>) {
    let place = Place::top("go-no-go");
    if asked.poll.is_empty() && (asked.quorum.is_some() || !asked.at.is_empty()) {
        let message = "A poll is asked for, but it has no positions.".to_owned();
        let hint = "add `poll: [{ role, voters }]`";
        found.push(place.error("no-positions", message, hint));
    }
    let mut roles = BTreeSet::new();
    for (number, position) in asked.poll.iter().enumerate() {
        let place = place.at("poll").at(number);
        if !roles.insert(position.role.to_lowercase()) {
            let message = format!("Two positions are called `{}`.", position.role);
            let hint = "give each a role of its own, and let one have several voters";
            found.push(place.at("role").error("duplicate-position", message, hint));
        }
        check_position(position, &place, found);
    }
    check_quorum(asked, &place, found);
}

fn check_position(position: &Position, place: &Place, found: &mut Vec<Finding>) {
    let role = &position.role;
    if position.voters.is_empty() {
        let message = format!("Nobody may vote for `{role}`, so that it could never say go.");
        let hint = "name who may in `voters`";
        found.push(place.at("voters").error("no-voters", message, hint));
    }
    if position.advisory && position.mandatory {
        let message = format!("`{role}` only advises and is mandatory at once.");
        found.push(place.error("position-form", message, "take one of the two away"));
    }
}

fn check_quorum(asked: &GoNoGo, place: &Place, found: &mut Vec<Finding>) {
    let counted = asked.poll.iter().filter(|position| !position.advisory);
    let deciding = counted.clone().count();
    let voters: BTreeSet<&String> = counted.flat_map(|position| &position.voters).collect();
    let most = deciding.min(voters.len());
    match asked.quorum {
        Some(0) => {
            let message = "A quorum of 0 would make silence a go.".to_owned();
            found.push(
                place
                    .at("quorum")
                    .error("bad-quorum", message, "write 1 or more"),
            );
        }
        Some(quorum) if quorum as usize > most => {
            let message = format!("{quorum} different people cannot say go: there are {most}.");
            let hint = "lower `quorum`, or name more voters and positions";
            found.push(place.at("quorum").error("bad-quorum", message, hint));
        }
        Some(_) => {}
        None if deciding == 0 && !asked.poll.is_empty() => {
            let message = "Every position of the poll only advises, so that it holds nothing.";
            let hint = "take `advisory` away from who decides";
            found.push(
                place
                    .at("poll")
                    .warning("poll-advises", message.to_owned(), hint),
            );
        }
        None => {}
    }
}

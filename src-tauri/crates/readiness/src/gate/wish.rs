//! What has to happen so that a release may go ahead, in one sentence.

use gantry_model::time::Timestamp;

use super::{is_due, polls};
use crate::{
    agenda::{Agenda, CONDITIONS},
    item,
    poll::wish,
    preparation::Preparation,
    stage::Stage,
};

/// Lists what people have to do: items first, then polls; a clause each.
pub(super) fn of_people(
    agenda: &Agenda,
    preparation: &Preparation,
    stage: &Stage,
    now: Timestamp,
) -> Vec<String> {
    let items = preparation.items();
    let due = items.iter().filter(|(place, _)| is_due(place, stage));
    let missing =
        due.filter(|(place, item)| item::complaint(preparation, place, item, now).is_some());
    let mut wishes: Vec<String> = missing.map(|(place, _)| of_item(place)).collect();
    for clause in polls(agenda, preparation, stage, now)
        .into_iter()
        .flat_map(|stand| stand.wishes)
    {
        // A condition is an item and a part of its poll; it is wished for once.
        if !wishes.contains(&clause) {
            wishes.push(clause);
        }
    }
    wishes
}

fn of_item(place: &str) -> String {
    match place.split_once('/') {
        Some((CONDITIONS, role)) => wish::condition_holds(role),
        Some(_) | None => format!("{place} passes or is waived"),
    }
}

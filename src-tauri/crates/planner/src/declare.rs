//! Who declares a release good: its criteria, and people where the file asks for them.

use gantry_model::release::{
    Release,
    check::Criterion,
    people::{AFTERWARDS, Checklist, PollStage},
};

/// Gives the criteria of success; where people declare it good, one more that only they can meet.
pub(crate) fn success(release: &Release) -> Vec<Criterion> {
    let mut criteria = release.success.clone();
    if people_declare(release) {
        criteria.push(Criterion {
            id: "go-no-go".into(),
            item: "People declare the release good".into(),
            check: None,
        });
    }
    criteria
}

fn people_declare(release: &Release) -> bool {
    let asked = &release.go_no_go;
    let polled = !asked.poll.is_empty() && asked.at.contains(&PollStage::Success);
    let listed = match release.checklists.0.get(AFTERWARDS) {
        Some(Checklist::Items(items)) => items.iter().any(|item| item.required),
        // The list that Gantry brings requires nothing.
        Some(Checklist::Named(_)) | None => false,
    };
    polled || listed
}

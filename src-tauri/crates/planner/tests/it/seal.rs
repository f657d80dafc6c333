//! The plan's hash covers what will be done, and nothing that only tells about it.

use std::collections::BTreeMap;

use gantry_model::digest::Digest;
use gantry_planner::{Observations, plan};
use serde_json::{Value, json};

use crate::given::{app, merge, planned, release, task, with_nodes};

fn given() -> Value {
    with_nodes(json!({ "a": task(&[]), "app": app(json!("canary"), json!({ "needs": ["a"] })) }))
}

fn digest_with(change: impl FnOnce(&mut Value)) -> Digest {
    let mut value = given();
    change(&mut value);
    planned(value).digest
}

#[test]
fn wording_estimates_and_people_do_not_change_it() {
    let before = planned(given()).digest;
    assert_eq!(
        before,
        digest_with(|release| merge(release, json!({ "title": "New", "description": "x" })))
    );
    assert_eq!(
        before,
        digest_with(|release| release["nodes"]["a"]["estimate"] = json!("9h"))
    );
    assert_eq!(
        before,
        digest_with(|release| release["nodes"]["a"]["owner"] = json!("dba"))
    );
    let people = json!({ "stakeholders": [{ "name": "S", "via": { "connection": "chat" }, "on": ["started"] }] });
    assert_eq!(before, digest_with(|release| merge(release, people)));
}

#[test]
fn what_is_done_changes_it() {
    let before = planned(given()).digest;
    let changes: [(&str, Value); 5] = [
        ("/nodes/app/version/to", json!("1.2.0")),
        ("/nodes/app/workload/replicas", json!(5)),
        ("/nodes/app/needs", json!([])),
        ("/nodes/a/run/undo", json!(["./other"])),
        ("/services/inventory", json!("9.9.9")),
    ];
    for (pointer, value) in changes {
        let changed = digest_with(|release| *release.pointer_mut(pointer).unwrap() = value);
        // Neighbours are observations: they change the findings only.
        assert_eq!(
            changed == before,
            pointer.starts_with("/services"),
            "{pointer}"
        );
    }
    assert_ne!(
        before,
        digest_with(|release| release["policy"] = json!({ "max-parallel": 2 }))
    );
}

#[test]
fn a_file_that_changed_changes_it_and_the_folder_does_not() {
    let with = |folder: &str, content: &str| {
        let files = BTreeMap::from([("a.sql".to_owned(), Digest::of(content))]);
        let folder = folder.to_owned();
        plan(
            &release(given()),
            &Observations {
                folder,
                files,
                ..Observations::default()
            },
        )
        .unwrap()
        .digest
    };
    assert_eq!(with("/x", "1"), with("/y", "1"));
    assert_ne!(with("/x", "1"), with("/x", "2"));
}

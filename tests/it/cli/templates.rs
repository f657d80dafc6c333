//! A release that takes from a template what it does not say itself.

use gantry_model::digest::Digest;
use gantry_tests::place::Place;
use serde_json::Value;

const TEMPLATE: &str = r#"gantry: 1
release: house-rules
nodes: {}
checklists:
  pre-deployment:
    - { id: backup, item: The backup is young, required: true, only: { kinds: [database] } }
    - { id: told, item: Support was told, required: true, only: { environments: [production] } }
    - { id: note, item: The notes are written }
  post-deployment:
    - { id: calm, item: It is calm, required: true }
go-no-go:
  poll: [{ role: QA, voters: [ann] }]
"#;

fn release(hash: &str) -> String {
    format!(
        r#"gantry: 1
release: shop
environment: production
template: {{ file: rules.yaml, hash: "{hash}" }}
nodes:
  a: {{ kind: task, run: {{ exec: ["true"], undo: ["true"] }} }}
checklists:
  post-deployment:
    - {{ id: own, item: The first order went through }}
"#
    )
}

fn pinned() -> Place {
    let place = Place::new();
    place.write("rules.yaml", TEMPLATE);
    place.write("release.yaml", release(&Digest::of(TEMPLATE).to_string()));
    place
}

fn json(place: &Place, arguments: &[&str]) -> Value {
    let answer = place.gantry(arguments).exits(0);
    serde_json::from_str(&answer.out).unwrap()
}

#[test]
fn a_release_takes_the_lists_that_are_for_it_and_keeps_its_own() {
    let place = pinned();
    let shown = json(&place, &["checklist", "release.yaml", "--json"]);
    let lists = shown["lists"].as_array().unwrap().iter();
    let items = lists.flat_map(|list| list["items"].as_array().unwrap());
    let items: Vec<&str> = items.map(|item| item["id"].as_str().unwrap()).collect();
    // No database changes, and what the release says itself counts.
    assert_eq!(
        items,
        [
            "post-deployment/own",
            "pre-deployment/told",
            "pre-deployment/note"
        ]
    );
    assert_eq!(shown["polls"][0]["positions"][0]["role"], "QA");
    let plan = json(&place, &["plan", "release.yaml", "--json"]);
    let findings = plan["findings"].as_array().unwrap().iter();
    let mut told = findings.filter(|finding| finding["code"] == "template");
    let told = told.next().unwrap();
    assert_eq!(
        told["message"],
        "From rules.yaml come checklists/pre-deployment, go-no-go."
    );
    assert_eq!(
        told["hint"],
        "the release says otherwise: checklists/post-deployment"
    );
}

#[test]
fn a_template_that_is_not_the_pinned_one_gives_nothing() {
    let place = pinned();
    let before = json(&place, &["plan", "release.yaml", "--json"])["plan"].clone();
    let changed = TEMPLATE.replace("is young", "is an hour old");
    place.write("rules.yaml", &changed);
    let hash = Digest::of(&changed).to_string();
    place
        .gantry(&["check", "release.yaml"])
        .exits(2)
        .says("release.yaml:4:")
        .says(&format!("then pin `{hash}`"));
    place.write("release.yaml", release(&hash));
    let after = json(&place, &["plan", "release.yaml", "--json"])["plan"].clone();
    assert_ne!(before, after, "another template is another plan");
}

#[test]
fn what_changed_in_a_template_is_shown_where_the_pinned_one_was_kept() {
    let place = pinned();
    let changed = TEMPLATE
        .replace("is young", "is an hour old")
        .replace("    - { id: note, item: The notes are written }\n", "");
    // No workspace has seen the pinned one: it is refused, and no more can be said.
    place.write("rules.yaml", &changed);
    let refused = place.gantry(&["checklist", "release.yaml"]).exits(2);
    assert!(!refused.err.contains("+++"), "{}", refused.err);
    place.write("rules.yaml", TEMPLATE);
    place.gantry(&["checklist", "release.yaml"]).exits(0);
    place.write("rules.yaml", &changed);
    let refused = place.gantry(&["checklist", "release.yaml"]).exits(2);
    for line in [
        "--- rules.yaml (pinned)",
        "+++ rules.yaml (now)",
        "-    - { id: backup, item: The backup is young, required: true",
        "+    - { id: backup, item: The backup is an hour old, required: true",
        "-    - { id: note, item: The notes are written }",
    ] {
        assert!(refused.err.contains(line), "{line}\n{}", refused.err);
    }
    let refused = place
        .gantry(&["run", "release.yaml", "--yes", "--json"])
        .exits(2);
    let told: Value = serde_json::from_str(&refused.out).unwrap();
    assert_eq!(told["problems"][0]["code"], "template-changed");
    let difference = told["problems"][0]["difference"].as_str().unwrap();
    assert!(difference.contains("an hour old"), "{difference}");
    // `check` opens no workspace.
    let refused = place.gantry(&["check", "release.yaml"]).exits(2);
    assert!(!refused.err.contains("+++"), "{}", refused.err);
    // A file that is no release file is never shown, whoever names it as a template.
    place.write("rules.yaml", "root:x:0:0\n");
    let refused = place.gantry(&["checklist", "release.yaml"]).exits(2);
    assert!(!refused.err.contains("root:x"), "{}", refused.err);
}

#[test]
fn a_template_changes_nothing_by_itself_and_is_there() {
    let place = pinned();
    std::fs::remove_file(place.path("rules.yaml")).unwrap();
    place
        .gantry(&["check", "release.yaml"])
        .exits(2)
        .says("The template rules.yaml cannot be read");
    let doing = TEMPLATE.replace(
        "nodes: {}",
        "nodes: { b: { kind: task, run: { exec: [x] } } }",
    );
    place.write("rules.yaml", &doing);
    place.write("release.yaml", release(&Digest::of(&doing).to_string()));
    place
        .gantry(&["check", "release.yaml"])
        .exits(2)
        .says("changes something by itself");
}

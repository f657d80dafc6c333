use gantry_port::fault::FaultKind;
use gantry_simulation::world::Settings;
use gantry_testkit::draft::{Draft, canary};
use serde_json::json;

use crate::walk::{Walk, run};

#[test]
fn it_says_what_serves_and_changes_nothing() {
    let mut walk = Walk::new(
        Draft::new("r").app("web", &[], canary()),
        Settings::default(),
    );
    let evidence = run(walk.forward_to("web/preflight")).unwrap();
    let baseline = evidence.baseline.unwrap();
    assert_eq!(baseline.version.unwrap().as_str(), "1.0");
    assert_eq!(baseline.instances.len(), 3);
    assert!(baseline.pinned.is_some() && baseline.route.is_some());
    assert!(walk.world.ledger().is_empty());
}

#[test]
fn another_version_than_declared_is_a_failure_that_names_both() {
    let draft = Draft::new("r").app("web", &[], canary());
    let mut walk = Walk::new(draft, Settings::default());
    walk.world.clear();
    let fault = run(walk.forward_to("web/preflight")).unwrap_err();
    assert_eq!(fault.kind, FaultKind::Refused);
    assert_eq!(
        fault.message,
        "nothing of web runs in test; the release expects 1.0"
    );
}

#[test]
fn the_old_version_is_the_one_that_serves_not_the_one_that_stands_by() {
    let draft = Draft::new("r").app("web", &[], canary());
    let mut walk = Walk::new(draft, Settings::default());
    // A first run leaves its version running, without traffic.
    run(walk.forward_to("web/stage")).unwrap();
    let evidence = run(walk.step(walk.index("web/preflight"))).unwrap();
    assert_eq!(evidence.baseline.unwrap().version.unwrap().as_str(), "1.0");
}

#[test]
fn two_versions_that_serve_at_once_are_a_conflict() {
    let draft = Draft::new("r").app("web", &[], canary());
    let mut walk = Walk::new(draft, Settings::default());
    run(walk.forward_to("web/shift-2500")).unwrap();
    let fault = run(walk.step(walk.index("web/preflight"))).unwrap_err();
    assert_eq!(fault.kind, FaultKind::Conflict, "{fault}");
}

#[test]
fn a_connection_that_is_not_there_is_named() {
    let draft = Draft::new("r").node(
        "look",
        json!({ "kind": "flag", "connection": "sim", "flag": { "name": "look" },
                "strategy": { "progressive": { "steps": ["100%"], "bake": "0s" } } }),
    );
    let mut walk = Walk::new(draft, Settings::default());
    walk.without_flags();
    let fault = run(walk.forward_to("look/preflight")).unwrap_err();
    assert_eq!(fault.kind, FaultKind::Unsupported);
    assert!(fault.message.contains("`sim`"), "{fault}");
}

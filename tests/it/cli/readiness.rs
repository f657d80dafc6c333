//! Checklists, polls and freezes at the command line: what holds a start, and what lets it go.

use gantry_tests::{answer::Answer, place::Place, process::Process};

const RELEASE: &str = r#"gantry: 1
release: shop
environment: production
policy: { approvals: { not-the-author: true } }
nodes:
  a: { kind: task, service: orders, run: { exec: [./task], undo: [./task] } }
checklists:
  pre-deployment:
    - { id: backup, item: The backup is young, owner: dba, required: true, check: { exec: [./backup] } }
    - { id: comms, item: The status page is drafted, required: true }
  rollback: standard
go-no-go:
  at: [start, success]
  may-override: [eve]
  poll:
    - { role: QA, voters: [ann] }
    - { role: Support, voters: [bob], advisory: true }
"#;

fn shop() -> Place {
    let place = Place::new();
    place.script("task", "echo task >> ran\n");
    place.script("backup", "echo backup >> ran\ntest -e young\n");
    place.write("release.yaml", RELEASE);
    place
}

/// Calls the program as somebody.
fn call(place: &Place, who: &str, arguments: &[&str]) -> Answer {
    let mut command = place.command(arguments);
    command.env("USER", who);
    Process::start(command).end()
}

#[test]
fn a_release_starts_once_lists_and_poll_say_go_and_is_good_once_people_say_so() {
    let place = shop();
    let refused = call(&place, "dana", &["run", "release.yaml", "--yes"]).exits(5);
    for reason in [
        "error[not-ready]: shop may not go ahead",
        "because pre-deployment/backup (dba) is failed",
        "because pre-deployment/comms is not tested: The status page is drafted",
        "because QA has not voted",
    ] {
        assert!(refused.err.contains(reason), "{reason}\n{}", refused.err);
    }
    assert_eq!(place.read("ran"), "backup\n", "nothing but the check ran");
    place.write("young", "");
    call(
        &place,
        "carl",
        &[
            "checklist",
            "shop",
            "tick",
            "comms",
            "--evidence",
            "release.yaml",
        ],
    )
    .exits(0)
    .says("✓ pass");
    call(&place, "ann", &["vote", "shop", "--role", "QA", "go"]).exits(0);
    let held = call(&place, "dana", &["run", "release.yaml", "--yes"]).exits(5);
    assert!(held.out.contains("go-no-go"), "{}", held.out);
    let approve = ["approve", "shop", "success"];
    call(&place, "ann", &approve)
        .exits(5)
        .says("because QA has not voted");
    call(&place, "ann", &["vote", "shop", "--role", "QA", "go"]).exits(0);
    call(&place, "ann", &approve).exits(0);
    call(&place, "dana", &["resume", "shop"]).exits(0);
    // What was voted was for that run.
    call(&place, "dana", &["run", "release.yaml", "--yes"])
        .exits(5)
        .says("QA has not voted");
}

#[test]
fn a_no_go_holds_and_a_changed_plan_voids_votes() {
    let place = shop();
    place.write("young", "");
    call(&place, "dana", &["checklist", "release.yaml"]).exits(0);
    assert_eq!(
        place.read("ran"),
        "",
        "showing a list runs none of its checks"
    );
    call(&place, "dana", &["checklist", "shop", "check"])
        .exits(2)
        .says("nobody has confirmed what this file may reach");
    call(&place, "dana", &["checklist", "shop", "check", "--yes"]).exits(0);
    assert_eq!(place.read("ran"), "backup\n");
    call(&place, "carl", &["checklist", "shop", "tick", "comms"]).exits(0);
    call(&place, "dana", &["vote", "shop", "--role", "QA", "go"])
        .exits(2)
        .says("dana may not vote for QA: only ann may");
    call(
        &place,
        "ann",
        &[
            "vote", "shop", "--role", "QA", "no-go", "--reason", "too late",
        ],
    )
    .exits(0);
    call(&place, "dana", &["run", "release.yaml", "--yes"])
        .exits(5)
        .says("because QA says no-go (ann): too late");
    call(&place, "ann", &["vote", "shop", "--role", "QA", "go"]).exits(0);
    place.write(
        "release.yaml",
        RELEASE.replace("undo: [./task]", "undo: [./task, back]"),
    );
    let refused = call(&place, "dana", &["run", "release.yaml", "--yes"]).exits(5);
    let why = "1 vote is void because the plan changed: a has another task";
    assert!(refused.err.contains(why), "{}", refused.err);
}

#[test]
fn a_waiver_an_override_and_a_delegate_are_other_people() {
    let place = shop();
    call(&place, "dana", &["checklist", "release.yaml"]).exits(0);
    let waive = [
        "checklist",
        "shop",
        "waive",
        "backup",
        "comms",
        "--reason",
        "new disk",
    ];
    let waive = [&waive[..], &["--risk", "an hour", "--until", "12h"]].concat();
    call(&place, "carl", &waive).exits(0);
    let approve = ["checklist", "shop", "waive", "backup", "comms", "--approve"];
    call(&place, "carl", &approve)
        .exits(2)
        .says("somebody else must");
    call(&place, "lee", &approve).exits(0).says("≈ waived");
    call(
        &place,
        "ann",
        &["vote", "shop", "--role", "QA", "delegate", "lee"],
    )
    .exits(0);
    let overrule = ["vote", "shop", "override", "--reason", "the shop is down"];
    call(&place, "ann", &overrule).exits(2).says("only eve may");
    call(&place, "eve", &overrule)
        .exits(0)
        .says("OVERRIDDEN: eve went ahead although QA");
    let started = call(&place, "dana", &["run", "release.yaml", "--yes"]).exits(5);
    assert!(
        started.out.contains("go-no-go"),
        "it runs, and success is asked: {}",
        started.out
    );
}

#[test]
fn a_freeze_holds_starts_and_resumes_and_never_a_rollback() {
    let place = Place::new();
    place.script("task", "exit 0\n");
    place.write(
        "release.yaml",
        "gantry: 1\nrelease: shop\nenvironment: production\npolicy: { approvals: { start: 1 } }\n\
         nodes:\n  a: { kind: task, run: { exec: [./task], undo: [./task] } }\n",
    );
    call(&place, "dana", &["run", "release.yaml", "--yes"]).exits(5);
    let add = [
        "freeze",
        "add",
        "always",
        "--from",
        "2020-01-01T00:00",
        "--to",
        "2020-01-02T00:00",
    ];
    let add = [
        &add[..],
        &[
            "--repeat",
            "FREQ=DAILY",
            "--reason",
            "audit",
            "--may-override",
            "eve",
        ],
    ]
    .concat();
    call(&place, "dana", &add).exits(0).says("holds until");
    call(&place, "dana", &["resume", "shop"])
        .exits(5)
        .says("freeze always lasts until");
    call(&place, "dana", &["rollback", "shop"]).exits(3);
    call(&place, "dana", &["run", "release.yaml", "--yes"])
        .exits(5)
        .says("freeze always lasts until");
    let overrule = [
        "freeze",
        "override",
        "always",
        "release.yaml",
        "--reason",
        "hotfix",
    ];
    call(&place, "dana", &overrule)
        .exits(2)
        .says("only eve may");
    call(&place, "eve", &overrule).exits(0);
    call(&place, "dana", &["run", "release.yaml", "--yes"])
        .exits(5)
        .says("approve");
    call(&place, "dana", &["rollback", "shop"]).exits(3);
    call(
        &place,
        "dana",
        &["freeze", "end", "always", "--reason", "over"],
    )
    .exits(0)
    .says("No freeze");
}

#[test]
fn a_freeze_that_begins_meanwhile_holds_the_run() {
    let place = Place::new();
    // Longer than the freezes are looked at apart.
    place.script("slow", "sleep 8\n");
    place.script("task", "echo task >> ran\n");
    place.write(
        "release.yaml",
        "gantry: 1\nrelease: shop\nnodes:\n  a: { kind: task, run: { exec: [./slow], undo: [./task] } }\n  \
         b: { kind: task, needs: [a], run: { exec: [./task], undo: [./task] } }\n",
    );
    let mut run = place.start(&["run", "release.yaml", "--yes", "--json"]);
    run.until("step-started", "a/run");
    let add = [
        "freeze",
        "add",
        "now",
        "--from",
        "2020-01-01T00:00",
        "--to",
        "2999-01-01T00:00",
    ];
    call(&place, "dana", &[&add[..], &["--reason", "audit"]].concat()).exits(0);
    let held = run.end().exits(5);
    assert!(held.out.contains("freeze now lasts until"), "{}", held.out);
    assert_eq!(place.read("ran"), "", "b did not start");
    place.gantry(&["rollback", "shop"]).exits(3);
}

#[test]
fn names_are_bound_to_keys_and_claimed_ones_write_nothing() {
    let place = shop();
    call(&place, "dana", &["checklist", "release.yaml"]).exits(0);
    let claim = ["vote", "shop", "--role", "QA", "go", "--by", "ann"];
    call(&place, "dana", &claim)
        .exits(2)
        .says("ann was only named");
    call(&place, "dana", &["people", "claimed-names", "allowed"]).exits(0);
    let voted = call(&place, "dana", &claim).exits(0);
    assert!(voted.err.contains("no keychain"), "{}", voted.err);
    // Somebody else's machine has another key under that name.
    let key = place.path("workspace.db.keys/ann.key");
    std::fs::write(&key, "07".repeat(32)).unwrap();
    call(&place, "dana", &claim)
        .exits(2)
        .says("ann signs with another key in this workspace");
    let people = call(&place, "dana", &["people", "--json"]).exits(0).json();
    assert_eq!(people["people"].as_array().unwrap().len(), 2);
}

#[test]
fn a_private_key_is_nowhere_but_in_its_file() {
    let place = shop();
    let mut said = String::new();
    let calls: [&[&str]; 5] = [
        &["checklist", "release.yaml", "--verbose", "--json"],
        &["vote", "shop", "--role", "QA", "go"],
        &["people", "--json"],
        &["run", "release.yaml", "--yes"],
        &["freeze", "list", "--json"],
    ];
    for arguments in calls {
        let mut command = place.command(arguments);
        command.env("USER", "ann").env("GANTRY_LOG", "trace");
        let answer = Process::start(command).end();
        said += &(answer.out + &answer.err);
    }
    let key = place.read("workspace.db.keys/ann.key");
    assert_eq!(key.len(), 64, "{said}");
    assert!(!said.contains(&key));
    for file in ["workspace.db", "workspace.db-wal"] {
        let bytes = std::fs::read(place.path(file)).unwrap_or_default();
        let found = bytes
            .windows(key.len())
            .any(|window| window == key.as_bytes());
        assert!(!found, "{file}");
    }
}

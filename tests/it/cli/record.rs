//! The record as a stranger gets it: heads that people signed, and a bundle that proves itself.

use gantry_tests::{answer::Answer, place::Place, process::Process};

const RELEASE: &str = r#"gantry: 1
release: shop
environment: production
nodes:
  a: { kind: task, service: orders, run: { exec: [./task], undo: [./task] } }
checklists:
  pre-deployment:
    - { id: comms, item: The status page is drafted, required: true }
go-no-go:
  at: [start]
  poll:
    - { role: QA, voters: [ann] }
"#;

/// Calls the program as somebody.
fn call(place: &Place, who: &str, arguments: &[&str]) -> Answer {
    let mut command = place.command(arguments);
    command.env("USER", who);
    Process::start(command).end()
}

/// A release that was ticked, voted on and run.
fn shipped() -> Place {
    let place = Place::new();
    place.script("task", ":\n");
    place.write("release.yaml", RELEASE);
    call(&place, "dana", &["checklist", "release.yaml"]).exits(0);
    call(&place, "carl", &["checklist", "shop", "tick", "comms"]).exits(0);
    call(&place, "ann", &["vote", "shop", "--role", "QA", "go"]).exits(0);
    call(&place, "dana", &["run", "release.yaml", "--yes"]).exits(0);
    place
}

#[test]
fn a_stranger_proves_a_bundle_without_a_workspace() {
    let place = shipped();
    call(&place, "dana", &["export", "shop", "--bundle", "shop.tar"]).exits(0);
    call(
        &place,
        "dana",
        &["export", "shop#1", "--bundle", "again.tar"],
    )
    .exits(0);
    let bundle = std::fs::read(place.path("shop.tar")).expect("it was written");
    assert_eq!(
        std::fs::read(place.path("again.tar")).ok(),
        Some(bundle.clone())
    );
    let stranger = Place::new();
    stranger.write("shop.tar", &bundle);
    let proven = call(&stranger, "eve", &["journal", "verify", "shop.tar"]).exits(0);
    for said in [
        "in a bundle of which every byte",
        "ann signs with",
        "signed by dana with",
    ] {
        assert!(proven.out.contains(said), "{said}\n{}", proven.out);
    }
    assert!(
        !stranger.workspace().exists(),
        "a stranger has no workspace"
    );
    let text = String::from_utf8_lossy(&bundle);
    for part in [
        RELEASE,
        "## votes and waivers",
        "<!doctype html>",
        "%PDF-1.",
        "\"kind\":\"voted\"",
    ] {
        let found = text.to_lowercase().contains(&part.to_lowercase());
        assert!(found, "{part} is not in the bundle");
    }
    for key in std::fs::read_dir(place.path("workspace.db.keys")).expect("keys lie in files") {
        let key = std::fs::read_to_string(key.expect("it is there").path()).unwrap_or_default();
        assert!(
            key.trim().len() >= 64 && !text.contains(key.trim()),
            "a private key is in it"
        );
    }
    let spoilt = bundle.len() / 2;
    let mut bytes = bundle.clone();
    bytes[spoilt] ^= 4;
    stranger.write("spoilt.tar", &bytes);
    let refused = call(&stranger, "eve", &["journal", "verify", "spoilt.tar"]).exits(1);
    assert!(
        refused.err.contains("error[bundle-broken]: spoilt.tar, "),
        "{}",
        refused.err
    );
    stranger.write("cut.tar", &bundle[..bundle.len() - 1024]);
    call(&stranger, "eve", &["journal", "verify", "cut.tar"])
        .exits(1)
        .says("the bundle ends here, before its end");
    let key = ["journal", "verify", "shop.tar", "--key", "0123456789abcdef"];
    call(&stranger, "eve", &key)
        .exits(1)
        .says("not with 0123456789abcdef…");
}

#[test]
fn a_journal_is_signed_at_its_start_and_end_and_found_by_the_head_of_a_report() {
    let place = shipped();
    let verified = call(&place, "eve", &["journal", "verify", "shop", "--json"]).exits(0);
    let verified: serde_json::Value = serde_json::from_str(&verified.out).expect("it is JSON");
    let signed = verified["heads"].as_array().expect("heads were signed");
    assert_eq!(
        signed.first().map(|head| &head["head"]["seq"]),
        Some(&1.into())
    );
    assert_eq!(
        signed.last().map(|head| &head["head"]["hash"]),
        Some(&verified["head"])
    );
    let report = call(&place, "eve", &["report", "shop", "--format", "md"])
        .exits(0)
        .out;
    let head = format!(
        "{}:{}",
        verified["entries"],
        verified["head"].as_str().unwrap_or("?")
    );
    let command = format!("gantry journal verify shop --head {head}");
    assert!(report.contains(&command), "{command}\n{report}");
    let lines = call(&place, "eve", &["journal", "shop", "--json"])
        .exits(0)
        .out;
    let cut: Vec<&str> = lines.lines().collect();
    place.write("whole.ndjson", &lines);
    place.write("cut.ndjson", cut[..cut.len() - 2].join("\n"));
    call(
        &place,
        "eve",
        &["journal", "verify", "whole.ndjson", "--head", &head],
    )
    .exits(0);
    call(&place, "eve", &["journal", "verify", "cut.ndjson"]).exits(0);
    call(
        &place,
        "eve",
        &["journal", "verify", "cut.ndjson", "--head", &head],
    )
    .exits(1)
    .says("the journal ends here, but entries up to");
    let hash = verified["head"].as_str().unwrap_or("?");
    call(
        &place,
        "eve",
        &["journal", "verify", "cut.ndjson", "--head", hash],
    )
    .exits(1)
    .says("the end was cut off, or the whole rewritten");
    call(
        &place,
        "eve",
        &["journal", "verify", "cut.ndjson", "--head", "x"],
    )
    .exits(2);
}

#[test]
fn the_record_of_a_preparation_is_printed_and_proven_like_a_journal() {
    let place = shipped();
    let told = call(&place, "eve", &["journal", "shop", "--preparation"]).exits(0);
    for said in ["item-answered", "voted", "run-started", "run-ended"] {
        assert!(told.out.contains(said), "{said}\n{}", told.out);
    }
    let lines = call(
        &place,
        "eve",
        &["journal", "shop", "--preparation", "--json"],
    )
    .exits(0)
    .out;
    place.write("prepared.ndjson", &lines);
    call(&place, "eve", &["journal", "verify", "prepared.ndjson"])
        .exits(0)
        .says("in the record of a preparation, each signed");
    place.write(
        "spoilt.ndjson",
        lines.replacen("\"by\":\"ann\"", "\"by\":\"eve\"", 1),
    );
    call(&place, "eve", &["journal", "verify", "spoilt.ndjson"])
        .exits(1)
        .says("the entry does not match its hash");
}

#[test]
fn a_release_that_asks_nothing_of_people_is_signed_all_the_same() {
    let place = Place::new();
    place.script("task", ":\n");
    let quiet = RELEASE.split("checklists:").next().unwrap_or_default();
    place.write("release.yaml", quiet);
    call(&place, "dana", &["run", "release.yaml", "--yes"]).exits(0);
    call(&place, "eve", &["journal", "verify", "shop"])
        .exits(0)
        .says("entry 1 was signed by dana at");
    call(&place, "dana", &["export", "shop", "--bundle", "shop.tar"]).exits(0);
    call(&place, "eve", &["journal", "verify", "shop.tar"]).exits(0);
    call(&place, "dana", &["rollback", "shop"]).exits(3);
    let verified = call(&place, "eve", &["journal", "verify", "shop", "--json"])
        .exits(0)
        .out;
    let verified: serde_json::Value = serde_json::from_str(&verified).expect("it is JSON");
    let last = verified["heads"].as_array().and_then(|heads| heads.last());
    assert_eq!(
        last.map(|head| &head["head"]["hash"]),
        Some(&verified["head"])
    );
}

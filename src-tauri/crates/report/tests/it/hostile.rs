//! Text from anywhere, and what must not get out.

use gantry_report::{
    account::{Account, Record, prepared::Prepared},
    redact::{self, Profile},
    render,
};
use serde_json::json;

use crate::recorded::{Recorded, recorded};

const HOSTILE: &str = "\"><script>alert(1)</script><img src=x onerror=alert(2)> | `a` **b** [c](javascript:d) \
    ![e](http://evil/f) #set text(red) \\input{x} \u{1b}[31m \u{202e}txt.exe =1+1 </svg></style>";

/// Puts a text into every field that people or platforms fill.
fn filled(text: &str) -> Recorded {
    let mut run = recorded();
    run.plan.title = Some(text.to_owned());
    run.plan.owner = Some(text.to_owned());
    for node in &mut run.plan.nodes {
        node.owner = Some(text.to_owned());
        node.assessment.what = text.to_owned();
        node.assessment.dependencies = text.to_owned();
        node.assessment.reasons = vec![text.to_owned()];
    }
    for topic in [
        "general",
        "impact",
        "factor",
        "data",
        "went-well",
        "went-badly",
        "lucky",
        "action",
    ] {
        let note =
            json!({ "by": text, "text": text, "topic": topic, "tags": [text], "owner": text });
        run.and("note", note);
    }
    run.and(
        "approved",
        json!({ "gate": "start", "by": text, "note": text }),
    );
    run.prepared = prepared(text);
    let steered = json!({ "by": text, "command": text, "ruling": "refused", "message": text });
    run.and("steered", steered);
    run
}

/// Everything that people can say before a run, with a text in every field.
fn prepared(text: &str) -> Prepared {
    let at = "2026-11-02T10:00:00Z";
    let said = json!({
        "polls": [{ "stage": "start", "opened_at": at, "votes": [
            { "entry": 1, "at": at, "role": "QA", "by": text, "vote": "condition", "text": text, "comment": text, "void": text },
            { "entry": 2, "at": at, "role": "QA", "by": text, "vote": "go", "comment": text },
            { "entry": 3, "at": at, "role": "Ops", "by": text, "vote": "delegated", "text": text },
        ] }],
        "waivers": [
            { "entry": 4, "at": at, "place": "pre-deployment/backup", "owner": text, "reason": text, "risk": text, "expires": at, "approver": text, "approved_entry": 5 },
            { "entry": 6, "at": at, "place": "pre-deployment/load", "owner": text, "reason": text, "risk": text, "expires": at },
        ],
        "overrides": [{ "entry": 7, "at": at, "text": "the freeze audit", "by": text, "reason": text }],
        "items": [{ "entry": 8, "at": at, "place": "pre-deployment/comms", "result": "pass", "by": text, "automatic": false, "comment": text, "evidence": text }],
        "heads": [{ "entry": 9, "at": at, "by": text, "key": "00", "seq": 1, "hash": "sha256:00" }],
    });
    serde_json::from_value(said).unwrap()
}

#[test]
fn votes_and_waivers_are_told_in_every_format() {
    let mut run = recorded();
    run.prepared = prepared("Johanna");
    let texts = run.texts();
    let (markdown, html, json) = (&texts[0], &texts[1], &texts[5]);
    for told in [markdown, html] {
        for said in [
            "Votes and waivers",
            "condition, void",
            "the freeze audit",
            "it counted for nothing",
            "entry 1 by",
        ] {
            assert!(told.contains(said), "{said}");
        }
    }
    let account: serde_json::Value = serde_json::from_str(json).unwrap();
    assert_eq!(account["schema"], 1);
    assert_eq!(account["polls"][0]["votes"][1]["vote"], "go");
    assert_eq!(account["waivers"][0]["approver"], "Johanna");
    assert_eq!(account["summary"].as_array().unwrap().len(), 5);
    assert!(account["lead"].as_str().unwrap().contains("rolled back"));
    let steps = account["steps"].as_array().unwrap().iter();
    let names: Vec<&str> = steps.map(|step| step["name"].as_str().unwrap()).collect();
    assert_eq!(
        names,
        ["identify", "notify", "execute", "verify", "document"]
    );
    assert_eq!(account["steps"][2]["state"], "done");
    assert!(
        !account["summary"][1]["sources"]
            .as_array()
            .unwrap()
            .is_empty()
    );
}

#[test]
fn nothing_hostile_becomes_more_than_letters() {
    let run = filled(HOSTILE);
    let html = render::html::write(&run.report());
    for tag in [
        "<script",
        "<img",
        "</svg></style>",
        "javascript:d\"",
        "\u{1b}",
        "\u{202e}",
    ] {
        assert!(!html.contains(tag), "{tag}");
    }
    let markdown = render::markdown::write(&run.report());
    for mark in [
        "<script", "<img", "[c](", "![e]", "\u{1b}", "\u{202e}", " **b** ",
    ] {
        assert!(!markdown.contains(mark), "{mark}");
    }
    render::pdf::write(&run.report()).unwrap();
}

#[test]
fn no_cell_of_a_spreadsheet_is_a_formula() {
    for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=cmd|' /C calc'!A0"] {
        let csv = render::csv::write(&filled(text).account()).unwrap();
        let mut reader = csv::Reader::from_reader(csv.as_bytes());
        for row in reader.records() {
            for cell in row.unwrap().iter() {
                assert!(!cell.starts_with(['=', '+', '-', '@', '\t']), "{cell}");
            }
        }
    }
}

#[test]
fn right_to_left_and_east_asian_text_is_there_with_its_fonts() {
    let run = filled("שלום עולם مرحبا بالعالم 発布しました 릴리스");
    assert!(render::html::write(&run.report()).contains("発布しました"));
    let pages = render::pdf::write(&run.report()).unwrap();
    let pages = String::from_utf8_lossy(&pages);
    for font in [
        "NotoSansHebrew",
        "NotoSansArabic",
        "DroidSansFallback",
        "NanumSquare",
    ] {
        assert!(pages.contains(font), "{font} is not embedded");
    }
}

#[test]
fn what_a_secret_field_holds_is_nowhere() {
    let mut run = recorded();
    let canary = "c4n4ry-5ecret";
    let address = format!("http://user:{canary}@host/{canary}");
    let connections = json!({
        "a": { "prometheus": { "url": address, "headers": { "X-Token": canary } } },
        "b": { "json-http": { "url": address, "body": canary, "headers": { "A": canary } } },
        "c": { "postgres": { "url": address } },
    });
    for (name, connection) in connections.as_object().unwrap() {
        let connection = serde_json::from_value(connection.clone()).unwrap();
        run.plan
            .connections
            .insert(name.parse().unwrap(), connection);
    }
    let task = json!({ "http": { "url": address, "headers": { "T": canary }, "body": canary },
        "undo": { "url": address, "body": canary }, "env": { "TOKEN": canary } });
    for node in &mut run.plan.nodes {
        node.run = Some(serde_json::from_value(task.clone()).unwrap());
    }
    for text in run.texts() {
        assert!(!text.contains(canary));
    }
}

#[test]
fn readers_outside_see_no_people_and_no_addresses() {
    let mut run = recorded();
    run.and(
        "note",
        json!({ "by": "zoe", "text": "zoe called 10.0.0.7 and db-1.local:5432" }),
    );
    run.prepared = prepared("zoe");
    for profile in [Profile::Customer, Profile::Regulator] {
        let seen = redact::record(profile, &run.whole()).unwrap();
        let integrity = run.account().integrity;
        let account = Account::of(&Record {
            plan: &seen.plan,
            events: &seen.events,
            integrity: &integrity,
        })
        .with_prepared(seen.prepared);
        let account = redact::account(profile, account);
        let document = gantry_report::incident::document(&seen.plan, &account);
        let document = redact::document(profile, document);
        let told = render::html::write(&document) + &render::json::write(&account).unwrap();
        for name in ["zoe", "dana", ">ann<", "10.0.0.7", "db-1.local"] {
            assert!(!told.contains(name), "{profile:?}: {name}");
        }
        assert!(told.contains("rolled back"));
    }
}

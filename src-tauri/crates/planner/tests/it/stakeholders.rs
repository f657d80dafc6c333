//! Who is told: what could never be sent is found before the start.

use gantry_model::plan::{Finding, Severity};
use serde_json::{Value, json};

use crate::given::{merge, release, task, with_nodes};

fn findings(more: Value) -> Vec<Finding> {
    let mut value = with_nodes(json!({ "a": task(&[]) }));
    merge(&mut value, more);
    match gantry_planner::plan(&release(value), &Default::default()) {
        Ok(plan) => plan.findings,
        Err(findings) => findings,
    }
}

fn found(more: Value) -> Vec<(String, String)> {
    let codes = [
        "told-nothing",
        "no-poll",
        "duplicate-stakeholder",
        "no-address",
        "slack-form",
        "clear-password",
        "template-path",
        "storm-cap",
        "unknown-stakeholder",
        "wrong-product",
    ];
    let all = findings(more).into_iter();
    let ours = all.filter(|finding| codes.contains(&finding.code.as_str()));
    ours.map(|finding| (finding.code, finding.pointer.unwrap_or_default()))
        .collect()
}

fn told(connection: Value, stakeholder: Value) -> Value {
    let mut one = json!({ "name": "S", "via": { "connection": "c" }, "on": ["started"] });
    for (key, value) in stakeholder.as_object().unwrap() {
        one[key] = value.clone();
    }
    json!({ "connections": { "docker": { "simulated": {} }, "c": connection }, "stakeholders": [one] })
}

fn one(code: &str, pointer: &str) -> Vec<(String, String)> {
    vec![(code.to_owned(), pointer.to_owned())]
}

#[test]
fn every_channel_can_be_named() {
    let hook = json!({ "webhook": "${secret:hook}" });
    let to = json!({ "via": { "connection": "c", "to": "somebody@example.com" } });
    for connection in [
        json!({ "slack": hook }),
        json!({ "slack": { "token": "${secret:bot}" } }),
        json!({ "teams": hook }),
        json!({ "discord": { "webhook": "${secret:hook}", "forum": true } }),
        json!({ "pagerduty": { "routing-key": "${secret:key}" } }),
        json!({ "statuspage": { "page": "p", "token": "${secret:key}" } }),
        json!({ "matrix": { "url": "https://m.example.com", "token": "${secret:key}" } }),
        json!({ "smtp": { "host": "mail.example.com" } }),
        json!({ "webhook": { "webhook": "${secret:hook}", "secret": "${secret:key}" } }),
        json!({ "desktop": {} }),
        json!({ "simulated": {} }),
    ] {
        assert_eq!(
            found(told(connection.clone(), to.clone())),
            [],
            "{connection}"
        );
    }
}

#[test]
fn a_channel_without_an_address_or_a_way_is_impossible() {
    let via = "/stakeholders/0/via";
    let none = json!({});
    assert_eq!(
        found(told(json!({ "smtp": { "host": "h" } }), none.clone())),
        one("no-address", via)
    );
    let matrix = json!({ "matrix": { "url": "https://m", "token": "${secret:t}" } });
    assert_eq!(found(told(matrix, none.clone())), one("no-address", via));
    let slack = "/connections/c/slack";
    assert_eq!(
        found(told(json!({ "slack": {} }), none.clone())),
        one("slack-form", slack)
    );
    let clear =
        json!({ "smtp": { "host": "mail.example.com", "tls": "none", "password": "${secret:p}" } });
    let to = json!({ "via": { "connection": "c", "to": "a@example.com" } });
    assert_eq!(
        found(told(clear, to)),
        one("clear-password", "/connections/c/smtp/tls")
    );
    assert_eq!(
        found(told(json!({ "haproxy": { "socket": "s" } }), none)),
        one("wrong-product", "/stakeholders/0/via/connection")
    );
}

#[test]
fn a_wording_lies_beside_the_release_file() {
    let hook = || json!({ "teams": { "webhook": "${secret:hook}" } });
    for outside in ["../secret.md", "/etc/passwd", "a/../../b.md", ""] {
        let template = json!({ "template": outside });
        assert_eq!(
            found(told(hook(), template)),
            one("template-path", "/stakeholders/0/template"),
            "{outside}"
        );
    }
    assert_eq!(
        found(told(hook(), json!({ "template": "words/customers.md" }))),
        []
    );
}

#[test]
fn caps_names_and_polls_are_looked_at() {
    let hook = || json!({ "teams": { "webhook": "${secret:hook}" } });
    let mut capped = told(hook(), json!({}));
    capped["notify"] = json!({ "at-most": 1, "escalate": { "after": "1h", "to": "T" } });
    let mut expected = one("storm-cap", "/notify/at-most");
    expected.extend(one("unknown-stakeholder", "/notify/escalate/to"));
    assert_eq!(found(capped), expected);
    assert_eq!(
        found(told(hook(), json!({ "on": ["poll"] }))),
        one("no-poll", "/stakeholders/0/on")
    );
    let silent = findings(told(hook(), json!({ "on": [] })));
    let silent = silent
        .iter()
        .find(|finding| finding.code == "told-nothing")
        .unwrap();
    assert_eq!(silent.severity, Severity::Warning);
    let mut twice = told(hook(), json!({}));
    let again = twice["stakeholders"][0].clone();
    twice["stakeholders"].as_array_mut().unwrap().push(again);
    assert_eq!(
        found(twice),
        one("duplicate-stakeholder", "/stakeholders/1/name")
    );
}

//! A secret is nowhere but in the program that needs it.

use std::sync::PoisonError;

use gantry_tests::{graph::Dice, place::Place};
use serde_json::Value;

use super::canary::{drawn, echo, is_clean, said};

/// Long enough that no form of it stands anywhere by chance; with characters that URLs escape.
const CANARY: &str = "c4n4ry/+Zq&7=wK 2x";

const RELEASE: &str = "gantry: 1
release: demo
environment: test
nodes:
  a:
    kind: task
    run:
      exec: [./leak]
      undo: [./leak]
      env: { TOKEN: \"${secret:x}\", HEADER: \"Bearer ${secret:x}\" }
  b: { kind: task, needs: [a], run: { exec: [\"false\"], undo: [\"true\"] } }
";

#[test]
fn a_secret_that_a_program_prints_is_nowhere_to_be_found() {
    let place = Place::new();
    // It proves that it has the secret, prints it in every form, and fails the next time.
    place.script(
        "leak",
        "[ -n \"$TOKEN\" ] && : > had-it\necho \"$TOKEN\" \"$HEADER\"\necho \"$TOKEN\" >&2\nexit 0\n",
    );
    place.write("release.yaml", RELEASE);
    let calls: [&[&str]; 8] = [
        &["plan", "release.yaml", "--json"],
        &["run", "--yes", "--verbose", "release.yaml"],
        &["run", "--yes", "--json", "release.yaml"],
        &["status", "demo"],
        &["show", "demo", "--json"],
        &["journal", "demo", "--json"],
        &["journal", "demo"],
        &["rehearse", "release.yaml"],
    ];
    let said = said(&place, CANARY, &calls);
    assert!(
        place.path("had-it").exists(),
        "the program never had it\n{said}"
    );
    is_clean(&place, &said, CANARY);
}

/// Programs, calls over HTTP, and what undoes them.
const EVERYWHERE: &str = "gantry: 1
release: demo
environment: test
policy: { on-failure: continue }
connections:
  flags: { unleash: { url: \"http://127.0.0.1:PORT/${secret:x}\", token: \"${secret:x}\" } }
  db: { postgres: { url: \"${secret:x}\" } }
  chat: { slack: { webhook: \"${secret:x}\" } }
  mail: { smtp: { host: 127.0.0.1, port: 1, user: me, password: \"${secret:x}\" } }
nodes:
  hook:
    kind: task
    run:
      http:
        url: \"http://127.0.0.1:PORT/in?key=${secret:x}\"
        headers: { Authorization: \"Bearer ${secret:x}\" }
        body: \"it is ${secret:x}\"
      undo:
        url: \"http://127.0.0.1:PORT/out/${secret:x}\"
  body:
    kind: task
    run: { http: { url: \"http://127.0.0.1:PORT/\", body: \"it is ${secret:x}\" } }
  nobody: { kind: task, run: { http: { url: \"http://127.0.0.1:1/${secret:x}\" } } }
  whole: { kind: task, run: { http: { url: \"${secret:x}\" } } }
  gone: { kind: task, run: { exec: [\"false\"], env: { TOKEN: \"${secret:x}\" } } }
";

#[test]
fn a_secret_in_any_field_is_nowhere_to_be_found() {
    let seed = u64::from(std::process::id());
    let secret = drawn(&mut Dice::new(seed));
    let (port, heard) = echo();
    let place = Place::new();
    let release = EVERYWHERE.replace("PORT", &port.to_string());
    place.write("release.yaml", release);
    let calls: [&[&str]; 11] = [
        &["check", "release.yaml"],
        &["plan", "release.yaml", "--json"],
        &["run", "--yes", "--verbose", "release.yaml"],
        &["status", "demo"],
        &["rollback", "demo"],
        &["show", "demo", "--json"],
        &["journal", "demo", "--json"],
        &["export", "release.yaml", "--format", "json"],
        &["connections", "test", "release.yaml"],
        &["doctor", "release.yaml", "--json"],
        &["rehearse", "release.yaml"],
    ];
    let said = said(&place, &secret, &calls);
    let heard = heard.lock().unwrap_or_else(PoisonError::into_inner).clone();
    assert!(
        heard.contains(&secret),
        "seed {seed}: nobody was told\n{said}"
    );
    is_clean(&place, &said, &secret);
}

/// Every channel by which people are told.
const CHANNELS: &str = "gantry: 1
release: demo
environment: test
connections:
  hook: { webhook: { webhook: \"http://127.0.0.1:PORT/hook/${secret:x}\", secret: \"${secret:x}\" } }
  chat: { slack: { webhook: \"http://127.0.0.1:PORT/services?k=${secret:x}\" } }
  bot: { slack: { token: \"${secret:x}\", url: \"http://127.0.0.1:PORT/api/${secret:x}\" } }
  teams: { teams: { webhook: \"http://127.0.0.1:PORT/teams/${secret:x}\" } }
  discord: { discord: { webhook: \"http://127.0.0.1:PORT/discord/${secret:x}\" } }
  pager: { pagerduty: { routing-key: \"${secret:x}\", url: \"http://127.0.0.1:PORT/pager/${secret:x}\" } }
  page: { statuspage: { page: p, token: \"${secret:x}\", url: \"http://127.0.0.1:PORT/page/${secret:x}\" } }
  matrix: { matrix: { url: \"http://127.0.0.1:PORT/matrix/${secret:x}\", token: \"${secret:x}\" } }
  mail: { smtp: { host: 127.0.0.1, port: 1, user: me, password: \"${secret:x}\" } }
  whole: { webhook: { webhook: \"${secret:x}\" } }
nodes:
  a: { kind: task, run: { exec: [\"false\"] } }
checklists:
  pre-deployment:
    - { id: hooked, item: The hook answers, check: { http: { url: \"http://127.0.0.1:PORT/check/${secret:x}\" } } }
stakeholders:
  - { name: hook, via: { connection: hook }, on: [started, failed] }
  - { name: chat, via: { connection: chat }, on: [started, failed] }
  - { name: bot, via: { connection: bot, to: C1 }, on: [started, failed] }
  - { name: teams, via: { connection: teams }, on: [started, failed] }
  - { name: discord, via: { connection: discord }, on: [started, failed] }
  - { name: pager, via: { connection: pager }, on: [started, failed] }
  - { name: page, via: { connection: page }, on: [started, failed] }
  - { name: matrix, via: { connection: matrix, to: \"!r:example.com\" }, on: [started, failed] }
  - { name: mail, via: { connection: mail, to: a@example.com }, on: [started, failed] }
  - { name: whole, via: { connection: whole }, on: [started, failed] }
";

/// Everything that tells of it, before, in and after a run.
const TELLING: [&[&str]; 21] = [
    &["check", "release.yaml"],
    &["brief", "release.yaml", "--format", "html"],
    &["checklist", "release.yaml"],
    &["checklist", "demo", "check", "--yes"],
    &["notices", "preview", "release.yaml"],
    &["run", "--yes", "--verbose", "release.yaml"],
    &["notices", "demo"],
    &["notices", "demo", "--json"],
    &["notices", "send", "demo", "--verbose"],
    &["report", "demo", "--format", "json"],
    &["report", "demo", "--format", "md"],
    &["report", "demo", "--format", "html"],
    &["report", "demo", "--format", "csv"],
    &["report", "demo", "--format", "pdf", "-o", "report.pdf"],
    &["report", "demo", "--format", "md", "--for", "regulator"],
    &["journal", "demo", "--json"],
    &["journal", "demo", "--preparation", "--json"],
    &["export", "demo", "--bundle", "demo.tar"],
    &["journal", "verify", "demo.tar", "--json"],
    &["people"],
    &["connections", "test", "release.yaml"],
];

#[test]
fn a_secret_of_any_channel_is_nowhere_to_be_found() {
    let seed = u64::from(std::process::id());
    let secret = drawn(&mut Dice::new(seed));
    let (port, heard) = echo();
    let place = Place::new();
    place.write("release.yaml", CHANNELS.replace("PORT", &port.to_string()));
    let said = said(&place, &secret, &TELLING);
    let heard = heard.lock().unwrap_or_else(PoisonError::into_inner).clone();
    for place in [
        "POST /hook/",
        "/services",
        "/teams/",
        "/discord/",
        "/api/",
        "chat.postMessage",
        "/v2/",
        "/v1/pages/p",
        "/_matrix",
    ] {
        assert!(
            heard.contains(place),
            "seed {seed}: {place} was never called\n{said}"
        );
    }
    assert!(said.contains("repeats a secret"), "seed {seed}\n{said}");
    assert!(
        said.contains("\"kind\": \"bundle\""),
        "seed {seed}: no bundle\n{said}"
    );
    is_clean(&place, &said, &secret);
}

/// Everything that is asked: metrics, alerts, databases, the checks of commits, flags; and a container.
const ASKED: &str = "gantry: 1
release: demo
environment: test
connections:
  prometheus: { prometheus: { url: \"http://127.0.0.1:PORT/prometheus/${secret:x}\", token: \"${secret:x}\", headers: { X-Tenant: \"${secret:x}\" } } }
  victoria: { victoria-metrics: { url: \"http://127.0.0.1:PORT/victoria/${secret:x}\", token: \"${secret:x}\", headers: { X-Tenant: \"${secret:x}\" } } }
  json: { json-http: { url: \"http://127.0.0.1:PORT/json?k=${secret:x}\", method: POST, body: '{\"key\": \"${secret:x}\"}', headers: { X-Key: \"${secret:x}\" } } }
  dd: { datadog: { url: \"http://127.0.0.1:PORT/datadog/${secret:x}\", api-key: \"${secret:x}\", application-key: \"${secret:x}\" } }
  cw: { cloudwatch: { region: eu-central-1, url: \"http://127.0.0.1:PORT/cloudwatch/${secret:x}\", access-key-id: \"${secret:x}\", secret-access-key: \"${secret:x}\", session-token: \"${secret:x}\" } }
  alerts: { alertmanager: { url: \"http://127.0.0.1:PORT/alerts/${secret:x}\", token: \"${secret:x}\", headers: { X-Tenant: \"${secret:x}\" } } }
  db: { postgres: { url: \"postgres://me:${secret:x}@127.0.0.1:PORT/orders\" } }
  whole: { postgres: { url: \"${secret:x}\" } }
  hub: { github: { url: \"http://127.0.0.1:PORT/hub/${secret:x}\", token: \"${secret:x}\" } }
  lab: { gitlab: { url: \"http://127.0.0.1:PORT/lab/${secret:x}\", token: \"${secret:x}\" } }
  stage: { simulated: {} }
  flags: { unleash: { url: \"http://127.0.0.1:PORT/flags/${secret:x}\", token: \"${secret:x}\" } }
metrics:
  a: { kind: gauge, source: prometheus, query: up }
  b: { kind: gauge, source: victoria, query: up }
  c: { kind: gauge, source: json, query: \"$.n\" }
  d: { kind: gauge, source: dd, query: \"avg:up{*}\" }
  e: { kind: gauge, source: cw, query: \"SELECT AVG(x) FROM y\" }
nodes:
  a: { kind: task, run: { exec: [\"false\"] } }
  boxed:
    kind: app
    version: { from: 1.0.0, to: 1.1.0 }
    workload: { connection: stage, image: \"box:{{version}}\", env: { TOKEN: \"${secret:x}\" } }
    strategy: { recreate: {} }
  switch:
    kind: flag
    connection: flags
    flag: { project: default, name: switch, environment: test }
    strategy: { progressive: { steps: [100%], bake: 1s } }
checklists:
  pre-deployment:
    - { id: a, item: A, check: { metric: a, of: a, below: 1 } }
    - { id: b, item: B, check: { metric: b, of: a, below: 1 } }
    - { id: c, item: C, check: { metric: c, of: a, below: 1 } }
    - { id: d, item: D, check: { metric: d, of: a, below: 1 } }
    - { id: e, item: E, check: { metric: e, of: a, below: 1 } }
    - { id: f, item: F, check: { alerts: { connection: alerts, match: { service: a } } } }
    - { id: g, item: G, check: { sql: { connection: db, query: \"select 1\", equals: 1 } } }
    - { id: h, item: H, check: { sql: { connection: whole, query: \"select 1\", equals: 1 } } }
    - { id: i, item: I, check: { ci: { connection: hub, repository: o/r, commit: main, checks: [t] } } }
    - { id: j, item: J, check: { ci: { connection: lab, repository: o/r, commit: main, checks: [t] } } }
";

#[test]
fn a_secret_of_anything_that_is_asked_is_nowhere_to_be_found() {
    let seed = u64::from(std::process::id());
    let secret = drawn(&mut Dice::new(seed));
    let (port, heard) = echo();
    let place = Place::new();
    place.write("release.yaml", ASKED.replace("PORT", &port.to_string()));
    let mut said = said(&place, &secret, &TELLING);
    said += &super::canary::said(
        &place,
        &secret,
        &[&["doctor", "release.yaml", "--json"], &["status", "demo"]],
    );
    let heard = heard.lock().unwrap_or_else(PoisonError::into_inner).clone();
    for asked in [
        "/prometheus/",
        "/victoria/",
        "/json?",
        "/datadog/",
        "/cloudwatch/",
        "/alerts/",
        "/hub/",
        "/lab/",
    ] {
        assert!(
            heard.contains(asked),
            "seed {seed}: {asked} was never asked\n{said}"
        );
    }
    is_clean(&place, &said, &secret);
}

/// Every field that takes a secret: its type, its name, and what the line of a release file that
/// fills it has beside.
const FIELDS: [(&str, &str, &str); 40] = [
    ("Alertmanager", "headers", "alertmanager:"),
    ("Alertmanager", "token", "alertmanager:"),
    ("Alertmanager", "url", "alertmanager:"),
    ("CloudWatch", "access-key-id", "cloudwatch:"),
    ("CloudWatch", "secret-access-key", "cloudwatch:"),
    ("CloudWatch", "session-token", "cloudwatch:"),
    ("CloudWatch", "url", "cloudwatch:"),
    ("Database", "url", "postgres:"),
    ("Datadog", "api-key", "datadog:"),
    ("Datadog", "application-key", "datadog:"),
    ("Datadog", "url", "datadog:"),
    ("Discord", "webhook", "discord:"),
    ("Forge", "token", "github:"),
    ("Forge", "url", "gitlab:"),
    ("Hook", "webhook", "teams:"),
    ("HttpCall", "body", "        body:"),
    ("HttpCall", "headers", "        headers:"),
    ("HttpCall", "url", "        url:"),
    ("JsonHttp", "body", "json-http:"),
    ("JsonHttp", "headers", "json-http:"),
    ("JsonHttp", "url", "json-http:"),
    ("Matrix", "token", "matrix:"),
    ("Matrix", "url", "matrix:"),
    ("Metrics", "headers", "victoria-metrics:"),
    ("Metrics", "token", "prometheus:"),
    ("Metrics", "url", "prometheus:"),
    ("PagerDuty", "routing-key", "pagerduty:"),
    ("PagerDuty", "url", "pagerduty:"),
    ("Slack", "token", "slack:"),
    ("Slack", "url", "slack:"),
    ("Slack", "webhook", "slack:"),
    ("Smtp", "password", "smtp:"),
    ("StatusPage", "token", "statuspage:"),
    ("StatusPage", "url", "statuspage:"),
    ("Task", "env", "exec:"),
    ("Unleash", "token", "unleash:"),
    ("Unleash", "url", "unleash:"),
    ("Webhook", "secret", "webhook:"),
    ("Webhook", "webhook", "webhook:"),
    ("Workload", "env", "workload:"),
];

#[test]
fn every_field_that_takes_a_secret_is_filled_with_one_here() {
    let schema = Place::new().gantry(&["schema"]).exits(0).out;
    let schema: Value = serde_json::from_str(&schema).expect("it is JSON");
    let mut known = Vec::new();
    for (name, definition) in schema["$defs"].as_object().expect("it has definitions") {
        let fields = definition["properties"].as_object().into_iter().flatten();
        let taking = fields.filter(|(_, field)| {
            let text = field.to_string();
            text.contains("/SecretText\"") || text.contains("/SecretReference\"")
        });
        known.extend(taking.map(|(field, _)| (name.clone(), field.clone())));
    }
    known.sort();
    let mut listed: Vec<(String, String)> = FIELDS
        .iter()
        .map(|(name, field, _)| ((*name).to_owned(), (*field).to_owned()))
        .collect();
    listed.sort();
    assert_eq!(known, listed, "a field that takes a secret is not tried");
    for (name, field, beside) in FIELDS {
        let filled = [EVERYWHERE, CHANNELS, ASKED]
            .iter()
            .flat_map(|text| text.lines())
            .filter(|line| line.contains(beside))
            .filter_map(|line| line.split_once(&format!("{field}: ")))
            .any(|(_, value)| first(value).contains("${secret:x"));
        assert!(filled, "no file fills {field} of {name}");
    }
}

/// Gives the value that a line begins with: up to its closing quote or brace.
fn first(text: &str) -> &str {
    let Some(opening) = text.chars().next() else {
        return text;
    };
    let closing = if opening == '{' { '}' } else { opening };
    let rest = &text[1..];
    rest.split_once(closing).map_or(rest, |(value, _)| value)
}

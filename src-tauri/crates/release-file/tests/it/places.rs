//! Places of what was read, and findings shown in the file.

use gantry_model::plan::{Finding, Severity};
use gantry_release_file::{
    document::Document,
    problem::{Colour, Rest},
    read,
};

const FILE: &str = "gantry: 1
release: shop
nodes:
  web:
    kind: app
    needs:
      - orders
    \"odd/key~\": 1
";

fn document() -> Document {
    let text = FILE.replace("    \"odd/key~\": 1\n", "");
    read("shop.yaml", text.as_bytes()).unwrap()
}

fn at(pointer: &str) -> (u32, u32, u32) {
    let place = document().place(pointer);
    (place.line, place.column, place.length)
}

#[test]
fn a_scalar_is_placed_at_its_text_and_a_map_at_its_key() {
    assert_eq!(at("/release"), (2, 10, 4));
    assert_eq!(at("/nodes/web/needs/0"), (7, 9, 6));
    assert_eq!(at("/nodes/web/needs"), (6, 5, 5));
    assert_eq!(at("/nodes/web"), (4, 3, 3));
    let key = document().key_place("/nodes/web/kind");
    assert_eq!((key.line, key.column, key.length), (5, 5, 4));
}

#[test]
fn what_is_not_written_is_placed_at_what_is_around_it() {
    assert_eq!(at("/nodes/web/strategy/canary"), (4, 3, 3));
    assert_eq!(at("/nodes/web/needs/9"), (6, 5, 5));
    assert_eq!(at("/policy/max-parallel"), (1, 1, 9));
    assert_eq!(at(""), (1, 1, 9));
    assert_eq!(at("no pointer"), (1, 1, 9));
}

#[test]
fn keys_are_escaped_in_pointers() {
    let problems = read("shop.yaml", FILE.as_bytes()).unwrap_err();
    assert_eq!(problems.told()[0].pointer, "/nodes/web");
    assert_eq!(problems.told()[0].place.line, 8);
}

#[test]
fn a_finding_of_the_planner_is_shown_in_the_file() {
    let finding = Finding {
        severity: Severity::Error,
        code: "unknown-need".into(),
        node: Some("web".parse().unwrap()),
        pointer: Some("/nodes/web/needs/0".into()),
        message: "`web` needs `orders`, which is no node".into(),
        hint: "did you mean `order`?".into(),
    };
    let problems = document().problems([&finding]);
    insta::assert_snapshot!(problems.render(Colour::Plain), @r#"
    error[unknown-need]: `web` needs `orders`, which is no node
     --> shop.yaml:7:9
      |
    7 |       - orders
      |         ^^^^^^
      |
      = help: did you mean `order`?
    "#);
    let json = serde_json::to_string_pretty(&problems).unwrap();
    insta::assert_snapshot!(json, @r#"
    [
      {
        "severity": "error",
        "code": "unknown-need",
        "file": "shop.yaml",
        "line": 7,
        "column": 9,
        "length": 6,
        "pointer": "/nodes/web/needs/0",
        "message": "`web` needs `orders`, which is no node",
        "hint": "did you mean `order`?"
      }
    ]
    "#);
}

#[test]
fn of_too_many_findings_the_worst_are_told() {
    let finding = |severity, pointer: &str| Finding {
        severity,
        code: "x".into(),
        node: None,
        pointer: Some(pointer.into()),
        message: "m".into(),
        hint: String::new(),
    };
    let mut findings = vec![finding(Severity::Note, "/release"); 500];
    findings.push(finding(Severity::Error, "/nodes/web/kind"));
    let problems = document().problems(&findings);
    assert_eq!(problems.rest(), Rest::Unread);
    let last = problems.told().last().unwrap();
    assert_eq!((last.severity, last.place.line), (Severity::Error, 5));
}

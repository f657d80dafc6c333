//! Every shape that was ever written must stay readable: lines are added here, never changed.

use super::RunEvent;

const LINES: &str = include_str!("golden.jsonl");

#[test]
fn every_shape_ever_written_is_read_and_written_back_the_same() {
    for line in LINES.lines() {
        let event = RunEvent::from_body(line).unwrap_or_else(|error| panic!("{line}: {error:?}"));
        assert_eq!(event.to_entry().unwrap().body, line);
    }
}

#[test]
fn the_kind_of_an_entry_is_the_kind_in_its_line() {
    for line in LINES.lines() {
        let value: serde_json::Value = serde_json::from_str(line).unwrap();
        let entry = RunEvent::from_body(line).unwrap().to_entry().unwrap();
        assert_eq!(value.get("kind").unwrap(), entry.kind.as_str());
    }
}

#[test]
fn keys_of_a_later_version_are_left_out() {
    let line =
        r#"{"seq":1,"at":"2026-12-01T19:00:00Z","kind":"note","by":"a","text":"b","new":[1]}"#;
    assert!(RunEvent::from_body(line).is_ok());
}

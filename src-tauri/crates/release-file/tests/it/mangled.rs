//! Files that must not read: never a panic, always a place and a sentence.

use gantry_release_file::{
    problem::{Problems, Rest},
    read,
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::WHOLE;

/// Reads, and looks at every word that would be shown.
fn examine(bytes: &[u8]) -> Result<(), Problems> {
    let Err(problems) = read("file.yaml", bytes) else {
        return Ok(());
    };
    assert!(!problems.told().is_empty());
    for problem in problems.told() {
        assert!(problem.place.line >= 1 && problem.place.column >= 1);
        assert!(problem.place.length >= 1);
        assert!(
            !problem.message.is_empty() && problem.message.len() < 400,
            "{problem}"
        );
        assert!(problem.hint.len() < 2000, "{problem}");
        assert!(!problem.to_string().contains('\n'), "{problem}");
    }
    let shown = problems.render(gantry_release_file::problem::Colour::Plain);
    assert!(shown.contains("file.yaml"), "{shown}");
    Err(problems)
}

fn codes(bytes: &[u8]) -> Vec<String> {
    let problems = examine(bytes).expect_err("must not read");
    let codes = problems
        .told()
        .iter()
        .map(|problem| problem.code.to_string());
    codes.collect()
}

#[test]
fn a_file_cut_at_any_byte_is_told_or_read() {
    for length in 0..WHOLE.len() {
        let bytes = WHOLE.as_bytes().get(..length).unwrap();
        // A cut between two nodes leaves a smaller release that is whole.
        let _ = examine(bytes);
    }
}

#[test]
fn a_wrong_type_is_told_in_every_position() {
    let whole = read("file.yaml", WHOLE.as_bytes()).unwrap().release;
    let whole = serde_json::to_value(whole).unwrap();
    let mut pointers = Vec::new();
    collect(&whole, String::new(), &mut pointers);
    assert!(pointers.len() > 150, "{}", pointers.len());
    for pointer in pointers {
        let original = whole.pointer(&pointer).unwrap();
        for wrong in [
            json!({"no such": 1}),
            json!([[["no"]]]),
            json!(true),
            json!(1e99),
            json!(-7),
        ] {
            let is_same = std::mem::discriminant(original) == std::mem::discriminant(&wrong);
            let mut mangled = whole.clone();
            *mangled.pointer_mut(&pointer).unwrap() = wrong.clone();
            let outcome = examine(mangled.to_string().as_bytes());
            let must_fail = wrong.is_array() || (wrong.is_object() && !is_same);
            assert!(outcome.is_err() || !must_fail, "{pointer} as {wrong}");
            if let Err(problems) = outcome {
                let near = problems
                    .told()
                    .iter()
                    .any(|p| pointer.starts_with(&p.pointer) || p.pointer.starts_with(&pointer));
                assert!(near, "{pointer} as {wrong} is told elsewhere:\n{problems}");
            }
        }
    }
}

fn collect(value: &Value, pointer: String, pointers: &mut Vec<String>) {
    let mut inside = |token: &str, value| {
        let token = token.replace('~', "~0").replace('/', "~1");
        collect(value, format!("{pointer}/{token}"), pointers);
    };
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| inside(key, value)),
        Value::Array(list) => list
            .iter()
            .enumerate()
            .for_each(|(i, v)| inside(&i.to_string(), v)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
    pointers.push(pointer);
}

#[test]
fn an_unknown_key_is_told_in_every_map_with_fixed_keys() {
    for (at, line) in WHOLE.lines().enumerate() {
        let Some(indent) = line.find(|c: char| c != ' ' && c != '#') else {
            continue;
        };
        let is_key = line
            .trim_start()
            .starts_with(|c: char| c.is_ascii_lowercase())
            && line.contains(':');
        if !is_key || indent != 4 {
            continue;
        }
        let mut lines: Vec<String> = WHOLE.lines().map(str::to_owned).collect();
        lines.insert(at, format!("{}needz: 1", " ".repeat(indent)));
        // In the text of the description it is text.
        let problems = examine(lines.join("\n").as_bytes());
        if let Err(problems) = problems {
            let told = problems.to_string();
            assert!(told.contains("needz"), "{told}");
        }
    }
}

#[test]
fn what_is_no_text_is_refused_with_its_place() {
    let utf16: Vec<u8> = WHOLE.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(codes(&utf16), ["not-utf-8"]);
    let marked = [&[0xFF, 0xFE][..], &utf16].concat();
    assert_eq!(codes(&marked), ["not-utf-8"]);
    assert_eq!(codes(b"gantry: 1\nrelease: \xC3\x28"), ["not-utf-8"]);
    assert_eq!(codes(b"gantry: 1\nrelease: a\0b"), ["not-text"]);
    assert_eq!(codes(b"\x7fELF\x02\x01\x01\0\0\0\0\xff\xfe"), ["not-utf-8"]);
    let problems = examine(b"gantry: 1\nrelease: \xC3\x28").unwrap_err();
    let place = problems.told()[0].place;
    assert_eq!((place.line, place.column), (2, 10));
}

#[test]
fn what_is_no_release_is_refused() {
    assert_eq!(codes(b""), ["no-value"]);
    assert_eq!(codes(b"# only a comment\n"), ["no-value"]);
    assert_eq!(codes(b"hello"), ["wrong-type"]);
    assert_eq!(codes(b"[1, 2]"), ["wrong-type"]);
    assert_eq!(codes(b"{}"), ["missing-key", "missing-key", "missing-key"]);
    assert_eq!(codes(b"gantry: 1\n---\ngantry: 1\n"), ["several-documents"]);
    assert_eq!(codes(b"a:\n\tgantry: 1"), ["not-yaml"]);
    assert_eq!(codes(b"? {a: 1}\n: 2"), ["wrong-type"]);
    assert_eq!(codes(b"gantry: *nothing"), ["not-yaml"]);
    assert_eq!(codes(b"a: &a [*a]"), ["endless-alias"]);
}

#[test]
fn numbers_that_no_machine_holds_are_refused() {
    for number in [
        "1e999",
        "99999999999999999999999999",
        "0x10",
        "1_000",
        "-1",
        ".inf",
        "NaN",
        "1.5",
    ] {
        let text =
            format!("gantry: 1\nrelease: r\npolicy: {{ max-parallel: {number} }}\nnodes: {{}}\n");
        let codes = codes(text.as_bytes());
        assert_eq!(codes.len(), 1, "{number}");
    }
}

#[test]
fn every_problem_is_told_at_once_in_the_order_of_the_file() {
    let text = "gantry: 2\nrelease: My Release\nnodes:\n  web: { kind: ap, estimate: soon, needs: orders }\n  web: {}\n";
    let codes = codes(text.as_bytes());
    let expected = [
        "out-of-range",
        "invalid-value",
        "unknown-value",
        "invalid-value",
        "wrong-type",
        "duplicate-key",
    ];
    assert_eq!(codes, expected);
}

#[test]
fn a_file_of_nothing_but_problems_stays_short() {
    let text: String = (0..5000).map(|n| format!("key{n}: 1\n")).collect();
    let problems = examine(text.as_bytes()).unwrap_err();
    assert_eq!(problems.told().len(), 100);
    assert_eq!(problems.rest(), Rest::Unread);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn flipped_bytes_never_panic(changes in prop::collection::vec((0..WHOLE.len(), any::<u8>()), 1..8)) {
        let mut bytes = WHOLE.as_bytes().to_vec();
        for (at, byte) in changes {
            bytes[at] = byte;
        }
        let _ = examine(&bytes);
    }

    #[test]
    fn moved_pieces_never_panic(from in 0..WHOLE.len(), length in 1..200_usize, to in 0..WHOLE.len()) {
        let mut bytes = WHOLE.as_bytes().to_vec();
        let end = (from + length).min(bytes.len());
        let piece: Vec<u8> = bytes.drain(from..end).collect();
        let to = to.min(bytes.len());
        bytes.splice(to..to, piece);
        let _ = examine(&bytes);
    }

    #[test]
    fn yaml_punctuation_never_panics(text in "[ \\n:{}\\[\\],&*!|>'\"%@`#?a-c<~-]{0,200}") {
        let _ = examine(text.as_bytes());
    }
}

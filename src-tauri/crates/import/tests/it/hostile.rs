//! Files that somebody made to hurt: bounded, never a panic, and never a release file that does not read.

use gantry_import::compose::{ImportError, Options, Variables, variables};
use proptest::prelude::*;

use crate::{import, release};

const DEMO: &str = include_str!("opentelemetry-demo/compose.yaml");
const DOT_ENV: &str = include_str!("opentelemetry-demo/dot-env");

fn refused(text: &str) -> String {
    match import(&[text], &Variables::new(), &Options::default()) {
        Err(ImportError::Unreadable(problems)) => problems.told()[0].code.to_string(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn bombs_are_refused() {
    let laughs: String = (1..12)
        .map(|n| {
            format!(
                "x{n}: &x{n} [{}]\n",
                vec![format!("*x{}", n - 1); 10].join(",")
            )
        })
        .collect();
    assert_eq!(refused(&format!("x0: &x0 [lol]\n{laughs}")), "too-large");
    assert_eq!(refused(&"[".repeat(100_000)), "too-deep");
    assert_eq!(refused(&"# x\n".repeat(2_000_000)), "too-large");
}

#[test]
fn variables_do_not_grow_a_file_without_end() {
    let large = Variables::from([("A".to_owned(), "x".repeat(60_000))]);
    let text = format!("services:\n  a:\n    image: \"{}\"\n", "$A".repeat(10_000));
    let error = import(&[&text], &large, &Options::default()).unwrap_err();
    assert!(matches!(error, ImportError::Unreadable(_)), "{error:?}");
    let nested = format!("a: \"{}x{}\"\n", "${A:-".repeat(100), "}".repeat(100));
    assert_eq!(refused(&nested), "variable");
}

#[test]
fn text_with_line_ends_cannot_leave_its_place() {
    let text = "services:
  \"a\\nnodes: {}\":
    image: \"i:1\\n  evil: {}\"
    environment: { \"K\\n\": \"v\\n# x\", \"${SET}\": \"a: b\" }
    command: [\"- x\", \"{{version}}\", \"#\"]
";
    let imported = import(&[text], &Variables::new(), &Options::default()).unwrap();
    let release = release(&imported);
    assert_eq!(release.nodes.len(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_mangled_file_is_refused_or_becomes_a_file_that_reads(
        changes in prop::collection::vec((0..DEMO.len(), "[ -~\\n]"), 1..12),
    ) {
        let mut text = DEMO.to_owned();
        for (at, with) in changes {
            if text.is_char_boundary(at) && text.is_char_boundary(at + 1) {
                text.replace_range(at..at + 1, &with);
            }
        }
        let variables = variables(DOT_ENV, &Variables::new());
        if let Ok(imported) = import(&[&text], &variables, &Options::default()) {
            release(&imported);
        }
    }

    #[test]
    fn any_words_make_a_file_that_reads(
        name in "\\PC{1,40}", image in "\\PC{0,60}", key in "\\PC{1,20}", value in "\\PC{0,40}", port in "\\PC{0,12}",
    ) {
        let quoted = |text: &str| serde_json::Value::from(text).to_string().replace('$', "$$");
        let text = format!(
            "services:\n  {}:\n    image: {}\n    environment: {{ {}: {} }}\n    ports: [{}]\n",
            quoted(&name), quoted(&image), quoted(&key), quoted(&value), quoted(&port),
        );
        if let Ok(imported) = import(&[&text], &Variables::new(), &Options::default()) {
            release(&imported);
        }
    }
}

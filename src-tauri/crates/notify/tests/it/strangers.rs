//! Wordings and facts that somebody wrote to do harm.

use std::{collections::BTreeMap, time::Instant};

use gantry_model::{event::Outcome, release::stakeholder::Stakeholder};
use gantry_notify::{
    events::notices,
    facts::Facts,
    preview::sample,
    subject::Subject,
    wording::{Wordings, Written},
};
use serde_json::json;

use crate::given::{at, event, finished, plan, plan_of, run};

fn written(template: &str) -> Written {
    let plan = plan();
    write(template, &sample(&plan, Subject::Started, at("19:00:00")))
}

fn write(template: &str, facts: &Facts) -> Written {
    let stakeholder: Stakeholder = serde_json::from_value(json!({
        "name": "S", "via": { "connection": "chat" }, "on": ["started"], "template": "t.md"
    }))
    .unwrap();
    let files = BTreeMap::from([("t.md".to_owned(), Ok(template.to_owned()))]);
    Wordings::of(files).write(&stakeholder, facts)
}

#[test]
fn a_wording_of_a_file_is_used() {
    let template = "# {{ name }} in {{ environment|upper }}\n\n{% for change in changes %}\n- {{ change }}\n{% endfor %}\nEnd *soon*, 2 + 2 ~ 4.\n";
    let written = written(template);
    assert_eq!(written.problem, None);
    assert_eq!(written.title, "Checkout redesign in PRODUCTION");
    assert_eq!(
        written.body,
        "- orders 2.3.1 → 2.4.0\n\nEnd *soon*, 2 + 2 ~ 4."
    );
}

#[test]
fn what_could_grow_without_end_is_refused_with_its_line_and_the_message_is_told_anyway() {
    for (template, word) in [
        ("T\n{{ name ~ name }}", "line 2: `~`"),
        ("T\n\n{{ 'x' * 1000000 }}", "line 3: `*`"),
        ("{{ name + name }}", "line 1: `+`"),
        ("{% set a = name %}{{ a }}", "`set`"),
        ("{% with a = name %}{{ a }}{% endwith %}", "`with`"),
        ("{% include 'x' %}", "`include`"),
        ("{% macro m() %}{% endmacro %}", "`macro`"),
        ("{% raw %}{{ a }}{% endraw %}", "`raw`"),
        ("{% filter upper %}a{% endfilter %}", "`filter`"),
        ("{{ \"}}\" ~ name }}", "`~`"),
        ("{{ name", "a tag that has no end"),
        ("{{ range(100000) }}", "unknown function"),
        ("{{ nothing_like_it }}", "undefined value"),
        ("{{ name|tojson }}", "unknown filter"),
        ("  \n", "it writes nothing"),
    ] {
        let written = written(template);
        let problem = written.problem.unwrap_or_default();
        assert!(problem.contains(word), "{template}: {problem}");
        assert_eq!(written.title, "Checkout redesign has started in production");
    }
}

#[test]
fn loops_without_end_and_floods_of_text_stop_at_once() {
    let began = Instant::now();
    let loops = "{% for a in changes %}".repeat(40) + &"{% endfor %}".repeat(40);
    let facts = Facts {
        name: "x".repeat(10_000),
        changes: vec!["y".repeat(1000); 20],
        ..sample(&plan(), Subject::Started, at("19:00:00"))
    };
    for template in [
        format!("T {loops}"),
        format!("T {}", "{{ name }}".repeat(1000)),
        format!(
            "T {{{{ changes|join({}'x'{}) }}}}",
            "changes|join(".repeat(9),
            ")".repeat(9)
        ),
        "T ".to_owned() + &"{{ name }}".repeat(3400),
        "x".repeat(40_000),
    ] {
        let written = write(&template, &facts);
        assert!(
            written.problem.is_some(),
            "{}",
            &template[..60.min(template.len())]
        );
        assert!(written.body.len() <= 8 * 1024);
    }
    // Not a measure, but a bomb takes minutes and gigabytes.
    assert!(began.elapsed().as_secs() < 60);
}

#[test]
fn names_and_reasons_steer_no_screen_and_are_no_template() {
    let plan = plan_of(json!({ "title": "Evil \u{202e}\u{1b}[2J{{ name ~ name }}\r\nSubject: x" }));
    for notice in notices(
        &plan,
        &Wordings::default(),
        &run(),
        &event(1, finished(Outcome::Succeeded)),
    ) {
        let text = format!("{}\n{}", notice.title, notice.body);
        assert!(!text.contains(['\u{202e}', '\u{1b}', '\r']), "{text:?}");
        assert!(!notice.title.contains('\n'));
        assert!(notice.title.contains("{{ name ~ name }}"));
    }
}

//! The JSON Schema and the rules that stand behind it.

use gantry_release_file::{read, schema::schema};

#[test]
fn the_schema_names_itself() {
    assert_eq!(
        schema()["$schema"],
        "https://json-schema.org/draft/2020-12/schema"
    );
    assert_eq!(schema()["title"], "Gantry release file");
    assert!(schema()["$id"].is_string());
}

#[test]
fn every_pattern_of_the_schema_has_a_rule_behind_it() {
    let definitions = schema()["$defs"].as_object().unwrap();
    let patterned = definitions
        .iter()
        .filter(|(_, schema)| schema.get("pattern").is_some());
    let names: Vec<&str> = patterned.map(|(name, _)| name.as_str()).collect();
    let places = [
        ("ConnectionName", "judge: { source: X, metrics: [] }"),
        ("EnvironmentName", "when: { environment: [X] }"),
        ("MetricName", "judge: { source: a, metrics: [X] }"),
        ("Milestone", "needs: [{ node: a, milestone: X }]"),
        ("NodeId", "needs: [{ node: X }]"),
        ("ServiceName", "service: X"),
        ("Span", "estimate: X"),
        ("Version", "version: X"),
        ("Weight", "strategy: { canary: { every: X } }"),
    ];
    let elsewhere = ["ReleaseId", "SecretReference"];
    for name in names {
        let Some((_, text)) = places.iter().find(|(known, _)| *known == name) else {
            assert!(
                elsewhere.contains(&name),
                "{name} has a pattern and is not tried here"
            );
            continue;
        };
        let node = text.replace('X', "'!'");
        let file = format!("gantry: 1\nrelease: r\nnodes:\n  a: {{ kind: app, {node} }}\n");
        let problems = read("f", file.as_bytes()).expect_err(name);
        assert_eq!(problems.told().len(), 1, "{name}: {problems}");
        assert_eq!(
            problems.told()[0].place.column,
            u32::try_from(18 + node.find('!').unwrap()).unwrap(),
            "{name}: {problems}"
        );
    }
}

#[test]
fn the_schema_has_no_word_that_the_walk_does_not_know() {
    let known = [
        "$schema",
        "$id",
        "$ref",
        "$defs",
        "title",
        "description",
        "default",
        "type",
        "properties",
        "patternProperties",
        "additionalProperties",
        "required",
        "items",
        "minItems",
        "minProperties",
        "maxProperties",
        "enum",
        "const",
        "anyOf",
        "oneOf",
        "pattern",
        "format",
        "minimum",
        "maximum",
    ];
    let mut keywords = std::collections::BTreeSet::new();
    collect(schema(), &mut keywords);
    let unknown: Vec<_> = keywords
        .iter()
        .filter(|word| !known.contains(&word.as_str()))
        .collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

fn collect(schema: &serde_json::Value, keywords: &mut std::collections::BTreeSet<String>) {
    let Some(object) = schema.as_object() else {
        return;
    };
    for (keyword, value) in object {
        keywords.insert(keyword.clone());
        match keyword.as_str() {
            "properties" | "patternProperties" | "$defs" => {
                value
                    .as_object()
                    .unwrap()
                    .values()
                    .for_each(|v| collect(v, keywords));
            }
            "anyOf" | "oneOf" => value
                .as_array()
                .unwrap()
                .iter()
                .for_each(|v| collect(v, keywords)),
            "items" | "additionalProperties" => collect(value, keywords),
            _ => {}
        }
    }
}

//! Which number of a document is meant.

use gantry_model::{time::Timestamp, unit::Span};
use gantry_port::{
    fault::Fault,
    metrics::{Nothing, Point, Question},
};
use serde_json::Value;
use serde_json_path::JsonPath;

use super::place::interval;
use crate::{
    metrics::{
        fill::{self, Placed},
        window,
    },
    wording::shown,
};

/// Above this a number of seconds since 1970 is one of milliseconds; as seconds it is in the
/// year 5138.
const MILLIS_FROM: f64 = 1e11;

/// Fills the places of a JSONPath.
///
/// # Errors
/// Refused for a value that cannot stand where its place is.
pub(super) fn fill(path: &str, question: &Question, bucket: Span) -> Result<String, Fault> {
    fill::fill_text(path, question, &interval(bucket), quote)
}

/// Selects the one number that is meant.
///
/// # Errors
/// Refused for what is no JSONPath, and for something that is there and is no number.
pub(super) fn number(path: &str, document: &Value, whom: &str) -> Result<Point, Fault> {
    let selected = parse(path)?.query(document).all();
    match selected.as_slice() {
        [] => Ok(Point::Nothing(Nothing::NoSeries)),
        [value] => read(value).ok_or_else(|| {
            let value = shown(&value.to_string());
            Fault::refused(format!(
                "{whom} answered `{value}` at `{path}`, which is not a number"
            ))
        }),
        [_, _, ..] => Ok(Point::Nothing(Nothing::Several)),
    }
}

/// Selects the time at which the number was measured.
///
/// # Errors
/// Refused where there is no time: then nobody knows how old the number is.
pub(super) fn time(path: &str, document: &Value, whom: &str) -> Result<Timestamp, Fault> {
    let selected = parse(path)?.query(document).all();
    let found = match selected.as_slice() {
        [Value::String(text)] => chrono::DateTime::parse_from_rfc3339(text)
            .ok()
            .map(|time| time.to_utc()),
        [Value::Number(number)] => number.as_f64().and_then(since_1970),
        _others => None,
    };
    found.ok_or_else(|| Fault::refused(format!("{whom} answered no time at `{path}`")))
}

fn since_1970(number: f64) -> Option<Timestamp> {
    let millis = if number.abs() < MILLIS_FROM {
        number * 1000.0
    } else {
        number
    };
    Timestamp::from_timestamp_millis(millis.round() as i64)
}

fn parse(path: &str) -> Result<JsonPath, Fault> {
    JsonPath::parse(path)
        .map_err(|error| Fault::refused(format!("`{path}` is not a JSONPath: {error}")))
}

fn read(value: &Value) -> Option<Point> {
    match value {
        Value::Null => Some(window::point(None)),
        Value::Number(number) => Some(window::point(number.as_f64())),
        // Numbers that JSON cannot write travel as text.
        Value::String(text) => text.trim().parse().ok().map(|n| window::point(Some(n))),
        Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Inside quotes any value stands, escaped by number; outside only what is part of a name.
fn quote(placed: Placed<'_>) -> Result<String, String> {
    if is_quoted(placed.before) {
        return Ok(escaped(placed.value));
    }
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let value = placed.value;
    value
        .chars()
        .all(fits)
        .then(|| value.to_owned())
        .ok_or_else(|| format!("is `{value}`, which cannot stand outside of quotes"))
}

fn is_quoted(before: &str) -> bool {
    let mut quote = None;
    let mut characters = before.chars();
    while let Some(character) = characters.next() {
        match (quote, character) {
            (Some(_), '\\') => {
                let _escaped = characters.next();
            }
            (Some(open), _) if open == character => quote = None,
            (None, '"' | '\'') => quote = Some(character),
            (Some(_) | None, _) => {}
        }
    }
    quote.is_some()
}

fn escaped(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for character in value.chars() {
        match character {
            '"' | '\'' | '\\' | '\0'..='\x1f' => {
                text.push_str(&format!("\\u{:04x}", u32::from(character)));
            }
            _harmless => text.push(character),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn filled(path: &str, version: &str) -> Result<String, Fault> {
        let question = Question {
            template: path.to_owned(),
            values: [("version".to_owned(), version.to_owned())].into(),
        };
        fill(path, &question, Span::from_secs(60))
    }

    #[test]
    fn each_kind_of_nothing_is_told_apart() {
        let document = json!({
            "errors": 3, "text": "4.5", "none": null, "nan": "NaN", "inf": "+Inf",
            "many": [{"n": 1}, {"n": 2}],
        });
        let nothing = |why| Point::Nothing(why);
        for (path, expected) in [
            ("$.errors", Point::Value(3.0)),
            ("$.text", Point::Value(4.5)),
            ("$.none", nothing(Nothing::NoPoint)),
            ("$.nan", nothing(Nothing::NotANumber)),
            ("$.inf", nothing(Nothing::NotANumber)),
            ("$.absent", nothing(Nothing::NoSeries)),
            ("$.many[*].n", nothing(Nothing::Several)),
            ("$.many[?@.n == 2].n", Point::Value(2.0)),
        ] {
            assert_eq!(number(path, &document, "it").unwrap(), expected, "{path}");
        }
        assert!(number("$.many", &document, "it").is_err());
        assert!(number("errors", &document, "it").is_err());
    }

    #[test]
    fn a_hostile_version_selects_itself_alone() {
        let path = filled("$[?@.v == \"{{version}}\"].n", "\" || @.n > 0 || \"").unwrap();
        let hostile = json!([{"v": "1", "n": 7}, {"v": "\" || @.n > 0 || \"", "n": 8}]);
        assert_eq!(number(&path, &hostile, "it").unwrap(), Point::Value(8.0));
        assert_eq!(filled("$.by.{{version}}", "v2").unwrap(), "$.by.v2");
        assert!(filled("$.by.{{version}}", "*").is_err());
    }

    #[test]
    fn times_are_read_as_people_write_them() {
        let expected = Timestamp::from_timestamp_millis(1_795_437_483_500).unwrap();
        for at in [
            json!("2026-11-23T12:38:03.500Z"),
            json!(1_795_437_483.5),
            json!(1_795_437_483_500_u64),
        ] {
            let document = json!({ "at": at });
            assert_eq!(time("$.at", &document, "it").unwrap(), expected);
        }
        assert!(time("$.at", &json!({ "at": "yesterday" }), "it").is_err());
        assert!(time("$.at", &json!({}), "it").is_err());
    }
}

//! Where a question goes: address and body, with values that stay values.

use gantry_model::{secret::SecretText, unit::Span};
use gantry_port::{
    fault::{Fault, FaultKind},
    metrics::Question,
    secret::Secrets,
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use crate::{
    metrics::fill::{self, Placed},
    secret::resolve,
};

/// What is not encoded: what an address calls unreserved.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Splits a query into what goes behind the address and the JSONPath.
///
/// # Errors
/// Refused for a query without a JSONPath.
pub(super) fn parts(query: &str) -> Result<(&str, &str), Fault> {
    let query = query.trim();
    if query.starts_with('$') {
        return Ok(("", query));
    }
    let split = query.split_once(char::is_whitespace);
    let split = split.map(|(behind, path)| (behind, path.trim_start()));
    split
        .filter(|(behind, path)| behind.starts_with(['/', '?']) && path.starts_with('$'))
        .ok_or_else(|| {
            Fault::refused(format!(
                "`{query}` is not a question for JSON: expected a JSONPath such as `$.errors`, or what goes behind the address and a JSONPath, such as `/stats?of={{{{service}}}} $.errors`"
            ))
        })
}

/// Fills the connection's address; its scheme and host take no values, so that none of them leads
/// elsewhere.
///
/// # Errors
/// Unsupported for a place in the host.
pub(super) fn base(url: &str, question: &Question, bucket: Span) -> Result<SecretText, Fault> {
    let host = url.find("://").map_or(0, |at| at + 3);
    let rest = url.get(host..).unwrap_or_default();
    let host_end = host + rest.find(['/', '?', '#']).unwrap_or(rest.len());
    if url.get(..host_end).is_some_and(|host| host.contains("{{")) {
        let sentence = format!("`{url}`: values belong into path and query, not into the host");
        return Err(Fault::new(FaultKind::Unsupported, sentence));
    }
    let filled = fill::fill_text(url, question, &interval(bucket), encoded)?;
    filled
        .parse()
        .map_err(|error| Fault::unsent(format!("{error}")))
}

/// Encodes a value so that it is one segment of a path, or one value of a query.
///
/// # Errors
/// For dots alone, which go up in a path however they are encoded.
pub(super) fn encoded(placed: Placed<'_>) -> Result<String, String> {
    match placed.value {
        "." | ".." => Err("is nothing but dots, which lead elsewhere".to_owned()),
        value => Ok(utf8_percent_encode(value, ENCODED).to_string()),
    }
}

/// The length of a bucket as an address has it.
pub(super) fn interval(bucket: Span) -> String {
    let millis = bucket.as_millis();
    if millis.is_multiple_of(1000) {
        format!("{}s", millis / 1000)
    } else {
        format!("{millis}ms")
    }
}

/// Puts a path or a query behind an address.
///
/// # Errors
/// Unsupported where the address has a query already.
pub(super) fn join(base: &str, behind: &str) -> Result<String, Fault> {
    if behind.is_empty() {
        return Ok(base.to_owned());
    }
    if base.contains(['?', '#']) {
        let sentence = "the address has a query of its own, so nothing can be put behind it";
        return Err(Fault::new(FaultKind::Unsupported, sentence));
    }
    Ok(format!("{}{behind}", base.trim_end_matches('/')))
}

/// Fills the strings of a body.
///
/// # Errors
/// Unsupported for a body that is not JSON; unsent where a secret is missing.
pub(super) async fn body(
    body: &SecretText,
    question: &Question,
    bucket: Span,
    secrets: &dyn Secrets,
) -> Result<String, Fault> {
    let no_json = |error| {
        let sentence = format!("the body of the question is not JSON: {error}");
        Fault::new(FaultKind::Unsupported, sentence)
    };
    let mut document: Value = serde_json::from_str(body.as_str()).map_err(no_json)?;
    for text in strings(&mut document) {
        // Secrets first: a value may look like a reference and must not become one.
        let references: SecretText = text
            .parse()
            .map_err(|error| Fault::unsent(format!("{error}")))?;
        let resolved = resolve(secrets, &references).await?;
        *text = fill::fill_text(resolved.expose(), question, &interval(bucket), |placed| {
            Ok(placed.value.to_owned())
        })?;
    }
    Ok(document.to_string())
}

/// Gives every string of a document that is not a key.
fn strings(document: &mut Value) -> Vec<&mut String> {
    let mut found = Vec::new();
    let mut open = vec![document];
    while let Some(value) = open.pop() {
        match value {
            Value::String(text) => found.push(text),
            Value::Array(values) => open.extend(values.iter_mut()),
            Value::Object(fields) => open.extend(fields.values_mut()),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(version: &str) -> Question {
        Question {
            template: String::new(),
            values: [("version".to_owned(), version.to_owned())].into(),
        }
    }

    fn based(url: &str, version: &str) -> Result<String, Fault> {
        let text = base(url, &question(version), Span::from_secs(15))?;
        Ok(text.as_str().to_owned())
    }

    #[test]
    fn a_query_is_a_path_or_an_address_and_a_path() {
        assert_eq!(parts("$.a").unwrap(), ("", "$.a"));
        assert_eq!(parts("/b?c=1  $.a b").unwrap(), ("/b?c=1", "$.a b"));
        for query in ["", "a", "/b", "http://x $.a"] {
            assert!(parts(query).is_err(), "{query}");
        }
    }

    #[test]
    fn a_hostile_value_leads_nowhere_else() {
        let url = "http://h/{{version}}?w={{interval}}";
        let hostile = based(url, "../x?y#${secret:z}").unwrap();
        assert_eq!(hostile, "http://h/..%2Fx%3Fy%23%24%7Bsecret%3Az%7D?w=15s");
        assert!(based(url, "..").is_err());
        for url in [
            "http://{{version}}/",
            "http://h{{version}}",
            "{{version}}://h/",
        ] {
            assert!(based(url, "x").is_err(), "{url}");
        }
    }

    #[test]
    fn what_goes_behind_follows_the_address() {
        assert_eq!(join("http://h/", "/a").unwrap(), "http://h/a");
        assert_eq!(join("http://h/a", "?b=1").unwrap(), "http://h/a?b=1");
        assert!(join("http://h/a?b=1", "/c").is_err());
    }
}

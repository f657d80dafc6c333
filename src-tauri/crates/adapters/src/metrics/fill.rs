//! Putting values into the places of a query.

use gantry_port::{fault::Fault, metrics::Question};

/// The place that the source fills by itself, with the length of a bucket.
const INTERVAL: &str = "interval";

/// One value on its way into a query.
pub(super) struct Placed<'a> {
    /// The value.
    pub(super) value: &'a str,
    /// The query as far as it is written, by which its language tells how to quote what comes.
    pub(super) before: &'a str,
}

/// Fills every place of a question; `quote` makes a value harmless, or says why it cannot.
///
/// # Errors
/// Refused for a place without a value, and for a value that cannot be quoted.
pub(super) fn fill(
    question: &Question,
    interval: &str,
    quote: impl Fn(Placed<'_>) -> Result<String, String>,
) -> Result<String, Fault> {
    fill_text(&question.template, question, interval, quote)
}

/// Fills another text with the values of a question.
///
/// # Errors
/// As [`fill`].
pub(super) fn fill_text(
    text: &str,
    question: &Question,
    interval: &str,
    quote: impl Fn(Placed<'_>) -> Result<String, String>,
) -> Result<String, Fault> {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, opened)) = rest.split_once("{{") {
        filled.push_str(before);
        let (name, after) = opened
            .split_once("}}")
            .ok_or_else(|| Fault::refused(format!("`{{{{` is not closed in `{text}`")))?;
        let name = name.trim();
        let piece = match (name, question.values.get(name)) {
            (INTERVAL, _) => interval.to_owned(),
            (_, Some(value)) => quote(Placed {
                value,
                before: &filled,
            })
            .map_err(|problem| Fault::refused(format!("`{name}` {problem}: `{text}`")))?,
            (_, None) => return Err(unknown(name, question)),
        };
        filled.push_str(&piece);
        rest = after;
    }
    filled.push_str(rest);
    Ok(filled)
}

fn unknown(name: &str, question: &Question) -> Fault {
    let known = question.values.keys().map(String::as_str);
    let known: Vec<_> = known.chain([INTERVAL]).collect();
    Fault::refused(format!(
        "`{{{{{name}}}}}` has no value in a query; known are {}",
        known.join(", ")
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(template: &str) -> Question {
        let values = [("version".to_owned(), "2.4".to_owned())].into();
        Question {
            template: template.to_owned(),
            values,
        }
    }

    fn filled(template: &str) -> Result<String, Fault> {
        fill(&question(template), "15s", |placed| {
            Ok(format!("<{}|{}>", placed.value, placed.before.len()))
        })
    }

    #[test]
    fn places_are_filled_and_told_what_stands_before_them() {
        assert_eq!(
            filled("a{{version}}[{{ interval }}]").unwrap(),
            "a<2.4|1>[15s]"
        );
        assert_eq!(filled("no place").unwrap(), "no place");
    }

    #[test]
    fn an_unknown_or_open_place_is_refused() {
        let unknown = filled("{{verson}}").unwrap_err();
        assert!(unknown.message.contains("version, interval"), "{unknown}");
        assert!(
            filled("{{version")
                .unwrap_err()
                .message
                .contains("not closed")
        );
    }
}

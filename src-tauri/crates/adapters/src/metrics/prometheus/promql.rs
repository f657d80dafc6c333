//! The query language: how values are quoted in it, and how stale points are kept out.

use gantry_model::unit::Span;
use gantry_port::{fault::Fault, metrics::Question};

use crate::metrics::fill::{self, Placed};

/// Fills a question; a value stays a value wherever it stands.
///
/// # Errors
/// Refused for a place without a value, and for a value that cannot stand where its place is.
pub(super) fn fill(question: &Question, bucket: Span) -> Result<String, Fault> {
    fill::fill(question, &duration(bucket), quote)
}

/// Takes the points of a plain selector only where there is a sample within two buckets.
///
/// A selector takes the newest sample of the last five minutes, so without this a service that
/// nobody asks any more would look well for five minutes. Functions over time look at their own
/// window and need no such guard.
pub(super) fn only_fresh(query: &str, bucket: Span) -> String {
    let query = query.trim();
    if !is_selector(query) {
        return query.to_owned();
    }
    let window = duration(Span::from_millis(bucket.as_millis().saturating_mul(2)));
    format!("{query} and last_over_time({query}[{window}])")
}

/// Writes a time since 1970, or a length, in seconds.
pub(super) fn seconds(millis: i64) -> String {
    format!("{}.{:03}", millis.div_euclid(1000), millis.rem_euclid(1000))
}

fn duration(span: Span) -> String {
    let millis = span.as_millis();
    if millis.is_multiple_of(1000) {
        format!("{}s", millis / 1000)
    } else {
        format!("{millis}ms")
    }
}

/// What surrounds a place in a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Context {
    Bare,
    Comment,
    Text { quote: char, regex: bool },
}

fn quote(placed: Placed<'_>) -> Result<String, String> {
    match context(placed.before) {
        Context::Bare => bare(placed.value),
        Context::Comment => Ok(String::new()),
        Context::Text { quote, regex } => {
            let value = if regex {
                literal(placed.value)
            } else {
                placed.value.to_owned()
            };
            match quote {
                '`' => raw(&value),
                _escaping => Ok(escaped(&value)),
            }
        }
    }
}

fn context(before: &str) -> Context {
    let mut context = Context::Bare;
    let mut characters = before.char_indices();
    while let Some((at, character)) = characters.next() {
        context = match (context, character) {
            (Context::Bare, '#') => Context::Comment,
            (Context::Bare, '"' | '\'' | '`') => Context::Text {
                quote: character,
                regex: is_regex(before.get(..at).unwrap_or_default()),
            },
            (Context::Comment, '\n') => Context::Bare,
            (Context::Text { quote, .. }, _) if character == quote => Context::Bare,
            (Context::Text { quote, .. }, '\\') if quote != '`' => {
                let _escaped = characters.next();
                context
            }
            (Context::Bare | Context::Comment | Context::Text { .. }, _) => context,
        };
    }
    context
}

fn is_regex(before: &str) -> bool {
    let before = before.trim_end();
    before.ends_with("=~") || before.ends_with("!~")
}

/// Outside of quotes only what can be part of a name is let through.
fn bare(value: &str) -> Result<String, String> {
    let fits = value
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | ':'));
    fits.then(|| value.to_owned())
        .ok_or_else(|| format!("is `{value}`, which cannot stand outside of quotes"))
}

/// Escapes by number what could end a text or begin an escape; both kinds of quotes know numbers.
fn escaped(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for character in value.chars() {
        match character {
            '"' | '\'' | '`' | '\\' | '\0'..='\x1f' | '\x7f' => {
                text.push_str(&format!("\\x{:02x}", u32::from(character)));
            }
            _harmless => text.push(character),
        }
    }
    text
}

fn raw(value: &str) -> Result<String, String> {
    (!value.contains('`'))
        .then(|| value.to_owned())
        .ok_or_else(|| "holds a backtick, which cannot stand between backticks".to_owned())
}

/// Makes a value match itself alone in a regular expression.
fn literal(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for character in value.chars() {
        if ".+*?()|[]{}^$\\".contains(character) {
            text.push('\\');
        }
        text.push(character);
    }
    text
}

/// Whether this is a name, matchers in braces, or both, and nothing else.
fn is_selector(query: &str) -> bool {
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | ':');
    let matchers = query.trim_start_matches(is_name).trim_start();
    let starts_well = !query.starts_with(|c: char| c.is_ascii_digit()) && !query.is_empty();
    if matchers.is_empty() {
        let is_number = query.parse::<f64>().is_ok();
        return starts_well && !is_number;
    }
    let Some(inside) = matchers.strip_prefix('{') else {
        return false;
    };
    let mut braces = inside.char_indices().filter(|(at, character)| {
        *character == '}' && context(inside.get(..*at).unwrap_or_default()) == Context::Bare
    });
    starts_well && braces.next().is_some_and(|(at, _)| at + 1 == inside.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(template: &str, version: &str) -> Result<String, Fault> {
        let question = Question {
            template: template.to_owned(),
            values: [("version".to_owned(), version.to_owned())].into(),
        };
        fill(&question, Span::from_secs(15))
    }

    #[test]
    fn a_hostile_version_stays_a_value() {
        for (template, expected) in [
            ("m{v=\"{{version}}\"}", r#"m{v="\x22} or up{"}"#),
            ("m{v='{{version}}'}", r"m{v='\x22} or up{'}"),
            ("m{v=`{{version}}`}", "m{v=`\"} or up{`}"),
            ("m{v=~\"{{version}}\"}", r#"m{v=~"\x22\x5c} or up\x5c{"}"#),
        ] {
            assert_eq!(filled(template, "\"} or up{").unwrap(), expected);
        }
    }

    #[test]
    fn backslashes_and_lines_cannot_end_a_text() {
        let template = r#"m{a="\"",v="{{version}}"}"#;
        assert_eq!(
            filled(template, "\\\"\n").unwrap(),
            r#"m{a="\"",v="\x5c\x22\x0a"}"#
        );
    }

    #[test]
    fn outside_of_quotes_only_names_are_let_through() {
        assert_eq!(filled("m_{{version}}_total", "v2").unwrap(), "m_v2_total");
        assert!(filled("m_{{version}}_total", "} or up{").is_err());
        assert!(filled("m{v=`{{version}}`}", "`} or up{").is_err());
    }

    #[test]
    fn a_quote_in_a_comment_opens_nothing() {
        let template = "m # it's {{version}}\n + n_{{version}}";
        assert_eq!(
            filled(template, "a\nb").unwrap_err().kind,
            gantry_port::fault::FaultKind::Refused
        );
        assert_eq!(filled(template, "b").unwrap(), "m # it's \n + n_b");
    }

    #[test]
    fn a_version_in_a_regular_expression_matches_itself_alone() {
        let template = r#"m{v!~ "{{version}}-.*"}"#;
        assert_eq!(
            filled(template, "2.*").unwrap(),
            r#"m{v!~ "2\x5c.\x5c*-.*"}"#
        );
    }

    #[test]
    fn the_interval_is_the_bucket() {
        assert_eq!(filled("rate(m[{{interval}}])", "").unwrap(), "rate(m[15s])");
        assert_eq!(duration(Span::from_millis(1500)), "1500ms");
    }

    #[test]
    fn plain_selectors_are_guarded_against_stale_points() {
        for query in ["up", "up{a=\"}\"}", "{__name__=\"up\"}", "a:b {c='d'}"] {
            let guarded = only_fresh(query, Span::from_secs(15));
            assert_eq!(guarded, format!("{query} and last_over_time({query}[30s])"));
        }
        for query in [
            "1",
            "NaN",
            "",
            "sum(up)",
            "up[5m]",
            "up + up",
            "up{a=\"b\"} offset 5m",
            "a{} or b{}",
        ] {
            assert_eq!(only_fresh(query, Span::from_secs(15)), query);
        }
    }

    #[test]
    fn times_have_three_decimals() {
        assert_eq!(seconds(1_795_437_483_123), "1795437483.123");
        assert_eq!(seconds(15_000), "15.000");
    }
}

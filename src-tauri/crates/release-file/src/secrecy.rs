//! What a person wrote where a secret belongs is not shown again, on no screen and in no log.

use std::ops::Range;

/// The code of the problem whose offending text is itself a secret.
pub(crate) const SECRET_VALUE: &str = "secret-value";

const STARS: &str = "***";
/// Parts of keys whose values are secrets, slips of the pen included.
const TELLING: [&str; 9] = [
    "passw",
    "pasw",
    "pwd",
    "secret",
    "token",
    "api-key",
    "access-key",
    "application-key",
    "credential",
];

/// A line in which secrets are stars, with what was marked in it.
pub(crate) struct Hidden {
    pub(crate) text: String,
    pub(crate) marked: Range<usize>,
}

/// Puts stars in the place of a marked secret and of every value behind a telling key.
pub(crate) fn hide(line: &str, marked: Range<usize>, code: &str) -> Hidden {
    let mut secrets = values_behind_telling_keys(line);
    if code == SECRET_VALUE {
        secrets.push(marked.clone());
    }
    secrets.extend(passwords_in_addresses(line));
    secrets.sort_by_key(|range| (range.start, range.end));
    let mut hidden = Hidden {
        text: String::with_capacity(line.len()),
        marked: marked.clone(),
    };
    let mut done = 0;
    for secret in secrets.into_iter().filter(|range| !range.is_empty()) {
        if secret.start < done {
            continue;
        }
        hidden.text += line.get(done..secret.start).unwrap_or_default();
        hidden.text += STARS;
        shift(&mut hidden.marked, &marked, &secret);
        done = secret.end;
    }
    hidden.text += line.get(done..).unwrap_or_default();
    let end = hidden.text.len();
    hidden.marked =
        hidden.marked.start.min(end)..hidden.marked.end.clamp(hidden.marked.start.min(end), end);
    hidden
}

/// Moves what is marked as far as the stars have moved the text.
fn shift(shown: &mut Range<usize>, marked: &Range<usize>, secret: &Range<usize>) {
    let moved = |at: usize| (at + STARS.len()).saturating_sub(secret.len());
    if secret.end <= marked.start {
        shown.start = moved(shown.start);
    } else if secret.start < marked.start {
        shown.start = shown.start.saturating_sub(marked.start - secret.start);
    }
    if secret.end <= marked.end {
        shown.end = moved(shown.end);
    } else if secret.start < marked.end {
        shown.end = shown.start + STARS.len();
    }
}

/// Finds `password: value` and its like, in whatever state the line is.
fn values_behind_telling_keys(line: &str) -> Vec<Range<usize>> {
    let lower = line.to_ascii_lowercase();
    let colons = lower.match_indices(':').map(|(at, _)| at);
    colons
        .filter(|colon| {
            let key = lower.get(..*colon).unwrap_or_default();
            let key = key
                .rsplit([' ', '{', ',', '"', '\''])
                .find(|part| !part.is_empty());
            key.is_some_and(|key| TELLING.iter().any(|word| key.contains(word)))
        })
        .filter_map(|colon| value_behind(line, colon + 1))
        .collect()
}

/// Takes the value behind a colon, up to its quote, or to a comma, a brace or a blank.
fn value_behind(line: &str, from: usize) -> Option<Range<usize>> {
    let rest = line.get(from..)?;
    let blank = rest.len() - rest.trim_start().len();
    let value = rest.get(blank..)?;
    if blank == 0 && !value.is_empty() || value.starts_with(['{', '[', '#', '*', '&']) {
        return None;
    }
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
    let inner = usize::from(quote.is_some());
    let text = value.get(inner..)?;
    let length = match quote {
        Some(quote) => text.find(quote),
        None => text.find([',', '}', ' ']),
    };
    let start = from + blank + inner;
    let end = start + length.unwrap_or(text.len());
    let is_reference = text.starts_with("${secret:");
    (!is_reference).then_some(start..end)
}

/// Finds the password of every `scheme://user:password@host`.
fn passwords_in_addresses(line: &str) -> Vec<Range<usize>> {
    let schemes = line.match_indices("://").map(|(at, mark)| at + mark.len());
    schemes
        .filter_map(|from| {
            let password = password_of_authority(line.get(from..)?)?;
            Some(from + password.start..from + password.end)
        })
        .collect()
}

/// Finds a literal password in `user:password@host…`; a reference to a secret is none.
pub(crate) fn password_of_authority(rest: &str) -> Option<Range<usize>> {
    let references_end = rest.rfind("${secret:").and_then(|at| {
        let end = rest.get(at..)?.find('}')?;
        Some(at + end)
    });
    let limit = rest
        .char_indices()
        .filter(|(at, _)| references_end.is_none_or(|end| *at > end))
        .find(|(_, c)| matches!(c, '/' | '?' | '#' | ' ' | '"' | '\''))
        .map_or(rest.len(), |(at, _)| at);
    let at = rest.get(..limit)?.rfind('@')?;
    let colon = rest.get(..at)?.find(':')?;
    let password = rest.get(colon + 1..at)?;
    let is_reference = password.starts_with("${");
    (!is_reference && !password.is_empty()).then_some(colon + 1..at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(line: &str) -> String {
        hide(line, 0..0, "x").text
    }

    #[test]
    fn values_behind_telling_keys_are_stars() {
        assert_eq!(
            shown(r#"mail: { smtp: { password: hunter2, prot: 587 } }"#),
            r#"mail: { smtp: { password: ***, prot: 587 } }"#
        );
        assert_eq!(shown(r#"  token: "hun ter2" # x"#), r#"  token: "***" # x"#);
        assert_eq!(shown(r#"  token: "hunter2"#), r#"  token: "***"#);
        let reference = r#"  token: "${secret:a}""#;
        assert_eq!(shown(reference), reference);
    }

    #[test]
    fn passwords_in_addresses_are_stars() {
        assert_eq!(
            shown("url: postgres://u:hunter2@h/d"),
            "url: postgres://u:***@h/d"
        );
        let reference = "url: postgres://u:${secret:p}@h/d";
        assert_eq!(shown(reference), reference);
        assert_eq!(shown("url: http://h:80/a"), "url: http://h:80/a");
    }

    #[test]
    fn what_is_marked_moves_with_the_stars() {
        let line = "{ password: hunter2, prot: 587 }";
        let hidden = hide(line, 21..25, "unknown-key");
        assert_eq!(hidden.text.get(hidden.marked), Some("prot"));
        let hidden = hide(line, 12..19, SECRET_VALUE);
        assert_eq!(hidden.text.get(hidden.marked), Some("***"));
    }
}

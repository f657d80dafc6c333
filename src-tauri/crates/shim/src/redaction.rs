//! Takes secrets out of what a program printed.
//!
//! A value is looked for as it is and as it looks after the usual encodings: Base64 (both
//! alphabets, at any of the three places inside longer encoded text, as in a `Basic` header),
//! percent encoding, hexadecimal and JSON escapes; a value of several lines also line by line.
//! This cannot find what a program has encrypted, compressed or cut into pieces itself.

use std::fmt::Write as _;

/// What stands where a secret was.
const STARS: &[u8] = b"***";
/// A line of a longer secret that is shorter than this says nothing, such as `}`.
const SHORTEST_LINE: usize = 8;
/// Encodings of values shorter than this would be found everywhere by chance.
const SHORTEST_ENCODED: usize = 4;

/// Every form of every secret that must not be seen.
pub struct Patterns {
    patterns: Vec<Vec<u8>>,
    first: [bool; 256],
    longest: usize,
}

impl Patterns {
    /// Works out the forms of some values.
    pub fn of<'a>(values: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut patterns: Vec<_> = values.into_iter().flat_map(forms).collect();
        patterns.retain(|pattern| !pattern.is_empty());
        patterns.sort();
        patterns.dedup();
        let mut first = [false; 256];
        for byte in patterns.iter().filter_map(|pattern| pattern.first()) {
            if let Some(entry) = first.get_mut(usize::from(*byte)) {
                *entry = true;
            }
        }
        Self {
            longest: patterns.iter().map(Vec::len).max().unwrap_or(0),
            patterns,
            first,
        }
    }

    /// Gives how many bytes before a place must be known to find a secret that ends behind it.
    pub fn reach(&self) -> usize {
        self.longest.saturating_sub(1)
    }

    /// Gives `text` from byte `from` on, with stars in the place of secrets, also of one that
    /// begins before `from`.
    pub fn redact(&self, text: &[u8], from: usize) -> Vec<u8> {
        let mut redacted = Vec::with_capacity(text.len().saturating_sub(from));
        let mut at = from;
        for (start, end) in self.ranges(text) {
            if end <= at {
                continue;
            }
            redacted.extend_from_slice(text.get(at..start).unwrap_or_default());
            redacted.extend_from_slice(STARS);
            at = end;
        }
        redacted.extend_from_slice(text.get(at..).unwrap_or_default());
        redacted
    }

    /// Finds every occurrence, overlapping ones as one range, so that what stands before a secret
    /// can never hide it.
    fn ranges(&self, text: &[u8]) -> Vec<(usize, usize)> {
        let mut ranges: Vec<(usize, usize)> = Vec::new();
        for (at, byte) in text.iter().enumerate() {
            if !self.first.get(usize::from(*byte)).is_some_and(|hit| *hit) {
                continue;
            }
            let Some(end) = self.longest_at(text, at).map(|length| at + length) else {
                continue;
            };
            match ranges.last_mut() {
                Some(last) if at <= last.1 => last.1 = last.1.max(end),
                Some(_) | None => ranges.push((at, end)),
            }
        }
        ranges
    }

    fn longest_at(&self, text: &[u8], at: usize) -> Option<usize> {
        let rest = text.get(at..)?;
        let hits = self.patterns.iter().filter(|p| rest.starts_with(p));
        hits.map(Vec::len).max()
    }
}

fn forms(value: &[u8]) -> Vec<Vec<u8>> {
    let mut forms = vec![value.to_vec()];
    let lines = value.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    forms.extend(
        lines
            .filter(|line| line.len() >= SHORTEST_LINE)
            .map(<[u8]>::to_vec),
    );
    if value.len() >= SHORTEST_ENCODED {
        forms.extend(base64_cores(value));
        forms.extend(percent_forms(value));
        forms.push(hexadecimal(value, Case::Lower));
        forms.push(hexadecimal(value, Case::Upper));
        forms.push(json(value));
    }
    forms
}

const ALPHABETS: [&[u8; 64]; 2] = [
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
];

/// Gives, for the three places at which a value can begin in encoded text, the characters that
/// the value alone decides.
fn base64_cores(value: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    ALPHABETS.into_iter().flat_map(move |alphabet| {
        (0..3).map(move |before| {
            let decided = (before * 8_usize).div_ceil(6)..(before + value.len()) * 8 / 6;
            let bit = |at: usize| {
                let byte = (at / 8).checked_sub(before).and_then(|at| value.get(at));
                byte.map_or(0, |byte| usize::from(byte >> (7 - at % 8) & 1))
            };
            let sextet = |at: usize| (0..6).fold(0, |bits, next| bits << 1 | bit(at * 6 + next));
            let letters = decided.filter_map(|at| alphabet.get(sextet(at)));
            letters.copied().collect()
        })
    })
}

/// Percent encoding of everything but letters, digits and `-._~`, as for a form, with both cases.
fn percent_forms(value: &[u8]) -> Vec<Vec<u8>> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let encoded = |case: Case, space: &str| {
        let mut text = String::new();
        for byte in value {
            match byte {
                b' ' if !space.is_empty() => text.push_str(space),
                byte if plain(*byte) => text.push(char::from(*byte)),
                byte => {
                    text.push('%');
                    case.push(&mut text, *byte);
                }
            }
        }
        text.into_bytes()
    };
    vec![
        encoded(Case::Upper, ""),
        encoded(Case::Lower, ""),
        encoded(Case::Upper, "+"),
        encoded(Case::Lower, "+"),
    ]
}

#[derive(Clone, Copy)]
enum Case {
    Upper,
    Lower,
}

impl Case {
    fn push(self, text: &mut String, byte: u8) {
        // Writing to a string does not fail.
        let _infallible = match self {
            Self::Upper => write!(text, "{byte:02X}"),
            Self::Lower => write!(text, "{byte:02x}"),
        };
    }
}

fn hexadecimal(value: &[u8], case: Case) -> Vec<u8> {
    let mut text = String::new();
    for byte in value {
        case.push(&mut text, *byte);
    }
    text.into_bytes()
}

fn json(value: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    for byte in value {
        match byte {
            b'"' | b'\\' => text.extend_from_slice(&[b'\\', *byte]),
            b'\n' => text.extend_from_slice(b"\\n"),
            b'\r' => text.extend_from_slice(b"\\r"),
            b'\t' => text.extend_from_slice(b"\\t"),
            byte => text.push(*byte),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redacted(secret: &str, text: &str) -> String {
        let patterns = Patterns::of([secret.as_bytes()]);
        String::from_utf8(patterns.redact(text.as_bytes(), 0)).unwrap()
    }

    #[test]
    fn a_value_and_its_encodings_become_stars() {
        let secret = "p w/d?\"1";
        for form in [
            "p w/d?\"1",
            "cCB3L2Q/IjE=",
            "cCB3L2Q_IjE",
            "p%20w%2Fd%3F%221",
            "p%20w%2fd%3f%221",
            "p+w%2Fd%3F%221",
            "7020772f643f2231",
            "7020772F643F2231",
            "p w/d?\\\"1",
        ] {
            let text = redacted(secret, &format!("<{form}>"));
            assert!(text.starts_with("<***") && text.len() <= 8, "{text}");
        }
    }

    #[test]
    fn a_basic_header_does_not_show_the_password_at_any_place() {
        // `user:hunter2!`, `users:hunter2!` and `userss:hunter2!`.
        for header in [
            "dXNlcjpodW50ZXIyIQ==",
            "dXNlcnM6aHVudGVyMiE=",
            "dXNlcnNzOmh1bnRlcjIh",
        ] {
            let text = redacted("hunter2!", header);
            assert!(text.contains("***") && text.len() < 16, "{text}");
        }
    }

    #[test]
    fn a_secret_in_the_overlap_of_two_is_not_left_over() {
        let patterns = Patterns::of([b"abcdef".as_slice(), b"defghi"]);
        assert_eq!(patterns.redact(b"xabcdefghix", 0), b"x***x");
    }

    #[test]
    fn a_secret_that_begins_before_the_cut_shows_no_end() {
        let patterns = Patterns::of([b"secretsecret".as_slice()]);
        assert_eq!(patterns.redact(b"..secretsecret..", 8), b"***..");
        assert_eq!(patterns.redact(b"..secretsecret..", 14), b"..");
    }

    #[test]
    fn every_line_of_a_key_is_a_secret() {
        let text = redacted("-----BEGIN-----\nMIIEvQIBADAN\n}\n", "a MIIEvQIBADAN } b");
        assert_eq!(text, "a *** } b");
    }
}

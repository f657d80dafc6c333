//! Rendering a wording that nobody trusts.
//!
//! Steps are bounded by fuel, what is written by its length. Neither bounds what an expression
//! makes in between, so a wording cannot join texts at all: no `~`, `+` or `*`, no variables of
//! its own, and of filters only those that make nothing longer. It has no files, no functions and
//! nothing but the facts.

use std::io::{self, Write};

use minijinja::{
    Environment, Error, ErrorKind, UndefinedBehavior, filters,
    value::{Serde, Value},
};

use super::Unusable;
use crate::facts::Facts;

/// The longest wording, and the longest text that it may write, in bytes.
const LONGEST: usize = 32 * 1024;
/// How many steps the template may take.
const FUEL: u64 = 20_000;
/// What a tag may begin with.
const STATEMENTS: [&str; 6] = ["if", "elif", "else", "endif", "for", "endfor"];

/// Checks that a wording uses nothing that it may not use.
pub(super) fn check(text: &str) -> Result<(), Unusable> {
    if text.len() > LONGEST {
        let what = format!("it is longer than {LONGEST} bytes");
        return Err(Unusable::Forbidden { line: 1, what });
    }
    let mut place = 0;
    while let Some((tag, start)) = opened(text, place) {
        place = match tag {
            Tag::Comment => find(text, start, "#}").map_or(text.len(), |end| end + 2),
            Tag::Expression | Tag::Statement => inside(text, start)?,
        };
        if tag == Tag::Statement {
            statement(text, start)?;
        }
    }
    Ok(())
}

/// Renders a wording that was checked.
pub(super) fn render(text: &str, facts: &Facts) -> Result<String, Unusable> {
    let told = |error: Error| Unusable::Template(said(&error));
    let mut environment = Environment::empty();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(FUEL));
    environment.set_recursion_limit(50);
    environment.add_filter("upper", filters::upper);
    environment.add_filter("lower", filters::lower);
    environment.add_filter("trim", filters::trim);
    environment.add_filter("default", filters::default);
    environment.add_filter("length", filters::length);
    environment.add_filter("first", filters::first);
    environment.add_filter("last", filters::last);
    environment.add_filter("join", join);
    let template = environment.template_from_str(text).map_err(told)?;
    let mut written = Bounded(Vec::new());
    let facts = Value::from(Serde(facts));
    template
        .render_captured_to(facts, &mut written)
        .map_err(told)?;
    Ok(String::from_utf8_lossy(&written.0).into_owned())
}

/// Joins a list with a separator, which is a text of the wording and short.
fn join(list: &Value, separator: Option<&str>) -> Result<String, Error> {
    let separator = separator.unwrap_or_default();
    let mut joined = String::new();
    for value in list.try_iter()? {
        if !joined.is_empty() {
            joined.push_str(separator);
        }
        joined.push_str(value.as_str().unwrap_or_default());
        if joined.len() > LONGEST {
            return Err(Error::new(
                ErrorKind::InvalidOperation,
                "the joined text is too long",
            ));
        }
    }
    Ok(joined)
}

fn said(error: &Error) -> String {
    let line = error.line().map(|line| format!("line {line}: "));
    let detail = error.detail().map(|detail| format!(": {detail}"));
    format!(
        "{}{}{}",
        line.unwrap_or_default(),
        error.kind(),
        detail.unwrap_or_default()
    )
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Tag {
    Expression,
    Statement,
    Comment,
}

/// Finds the next tag and where its inside begins.
fn opened(text: &str, from: usize) -> Option<(Tag, usize)> {
    let tags = [
        ("{{", Tag::Expression),
        ("{%", Tag::Statement),
        ("{#", Tag::Comment),
    ];
    let found = tags.iter().filter_map(|(open, tag)| {
        let start = find(text, from, open)?;
        Some((*tag, start + open.len()))
    });
    found.min_by_key(|(_, start)| *start)
}

fn find(text: &str, from: usize, what: &str) -> Option<usize> {
    text.get(from..)?.find(what).map(|at| at + from)
}

/// Walks through the inside of a tag, past its texts, and gives where it ends.
fn inside(text: &str, start: usize) -> Result<usize, Unusable> {
    let mut quote = None;
    let mut escaped = false;
    let rest = text.get(start..).unwrap_or_default();
    let mut before = ' ';
    for (at, sign) in rest.char_indices() {
        match quote {
            Some(_) if escaped => escaped = false,
            Some(_) if sign == '\\' => escaped = true,
            Some(open) if sign == open => quote = None,
            Some(_inside_of_a_text) => {}
            None if sign == '"' || sign == '\'' => quote = Some(sign),
            None if "~+*".contains(sign) => {
                return Err(forbidden(text, start + at, format!("`{sign}`")));
            }
            None if sign == '}' && (before == '}' || before == '%') => return Ok(start + at + 1),
            None => {}
        }
        before = sign;
    }
    Err(forbidden(text, start, "a tag that has no end".to_owned()))
}

fn statement(text: &str, start: usize) -> Result<(), Unusable> {
    let rest = text.get(start..).unwrap_or_default();
    let rest = rest.trim_start_matches(['-', '+']).trim_start();
    let end = rest.find(|sign: char| !sign.is_alphanumeric() && sign != '_');
    let word = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
    if STATEMENTS.contains(&word) {
        return Ok(());
    }
    Err(forbidden(text, start, format!("`{word}`")))
}

fn forbidden(text: &str, at: usize, what: String) -> Unusable {
    let before = text.get(..at).unwrap_or_default();
    Unusable::Forbidden {
        line: before.matches('\n').count() + 1,
        what,
    }
}

/// Takes no more than the longest text.
struct Bounded(Vec<u8>);

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > LONGEST {
            return Err(io::Error::other("it writes too much"));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

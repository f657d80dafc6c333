//! Problems: what is wrong, where, what was expected, and what to do.

use std::{borrow::Cow, fmt, sync::Arc};

use gantry_model::plan::Severity;
use serde::Serialize;

use crate::{
    render,
    source::{Extent, Place, Source},
};

/// How many problems of one file are told; a file with more is not a slip of the pen.
pub const TOLD_AT_MOST: usize = 100;

const MORE: &str = "there is more; no more than 100 are told at once";

/// A fault as the readers find it: an extent and words, not yet a place in a named file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// A stable code in kebab-case, for example `unknown-key`.
    pub code: &'static str,
    /// What is wrong, in one clause.
    pub message: String,
    /// What was expected or what to do; empty where the message says it all.
    pub hint: String,
    /// The offending text.
    pub extent: Extent,
    /// The earlier place that it contradicts, for what is written twice.
    pub earlier: Option<Extent>,
    /// Where in the document it stands, as a JSON pointer; empty for the whole.
    pub pointer: String,
}

/// One problem of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// How bad it is.
    pub severity: Severity,
    /// A stable code in kebab-case, for example `unknown-key`.
    pub code: Cow<'static, str>,
    /// The name of the file.
    pub file: Box<str>,
    /// Where in the file; the fields stand beside the others in JSON.
    #[serde(flatten)]
    pub place: Place,
    /// Where in the document, as a JSON pointer; empty for the whole.
    pub pointer: String,
    /// What is wrong.
    pub message: String,
    /// What was expected or what to do; empty where the message says it all.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub hint: String,
    #[serde(skip)]
    pub(crate) extent: Extent,
}

impl fmt::Display for Problem {
    /// Writes one plain line: `FILE:LINE:COLUMN: message; hint`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Place { line, column, .. } = self.place;
        write!(f, "{}:{line}:{column}: {}", self.file, self.message)?;
        if self.hint.is_empty() {
            return Ok(());
        }
        write!(f, "; {}", self.hint)
    }
}

/// Whether a rendering is coloured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    /// With ANSI colours, for a terminal.
    Ansi,
    /// Without any, for a pipe or a log.
    Plain,
}

/// All problems of one file, in the order in which they stand in it.
#[derive(Clone, Debug)]
pub struct Problems {
    source: Arc<Source>,
    told: Vec<Problem>,
    rest: Rest,
}

/// Whether there is more wrong than is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rest {
    /// Every problem is told.
    None,
    /// The reading stopped at [`TOLD_AT_MOST`]; how much more there is, nobody looked.
    Unread,
}

impl Problems {
    /// Puts faults in the order of the file and gives each its place.
    pub fn new(source: Arc<Source>, faults: Vec<Fault>) -> Self {
        let told = faults.into_iter().map(|fault| Problem {
            severity: Severity::Error,
            code: Cow::Borrowed(fault.code),
            file: source.name().into(),
            place: source.place(fault.extent),
            pointer: fault.pointer,
            hint: match fault.earlier {
                Some(earlier) => format!("first written on line {}", source.place(earlier).line),
                None => fault.hint,
            },
            message: fault.message,
            extent: fault.extent,
        });
        let told = told.collect();
        Self::of(source, told)
    }

    /// Collects problems that have their place already.
    ///
    /// Where there are too many, the worst are told.
    pub(crate) fn of(source: Arc<Source>, mut told: Vec<Problem>) -> Self {
        let in_file = |problem: &Problem| (problem.extent.start, problem.message.clone());
        told.sort_by_cached_key(|problem| (problem.severity, in_file(problem)));
        let rest = if told.len() > TOLD_AT_MOST {
            Rest::Unread
        } else {
            Rest::None
        };
        told.truncate(TOLD_AT_MOST);
        told.sort_by_cached_key(in_file);
        Self { source, told, rest }
    }

    /// Gives the problems, at most [`TOLD_AT_MOST`].
    pub fn told(&self) -> &[Problem] {
        &self.told
    }

    /// Tells whether there are problems beyond those that are told.
    pub fn rest(&self) -> Rest {
        self.rest
    }

    /// Shows every problem with its line underlined, for people.
    pub fn render(&self, colour: Colour) -> String {
        let text: String = self
            .told
            .iter()
            .map(|problem| render::problem(&self.source, problem, colour) + "\n\n")
            .collect();
        match self.rest {
            Rest::None => text,
            Rest::Unread => text + MORE + "\n\n",
        }
    }
}

impl fmt::Display for Problems {
    /// Writes one plain line per problem.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for problem in &self.told {
            writeln!(f, "{problem}")?;
        }
        match self.rest {
            Rest::None => Ok(()),
            Rest::Unread => writeln!(f, "{}: {MORE}", self.source.name()),
        }
    }
}

impl std::error::Error for Problems {}

impl Serialize for Problems {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.told.serialize(serializer)
    }
}

/// Quotes text of a file for a sentence: one line, no control characters, cut where it is long.
pub(crate) fn quoted(text: &str) -> String {
    const SHOWN: usize = 60;
    let mut shown: String = text.chars().take(SHOWN).flat_map(visible).collect();
    if text.chars().nth(SHOWN).is_some() {
        shown.push('…');
    }
    format!("`{shown}`")
}

fn visible(character: char) -> impl Iterator<Item = char> {
    let escaped = character.is_control().then(|| character.escape_default());
    let plain = (!character.is_control()).then_some(character);
    escaped.into_iter().flatten().chain(plain)
}

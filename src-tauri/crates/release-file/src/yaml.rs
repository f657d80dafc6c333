//! Text to a tree in which every key and value knows its place, in bounded memory.
//!
//! Scalars keep their text: whether `1.10` is a version or a number is for whoever knows what
//! belongs there. Anchors are shared, not copied, and what aliases would unfold to is counted while
//! reading, so that a bomb is refused before it goes off. Merge keys (`<<`) are resolved.

mod grow;
mod sentence;

use std::sync::Arc;

use granit_parser::{Event, Parser};

use crate::{problem::Fault, source::Extent};

/// How large a document may be.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How many maps and lists may stand inside of each other.
    pub depth: usize,
    /// How many keys and values may be written.
    pub values: usize,
    /// How many values all aliases together may stand for.
    pub aliased: usize,
}

/// The limits of a release file.
pub const RELEASE_FILE: Limits = Limits {
    depth: 64,
    values: 500_000,
    aliased: 100_000,
};

/// A value and everything inside it.
#[derive(Debug)]
pub struct Value {
    /// Where it is written.
    pub extent: Extent,
    /// Its tag as written, for example `!reset`.
    pub tag: Option<Box<str>>,
    /// What it holds.
    pub content: Content,
    /// How many keys and values it has with all aliases unfolded, itself included.
    weight: usize,
    /// How many maps and lists stand inside of each other in it.
    height: usize,
}

/// What a value holds.
#[derive(Debug)]
pub enum Content {
    /// Text, as yet of no type.
    Scalar(Scalar),
    /// A list.
    List(Vec<Arc<Value>>),
    /// A map, in the order of the file.
    Map(Vec<Entry>),
}

/// Text and how it was written.
#[derive(Debug)]
pub struct Scalar {
    /// The text, with escapes resolved.
    pub text: Box<str>,
    /// How it was written.
    pub style: Style,
}

impl Scalar {
    /// Tells whether it stands for nothing: written without quotes and empty, `~` or `null`.
    pub fn is_null(&self) -> bool {
        match self.style {
            Style::Plain => matches!(&*self.text, "" | "~" | "null" | "Null" | "NULL"),
            Style::Quoted => false,
        }
    }
}

/// How a scalar was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Without quotes: it may be a number, a truth value or nothing.
    Plain,
    /// In quotes or as a block: it is text.
    Quoted,
}

/// A key with its value.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key.
    pub key: Arc<str>,
    /// Where the key is written.
    pub extent: Extent,
    /// The value.
    pub value: Arc<Value>,
}

impl Value {
    /// Finds the entry of a key of a map; nothing in anything else.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        match &self.content {
            Content::Map(entries) => entries.iter().find(|entry| *entry.key == *key),
            Content::Scalar(_) | Content::List(_) => None,
        }
    }

    /// Finds the value of a key of a map.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entry(key).map(|entry| &*entry.value)
    }
}

/// What reading a text gave.
#[derive(Debug)]
pub struct Parsed {
    /// The document; none where the text is not YAML or breaks a limit.
    pub root: Option<Arc<Value>>,
    /// What is wrong; there may be faults, for example keys written twice, beside a document.
    pub faults: Vec<Fault>,
}

/// Reads one document.
pub fn parse(text: &str, limits: &Limits) -> Parsed {
    let mut options = granit_parser::options! {
        emit_comments: false,
        flow_nesting_limit: limits.depth,
        block_nesting_limit: limits.depth,
    };
    options.disallow_directives = false;
    let mut grower = grow::Grower::new(limits);
    for next in Parser::new_from_str_with_options(text, options) {
        let grown = match next {
            Ok((Event::StreamEnd, _)) => break,
            Ok((event, span)) => grower.take(event, extent_of(text, &span)),
            Err(error) => Err(sentence::of(text, &error)),
        };
        if let Err(fault) = grown {
            return grower.refuse(fault);
        }
    }
    grower.finish()
}

fn extent_of(text: &str, span: &granit_parser::Span) -> Extent {
    let range = span.byte_range().unwrap_or(0..0);
    let written = text.get(range.clone()).unwrap_or_default();
    Extent::new(range.start, range.start + written.trim_end().len())
}

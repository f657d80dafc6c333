//! What a report says, apart from how it looks: sections, paragraphs, tables, figures.
//!
//! Renderers take a [`Document`] and decide nothing: every word is here, and every line that a
//! machine wrote says which entries of the journal it comes from.

mod sources;

use std::fmt;

use crate::figure::Figure;
pub use sources::Sources;

/// A whole report or brief.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// What it is, for example `Incident report`.
    pub kind: &'static str,
    /// Its title.
    pub title: String,
    /// One word or two that say how it stands.
    pub badge: Badge,
    /// Who, when, where.
    pub facts: Vec<Fact>,
    /// A few sentences for somebody who reads nothing else.
    pub summary: Vec<Line>,
    /// The parts.
    pub sections: Vec<Section>,
    /// What proves that the record behind it is whole.
    pub footer: Vec<Fact>,
}

/// A word that says how something stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Badge {
    /// The word.
    pub word: String,
    /// How it is felt.
    pub tone: Tone,
}

/// How something is felt; never told by colour alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tone {
    /// Neither good nor bad.
    #[default]
    Plain,
    /// Belongs to the record only.
    Faint,
    /// As wished.
    Good,
    /// Somebody should look.
    Warn,
    /// Not as wished.
    Bad,
    /// It goes back.
    Back,
}

impl Tone {
    /// Gives the word that stands in class names.
    pub fn word(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Faint => "faint",
            Self::Good => "good",
            Self::Warn => "warn",
            Self::Bad => "bad",
            Self::Back => "back",
        }
    }

    /// Gives the mark that stands beside the colour.
    pub fn mark(self) -> &'static str {
        match self {
            Self::Plain | Self::Faint => "·",
            Self::Good => "✓",
            Self::Warn => "!",
            Self::Bad => "×",
            Self::Back => "←",
        }
    }
}

/// A name and what is so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// The name.
    pub name: String,
    /// What is so.
    pub value: Text,
    /// Where it is known from.
    pub sources: Sources,
}

/// A part of a report.
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    /// Its name in links; letters and hyphens.
    pub id: &'static str,
    /// Its title.
    pub title: &'static str,
    /// What it says.
    pub blocks: Vec<Block>,
}

/// A piece of a section.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// A sentence or a few.
    Paragraph(Line),
    /// A sentence that must not be overlooked.
    Callout(Tone, Line),
    /// Names and what is so.
    Facts(Vec<Fact>),
    /// Things one after another.
    List(Vec<Line>),
    /// Things one after another that are counted.
    Steps(Vec<Line>),
    /// Rows and columns.
    Table(Table),
    /// A picture with its words.
    Figure(Box<Figure>),
}

/// A sentence with its sources.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// The sentence.
    pub text: Text,
    /// Where it is known from.
    pub sources: Sources,
}

/// Rows and columns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: Vec<Row>,
    /// Whether its rows are the entries of the journal, to which sources lead.
    pub role: TableRole,
}

/// What a table is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TableRole {
    /// Any table.
    #[default]
    Plain,
    /// The timeline: sources of other lines lead to its rows.
    Timeline,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its title.
    pub title: &'static str,
    /// Its share of the width, against those of the others.
    pub share: u8,
    /// Where its text stands.
    pub side: Side,
}

/// Where text stands in its column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Side {
    /// Where reading begins.
    #[default]
    Start,
    /// Where it ends, as numbers do.
    End,
}

/// A row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// Its cells, one for each column.
    pub cells: Vec<Text>,
    /// How it is felt.
    pub tone: Tone,
    /// Where it is known from.
    pub sources: Sources,
}

/// Text of several manners; each run of it is escaped by the renderer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text(pub Vec<Run>);

/// A run of text of one manner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Run {
    /// Ordinary words.
    Plain(String),
    /// Words that stand out.
    Strong(String),
    /// A name of the machine's.
    Code(String),
}

impl Run {
    /// Gives the words.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Plain(text) | Self::Strong(text) | Self::Code(text) => text,
        }
    }
}

impl Text {
    /// Begins with ordinary words.
    pub fn plain(text: impl Into<String>) -> Self {
        Self(vec![Run::Plain(text.into())])
    }

    /// Begins with words that stand out.
    pub fn strong(text: impl Into<String>) -> Self {
        Self(vec![Run::Strong(text.into())])
    }

    /// Begins with a name of the machine's.
    pub fn code(text: impl Into<String>) -> Self {
        Self(vec![Run::Code(text.into())])
    }

    /// Goes on with ordinary words.
    #[must_use]
    pub fn and(mut self, text: impl Into<String>) -> Self {
        self.0.push(Run::Plain(text.into()));
        self
    }

    /// Goes on with words that stand out.
    #[must_use]
    pub fn and_strong(mut self, text: impl Into<String>) -> Self {
        self.0.push(Run::Strong(text.into()));
        self
    }

    /// Goes on with a name of the machine's.
    #[must_use]
    pub fn and_code(mut self, text: impl Into<String>) -> Self {
        self.0.push(Run::Code(text.into()));
        self
    }

    /// Lists names of the machine's with commas between them.
    pub fn codes<T: fmt::Display>(names: impl IntoIterator<Item = T>) -> Self {
        let mut text = Self::default();
        for name in names {
            if !text.0.is_empty() {
                text = text.and(", ");
            }
            text = text.and_code(name.to_string());
        }
        text
    }

    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|run| run.as_str().is_empty())
    }

    /// Gives the bare words.
    pub fn words(&self) -> String {
        self.0.iter().map(Run::as_str).collect()
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::plain(text)
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self::plain(text)
    }
}

impl Fact {
    /// States a fact.
    pub fn new(name: impl Into<String>, value: impl Into<Text>) -> Self {
        Self {
            name: name.into(),
            value: value.into(),
            sources: Sources::none(),
        }
    }

    /// Says where it is known from.
    #[must_use]
    pub fn from_entries(mut self, sources: Sources) -> Self {
        self.sources = sources;
        self
    }
}

impl Line {
    /// States a sentence.
    pub fn new(text: impl Into<Text>) -> Self {
        Self {
            text: text.into(),
            sources: Sources::none(),
        }
    }

    /// Says where it is known from.
    #[must_use]
    pub fn from_entries(mut self, sources: Sources) -> Self {
        self.sources = sources;
        self
    }
}

impl Table {
    /// Begins a table; a column whose title ends with `>` keeps to the end of its width.
    pub fn new(columns: &[(&'static str, u8)]) -> Self {
        let column = |(title, share): &(&'static str, u8)| match title.strip_suffix('>') {
            Some(title) => Column {
                title,
                share: *share,
                side: Side::End,
            },
            None => Column {
                title,
                share: *share,
                side: Side::Start,
            },
        };
        Self {
            columns: columns.iter().map(column).collect(),
            ..Self::default()
        }
    }

    /// Adds a row.
    pub fn row(&mut self, tone: Tone, sources: Sources, cells: Vec<Text>) {
        self.rows.push(Row {
            cells,
            tone,
            sources,
        });
    }
}

impl Section {
    /// Begins a section.
    pub fn new(id: &'static str, title: &'static str) -> Self {
        Self {
            id,
            title,
            blocks: Vec::new(),
        }
    }

    /// Adds a sentence.
    pub fn say(&mut self, text: impl Into<Text>, sources: Sources) {
        let line = Line::new(text).from_entries(sources);
        self.blocks.push(Block::Paragraph(line));
    }

    /// Adds a table, or a sentence where it has no rows.
    pub fn table_or(&mut self, table: Table, sentence: &str) {
        match table.rows.is_empty() {
            true => self.say(sentence, Sources::none()),
            false => self.blocks.push(Block::Table(table)),
        }
    }
}

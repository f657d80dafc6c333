//! From blocks to pages.

use super::{
    PdfError, picture,
    sheet::{Dash, Mark, Role, SIDE, Sheets, TEXT},
    table,
    type_setting::{Ink, Look, Set, TypeSetter, Weight},
};
use crate::document::{Block, Document, Fact, Line, Section, Side, Sources, Text, Tone};

/// Ordinary words.
pub(super) const INK: Ink = [27, 33, 41];
/// Words of less weight.
pub(super) const SOFT: Ink = [88, 99, 115];
/// Thin lines.
pub(super) const RULE: Ink = [213, 218, 225];
/// A surface.
pub(super) const RAISED: Ink = [245, 247, 249];

/// Gives the colour of a tone's words and lines.
pub(super) fn stroke(tone: Tone) -> Ink {
    match tone {
        Tone::Plain => INK,
        Tone::Faint => SOFT,
        Tone::Good => [26, 110, 60],
        Tone::Warn => [138, 90, 0],
        Tone::Bad => [179, 38, 30],
        Tone::Back => [31, 95, 168],
    }
}

/// Gives the colour of a tone's surfaces.
pub(super) fn area(tone: Tone) -> Ink {
    match tone {
        Tone::Plain | Tone::Faint => RAISED,
        Tone::Good => [228, 244, 234],
        Tone::Warn => [253, 242, 216],
        Tone::Bad => [252, 232, 230],
        Tone::Back => [229, 239, 251],
    }
}

pub(super) const BODY: Look = Look {
    size: 9.2,
    ink: INK,
    weight: Weight::Regular,
};

const SMALL: Look = Look {
    size: 7.6,
    ink: SOFT,
    weight: Weight::Regular,
};

/// Pages on their way.
pub(super) struct Flow {
    pub(super) setter: TypeSetter,
    pub(super) sheets: Sheets,
}

impl Flow {
    pub(super) fn new() -> Result<Self, PdfError> {
        Ok(Self {
            setter: TypeSetter::new()?,
            sheets: Sheets::new(),
        })
    }

    /// Gives the pages, with their running feet.
    pub(super) fn finish(mut self) -> Sheets {
        let count = self.sheets.pages.len();
        for page in 0..count {
            let words = Text::plain(format!("{} of {count}", page + 1));
            let set = self.setter.set(&words, SMALL, TEXT, Side::End);
            if let Some(marks) = self.sheets.pages.get_mut(page) {
                let foot = Mark::Words {
                    lines: 0..set.layout.len(),
                    set,
                    x: SIDE,
                    y: super::sheet::HEIGHT - 34.0,
                };
                marks.push((Role::Silent, foot));
            }
        }
        self.sheets
    }

    /// Lays out a whole document.
    pub(super) fn document(&mut self, document: &Document) {
        let kind = Look {
            size: 10.0,
            ink: SOFT,
            weight: Weight::Bold,
        };
        self.words(&Text::plain(document.kind), kind, 0.0);
        let title = Look {
            size: 21.0,
            ink: INK,
            weight: Weight::Bold,
        };
        self.sheets.bookmark(&document.title);
        self.sheets.speak(Role::Title);
        self.words(&Text::plain(&document.title), title, 0.0);
        self.sheets.speak(Role::Words);
        self.sheets.space(4.0);
        self.badge(document.badge.tone, &document.badge.word);
        self.sheets.space(8.0);
        self.facts(&document.facts);
        self.summary(document);
        for section in &document.sections {
            self.section(section);
        }
        if !document.footer.is_empty() {
            self.heading("Where this comes from", 110.0);
            self.facts(&document.footer);
        }
    }

    fn badge(&mut self, tone: Tone, word: &str) {
        let look = Look {
            size: 10.0,
            ink: stroke(tone),
            weight: Weight::Bold,
        };
        let text = Text::plain(format!("{} {word}", tone.mark()));
        let set = self.setter.set(&text, look, TEXT - 20.0, Side::Start);
        let (width, height) = (set.width() + 20.0, set.height() + 6.0);
        let y = self.sheets.y();
        self.sheets.put(Mark::Area {
            x: SIDE,
            y,
            width,
            height,
            radius: height.min(20.0) / 2.0,
            fill: area(tone),
            edge: Some((stroke(tone), Dash::Solid)),
        });
        self.sheets.put(Mark::Words {
            lines: 0..set.layout.len(),
            set,
            x: SIDE + 10.0,
            y: y + 3.0,
        });
        self.sheets.take(height);
    }

    fn summary(&mut self, document: &Document) {
        if document.summary.is_empty() {
            return;
        }
        self.heading("Summary", 60.0);
        for line in &document.summary {
            self.line(line, 0.0);
            self.sheets.space(3.0);
        }
    }

    fn section(&mut self, section: &Section) {
        self.heading(section.title, room_for(section.blocks.first()));
        for block in &section.blocks {
            self.block(block);
            self.sheets.space(6.0);
        }
    }

    /// Sets a heading, and turns the page if what follows would be parted from it.
    fn heading(&mut self, title: &str, follows: f32) {
        self.sheets.space(14.0);
        self.sheets.need(26.0 + follows);
        self.sheets.bookmark(title);
        let look = Look {
            size: 13.0,
            ink: INK,
            weight: Weight::Bold,
        };
        self.sheets.speak(Role::Heading);
        self.words(&Text::plain(title), look, 0.0);
        self.sheets.speak(Role::Words);
        let y = self.sheets.y() + 1.0;
        self.sheets.put(Mark::Line {
            points: vec![(SIDE, y), (SIDE + TEXT, y)],
            ink: RULE,
            width: 0.8,
            dash: Dash::Solid,
        });
        self.sheets.take(7.0);
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Paragraph(line) => self.line(line, 0.0),
            Block::Callout(tone, line) => self.callout(*tone, line),
            Block::Facts(facts) => self.facts(facts),
            Block::List(lines) => self.list(lines, |_| "•".to_owned()),
            Block::Steps(lines) => self.list(lines, |at| format!("{}.", at + 1)),
            Block::Table(table) => table::lay_out(self, table),
            Block::Figure(figure) => picture::lay_out(self, figure),
        }
    }

    fn line(&mut self, line: &Line, indent: f32) {
        let text = with_sources(&line.text, &line.sources);
        self.words(&text, BODY, indent);
    }

    fn list(&mut self, lines: &[Line], bullet: impl Fn(usize) -> String) {
        for (at, line) in lines.iter().enumerate() {
            let mark = self
                .setter
                .set(&Text::plain(bullet(at)), BODY, 20.0, Side::Start);
            let text = with_sources(&line.text, &line.sources);
            let set = self.setter.set(&text, BODY, TEXT - 16.0, Side::Start);
            // The mark stands where reading begins.
            let (mark_x, x) = match set.is_from_the_right() {
                true => (SIDE + TEXT - 2.0 - mark.width(), SIDE),
                false => (SIDE + 2.0, SIDE + 16.0),
            };
            self.sheets.need(mark.height());
            let y = self.sheets.y();
            self.sheets.put(Mark::Words {
                lines: 0..mark.layout.len(),
                set: mark,
                x: mark_x,
                y,
            });
            self.place(&set, x);
            self.sheets.space(2.0);
        }
    }

    /// Sets words over the whole width, parted between pages by their lines.
    pub(super) fn words(&mut self, text: &Text, look: Look, indent: f32) {
        let set = self.setter.set(text, look, TEXT - indent, Side::Start);
        self.place(&set, SIDE + indent);
    }

    /// Sets words close to the name that stands before them, from whichever side they are read.
    fn beside(&mut self, text: &Text, indent: f32) {
        let mut set = self.setter.set(text, BODY, TEXT - indent, Side::Start);
        if set.is_from_the_right() {
            set = self.setter.set(text, BODY, TEXT - indent, Side::End);
        }
        self.place(&set, SIDE + indent);
    }

    fn place(&mut self, set: &Set, x: f32) {
        let heights = set.lines();
        let mut from = 0;
        while from < heights.len() {
            let mut height = 0.0;
            let mut until = from;
            while let Some(line) = heights.get(until)
                && (height + line <= self.sheets.room()
                    || (until == from && self.sheets.is_fresh()))
            {
                height += line;
                until += 1;
            }
            if until == from {
                self.sheets.turn();
                continue;
            }
            let y = self.sheets.y();
            self.sheets.put(Mark::Words {
                set: set.clone(),
                lines: from..until,
                x,
                y,
            });
            self.sheets.take(height);
            from = until;
        }
    }

    fn callout(&mut self, tone: Tone, line: &Line) {
        let text = Text::strong(format!("{} ", tone.mark()));
        let text = Text(
            text.0
                .into_iter()
                .chain(with_sources(&line.text, &line.sources).0)
                .collect(),
        );
        let set = self.setter.set(&text, BODY, TEXT - 24.0, Side::Start);
        let height = set.height() + 12.0;
        if height > super::sheet::COLUMN {
            // Too long for a surface: the words themselves are what matters.
            self.place(&set, SIDE + 14.0);
            return;
        }
        self.sheets.need(height);
        let y = self.sheets.y();
        for (width, fill) in [(TEXT, area(tone)), (3.0, stroke(tone))] {
            self.sheets.put(Mark::Area {
                x: SIDE,
                y,
                width,
                height,
                radius: 0.0,
                fill,
                edge: None,
            });
        }
        self.sheets.put(Mark::Words {
            lines: 0..set.layout.len(),
            set,
            x: SIDE + 14.0,
            y: y + 6.0,
        });
        self.sheets.take(height);
    }

    fn facts(&mut self, facts: &[Fact]) {
        for fact in facts {
            let name = self.setter.set(
                &Text::plain(&fact.name),
                Look { ink: SOFT, ..BODY },
                96.0,
                Side::Start,
            );
            self.sheets.need(name.height());
            let y = self.sheets.y();
            self.sheets.put(Mark::Words {
                lines: 0..name.layout.len(),
                set: name,
                x: SIDE,
                y,
            });
            let value = with_sources(&fact.value, &fact.sources);
            self.beside(&value, 104.0);
            self.sheets.space(1.0);
        }
    }
}

/// Says how much of what follows a heading must stay with it.
fn room_for(block: Option<&Block>) -> f32 {
    match block {
        Some(Block::Figure(figure)) => picture::height(figure).min(380.0),
        Some(Block::Table(_)) => 56.0,
        Some(
            Block::Paragraph(_)
            | Block::Callout(..)
            | Block::Facts(_)
            | Block::List(_)
            | Block::Steps(_),
        )
        | None => 34.0,
    }
}

/// Puts the numbers of the entries behind words.
fn with_sources(text: &Text, sources: &Sources) -> Text {
    match sources.is_empty() {
        true => text.clone(),
        false => text.clone().and(format!(" [{}]", numbers(sources))),
    }
}

/// Gives the numbers of entries; many ranges are told by the first and the last.
pub(super) fn numbers(sources: &Sources) -> String {
    match sources.ranges() {
        [(first, _), .., (_, last)] if sources.ranges().len() > 4 => format!("{first} … {last}"),
        _ => sources.to_string(),
    }
}

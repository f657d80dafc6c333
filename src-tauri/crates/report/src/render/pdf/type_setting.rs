//! From words to lines of glyphs.

use std::{borrow::Cow, rc::Rc, sync::Arc};

use parley::{
    Alignment, AlignmentOptions, FontContext, Layout, LayoutContext,
    fontique::{Blob, Collection, CollectionOptions, SourceCache},
    style::{FontFamily, FontFamilyName, FontWeight, LineHeight, StyleProperty},
};

use super::PdfError;
use crate::{
    document::{Run, Side, Text},
    render::visible::visible,
};

/// A colour: red, green, blue.
pub(super) type Ink = [u8; 3];

/// The fonts that come with the program; the first that has a letter draws it.
const FONTS: [(&str, &[u8]); 7] = [
    (
        "Noto Sans",
        include_bytes!("../../../../../../assets/fonts/NotoSans-Regular.ttf"),
    ),
    (
        "Noto Sans Bold",
        include_bytes!("../../../../../../assets/fonts/NotoSans-Bold.ttf"),
    ),
    (
        "Noto Sans Arabic",
        include_bytes!("../../../../../../assets/fonts/NotoSansArabic-Regular.ttf"),
    ),
    (
        "Noto Sans Hebrew",
        include_bytes!("../../../../../../assets/fonts/NotoSansHebrew-Regular.ttf"),
    ),
    (
        "DejaVu Sans Mono",
        include_bytes!("../../../../../../assets/fonts/DejaVuSansMono.ttf"),
    ),
    (
        "NanumSquare",
        include_bytes!("../../../../../../assets/fonts/NanumSquareR.ttf"),
    ),
    (
        "Droid Sans Fallback",
        include_bytes!("../../../../../../assets/fonts/DroidSansFallbackFull.ttf"),
    ),
];

const WORDS: [&str; 6] = [
    "Noto Sans",
    "Noto Sans Arabic",
    "Noto Sans Hebrew",
    "DejaVu Sans Mono",
    "Droid Sans Fallback",
    "NanumSquare",
];

const NAMES: [&str; 6] = [
    "DejaVu Sans Mono",
    "Noto Sans",
    "Noto Sans Arabic",
    "Noto Sans Hebrew",
    "Droid Sans Fallback",
    "NanumSquare",
];

/// How words look.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Look {
    pub(super) size: f32,
    pub(super) ink: Ink,
    pub(super) weight: Weight,
}

/// How heavy words are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weight {
    Regular,
    Bold,
}

/// Words, broken into lines.
#[derive(Clone)]
pub(super) struct Set {
    pub(super) words: Rc<str>,
    pub(super) layout: Rc<Layout<Ink>>,
    pub(super) ink: Ink,
}

impl Set {
    /// Gives how high all lines are.
    pub(super) fn height(&self) -> f32 {
        self.layout.height()
    }

    /// Gives how wide the widest line is.
    pub(super) fn width(&self) -> f32 {
        self.layout.width()
    }

    /// Whether it is read from the right to the left.
    pub(super) fn is_from_the_right(&self) -> bool {
        self.layout.is_rtl()
    }

    /// Gives the heights of the lines.
    pub(super) fn lines(&self) -> Vec<f32> {
        self.layout
            .lines()
            .map(|line| line.metrics().line_height)
            .collect()
    }
}

/// Sets words with the fonts that come with the program.
pub(super) struct TypeSetter {
    fonts: FontContext,
    layouts: LayoutContext<Ink>,
}

impl TypeSetter {
    /// Opens the fonts.
    pub(super) fn new() -> Result<Self, PdfError> {
        let mut collection = Collection::new(CollectionOptions {
            shared: false,
            system_fonts: false,
        });
        for (name, bytes) in FONTS {
            let blob = Blob::new(Arc::new(bytes));
            if collection.register_fonts(blob, None).is_empty() {
                return Err(PdfError::Font(name));
            }
        }
        Ok(Self {
            fonts: FontContext {
                collection,
                source_cache: SourceCache::default(),
            },
            layouts: LayoutContext::new(),
        })
    }

    /// Breaks words into lines of a width.
    pub(super) fn set(&mut self, text: &Text, look: Look, width: f32, side: Side) -> Set {
        let mut words = String::new();
        let mut runs = Vec::new();
        for run in &text.0 {
            let from = words.len();
            words.push_str(&visible(run.as_str()));
            runs.push((from..words.len(), run));
        }
        let mut builder = self
            .layouts
            .ranged_builder(&mut self.fonts, &words, 1.0, false);
        builder.push_default(StyleProperty::Brush(look.ink));
        builder.push_default(StyleProperty::FontFamily(family(&WORDS)));
        builder.push_default(StyleProperty::FontSize(look.size));
        builder.push_default(StyleProperty::LineHeight(LineHeight::FontSizeRelative(
            1.38,
        )));
        builder.push_default(StyleProperty::OverflowWrap(
            parley::style::OverflowWrap::Anywhere,
        ));
        if look.weight == Weight::Bold {
            builder.push_default(StyleProperty::FontWeight(FontWeight::BOLD));
        }
        for (range, run) in runs {
            match run {
                Run::Plain(_) => {}
                Run::Strong(_) => {
                    builder.push(StyleProperty::FontWeight(FontWeight::BOLD), range);
                }
                Run::Code(_) => {
                    builder.push(StyleProperty::FontFamily(family(&NAMES)), range.clone());
                    builder.push(StyleProperty::FontSize(look.size * 0.9), range);
                }
            }
        }
        let mut layout = builder.build(&words);
        layout.break_all_lines(Some(width));
        let alignment = match side {
            Side::Start => Alignment::Start,
            Side::End => Alignment::End,
        };
        layout.align(alignment, AlignmentOptions::default());
        Set {
            words: words.into(),
            layout: Rc::new(layout),
            ink: look.ink,
        }
    }
}

fn family(names: &'static [&'static str]) -> FontFamily<'static> {
    let names = names
        .iter()
        .map(|name| FontFamilyName::Named(Cow::Borrowed(*name)));
    FontFamily::List(Cow::Owned(names.collect()))
}

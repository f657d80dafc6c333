//! Pages for the printer and the archive: bookmarked, numbered, fonts embedded.
//!
//! The document is laid out into pages first and drawn then, so that every page knows how many
//! there are. Right-to-left and Chinese, Japanese and Korean text is shaped with fonts that come
//! with the program; nothing depends on what is installed.

mod flow;
mod paint;
mod picture;
mod sheet;
mod table;
mod tags;
mod type_setting;

use crate::document::Document;
use flow::Flow;

/// Why a document cannot be written as PDF.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PdfError {
    /// A font that comes with the program cannot be read.
    #[error("the font {0} that comes with the program cannot be read")]
    Font(&'static str),
    /// The pages cannot be written.
    #[error("the pages cannot be written: {0}")]
    Pages(String),
}

/// Writes a document.
///
/// # Errors
/// Only if the fonts that come with the program are damaged or the writer refuses the pages.
pub fn write(document: &Document) -> Result<Vec<u8>, PdfError> {
    let mut flow = Flow::new()?;
    flow.document(document);
    paint::paint(flow.finish(), document)
}

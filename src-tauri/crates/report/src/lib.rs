//! From a plan and a journal to what people read: brief, report, delivery metrics.
//!
//! [`account`] reads a record and says what is known; [`incident`] and [`brief`] put it into a
//! [`document::Document`], whose every machine line names the entries that it comes from;
//! [`render`] makes Markdown, HTML, PDF, JSON and CSV of it. [`redact`] leaves out what readers
//! outside must not see, before anything else looks at the record. [`insights`] computes the
//! delivery metrics of a workspace.
//!
//! Everything here is pure: no clock, no chance, no files. The same input gives the same bytes.

pub mod account;
pub mod brief;
pub mod document;
pub mod figure;
pub mod incident;
pub mod insights;
pub mod redact;
pub mod render;
pub mod timeline;

mod clock;
mod elapsed;
mod words;

//! From a document to bytes; the same document gives the same bytes.

pub mod csv;
pub mod html;
pub mod json;
pub mod markdown;
pub mod pdf;

mod svg;
mod visible;

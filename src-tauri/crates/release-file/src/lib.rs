//! The release file: text to release, with every problem and its place; JSON Schema. Pure.
//!
//! [`read`] is the way in. It takes bytes, refuses what is not a release file in bounded memory and
//! time, and answers either a [`document::Document`] or every problem at once. The order of work:
//!
//! 1. `text`: bytes to UTF-8 text, or a sentence why not.
//! 2. [`yaml`]: text to a tree in which every key and value knows its place.
//! 3. `walk`: the tree against the schema of [`schema::schema`], which is generated from
//!    `gantry_model::release::Release`; what a key takes is said once, in the model.
//! 4. [`document`]: the release itself, and the place of every JSON pointer, so that whoever looks
//!    at the release later (the planner) can point into the file.
//!
//! What a release *means* is not looked at here; a cycle is the planner's to find.

pub mod document;
pub mod problem;
mod render;
pub mod schema;
mod secrecy;
pub mod source;
mod text;
mod walk;
pub mod yaml;

use std::sync::Arc;

use document::Document;
use problem::{Fault, Problems};
use source::{Extent, Source};

/// Reads a release file; `name` is what problems call the file.
///
/// # Errors
/// Every problem of the file at once, each with its place; there is no half-read release.
pub fn read(name: &str, bytes: &[u8]) -> Result<Document, Problems> {
    let text = text::decode(bytes).map_err(|refused| {
        let source = Source::new(name, refused.readable);
        Problems::new(Arc::new(source), vec![*refused.fault])
    })?;
    let source = Arc::new(Source::new(name, text));
    let parsed = yaml::parse(text, &yaml::RELEASE_FILE);
    let Some(root) = parsed.root else {
        let is_empty = parsed.faults.is_empty();
        let faults = if is_empty {
            vec![empty()]
        } else {
            parsed.faults
        };
        return Err(Problems::new(source, faults));
    };
    let (release, faults) = walk::release(&root, parsed.faults);
    match release {
        Some(release) => Ok(Document::new(release, source, root)),
        None => Err(Problems::new(source, faults)),
    }
}

fn empty() -> Fault {
    Fault {
        code: "no-value",
        message: "the file is empty".to_owned(),
        hint: "expected at least `gantry: 1`, `release: name` and `nodes:`".to_owned(),
        extent: Extent::default(),
        earlier: None,
        pointer: String::new(),
    }
}

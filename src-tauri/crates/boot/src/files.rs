//! Files on this machine.

use std::{
    io::Read,
    path::{Path, PathBuf},
};

use async_trait::async_trait;
use gantry_model::digest::Digest;
use gantry_port::files::{Files, Over, Unreadable, Unwritten};

mod writing;

/// The local file system; `-` is standard input.
#[derive(Clone, Copy, Debug)]
pub struct LocalFiles;

#[async_trait]
impl Files for LocalFiles {
    async fn read(&self, path: &Path, limit: u64) -> Result<Vec<u8>, Unreadable> {
        let unreadable = |error: std::io::Error| Unreadable {
            path: path.into(),
            reason: reason(&error),
            missing: error.kind() == std::io::ErrorKind::NotFound,
        };
        let source: Box<dyn Read + Send> = if path == Path::new("-") {
            Box::new(std::io::stdin())
        } else {
            Box::new(std::fs::File::open(path).map_err(unreadable)?)
        };
        let mut bytes = Vec::new();
        source
            .take(limit.saturating_add(1))
            .read_to_end(&mut bytes)
            .map_err(unreadable)?;
        Ok(bytes)
    }

    async fn write(&self, path: &Path, bytes: Vec<u8>, over: Over) -> Result<Digest, Unwritten> {
        writing::write(path, &bytes, over)
    }

    fn absolute(&self, path: &Path) -> Result<PathBuf, Unreadable> {
        std::path::absolute(path).map_err(|error| Unreadable {
            path: path.into(),
            reason: error.to_string(),
            missing: false,
        })
    }
}

/// Gives the system's words without its number, which tells nobody anything.
fn reason(error: &std::io::Error) -> String {
    let text = error.to_string();
    let words = text
        .split_once(" (os error")
        .map_or(text.as_str(), |(words, _)| words);
    words.to_owned()
}

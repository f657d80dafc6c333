//! What the app was started with.

use std::{ffi::OsString, path::PathBuf};

/// A workspace, a release file and a link, each if it was named.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Arguments {
    /// The workspace file.
    pub(crate) workspace: Option<PathBuf>,
    /// A release file to open.
    pub(crate) file: Option<PathBuf>,
    /// A link to follow.
    pub(crate) link: Option<String>,
}

impl Arguments {
    /// Reads them; what is none of them is left out, because a desktop adds words of its own.
    pub(crate) fn of(typed: impl Iterator<Item = OsString>) -> Self {
        let mut read = Self::default();
        let mut typed = typed;
        while let Some(word) = typed.next() {
            let text = word.to_str().unwrap_or_default();
            if text == "--db" {
                read.workspace = typed.next().map(PathBuf::from);
            } else if text.starts_with(crate::link::SCHEME) {
                read.link = Some(text.to_owned());
            } else if !text.starts_with('-') {
                read.file = Some(word.into());
            }
        }
        read
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(words: &[&str]) -> Arguments {
        Arguments::of(words.iter().map(OsString::from))
    }

    #[test]
    fn a_file_a_link_and_a_workspace_are_told_apart() {
        let read = of(&[
            "--db",
            "a.db",
            "--gtk-thing",
            "shop.yaml",
            "gantry://release/shop",
        ]);
        assert_eq!(read.workspace, Some("a.db".into()));
        assert_eq!(read.file, Some("shop.yaml".into()));
        assert_eq!(read.link.as_deref(), Some("gantry://release/shop"));
        assert_eq!(of(&[]), Arguments::default());
    }
}

//! Module names that say nothing about what is in them.

use super::finding::Finding;
use super::source::Source;

const BANNED: [&str; 9] = [
    "utils",
    "util",
    "helper",
    "helpers",
    "common",
    "misc",
    "manager",
    "processor",
    "service",
];

/// Files in which a banned name is the very thing that is in them.
const MEANT: [&str; 1] = ["src-tauri/crates/import/src/compose/service.rs"];

/// Finds banned names among the Rust files and their folders.
pub(super) fn check(sources: &[Source]) -> Vec<Finding> {
    sources
        .iter()
        .filter(|source| source.is_rust() && !MEANT.contains(&source.path.as_str()))
        .filter_map(|source| {
            if source.stem() == "mod" {
                return Some(Finding::error(
                    &source.path,
                    "`foo.rs` stands beside `foo/`",
                ));
            }
            let banned = BANNED.iter().find(|banned| names(source, banned))?;
            let message = format!("`{banned}` says nothing about what is in it");
            Some(Finding::error(&source.path, message))
        })
        .collect()
}

fn names(source: &Source, word: &str) -> bool {
    source.stem() == word || source.path.split('/').any(|folder| folder == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_banned(path: &str) -> bool {
        let source = Source {
            path: path.to_owned(),
            text: String::new(),
        };
        !check(&[source]).is_empty()
    }

    #[test]
    fn names_that_say_nothing_are_refused() {
        assert!(is_banned("src/utils.rs"));
        assert!(is_banned("src/helpers/text.rs"));
        assert!(is_banned("src/graph/mod.rs"));
        assert!(!is_banned("src/command.rs"));
        assert!(!is_banned("docs/common/page.md"));
    }
}

//! Links between the pages of the repository.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use super::finding::Finding;
use super::source::Source;

/// Finds links to files that are not there; addresses elsewhere are not looked at.
pub(super) fn check(sources: &[Source]) -> Vec<Finding> {
    let paths: BTreeSet<&str> = sources.iter().map(|source| source.path.as_str()).collect();
    let mut findings = Vec::new();
    for source in sources.iter().filter(|source| source.path.ends_with(".md")) {
        for target in targets(&source.text) {
            let path = resolve(&source.path, target);
            let exists = paths.contains(path.as_str())
                || paths.iter().any(|one| Path::new(one).starts_with(&path));
            if !exists {
                let message = format!("a link to `{target}`, which is not there");
                findings.push(Finding::error(&source.path, message));
            }
        }
    }
    findings
}

/// What follows each `](`, without the part of the page, where it is a path.
fn targets(text: &str) -> impl Iterator<Item = &str> {
    text.split("](")
        .skip(1)
        .filter_map(|rest| rest.split([')', ' ']).next())
        .filter(|target| !target.contains("://") && !target.starts_with("mailto:"))
        .filter_map(|target| target.split('#').next())
        .filter(|path| !path.is_empty())
}

fn resolve(page: &str, target: &str) -> String {
    let folder = Path::new(page).parent().unwrap_or(Path::new(""));
    let mut path = PathBuf::new();
    for part in folder.join(target).components() {
        match part {
            Component::ParentDir => {
                path.pop();
            }
            Component::CurDir => {}
            Component::Normal(_) | Component::RootDir | Component::Prefix(_) => path.push(part),
        }
    }
    path.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(path: &str, text: &str) -> Source {
        Source {
            path: path.to_owned(),
            text: text.to_owned(),
        }
    }

    #[test]
    fn a_link_to_a_missing_page_is_found() {
        let text =
            "[a](../README.md) [b](decisions/) [c](https://example.com) [d](#here) [e](no.md#x)";
        let sources = [
            source("docs/page.md", text),
            source("docs/decisions/1.md", ""),
            source("README.md", ""),
        ];
        let found: Vec<_> = check(&sources).iter().map(ToString::to_string).collect();
        assert_eq!(
            found,
            ["error: docs/page.md: a link to `no.md`, which is not there"]
        );
    }
}

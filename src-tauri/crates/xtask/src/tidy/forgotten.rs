//! Test files that no `main.rs` names: cargo would silently not run them.

use super::finding::Finding;
use super::source::Source;

const MAIN: &str = "tests/it/main.rs";

/// Finds the modules beside each `tests/it/main.rs` that it does not declare.
pub(super) fn check(sources: &[Source]) -> Vec<Finding> {
    sources
        .iter()
        .filter(|source| source.path.ends_with(MAIN))
        .flat_map(|main| {
            let folder = main.path.trim_end_matches("main.rs");
            sources
                .iter()
                .filter(move |source| is_forgotten(source, folder, &main.text))
        })
        .map(|source| Finding::error(&source.path, "no `mod` line in main.rs: it never runs"))
        .collect()
}

fn is_forgotten(source: &Source, folder: &str, main: &str) -> bool {
    let Some(rest) = source.path.strip_prefix(folder) else {
        return false;
    };
    let beside_main = !rest.contains('/') && rest != "main.rs";
    let line = format!("mod {};", source.stem());
    source.is_rust() && beside_main && !main.lines().any(|text| text.trim() == line)
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
    fn a_test_file_without_a_mod_line_is_found() {
        let sources = [
            source("a/tests/it/main.rs", "mod known;\n"),
            source("a/tests/it/known.rs", ""),
            source("a/tests/it/known/deeper.rs", ""),
            source("a/tests/it/forgotten.rs", ""),
            source("b/tests/it/other.rs", ""),
        ];
        let found: Vec<_> = check(&sources).iter().map(ToString::to_string).collect();
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].contains("a/tests/it/forgotten.rs"));
    }
}

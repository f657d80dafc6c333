//! The tables in `docs/architecture.md` that say who may use whom.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};

/// Where the tables are.
pub(super) const PATH: &str = "docs/architecture.md";

/// A word in the third column: this crate may use every other.
const EVERYTHING: &str = "everything";

/// What the document allows.
#[derive(Debug)]
pub(super) struct Architecture {
    pub(super) crates: BTreeMap<String, Allowed>,
    /// Crates of others, and the crates of ours that alone may use them.
    pub(super) confined: BTreeMap<String, BTreeSet<String>>,
}

/// What one crate may use of ours.
#[derive(Debug)]
pub(super) enum Allowed {
    Everything,
    These {
        always: BTreeSet<String>,
        in_tests: BTreeSet<String>,
    },
}

/// Finds the two tables by their first column's title.
pub(super) fn parse(document: &str) -> Result<Architecture> {
    let crates = rows(document, "crate")
        .context("no table that begins with `| crate |`")?
        .filter_map(|cells| {
            let [name, _purpose, always, in_tests] = cells.as_slice() else {
                return None;
            };
            Some((name.clone(), allowed(always, in_tests)))
        })
        .collect();
    let confined = rows(document, "outside crate")
        .context("no table that begins with `| outside crate |`")?
        .filter_map(|cells| {
            let [name, only_in, _reason] = cells.as_slice() else {
                return None;
            };
            Some((name.clone(), words(only_in)))
        })
        .collect();
    Ok(Architecture { crates, confined })
}

fn allowed(always: &str, in_tests: &str) -> Allowed {
    if always == EVERYTHING {
        return Allowed::Everything;
    }
    Allowed::These {
        always: words(always),
        in_tests: words(in_tests),
    }
}

/// The rows of the table whose header's first cell is `title`.
fn rows<'a>(document: &'a str, title: &str) -> Option<impl Iterator<Item = Vec<String>> + 'a> {
    let mut lines = document.lines();
    lines.find(|line| {
        line.starts_with('|') && cells(line).first().is_some_and(|cell| cell == title)
    })?;
    Some(
        lines
            .skip(1)
            .take_while(|line| line.starts_with('|'))
            .map(cells),
    )
}

fn cells(line: &str) -> Vec<String> {
    line.trim_matches('|')
        .split('|')
        .map(|cell| cell.trim().trim_matches('`').to_owned())
        .collect()
}

fn words(cell: &str) -> BTreeSet<String> {
    cell.split(',')
        .map(|word| word.trim().trim_matches('`').to_owned())
        .filter(|word| !matches!(word.as_str(), "" | "–" | "-"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = "\
# Text
| crate | one line | may use | in tests also |
|---|---|---|---|
| `model` | words | – | testkit |
| tests | all | everything | – |

| outside crate | only in | why |
|---|---|---|
| `tauri` | desktop, cli | a window |
";

    #[test]
    fn the_tables_are_found_and_read() {
        let architecture = parse(DOCUMENT).unwrap();
        assert_eq!(architecture.crates.len(), 2);
        assert!(matches!(
            &architecture.crates["model"],
            Allowed::These { always, in_tests } if always.is_empty() && in_tests.contains("testkit")
        ));
        assert!(matches!(architecture.crates["tests"], Allowed::Everything));
        assert_eq!(architecture.confined["tauri"].len(), 2);
    }

    #[test]
    fn a_document_without_tables_is_an_error() {
        assert!(parse("# Nothing").is_err());
    }
}

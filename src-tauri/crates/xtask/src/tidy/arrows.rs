//! The arrows between crates, as cargo knows them, against the document.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use cargo_metadata::{DependencyKind, MetadataCommand};

use super::architecture::{Allowed, Architecture, PATH};
use super::finding::Finding;
use crate::cargo;

const PREFIX: &str = "gantry-";

/// A crate of ours and what it uses.
#[derive(Debug)]
pub(super) struct Crate {
    name: String,
    arrows: Vec<Arrow>,
}

/// One use of another crate.
#[derive(Debug)]
struct Arrow {
    target: Target,
    purpose: Purpose,
}

#[derive(Debug)]
enum Target {
    Ours(String),
    Outside(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Purpose {
    Product,
    Tests,
}

/// Asks cargo for the members of the workspace and their direct dependencies.
pub(super) fn read_crates() -> Result<Vec<Crate>> {
    let metadata = MetadataCommand::new()
        .current_dir(cargo::root())
        .no_deps()
        .exec()
        .context("cargo metadata")?;
    Ok(metadata
        .packages
        .iter()
        .map(|package| Crate {
            name: short(&package.name).to_owned(),
            arrows: package.dependencies.iter().map(arrow).collect(),
        })
        .collect())
}

fn arrow(dependency: &cargo_metadata::Dependency) -> Arrow {
    let purpose = if dependency.kind == DependencyKind::Development {
        Purpose::Tests
    } else {
        Purpose::Product
    };
    let target = if dependency.path.is_some() {
        Target::Ours(short(&dependency.name).to_owned())
    } else {
        Target::Outside(dependency.name.clone())
    };
    Arrow { target, purpose }
}

fn short(name: &str) -> &str {
    name.strip_prefix(PREFIX).unwrap_or(name)
}

/// Compares what is with what may be, both ways.
pub(super) fn check(crates: &[Crate], architecture: &Architecture) -> Vec<Finding> {
    let mut findings = Vec::new();
    for one in crates {
        match architecture.crates.get(&one.name) {
            None => findings.push(Finding::error(PATH, format!("no row for `{}`", one.name))),
            Some(allowed) => findings.extend(
                one.arrows
                    .iter()
                    .filter_map(|arrow| forbidden(one, arrow, allowed, architecture)),
            ),
        }
    }
    let names: BTreeSet<&str> = crates.iter().map(|one| one.name.as_str()).collect();
    let rows = architecture.crates.keys();
    findings.extend(
        rows.filter(|row| !names.contains(row.as_str()))
            .map(|row| Finding::error(PATH, format!("`{row}` has a row and does not exist"))),
    );
    findings
}

fn forbidden(
    from: &Crate,
    arrow: &Arrow,
    allowed: &Allowed,
    architecture: &Architecture,
) -> Option<Finding> {
    let name = &from.name;
    match &arrow.target {
        Target::Ours(target) => (!permits(allowed, target, arrow.purpose)).then(|| {
            Finding::error(
                PATH,
                format!("`{name}` uses `{target}`, which its row does not allow"),
            )
        }),
        Target::Outside(target) => {
            let only_in = architecture.confined.get(target)?;
            (arrow.purpose == Purpose::Product && !only_in.contains(name)).then(|| {
                Finding::error(
                    PATH,
                    format!("`{name}` uses `{target}`, which belongs in other crates"),
                )
            })
        }
    }
}

fn permits(allowed: &Allowed, target: &str, purpose: Purpose) -> bool {
    match allowed {
        Allowed::Everything => true,
        Allowed::These { always, in_tests } => {
            always.contains(target) || (purpose == Purpose::Tests && in_tests.contains(target))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::architecture;
    use super::*;

    const DOCUMENT: &str = "\
| crate | one line | may use | in tests also |
|---|---|---|---|
| model | words | – | – |
| engine | decides | model | testkit |

| outside crate | only in | why |
|---|---|---|
| tauri | desktop | a window |
";

    fn findings(crates: &[Crate]) -> Vec<String> {
        check(crates, &architecture::parse(DOCUMENT).unwrap())
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    fn using(name: &str, target: Target, purpose: Purpose) -> Crate {
        Crate {
            name: name.to_owned(),
            arrows: vec![Arrow { target, purpose }],
        }
    }

    fn ours(target: &str) -> Target {
        Target::Ours(target.to_owned())
    }

    #[test]
    fn arrows_that_the_table_allows_pass() {
        let model = using(
            "model",
            Target::Outside("serde".to_owned()),
            Purpose::Product,
        );
        let engine = using("engine", ours("testkit"), Purpose::Tests);
        assert!(findings(&[model, engine]).is_empty());
    }

    #[test]
    fn an_arrow_up_is_an_error() {
        let model = using("model", ours("engine"), Purpose::Product);
        let engine = using("engine", ours("testkit"), Purpose::Product);
        let found = findings(&[model, engine]);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].contains("`model` uses `engine`"));
    }

    #[test]
    fn an_outside_crate_stays_in_its_home() {
        let model = using(
            "model",
            Target::Outside("tauri".to_owned()),
            Purpose::Product,
        );
        let engine = using("engine", ours("model"), Purpose::Product);
        assert!(findings(&[model, engine])[0].contains("`model` uses `tauri`"));
    }

    #[test]
    fn rows_and_crates_are_the_same_set() {
        let found = findings(&[using("model", ours("stranger"), Purpose::Tests)]);
        assert!(found.iter().any(|line| line.contains("`engine` has a row")));
        let found = findings(&[using("newcomer", ours("model"), Purpose::Product)]);
        assert!(
            found
                .iter()
                .any(|line| line.contains("no row for `newcomer`"))
        );
    }
}

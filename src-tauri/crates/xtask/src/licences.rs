//! `cargo xtask licences`: whether everything we depend on may be shipped with us, and should be.

use std::collections::BTreeSet;

use anyhow::{Context, Result, bail};
use cargo_metadata::{MetadataCommand, Package};
use spdx::{Expression, LicenseReq};

use crate::cargo;
use crate::say::say;

/// Licences that ask for no more than their text and the names of the authors.
const PERMISSIVE: [&str; 13] = [
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Licences whose conditions end at the borders of their own files.
///
/// The desktop's style engine comes under the first; we use these crates unchanged.
const PER_FILE: [&str; 1] = ["MPL-2.0"];

/// Crates that must not come in by any way, and why.
const BANNED: [(&str, &str); 3] = [
    ("aws-lc-sys", "cryptography is ring's"),
    ("openssl-sys", "TLS is rustls'"),
    ("native-tls", "TLS is rustls'"),
];

/// The platforms for which Gantry is built; what others pull in is not shipped.
const PLATFORM: &str = "x86_64-unknown-linux-gnu";

/// Looks at every package that a build may use.
///
/// # Errors
///
/// When one is banned, or has a licence that is missing, cannot be read or is not allowed.
pub fn run() -> Result<()> {
    let metadata = MetadataCommand::new()
        .current_dir(cargo::root())
        .other_options(["--filter-platform".to_owned(), PLATFORM.to_owned()])
        .exec()
        .context("cargo metadata")?;
    let used = metadata.resolve.context("cargo resolved nothing")?;
    let used: BTreeSet<_> = used.nodes.into_iter().map(|node| node.id).collect();
    let packages: Vec<&Package> = metadata
        .packages
        .iter()
        .filter(|package| used.contains(&package.id))
        .collect();
    let problems: Vec<String> = packages.iter().filter_map(|one| problem(one)).collect();
    for line in &problems {
        say(format_args!("error: {line}"));
    }
    say(format_args!(
        "licences: {} packages, {} problems",
        packages.len(),
        problems.len()
    ));
    if problems.is_empty() {
        Ok(())
    } else {
        bail!("{} packages may not be shipped", problems.len())
    }
}

fn problem(package: &Package) -> Option<String> {
    let name = format!("{} {}", package.name, package.version);
    let banned = BANNED
        .iter()
        .find(|(banned, _)| *banned == package.name.as_str());
    if let Some((_, reason)) = banned {
        return Some(format!("{name} is banned: {reason}"));
    }
    let Some(text) = &package.license else {
        return Some(format!("{name} names no licence"));
    };
    match permits(text) {
        Ok(true) => None,
        Ok(false) => Some(format!("{name} is under {text}")),
        Err(error) => Some(format!("{name}: {error:#}")),
    }
}

fn permits(text: &str) -> Result<bool> {
    // The lax mode still reads `MIT/Apache-2.0`, which old packages write for "or".
    let expression = Expression::parse_mode(text, spdx::ParseMode::LAX)
        .with_context(|| format!("cannot read the licence `{text}`"))?;
    Ok(expression.evaluate(is_allowed))
}

fn is_allowed(licence: &LicenseReq) -> bool {
    let name = licence.license.id().map_or("", |id| id.name);
    PERMISSIVE.contains(&name) || PER_FILE.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_allowed_choice_is_enough() {
        assert!(permits("MIT OR GPL-3.0-only").unwrap());
        assert!(permits("MIT/Apache-2.0").unwrap());
        assert!(permits("Apache-2.0 WITH LLVM-exception").unwrap());
    }

    #[test]
    fn every_part_of_a_conjunction_counts() {
        assert!(!permits("MIT AND GPL-3.0-only").unwrap());
        assert!(permits("(MIT OR GPL-3.0-only) AND Unicode-3.0").unwrap());
    }

    #[test]
    fn nonsense_is_an_error() {
        assert!(permits("do what you like").is_err());
    }
}

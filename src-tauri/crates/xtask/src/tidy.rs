//! `cargo xtask tidy`: what the style guide says and a compiler does not check.
//!
//! - [`arrows`]: which crate uses which, against the tables in `docs/architecture.md`;
//! - [`sizes`]: files and functions;
//! - [`names`]: module names that say nothing;
//! - [`forgotten`]: test files that no `main.rs` names, and would silently not run;
//! - [`paths`]: paths that exist on one machine only;
//! - [`purity`]: a core that reaches for time, chance or the outside world;
//! - [`links`]: links between pages that lead nowhere.

mod architecture;
mod arrows;
mod finding;
mod forgotten;
mod links;
mod names;
mod paths;
mod purity;
mod sizes;
mod source;

use anyhow::{Context, Result, bail};

use crate::cargo;
use crate::say::say;
use finding::Severity;

/// Prints every finding, warnings first.
///
/// # Errors
///
/// When there is a finding that is more than a warning.
pub fn run() -> Result<()> {
    let root = cargo::root();
    let sources = source::read_all(&root)?;
    let document = std::fs::read_to_string(root.join(architecture::PATH))
        .with_context(|| architecture::PATH.to_owned())?;
    let architecture = architecture::parse(&document)?;
    let mut findings = arrows::check(&arrows::read_crates()?, &architecture);
    findings.extend(sizes::check(&sources));
    findings.extend(names::check(&sources));
    findings.extend(forgotten::check(&sources));
    findings.extend(paths::check(&sources));
    findings.extend(purity::check(&sources));
    findings.extend(links::check(&sources));
    findings.sort();
    for finding in &findings {
        say(finding);
    }
    let count = |severity| {
        findings
            .iter()
            .filter(|finding| finding.severity == severity)
            .count()
    };
    let (warnings, errors) = (count(Severity::Warning), count(Severity::Error));
    let files = sources.len();
    say(format_args!(
        "tidy: {files} files, {errors} errors, {warnings} warnings"
    ));
    if errors > 0 {
        bail!("{errors} untidy places");
    }
    Ok(())
}

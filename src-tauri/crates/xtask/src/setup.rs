//! `cargo xtask setup`: installs the Debian packages that are missing.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::say::{Consent, say};
use quiet::Quiet;

mod quiet;

const LIST: &str = include_str!("../debian-packages.txt");

/// What became of a setup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Setup {
    /// Everything is there now.
    Complete,
    /// These packages are missing and were not installed; the sentence says why.
    Incomplete {
        /// The packages that are missing.
        missing: Vec<&'static str>,
        /// Why they were not installed.
        because: &'static str,
    },
}

/// Installs whatever the list names and the machine lacks, after asking.
///
/// # Errors
///
/// When the package manager itself fails. Being nobody who may install, or being told not to, is
/// an [`Setup::Incomplete`] and no error: much of the work goes on without the packages.
pub fn run(consent: Consent) -> Result<Setup> {
    let missing = missing(LIST)?;
    if missing.is_empty() {
        say("setup: all Debian packages are installed");
        return Ok(Setup::Complete);
    }
    install_missing(missing, consent)
}

/// Does the same for what real platforms want alone, and leaves out the desktop window.
///
/// # Errors
///
/// As [`run`].
pub fn run_for_platforms(consent: Consent) -> Result<Setup> {
    let is_needed = |line: &&str| line.contains("demo") || line.contains("sandbox");
    let list: Vec<&str> = LIST.lines().filter(is_needed).collect();
    let list = list.join("\n");
    let missing = missing(&list)?;
    if missing.is_empty() {
        return Ok(Setup::Complete);
    }
    // The names came from the list, which outlives the copy that was searched.
    let known = packages(LIST).filter(|name| missing.contains(name));
    install_missing(known.collect(), consent)
}

fn install_missing(missing: Vec<&'static str>, consent: Consent) -> Result<Setup> {
    let names = missing.join(" ");
    say(format_args!("setup: missing Debian packages: {names}"));
    if !rustix::process::geteuid().is_root() {
        say(format_args!(
            "setup: only root may install them: sudo apt-get install {names}"
        ));
        return Ok(Setup::Incomplete {
            missing,
            because: "only root may install them",
        });
    }
    if !consent.to("Install them with apt-get?") {
        return Ok(Setup::Incomplete {
            missing,
            because: "you said no",
        });
    }
    install(&missing)?;
    Ok(Setup::Complete)
}

fn missing(list: &str) -> Result<Vec<&str>> {
    let output = Command::new("dpkg-query")
        .args(["-W", "-f", "${Package} ${db:Status-Status}\n"])
        .output()
        .context("cannot run dpkg-query: setup knows Debian and its children only")?;
    let known = String::from_utf8_lossy(&output.stdout);
    let installed: BTreeSet<&str> = known
        .lines()
        .filter_map(|line| line.strip_suffix(" installed"))
        .collect();
    Ok(packages(list)
        .filter(|package| !installed.contains(package))
        .collect())
}

/// The names in a list: the first word of each line that is no comment.
fn packages(list: &str) -> impl Iterator<Item = &str> {
    list.lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_whitespace().next())
}

fn install(missing: &[&str]) -> Result<()> {
    apt_get(&["update", "--quiet"])?;
    let mut arguments = vec!["install", "--yes", "--quiet", "--no-install-recommends"];
    arguments.extend(missing);
    let quiet = Quiet::begin(Path::new(quiet::POLICY))?;
    let installed = apt_get(&arguments);
    drop(quiet);
    installed?;
    for service in disabled(LIST).filter(|name| missing.contains(name)) {
        quiet::disable(service);
    }
    Ok(())
}

/// The packages whose services would listen on every address of the machine from the next boot on.
fn disabled(list: &str) -> impl Iterator<Item = &str> {
    let lines = list
        .lines()
        .filter(|line| line.contains("service is disabled"));
    lines.filter_map(|line| line.split_whitespace().next())
}

fn apt_get(arguments: &[&str]) -> Result<()> {
    say(format_args!("$ apt-get {}", arguments.join(" ")));
    let status = Command::new("apt-get")
        .args(arguments)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .status()
        .context("cannot run apt-get")?;
    if !status.success() {
        bail!("apt-get {} ended with {status}", arguments.join(" "));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_reasons_are_not_package_names() {
        let names: Vec<_> = packages("# a comment\nxvfb   a display\n\nhaproxy\n").collect();
        assert_eq!(names, ["xvfb", "haproxy"]);
    }

    #[test]
    fn servers_of_metrics_and_alerts_are_not_left_listening() {
        let quiet: Vec<_> = disabled(LIST).collect();
        let expected = ["prometheus", "prometheus-alertmanager", "victoria-metrics"];
        assert_eq!(quiet, expected);
    }

    #[test]
    fn the_list_gives_a_reason_for_each_package() {
        for line in LIST.lines().filter(|line| !line.starts_with('#')) {
            assert!(line.split_whitespace().count() > 2, "no reason: {line}");
        }
    }
}

//! The parts of a test run.

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::Scope;
use super::tally::{Tally, run_counting};
use crate::package::{self, Checked};
use crate::real_platform::{MANDATORY_VARIABLE, SKIPS_VARIABLE};
use crate::sandbox::{self, Sandbox, Unavailable};
use crate::say::{Consent, say};
use crate::setup::{self, Setup};
use crate::{bindings, cargo, fixture, licences, page, tidy, window};

/// What a part ended with when it did not fail.
#[derive(Debug)]
pub(super) enum Done {
    Passed,
    /// Tests ran; these are their numbers.
    Counted(Tally),
    /// Nothing ran, for this reason.
    Skipped(String),
}

/// One part: a name and what it does.
pub(super) struct Part {
    pub(super) name: &'static str,
    pub(super) run: fn(&Machine) -> Result<Done>,
}

/// The parts in their order: the quick ones first, the desktop app with its large build last.
pub(super) fn plan(scope: Scope) -> Vec<Part> {
    let mut parts = vec![
        part("format", |_| {
            passed(cargo::run(&["fmt", "--all", "--check"]))
        }),
        part("tidy", |_| passed(tidy::run())),
        part("lock", lock),
        part("licences", |_| passed(licences::run())),
        part("clippy", |_| {
            let arguments = ["clippy", "--all-targets", "--", "-D", "warnings"];
            passed(cargo::run(&arguments))
        }),
        part("tests", tests),
        part("bindings", |_| passed(bindings::check())),
        part("doc tests", |_| {
            run_counting(cargo::cargo().args(["test", "--doc"])).map(Done::Counted)
        }),
    ];
    if scope == Scope::Everything {
        // The crates that carry the page in them come after it.
        parts.insert(0, part("page", page_of_the_window));
        parts.push(part("screens", screens));
        parts.push(part("flows", flows));
        parts.push(part("desktop", desktop));
    }
    parts
}

fn part(name: &'static str, run: fn(&Machine) -> Result<Done>) -> Part {
    Part { name, run }
}

fn passed(result: Result<()>) -> Result<Done> {
    result.map(|()| Done::Passed)
}

/// What this machine has, found out before the parts begin.
pub(super) struct Machine {
    scope: Scope,
    setup: Setup,
    sandbox: Result<(), Unavailable>,
    unattended: bool,
}

impl Machine {
    pub(super) fn find_out(scope: Scope, consent: Consent) -> Result<Self> {
        let setup = match scope {
            Scope::Everything => setup::run(consent)?,
            Scope::Fast => Setup::Complete,
        };
        Ok(Self {
            scope,
            setup,
            sandbox: sandbox::check_available(),
            unattended: std::env::var_os("CI").is_some(),
        })
    }

    /// What became of the setup, as a part of the run.
    pub(super) fn setup_outcome(&self) -> Done {
        match &self.setup {
            Setup::Complete => Done::Passed,
            Setup::Incomplete { missing, because } => {
                Done::Skipped(format!("not installed: {}: {because}", missing.join(" ")))
            }
        }
    }

    /// Takes a lack as a reason to skip where a person sees it, and as a failure in CI.
    fn lacks(&self, reason: String) -> Result<Done> {
        if self.unattended {
            bail!("in CI nothing is skipped: {reason}");
        }
        say(format_args!("SKIPPED: {reason}"));
        Ok(Done::Skipped(reason))
    }
}

const TESTS: [&str; 5] = ["test", "--lib", "--bins", "--tests", "--no-fail-fast"];

/// Finds a `Cargo.lock` that was not committed along with a `Cargo.toml`.
///
/// Cargo has brought it up to date before anybody can look, so in CI, where nobody edits anything,
/// a change means that the commit is not what was tested.
fn lock(machine: &Machine) -> Result<Done> {
    if !machine.unattended {
        return Ok(Done::Passed);
    }
    let output = Command::new("git")
        .args(["status", "--porcelain", "Cargo.lock"])
        .current_dir(cargo::root())
        .output()
        .context("cannot run git")?;
    if output.stdout.is_empty() {
        Ok(Done::Passed)
    } else {
        bail!("the committed Cargo.lock is out of date")
    }
}

/// How long the tests may take together: one that hangs must not take the whole run with it.
const LONGEST: &str = "35m";

/// Says how many simulated releases are played.
const SEEDS_VARIABLE: &str = "GANTRY_SEEDS";

/// Three minutes and a half on two processors; without a failure among so many, fewer than one in
/// three thousand break anything, under the faults that are simulated.
const SEEDS: &str = "10000";

/// Gives how many simulated releases are played; whoever has more time says more.
fn simulated_releases() -> OsString {
    std::env::var_os(SEEDS_VARIABLE).unwrap_or_else(|| SEEDS.into())
}

fn tests(machine: &Machine) -> Result<Done> {
    let mut compile = TESTS.to_vec();
    compile.push("--no-run");
    cargo::run(&compile)?;
    let skips = tempfile::NamedTempFile::new().context("no file for the skipped tests")?;
    let mut tally = match (machine.scope, &machine.sandbox) {
        (Scope::Everything, Ok(())) => tests_in_sandbox(skips.path())?,
        (Scope::Everything, Err(reason)) => {
            machine.lacks(format!("tests of real platforms: {reason}"))?;
            tests_without_platforms(skips.path())?
        }
        (Scope::Fast, _) => tests_without_platforms(skips.path())?,
    };
    let skipped = std::fs::read_to_string(skips.path()).context("no list of skipped tests")?;
    for line in skipped.lines() {
        say(line);
    }
    tally.skipped = skipped.lines().count();
    Ok(Done::Counted(tally))
}

/// Runs the tests beside a Docker daemon of their own; none of them may skip.
///
/// Everything has been compiled before, since there is no network inside.
fn tests_in_sandbox(skips: &Path) -> Result<Tally> {
    let sandbox = Sandbox::create()?;
    let mut arguments = vec![OsString::from(LONGEST), cargo::cargo().get_program().into()];
    arguments.extend(TESTS.iter().map(OsString::from));
    let mut command = sandbox.command("timeout".as_ref(), &arguments)?;
    command
        .current_dir(cargo::root())
        .env("CARGO_NET_OFFLINE", "true")
        .env(MANDATORY_VARIABLE, "1")
        .env(SEEDS_VARIABLE, simulated_releases())
        .env(SKIPS_VARIABLE, skips);
    run_counting(&mut command)
}

fn tests_without_platforms(skips: &Path) -> Result<Tally> {
    let mut command: Command = cargo::cargo();
    command
        .args(TESTS)
        .env_remove("DOCKER_HOST")
        .env_remove(fixture::BINARY_VARIABLE)
        .env_remove(MANDATORY_VARIABLE)
        .env(SEEDS_VARIABLE, simulated_releases())
        .env(SKIPS_VARIABLE, skips);
    run_counting(&mut command)
}

fn page_of_the_window(_: &Machine) -> Result<Done> {
    page::test()?;
    passed(page::build())
}

fn screens(machine: &Machine) -> Result<Done> {
    if let Setup::Incomplete { missing, because } = &machine.setup {
        let names = missing.join(" ");
        return machine.lacks(format!("the screens need {names}: {because}"));
    }
    passed(page::look_at_screens())
}

/// Does what people do, in a browser over the program's own door.
fn flows(machine: &Machine) -> Result<Done> {
    if let Setup::Incomplete { missing, because } = &machine.setup {
        let names = missing.join(" ");
        return machine.lacks(format!("the flows need {names}: {because}"));
    }
    cargo::run(&["build", "--package", "gantry-cli"])?;
    passed(page::try_flows())
}

const DESKTOP: &str = "gantry-desktop";

/// Lints, builds, tests and opens the root package, apart from the others: it alone needs the web view.
fn desktop(machine: &Machine) -> Result<Done> {
    if let Setup::Incomplete { missing, because } = &machine.setup {
        let names = missing.join(" ");
        return machine.lacks(format!("the desktop app needs {names}: {because}"));
    }
    let clippy = ["clippy", "--all-targets", "--package", DESKTOP];
    let strict = ["--", "-D", "warnings"];
    cargo::run(&[clippy.as_slice(), &strict].concat())?;
    let tally = run_counting(cargo::cargo().args(["test", "--package", DESKTOP]))?;
    let binary = window::Build::Debug.build()?;
    window::run(&binary)?;
    if let Checked::NotInstalled(reason) = package::check(&binary)? {
        machine.lacks(format!("the package was made and not installed: {reason}"))?;
    }
    Ok(Done::Counted(tally))
}

//! `cargo xtask test`: installs what is missing, then runs every check and every test.
//!
//! Each part runs even when one before it failed, so that one look shows everything that is wrong.
//! At the end stand the counts of the tests and the time that each part took.

mod parts;
mod report;
mod tally;

use std::time::Instant;

use anyhow::{Result, bail};

use crate::say::{Consent, say};
use parts::{Machine, Part, plan};
use report::{Entry, Report};

/// How much is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Everything, the real platforms and the desktop app included.
    Everything,
    /// What needs no package of Debian: no real platform and no desktop app.
    Fast,
}

/// Runs the parts and prints the report.
///
/// # Errors
///
/// When a part failed; the report above names it.
pub fn run(scope: Scope, consent: Consent) -> Result<()> {
    let started = Instant::now();
    let machine = Machine::find_out(scope, consent)?;
    let mut report = Report::default();
    report.add(Entry {
        name: "setup",
        took: started.elapsed(),
        outcome: Ok(machine.setup_outcome()),
    });
    for part in plan(scope) {
        report.add(run_part(&part, &machine));
    }
    say("");
    say(&report);
    let failed = report.failed();
    if failed.is_empty() {
        Ok(())
    } else {
        bail!("failed: {}", failed.join(", "))
    }
}

fn run_part(part: &Part, machine: &Machine) -> Entry {
    say(format_args!("\n== {} ==", part.name));
    let started = Instant::now();
    let outcome = (part.run)(machine);
    if let Err(error) = &outcome {
        say(format_args!("FAILED: {}: {error:#}", part.name));
    }
    Entry {
        name: part.name,
        took: started.elapsed(),
        outcome,
    }
}

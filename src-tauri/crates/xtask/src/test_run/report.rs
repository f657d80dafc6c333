//! The table at the end of a test run.

use std::fmt;
use std::time::Duration;

use anyhow::Result;

use super::parts::Done;

/// The time that a run in CI may take; each part's share of it is printed.
const BUDGET: Duration = Duration::from_secs(90 * 60);

/// One part that ran.
pub(super) struct Entry {
    pub(super) name: &'static str,
    pub(super) took: Duration,
    pub(super) outcome: Result<Done>,
}

/// All parts that ran.
#[derive(Default)]
pub(super) struct Report {
    entries: Vec<Entry>,
}

impl Report {
    pub(super) fn add(&mut self, entry: Entry) {
        self.entries.push(entry);
    }

    pub(super) fn failed(&self) -> Vec<&'static str> {
        self.entries
            .iter()
            .filter(|entry| entry.outcome.is_err())
            .map(|entry| entry.name)
            .collect()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "part         seconds  of 90 min  outcome")?;
        for entry in &self.entries {
            row(formatter, entry.name, entry.took)?;
            match &entry.outcome {
                Ok(Done::Passed) => writeln!(formatter, "ok")?,
                Ok(Done::Counted(tally)) => writeln!(
                    formatter,
                    "ok: {} passed, {} failed, {} ignored, {} skipped",
                    tally.passed, tally.failed, tally.ignored, tally.skipped
                )?,
                Ok(Done::Skipped(reason)) => writeln!(formatter, "SKIPPED: {reason}")?,
                Err(error) => writeln!(formatter, "FAILED: {error:#}")?,
            }
        }
        row(
            formatter,
            "all",
            self.entries.iter().map(|entry| entry.took).sum(),
        )?;
        let failed = self.failed().len();
        if failed == 0 {
            write!(formatter, "ok")
        } else {
            write!(formatter, "{failed} FAILED")
        }
    }
}

fn row(formatter: &mut fmt::Formatter<'_>, name: &str, took: Duration) -> fmt::Result {
    let share = took.as_secs_f64() / BUDGET.as_secs_f64() * 100.0;
    write!(
        formatter,
        "{name:<11}{:>9.1}  {share:>7.1} %  ",
        took.as_secs_f64()
    )
}

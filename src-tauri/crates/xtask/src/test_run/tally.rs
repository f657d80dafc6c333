//! The numbers that the test runners print at their ends, added up.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::say::say;

/// How many tests ended how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Tally {
    pub(super) passed: usize,
    pub(super) failed: usize,
    pub(super) ignored: usize,
    pub(super) skipped: usize,
}

impl Tally {
    /// Adds the numbers of a line such as `test result: ok. 14 passed; 0 failed; 1 ignored; …`.
    fn add_line(&mut self, line: &str) {
        let Some(numbers) = line.trim_start().strip_prefix("test result: ") else {
            return;
        };
        let number_before = |word: &str| {
            let mut words = numbers.split([' ', ';']).rev();
            words.find(|found| *found == word)?;
            words.next()?.parse::<usize>().ok()
        };
        self.passed += number_before("passed").unwrap_or(0);
        self.failed += number_before("failed").unwrap_or(0);
        self.ignored += number_before("ignored").unwrap_or(0);
    }
}

/// Runs a test command, lets everybody see its output and adds up its numbers.
///
/// # Errors
///
/// When it cannot be started or fails.
pub(super) fn run_counting(command: &mut Command) -> Result<Tally> {
    let name = command.get_program().display().to_string();
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot run {name}"))?;
    let mut tally = Tally::default();
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).split(b'\n') {
            let line = line.context("lost the output of the tests")?;
            let line = String::from_utf8_lossy(&line);
            say(&line);
            tally.add_line(&line);
        }
    }
    let status = child.wait().context("lost the tests")?;
    if !status.success() {
        bail!(
            "{} tests failed, {} passed ({status})",
            tally.failed,
            tally.passed
        );
    }
    Ok(tally)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_of_several_runners_are_added_up() {
        let mut tally = Tally::default();
        tally.add_line("running 14 tests");
        tally.add_line("test result: ok. 14 passed; 0 failed; 1 ignored; 0 measured; 0 filtered");
        tally.add_line("test result: FAILED. 2 passed; 3 failed; 0 ignored; 0 measured");
        let expected = Tally {
            passed: 16,
            failed: 3,
            ignored: 1,
            skipped: 0,
        };
        assert_eq!(tally, expected);
    }
}

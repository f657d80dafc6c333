//! How a program ended, as one file that is either whole or nothing.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::Path,
    time::Duration,
};

/// What is added to the task's path to name the record.
pub const SUFFIX: &str = "record";
const FIRST_LINE: &str = "gantry-task 1";
const LAST_LINE: &[u8] = b"\nend\n";

/// How a program ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its exit status; `None` if a signal ended it.
    pub status: Option<i32>,
    /// The signal that ended it.
    pub signal: Option<i32>,
    /// Whether its time was over.
    pub timed_out: bool,
    /// How long it ran.
    pub took: Duration,
    /// The end of its standard output, redacted.
    pub stdout: Output,
    /// The end of its standard error, redacted.
    pub stderr: Output,
}

/// The end of what was printed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Output {
    /// The end, redacted.
    pub end: Vec<u8>,
    /// How many bytes were printed in all.
    pub printed: u64,
}

impl Record {
    /// Gives the file's bytes: readable lines, then both outputs as they are.
    pub fn to_bytes(&self) -> Vec<u8> {
        let number = |value: Option<i32>| value.map_or("-".to_owned(), |value| value.to_string());
        let mut bytes = format!(
            "{FIRST_LINE}\nstatus {}\nsignal {}\ntimed-out {}\ntook-ms {}\nstdout {} {}\nstderr {} {}\n\n",
            number(self.status),
            number(self.signal),
            self.timed_out,
            self.took.as_millis(),
            self.stdout.end.len(),
            self.stdout.printed,
            self.stderr.end.len(),
            self.stderr.printed,
        )
        .into_bytes();
        bytes.extend_from_slice(&self.stdout.end);
        bytes.extend_from_slice(&self.stderr.end);
        bytes.extend_from_slice(LAST_LINE);
        bytes
    }

    /// Reads a file; `None` if it is not whole, as after a power failure.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let head = bytes.windows(2).position(|pair| pair == b"\n\n")?;
        let (head, body) = bytes.split_at_checked(head + 2)?;
        let mut lines = std::str::from_utf8(head).ok()?.lines();
        if lines.next()? != FIRST_LINE {
            return None;
        }
        let mut value = |name: &str| lines.next()?.strip_prefix(name)?.strip_prefix(' ');
        let number = |text: &str| match text {
            "-" => Some(None),
            text => text.parse().ok().map(Some),
        };
        let status = number(value("status")?)?;
        let signal = number(value("signal")?)?;
        let timed_out = value("timed-out")?.parse().ok()?;
        let took = Duration::from_millis(value("took-ms")?.parse().ok()?);
        let (stdout, body) = output(value("stdout")?, body)?;
        let (stderr, body) = output(value("stderr")?, body)?;
        (body == LAST_LINE).then_some(Self {
            status,
            signal,
            timed_out,
            took,
            stdout,
            stderr,
        })
    }

    /// Leaves out what was printed: how it ended matters more, and may fit where both do not.
    pub(crate) fn leave_out_output(&mut self) {
        self.stdout.end.clear();
        self.stderr.end.clear();
    }

    /// Puts the record in its place, so that a reader sees all of it or nothing, and gives a
    /// handle with which to make it durable.
    ///
    /// # Errors
    /// If it cannot be written, for example because the disk is full; then nothing is left behind.
    pub fn write(&self, task: &Path) -> io::Result<File> {
        let draft = task.with_added_extension("record.new");
        let place = task.with_added_extension(SUFFIX);
        let written = write_and_rename(&draft, &place, &self.to_bytes());
        if written.is_err() {
            let _absent = fs::remove_file(&draft);
        }
        written
    }
}

/// Reads `LENGTH PRINTED` and cuts that output from the front of `body`.
fn output<'a>(line: &str, body: &'a [u8]) -> Option<(Output, &'a [u8])> {
    let (length, printed) = line.split_once(' ')?;
    let (end, rest) = body.split_at_checked(length.parse().ok()?)?;
    let output = Output {
        end: end.to_vec(),
        printed: printed.parse().ok()?,
    };
    Some((output, rest))
}

fn write_and_rename(draft: &Path, place: &Path, bytes: &[u8]) -> io::Result<File> {
    let mut file = File::create(draft)?;
    file.write_all(bytes)?;
    fs::rename(draft, place)?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record() -> Record {
        let output = |end: &[u8], printed| Output {
            end: end.to_vec(),
            printed,
        };
        Record {
            status: None,
            signal: Some(9),
            timed_out: true,
            took: Duration::from_millis(1234),
            stdout: output(b"a\n\nb\xff", 100),
            stderr: output(b"\nend\n", 5),
        }
    }

    #[test]
    fn a_record_reads_back_whatever_the_output_holds() {
        assert_eq!(Record::from_bytes(&record().to_bytes()), Some(record()));
    }

    #[test]
    fn a_record_that_was_cut_is_no_record() {
        let bytes = record().to_bytes();
        for length in 0..bytes.len() {
            assert_eq!(Record::from_bytes(&bytes[..length]), None, "{length}");
        }
    }
}

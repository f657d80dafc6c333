//! Takes in what a program prints and keeps the end of it.

use std::{
    io::{self, Read},
    os::fd::{AsFd, BorrowedFd},
};

use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};

use crate::{record::Output, redaction::Patterns};

/// How much is read at once, which is what a pipe holds.
const CHUNK: usize = 64 << 10;

/// One output of a program: the pipe while it is open, and the end of what came through it.
pub(crate) struct Stream<P> {
    pipe: Option<P>,
    tail: Tail,
}

/// Whether there may be more to read right away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum More {
    Perhaps,
    NotNow,
}

impl<P: Read + AsFd> Stream<P> {
    /// Takes the pipe, which from now on never blocks.
    pub(crate) fn of(pipe: Option<P>, kept: usize) -> io::Result<Self> {
        if let Some(pipe) = &pipe {
            fcntl_setfl(pipe, fcntl_getfl(pipe)? | OFlags::NONBLOCK)?;
        }
        let tail = Tail {
            bytes: Vec::new(),
            kept,
            printed: 0,
        };
        Ok(Self { pipe, tail })
    }

    /// Gives what to wait for; `None` once everybody who could write is gone.
    pub(crate) fn open(&self) -> Option<BorrowedFd<'_>> {
        self.pipe.as_ref().map(AsFd::as_fd)
    }

    /// Reads once.
    pub(crate) fn take_in(&mut self, buffer: &mut Buffer) -> More {
        let Some(pipe) = &mut self.pipe else {
            return More::NotNow;
        };
        match pipe.read(&mut buffer.0) {
            Ok(0) => self.pipe = None,
            Ok(length) => {
                self.tail.push(buffer.0.get(..length).unwrap_or_default());
                return More::Perhaps;
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return More::Perhaps,
            Err(_) => self.pipe = None,
        }
        More::NotNow
    }

    /// Gives the end of what was printed, at most `cap` bytes, without secrets.
    pub(crate) fn finish(self, cap: usize, patterns: &Patterns) -> Output {
        self.tail.finish(cap, patterns)
    }
}

/// Where a read puts its bytes, once for all reads.
pub(crate) struct Buffer(Box<[u8]>);

impl Default for Buffer {
    fn default() -> Self {
        Self(vec![0; CHUNK].into_boxed_slice())
    }
}

struct Tail {
    bytes: Vec<u8>,
    kept: usize,
    printed: u64,
}

impl Tail {
    /// Appends; drops from the front only when twice too much is there, so that each byte is
    /// moved once on average.
    fn push(&mut self, chunk: &[u8]) {
        self.printed += chunk.len() as u64;
        self.bytes.extend_from_slice(chunk);
        if self.bytes.len() > 2 * self.kept {
            self.bytes.drain(..self.bytes.len() - self.kept);
        }
    }

    /// What was dropped may have held the beginning of a secret, so nothing is shown that has not
    /// as many bytes before it as the longest secret is long.
    fn finish(self, cap: usize, patterns: &Patterns) -> Output {
        let dropped = self.printed > self.bytes.len() as u64;
        let beginning = if dropped { patterns.reach() } else { 0 };
        let from = self.bytes.len().saturating_sub(cap).max(beginning);
        let mut end = patterns.redact(&self.bytes, from.min(self.bytes.len()));
        end.drain(..end.len().saturating_sub(cap));
        Output {
            end,
            printed: self.printed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(chunks: &[&[u8]], cap: usize, patterns: &Patterns) -> Output {
        let mut tail = Tail {
            bytes: Vec::new(),
            kept: cap + patterns.reach(),
            printed: 0,
        };
        for chunk in chunks {
            tail.push(chunk);
        }
        tail.finish(cap, patterns)
    }

    #[test]
    fn the_end_is_kept_and_all_is_counted() {
        let output = kept(&[b"abc", b"defgh", b"ij"], 4, &Patterns::of([]));
        assert_eq!((output.end.as_slice(), output.printed), (&b"ghij"[..], 10));
    }

    #[test]
    fn a_secret_is_found_wherever_chunks_and_caps_cut_it() {
        let secret = b"correct-horse";
        let patterns = Patterns::of([secret.as_slice()]);
        let text = [&b"0123456789"[..], secret, b"0123456789"].concat();
        for split in 0..text.len() {
            for cap in 1..text.len() {
                let (front, back) = text.split_at(split);
                let output = kept(&[front, back], cap, &patterns);
                let shown = String::from_utf8(output.end).unwrap();
                assert!(shown.len() <= cap, "{split} {cap} {shown}");
                let letter = |c: char| c.is_ascii_lowercase();
                assert!(!shown.contains(letter), "{split} {cap} {shown}");
            }
        }
    }
}

//! Proof that a journal is whole: nothing in it was changed, removed, moved or doubled.

pub mod chain;

use crate::{
    digest::Digest,
    journal::{HASH_KEY, Head},
};

/// The first place at which a journal is not whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {reason}")]
pub struct Broken {
    /// The line, from 1; one behind the last line if the end is missing.
    pub line: u64,
    /// The number that the entry on this line should have.
    pub seq: u64,
    /// What is wrong there.
    pub reason: Reason,
}

/// What is wrong with a line of a journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// The line is not an object that begins with `seq` and ends with `hash`.
    #[error("this is not a whole line of a journal")]
    Shape,
    /// Another entry belongs here: one was removed, moved or doubled.
    #[error("entry {found} stands where another belongs")]
    Order {
        /// The number of the entry that stands there.
        found: u64,
    },
    /// The bytes and the hash do not belong together: one of them was changed, here or before.
    #[error("the entry does not match its hash")]
    Hash,
    /// The journal ends before its known head.
    #[error("the journal ends here, but entries up to {head} were recorded")]
    Short {
        /// The number of the last entry that was recorded.
        head: u64,
    },
    /// The journal goes on behind its known head, or ends with another entry than it.
    #[error("the journal does not end with the entry that was recorded as its last")]
    Head,
    /// The entry is another one than that of a head that is known from elsewhere.
    #[error("another entry was here when its hash was noted: the journal was rewritten")]
    Rewritten,
    /// No entry has the hash of a head that is known from elsewhere.
    #[error("no entry has the hash that was noted: the end was cut off, or the whole rewritten")]
    Lost,
}

/// Checks the lines that `Entry::to_line` prints, in order, and gives the head they lead to.
///
/// A cut tail leaves a whole, shorter journal; it can only be found against a head that is known
/// from elsewhere, so give one if there is one. Who can write the workspace file can also write a
/// new chain: a head kept elsewhere is the proof against that.
pub fn verify_chain<L: AsRef<[u8]>>(
    lines: impl IntoIterator<Item = L>,
    expected: Option<Head>,
) -> Result<Head, Broken> {
    let mut head = Head::EMPTY;
    for line in lines {
        head = next(line.as_ref(), head)?;
    }
    match expected {
        Some(known) if known != head => Err(unlike(head, known)),
        Some(_) | None => Ok(head),
    }
}

/// Checks a whole file of such lines; its last line may lack the line end.
pub fn verify_bytes(file: &[u8], expected: Option<Head>) -> Result<Head, Broken> {
    verify_chain(lines(file), expected)
}

fn lines(file: &[u8]) -> impl Iterator<Item = &[u8]> {
    let text = file.strip_suffix(b"\n").unwrap_or(file);
    // An empty file is an empty journal, not one empty line.
    let lines = text.split(|byte| *byte == b'\n');
    lines.filter(|_| !file.is_empty())
}

/// Gives the head that a line leads to.
fn next(line: &[u8], head: Head) -> Result<Head, Broken> {
    let seq = head.seq + 1;
    let hash = link(line, seq, head.hash).map_err(|reason| Broken {
        line: seq,
        seq,
        reason,
    })?;
    Ok(Head { seq, hash })
}

/// Gives the hash of a line if line, number and hash belong together.
fn link(line: &[u8], seq: u64, previous: Digest) -> Result<Digest, Reason> {
    let (open, suffix) = splice(line).ok_or(Reason::Shape)?;
    let found = seq_of(open).ok_or(Reason::Shape)?;
    if found != seq {
        return Err(Reason::Order { found });
    }
    let mut body = open.to_vec();
    body.push(b'}');
    let hash = previous.chain(&body);
    // Compared as text: `sha256:AB` means the same as `sha256:ab`, but it is a changed byte.
    if suffix == ending(hash).as_bytes() {
        Ok(hash)
    } else {
        Err(Reason::Hash)
    }
}

/// Parts a line into the body without its closing brace and what was put behind it.
fn splice(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let place = line.len().checked_sub(ending(Digest::zero()).len())?;
    let (open, suffix) = line.split_at_checked(place)?;
    suffix
        .starts_with(HASH_KEY.as_bytes())
        .then_some((open, suffix))
}

fn ending(hash: Digest) -> String {
    format!("{HASH_KEY}{hash}\"}}")
}

/// Reads the number that a body begins with.
fn seq_of(body: &[u8]) -> Option<u64> {
    let rest = body.strip_prefix(b"{\"seq\":")?;
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (number, behind) = rest.split_at_checked(digits)?;
    let ended = behind.first().is_none_or(|byte| *byte == b',');
    let text = std::str::from_utf8(number).ok()?;
    text.parse().ok().filter(|_| ended)
}

fn unlike(head: Head, known: Head) -> Broken {
    let reason = if head.seq < known.seq {
        Reason::Short { head: known.seq }
    } else {
        Reason::Head
    };
    let seq = if head.seq < known.seq {
        head.seq + 1
    } else {
        known.seq
    };
    Broken {
        line: seq,
        seq,
        reason,
    }
}

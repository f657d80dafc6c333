//! A journal with the hash of each of its entries, and heads that are known from elsewhere.
//!
//! Whoever can write a workspace file can write a new, whole chain into it. What they cannot
//! change are heads that were printed in reports and messages, or signed by people.

use std::{fmt, str::FromStr};

use super::{Broken, Reason, lines, next};
use crate::{
    digest::Digest,
    id::InvalidName,
    journal::{Entry, Head},
};

/// The hashes of a journal that is whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chain {
    hashes: Vec<Digest>,
}

/// A head that was noted elsewhere: the hash of an entry, with its number where that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotedHead {
    /// Its number.
    pub seq: Option<u64>,
    /// Its hash.
    pub hash: Digest,
}

impl Chain {
    /// Checks a file of the lines that `Entry::to_line` prints.
    ///
    /// # Errors
    /// The first place at which it is not whole.
    pub fn of_bytes(file: &[u8]) -> Result<Self, Broken> {
        Self::of_lines(lines(file))
    }

    /// Checks entries as they were stored.
    ///
    /// # Errors
    /// The first place at which they are not whole.
    pub fn of_entries(entries: &[Entry]) -> Result<Self, Broken> {
        Self::of_lines(entries.iter().map(Entry::to_line))
    }

    fn of_lines<L: AsRef<[u8]>>(lines: impl IntoIterator<Item = L>) -> Result<Self, Broken> {
        let (mut head, mut hashes) = (Head::EMPTY, Vec::new());
        for line in lines {
            head = next(line.as_ref(), head)?;
            hashes.push(head.hash);
        }
        Ok(Self { hashes })
    }

    /// Gives its last entry.
    pub fn head(&self) -> Head {
        let hash = self.hashes.last().copied().unwrap_or(Head::EMPTY.hash);
        Head {
            seq: self.hashes.len() as u64,
            hash,
        }
    }

    /// Finds the entry of a head that was noted elsewhere; a journal may have gone on since.
    ///
    /// # Errors
    /// Where the journal ends before it, or has another entry in its place.
    pub fn find(&self, noted: NotedHead) -> Result<u64, Broken> {
        let end = self.hashes.len() as u64 + 1;
        let broken = |line, reason| Broken {
            line,
            seq: line,
            reason,
        };
        let Some(seq) = noted.seq else {
            let place = (1..)
                .zip(&self.hashes)
                .find(|(_, hash)| **hash == noted.hash);
            return place.map(|(seq, _)| seq).ok_or(broken(end, Reason::Lost));
        };
        if seq == 0 && noted.hash == Head::EMPTY.hash {
            return Ok(0);
        }
        let place = usize::try_from(seq).ok().and_then(|seq| seq.checked_sub(1));
        match place.and_then(|place| self.hashes.get(place)) {
            Some(hash) if *hash == noted.hash => Ok(seq),
            Some(_) => Err(broken(seq, Reason::Rewritten)),
            None => Err(broken(end, Reason::Short { head: seq })),
        }
    }
}

impl From<Head> for NotedHead {
    fn from(head: Head) -> Self {
        Self {
            seq: Some(head.seq),
            hash: head.hash,
        }
    }
}

impl FromStr for NotedHead {
    type Err = InvalidName;

    /// Reads `57:sha256:…`, as reports and messages print a head, or the hash alone.
    fn from_str(text: &str) -> Result<Self, InvalidName> {
        let invalid = || InvalidName {
            kind: "head",
            text: text.into(),
            expected: "`NUMBER:sha256:…` as a report prints it, or the hash alone",
        };
        let (seq, hash) = match text.split_once(':') {
            Some((seq, hash)) if seq != "sha256" => {
                (Some(seq.parse().map_err(|_| invalid())?), hash)
            }
            Some(_) | None => (None, text),
        };
        let hash = hash.parse().map_err(|_| invalid())?;
        Ok(Self { seq, hash })
    }
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.seq, self.hash)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn journal(length: u64) -> String {
        let mut previous = Digest::zero();
        let line = |seq: u64| {
            let body = format!("{{\"seq\":{seq},\"at\":\"x\",\"kind\":\"note\"}}");
            previous = previous.chain(&body);
            let open = body.trim_end_matches('}');
            format!("{open},\"hash\":\"{previous}\"}}\n")
        };
        (1..=length).map(line).collect()
    }

    #[test]
    fn a_cut_tail_and_a_rewritten_whole_are_found_against_a_head_that_was_noted() {
        let whole = Chain::of_bytes(journal(9).as_bytes()).unwrap_or_default();
        let printed = whole.head().to_string();
        let noted: NotedHead = printed.parse().unwrap_or(Head::EMPTY.into());
        assert_eq!(whole.find(noted), Ok(9));
        let longer = Chain::of_bytes(journal(12).as_bytes()).unwrap_or_default();
        assert_eq!(longer.find(noted), Ok(9), "it went on since");
        let cut = Chain::of_bytes(journal(7).as_bytes()).unwrap_or_default();
        let short = cut.find(noted).unwrap_err();
        assert_eq!((short.line, short.reason), (8, Reason::Short { head: 9 }));
        let hash_alone = NotedHead { seq: None, ..noted };
        assert_eq!(whole.find(hash_alone), Ok(9));
        let lost = cut.find(hash_alone).unwrap_err();
        assert_eq!((lost.line, lost.reason), (8, Reason::Lost));
        let other = NotedHead {
            seq: Some(3),
            ..noted
        };
        assert_eq!(whole.find(other).unwrap_err().reason, Reason::Rewritten);
    }

    #[test]
    fn a_head_is_read_as_it_is_printed() {
        for wrong in ["", "7", "x:sha256:00", "7:sha256:", "sha256:zz"] {
            assert!(wrong.parse::<NotedHead>().is_err(), "{wrong}");
        }
    }
}

//! Where a line comes from.

use std::fmt;

/// The entries of the journal that a line comes from, as ranges of their numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sources(Vec<(u64, u64)>);

impl Sources {
    /// No entry: it comes from the plan.
    pub fn none() -> Self {
        Self::default()
    }

    /// One entry.
    pub fn one(seq: u64) -> Self {
        Self(vec![(seq, seq)])
    }

    /// Several entries.
    pub fn of(entries: impl IntoIterator<Item = u64>) -> Self {
        let mut entries: Vec<u64> = entries.into_iter().collect();
        entries.sort_unstable();
        entries.dedup();
        let mut ranges: Vec<(u64, u64)> = Vec::new();
        for entry in entries {
            match ranges.last_mut() {
                Some((_, last)) if *last + 1 == entry => *last = entry,
                Some(_) | None => ranges.push((entry, entry)),
            }
        }
        Self(ranges)
    }

    /// Gives the ranges, first and last entry of each.
    pub fn ranges(&self) -> &[(u64, u64)] {
        &self.0
    }

    /// Gives the numbers one by one.
    pub fn entries(&self) -> impl Iterator<Item = u64> {
        self.0.iter().flat_map(|(first, last)| *first..=*last)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Sources {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (first, last)) in self.0.iter().enumerate() {
            let comma = if at == 0 { "" } else { ", " };
            match first == last {
                true => write!(f, "{comma}{first}")?,
                false => write!(f, "{comma}{first}–{last}")?,
            }
        }
        Ok(())
    }
}

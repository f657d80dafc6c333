//! Heads of a run's journal that somebody signed: at its start, at every gate, at its end.

use gantry_model::{digest::Digest, id::RunId, journal::Head, time::Timestamp};
use serde::{Deserialize, Serialize};

use crate::{
    entry::{Person, Signed},
    event::Happened,
};

/// Where a journal stood, as somebody signed it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedHead {
    /// Where the journal stood.
    pub head: Head,
    /// The entry of the preparation's record that says so.
    pub entry: u64,
    /// When it was signed.
    pub at: Timestamp,
    /// Who signed it.
    pub by: Person,
}

/// Lists the signed heads of a run, in the order in which they were signed.
pub fn of(events: &[Signed], run: &RunId) -> Vec<SignedHead> {
    let signed = |signed: &Signed| match &signed.happened {
        Happened::HeadSigned { run: of, head } | Happened::RunEnded { run: of, head, .. }
            if of == run =>
        {
            Some(SignedHead {
                head: *head,
                entry: signed.seq,
                at: signed.at,
                by: signed.by.clone(),
            })
        }
        // Everything else says nothing of a journal.
        _ => None,
    };
    events.iter().filter_map(signed).collect()
}

/// Gives the hash of the release file that a run was started with, where it was recorded.
pub fn file_of(events: &[Signed], run: &RunId) -> Option<Digest> {
    events.iter().find_map(|signed| match &signed.happened {
        Happened::RunStarted { run: of, file, .. } if of == run => *file,
        // Everything else names no file.
        _ => None,
    })
}

/// Lists everybody who signed anything, each key once.
pub fn signers(events: &[Signed]) -> Vec<Person> {
    let mut people: Vec<Person> = events.iter().map(|signed| signed.by.clone()).collect();
    people.sort();
    people.dedup();
    people
}

//! Instants; always UTC, always handed in by a caller.

use chrono::{DateTime, SubsecRound, Utc};

/// An instant on the wall clock, UTC, to the millisecond.
pub type Timestamp = DateTime<Utc>;

/// Cuts an instant to whole milliseconds, the precision of the journal.
pub fn to_millisecond(at: Timestamp) -> Timestamp {
    at.trunc_subsecs(3)
}

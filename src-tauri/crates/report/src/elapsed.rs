//! Time that never runs backwards, from a wall clock that may.

use gantry_model::event::RunEvent;

/// How long after the first event each further one happened.
///
/// A wall clock that was set back between two events makes them simultaneous here; the instants
/// themselves are shown as they were recorded.
#[derive(Clone, Debug, Default)]
pub(crate) struct Elapsed(Vec<(u64, u64)>);

impl Elapsed {
    /// Adds up the steps of the clock that go forward.
    pub(crate) fn of(events: &[RunEvent]) -> Self {
        let mut total = 0_u64;
        let mut last: Option<gantry_model::time::Timestamp> = None;
        let mut all = Vec::with_capacity(events.len());
        for event in events {
            let step: i64 = last.map_or(0, |last| (event.at - last).num_milliseconds().max(0));
            total = total.saturating_add(step.unsigned_abs());
            last = Some(event.at);
            all.push((event.seq, total));
        }
        Self(all)
    }

    /// Gives the milliseconds from the first event to this one.
    pub(crate) fn at(&self, seq: u64) -> u64 {
        match self.0.binary_search_by_key(&seq, |(seq, _)| *seq) {
            Ok(place) => self.0.get(place).map_or(0, |(_, elapsed)| *elapsed),
            Err(_) => 0,
        }
    }

    /// Gives the milliseconds from the first event to the last.
    pub(crate) fn total(&self) -> u64 {
        self.0.last().map_or(0, |(_, elapsed)| *elapsed)
    }
}

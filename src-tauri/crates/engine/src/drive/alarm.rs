//! Timers on the time awake, and the difference between it and the wall clock.

use std::collections::{BTreeSet, HashMap};

use gantry_model::{plan::StepIndex, run::Slot, time::Timestamp, unit::Span};
use gantry_port::clock::Clock;

/// What a timer is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Alarm {
    /// A journaled instant: a deadline, a pause, a schedule.
    Instant(Slot),
    /// The next look of an observation or a watch.
    Look(Slot),
    /// The end of the next bucket of a judged bake.
    Bucket(StepIndex),
    /// The next look at the triggers.
    Triggers,
}

/// All timers, each at most once.
#[derive(Debug, Default)]
pub(super) struct Alarms {
    in_order: BTreeSet<(Span, Alarm)>,
    when: HashMap<Alarm, Span>,
}

impl Alarms {
    /// Sets a timer to a time awake, in the place of what it was set to.
    pub(super) fn set(&mut self, alarm: Alarm, at: Span) {
        self.clear(alarm);
        self.when.insert(alarm, at);
        self.in_order.insert((at, alarm));
    }

    pub(super) fn clear(&mut self, alarm: Alarm) {
        if let Some(at) = self.when.remove(&alarm) {
            self.in_order.remove(&(at, alarm));
        }
    }

    pub(super) fn is_set(&self, alarm: Alarm) -> bool {
        self.when.contains_key(&alarm)
    }

    /// Gives the time awake at which the next timer rings.
    pub(super) fn next(&self) -> Option<Span> {
        self.in_order.first().map(|(at, _)| *at)
    }

    /// Takes the timers that ring now.
    pub(super) fn ring(&mut self, elapsed: Span) -> Vec<Alarm> {
        let mut ringing = Vec::new();
        while let Some((at, alarm)) = self.in_order.first().copied() {
            if at > elapsed {
                break;
            }
            self.clear(alarm);
            ringing.push(alarm);
        }
        ringing
    }
}

/// A drift above so many milliseconds is a jump, and journaled.
pub(super) const JUMP: i64 = 60_000;

/// The wall clock and the time awake at one moment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ticker {
    wall: Timestamp,
    awake: Span,
}

impl Ticker {
    pub(super) fn start(clock: &dyn Clock) -> Self {
        Self {
            wall: clock.now(),
            awake: clock.elapsed(),
        }
    }

    /// Gives by how much the wall clock jumped since the last time, if it did.
    ///
    /// Between two of these calls time is counted from the time awake alone, so that a jump in the
    /// middle of a turn cannot tear the turn apart.
    pub(super) fn jump(&mut self, clock: &dyn Clock) -> Option<i64> {
        let read = Self::start(clock);
        let drift = (read.wall - self.now(read.awake)).num_milliseconds();
        *self = read;
        (drift.abs() > JUMP).then_some(drift)
    }

    /// Gives the instant that belongs to a time awake.
    pub(super) fn now(&self, awake: Span) -> Timestamp {
        let passed = awake.as_millis().saturating_sub(self.awake.as_millis());
        let passed = Span::from_millis(passed).as_delta();
        self.wall.checked_add_signed(passed).unwrap_or(self.wall)
    }

    /// Gives the time awake at which an instant is reached, if nothing jumps.
    pub(super) fn awake_at(&self, at: Timestamp) -> Span {
        let ahead = (at - self.wall).num_milliseconds().max(0);
        self.awake + Span::from_millis(u64::try_from(ahead).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timers_ring_once_in_order_and_can_be_set_anew() {
        let look = |at| Alarm::Look(Slot::Step(StepIndex(at)));
        let mut alarms = Alarms::default();
        alarms.set(look(1), Span::from_secs(2));
        alarms.set(look(2), Span::from_secs(1));
        alarms.set(look(1), Span::from_secs(3));
        assert_eq!(alarms.next(), Some(Span::from_secs(1)));
        assert_eq!(alarms.ring(Span::from_secs(2)), vec![look(2)]);
        assert_eq!(alarms.ring(Span::from_secs(3)), vec![look(1)]);
        assert_eq!(alarms.next(), None);
    }
}

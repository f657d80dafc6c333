//! Time that passes only while everybody waits.

use std::{
    collections::BTreeMap,
    future::Future,
    pin::Pin,
    sync::{Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
};

use async_trait::async_trait;
use chrono::TimeDelta;
use gantry_model::{time::Timestamp, unit::Span};
use gantry_port::clock::Clock;

/// A clock that jumps to the earliest waiter as soon as nobody has anything else to do.
///
/// Flow: the waiter with the earliest instant lets everybody else be polled again and again; when
/// nothing has stirred for some rounds, it moves the time to its own instant and goes on.
///
/// Guarantees: waiters complete in the order of their instants, those of one instant in the order
/// in which they began to wait, so that a single-threaded program runs the same way every time.
///
/// Caveats: it sees what waits on it, not what waits on another thread. Whoever shares it with
/// such a thread keeps correct order, and loses that the same seed gives the same times.
/// Where one executor polls everything and knows when nobody has anything to do, the rounds can be
/// saved: after [`VirtualClock::leave_to_executor`] the time moves by [`VirtualClock::advance`] alone;
/// [`crate::play::play`] does so.
///
/// A wait that was begun must be polled on or dropped: one that is kept and never polled again
/// holds the time up for everybody, because nobody can tell it from one that is still busy.
#[derive(Debug)]
pub struct VirtualClock {
    start: Timestamp,
    hands: Mutex<Hands>,
}

#[derive(Debug, Default)]
struct Hands {
    elapsed: u64,
    jumped: TimeDelta,
    serial: u64,
    stirs: u64,
    waiters: BTreeMap<Ticket, Waker>,
    /// Up to whom waiters may go on, where an executor moves the time.
    granted: Option<Ticket>,
}

/// The instant that is waited for and the order of arrival.
type Ticket = (u64, u64);

/// How many rounds nothing may stir before time moves: more than the longest chain of tasks that
/// wake each other between two waits.
const QUIET_ROUNDS: u32 = 24;

impl VirtualClock {
    /// Builds a clock that shows `start`.
    pub fn new(start: Timestamp) -> Self {
        Self {
            start,
            hands: Mutex::default(),
        }
    }

    /// Moves the wall clock, forward or back, without any time passing: what an administrator or
    /// a time server does to a machine.
    pub fn jump(&self, delta: TimeDelta) {
        let mut hands = self.hands();
        hands.jumped = hands.jumped.checked_add(&delta).unwrap_or(delta);
    }

    /// Lets time pass without anybody running: what a laptop's sleep does.
    pub fn pass(&self, span: Span) {
        let mut hands = self.hands();
        hands.elapsed = hands.elapsed.saturating_add(span.as_millis());
        hands.stir();
    }

    /// Leaves it to whoever polls everything to move the time, and stops looking for quiet.
    pub fn leave_to_executor(&self) {
        self.hands().granted = Some((0, 0));
    }

    /// Moves the time to the earliest waiter and lets it, and nobody else, go on; tells whether
    /// anybody could. Only whoever knows that nobody has anything else to do may call it.
    pub fn advance(&self) -> bool {
        let mut hands = self.hands();
        let Some((ticket, waker)) = hands.waiters.first_key_value() else {
            return false;
        };
        let (ticket, waker) = (*ticket, waker.clone());
        // Whoever may go on and does not is no longer polled by anybody.
        if hands.granted == Some(ticket) {
            return false;
        }
        hands.elapsed = hands.elapsed.max(ticket.0);
        hands.granted = Some(ticket);
        waker.wake();
        true
    }

    fn hands(&self) -> MutexGuard<'_, Hands> {
        self.hands.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Clock for VirtualClock {
    fn now(&self) -> Timestamp {
        let hands = self.hands();
        self.start + Span::from_millis(hands.elapsed).as_delta() + hands.jumped
    }

    fn elapsed(&self) -> Span {
        Span::from_millis(self.hands().elapsed)
    }

    async fn wait(&self, span: Span) {
        let ticket = self.hands().ticket(span);
        Wait {
            clock: self,
            ticket,
            span,
            stirs: None,
            quiet: 0,
        }
        .await;
    }
}

impl Hands {
    fn ticket(&mut self, span: Span) -> Ticket {
        self.serial += 1;
        (self.elapsed.saturating_add(span.as_millis()), self.serial)
    }

    /// Says that something happened, and lets the earliest waiter look again.
    fn stir(&mut self) {
        self.stirs += 1;
        if let Some((_, waker)) = self.waiters.first_key_value() {
            waker.wake_by_ref();
        }
    }

    fn is_earliest(&self, ticket: Ticket) -> bool {
        self.waiters.first_key_value().map(|(first, _)| *first) == Some(ticket)
    }
}

struct Wait<'a> {
    clock: &'a VirtualClock,
    ticket: Ticket,
    span: Span,
    stirs: Option<u64>,
    quiet: u32,
}

impl Wait<'_> {
    /// Counts this round and says whether it has been quiet for long enough.
    fn all_quiet(&mut self, stirs: u64) -> bool {
        if self.stirs == Some(stirs) {
            self.quiet += 1;
        } else {
            self.stirs = Some(stirs);
            self.quiet = 0;
        }
        self.quiet >= QUIET_ROUNDS
    }
}

impl Future for Wait<'_> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut hands = self.clock.hands();
        let may_go_on = match hands.granted {
            Some(granted) => self.ticket <= granted || self.span == Span::ZERO,
            None => hands.elapsed >= self.ticket.0,
        };
        if may_go_on {
            return Poll::Ready(());
        }
        if hands
            .waiters
            .insert(self.ticket, context.waker().clone())
            .is_none()
        {
            hands.stirs += 1;
        }
        if hands.granted.is_some() || !hands.is_earliest(self.ticket) {
            return Poll::Pending;
        }
        if !self.all_quiet(hands.stirs) {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        hands.elapsed = self.ticket.0;
        Poll::Ready(())
    }
}

impl Drop for Wait<'_> {
    fn drop(&mut self) {
        let mut hands = self.clock.hands();
        hands.waiters.remove(&self.ticket);
        hands.stir();
    }
}

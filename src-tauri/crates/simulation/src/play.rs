//! Playing a whole future in virtual time, quicker than any runtime can.

use std::{
    future::{Future, poll_fn},
    pin::pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
};

use crate::clock::VirtualClock;

/// After so many rounds others on the thread get their turn: a runtime measures out how much one
/// task may do, and lets nothing of its own become ready beyond that.
const ROUNDS: u32 = 64;

/// Plays a future in which everything waits on this clock, or on what comes from outside of it.
///
/// Time moves as soon as nobody in the future has anything else to do, which this knows at once; a
/// clock on its own has to look around for some rounds at each step ([`VirtualClock`]).
/// From here on the time moves in this way alone.
pub async fn play<F: Future>(clock: &VirtualClock, future: F) -> F::Output {
    clock.leave_to_executor();
    let bell = Arc::new(Bell {
        rung: AtomicBool::new(true),
        asleep: Mutex::new(None),
    });
    let waker = Waker::from(Arc::clone(&bell));
    let mut future = pin!(future);
    poll_fn(|outside| {
        for _ in 0..ROUNDS {
            if bell.rung.swap(false, Ordering::AcqRel) {
                let polled = future.as_mut().poll(&mut Context::from_waker(&waker));
                if let Poll::Ready(answer) = polled {
                    return Poll::Ready(answer);
                }
            } else if !clock.advance() && bell.sleep(outside.waker()) {
                return Poll::Pending;
            }
        }
        outside.waker().wake_by_ref();
        Poll::Pending
    })
    .await
}

/// Remembers that somebody woke the future, and wakes who plays it where that one sleeps.
struct Bell {
    rung: AtomicBool,
    asleep: Mutex<Option<Waker>>,
}

impl Bell {
    /// Goes to sleep until the bell rings; tells whether it has not rung meanwhile.
    fn sleep(&self, waker: &Waker) -> bool {
        *self.asleep.lock().unwrap_or_else(PoisonError::into_inner) = Some(waker.clone());
        !self.rung.load(Ordering::Acquire)
    }
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.rung.store(true, Ordering::Release);
        let asleep = self.asleep.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(waker) = &*asleep {
            waker.wake_by_ref();
        }
    }
}

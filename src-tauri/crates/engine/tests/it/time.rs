//! Virtual time.

use std::{
    collections::BTreeMap,
    future::Future,
    pin::pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
};

use async_trait::async_trait;
use chrono::{TimeZone, Utc};
use gantry_model::{time::Timestamp, unit::Span};
use gantry_port::clock::Clock;

/// Time that stands still until everybody waits.
#[derive(Default)]
pub(crate) struct VirtualClock {
    state: Mutex<Time>,
}

#[derive(Default)]
struct Time {
    elapsed: u64,
    /// How far the wall clock is off.
    offset: i64,
    waits: BTreeMap<(u64, u64), Waker>,
    next: u64,
}

impl VirtualClock {
    /// Sets the wall clock on or back while the machine is awake, or lets the machine sleep.
    pub(crate) fn jump(&self, by: i64) {
        self.state.lock().unwrap().offset += by;
    }

    fn advance(&self) -> bool {
        let mut time = self.state.lock().unwrap();
        let Some(((at, number), _)) = time.waits.iter().next() else {
            return false;
        };
        let key = (*at, *number);
        time.elapsed = time.elapsed.max(key.0);
        let waker = time.waits.remove(&key).unwrap();
        drop(time);
        waker.wake();
        true
    }
}

#[async_trait]
impl Clock for VirtualClock {
    fn now(&self) -> Timestamp {
        let time = self.state.lock().unwrap();
        let start = Utc.with_ymd_and_hms(2026, 12, 1, 19, 0, 0).unwrap();
        start + chrono::TimeDelta::milliseconds(time.elapsed as i64 + time.offset)
    }

    fn elapsed(&self) -> Span {
        Span::from_millis(self.state.lock().unwrap().elapsed)
    }

    async fn wait(&self, span: Span) {
        let (until, number) = {
            let mut time = self.state.lock().unwrap();
            time.next += 1;
            (time.elapsed + span.as_millis(), time.next)
        };
        std::future::poll_fn(|context| {
            let mut time = self.state.lock().unwrap();
            if time.elapsed >= until {
                time.waits.remove(&(until, number));
                return Poll::Ready(());
            }
            time.waits.insert((until, number), context.waker().clone());
            Poll::Pending
        })
        .await;
    }
}

struct Flag(AtomicBool);

impl Wake for Flag {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// Runs a future in virtual time; `None` if the machine crashed under it.
pub(crate) fn in_virtual_time<F: Future>(
    clock: &VirtualClock,
    crashed: &AtomicBool,
    future: F,
) -> Option<F::Output> {
    let flag = Arc::new(Flag(AtomicBool::new(true)));
    let waker = Waker::from(Arc::clone(&flag));
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return Some(output);
        }
        if crashed.swap(false, Ordering::SeqCst) {
            clock.state.lock().unwrap().waits.clear();
            return None;
        }
        if !flag.0.swap(false, Ordering::SeqCst) {
            assert!(clock.advance(), "everybody waits for ever");
        }
    }
}

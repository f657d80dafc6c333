use std::{cell::RefCell, future::Future, sync::Arc};

use chrono::{DateTime, TimeDelta};
use futures_util::{
    future::{Either, join_all, select},
    stream::{FuturesUnordered, StreamExt},
};
use gantry_model::unit::Span;
use gantry_port::clock::Clock;
use gantry_simulation::clock::VirtualClock;

use crate::conformance::run;

fn clock() -> Arc<VirtualClock> {
    Arc::new(VirtualClock::new(DateTime::UNIX_EPOCH))
}

#[test]
fn a_year_passes_at_once() {
    let clock = clock();
    run(clock.wait(Span::from_secs(365 * 24 * 3600)));
    assert_eq!(clock.elapsed(), Span::from_secs(365 * 24 * 3600));
}

#[test]
fn waiters_go_on_in_the_order_of_their_instants() {
    let clock = clock();
    let order = RefCell::new(Vec::new());
    let wait = |millis: u64, name: &'static str| {
        let (clock, order) = (clock.clone(), &order);
        async move {
            clock.wait(Span::from_millis(millis)).await;
            order.borrow_mut().push((clock.elapsed().as_millis(), name));
        }
    };
    run(join_all([
        wait(30, "c"),
        wait(10, "a"),
        wait(20, "b"),
        wait(20, "b2"),
        wait(0, "now"),
    ]));
    let expected = [(0, "now"), (10, "a"), (20, "b"), (20, "b2"), (30, "c")];
    assert_eq!(order.into_inner(), expected);
}

#[test]
fn an_executor_that_knows_when_all_is_quiet_moves_the_time_itself() {
    let clock = clock();
    clock.leave_to_executor();
    let order = RefCell::new(Vec::new());
    let wait = |millis: u64, name: &'static str| {
        let (clock, order) = (clock.clone(), &order);
        async move {
            clock.wait(Span::from_millis(millis)).await;
            order.borrow_mut().push((clock.elapsed().as_millis(), name));
        }
    };
    let mut all = Box::pin(join_all([
        wait(20, "b"),
        wait(10, "a"),
        wait(20, "b2"),
        wait(0, "now"),
    ]));
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    while all.as_mut().poll(&mut context).is_pending() {
        assert!(clock.advance());
    }
    drop(all);
    assert!(!clock.advance(), "nobody waits any more");
    let expected = [(0, "now"), (10, "a"), (20, "b"), (20, "b2")];
    assert_eq!(order.into_inner(), expected);
}

#[test]
fn whoever_still_works_is_not_overtaken() {
    let clock = clock();
    run(async {
        let (sender, mut receiver) = tokio::sync::mpsc::channel::<u32>(1);
        let work = async {
            for round in 0..10 {
                sender.send(round).await.unwrap();
                tokio::task::yield_now().await;
            }
            drop(sender);
        };
        let read = async { while receiver.recv().await.is_some() {} };
        let worked = async {
            futures_util::join!(work, read);
            clock.elapsed()
        };
        let (at, ()) = futures_util::join!(worked, clock.wait(Span::from_secs(1)));
        assert_eq!(at, Span::ZERO);
    });
}

#[test]
fn a_wait_that_is_given_up_holds_nobody_up() {
    let clock = clock();
    run(async {
        let long = clock.wait(Span::from_secs(1000));
        let short = clock.wait(Span::from_secs(1));
        assert!(matches!(select(long, short).await, Either::Right(_)));
        clock.wait(Span::from_secs(1)).await;
        assert_eq!(clock.elapsed(), Span::from_secs(2));
    });
}

#[test]
fn a_thousand_waiters_of_one_driver_all_go_on() {
    let clock = clock();
    let waits: FuturesUnordered<_> = (0..1000)
        .map(|n| clock.wait(Span::from_millis(n % 7)))
        .collect();
    run(waits.for_each(|()| async {}));
    assert_eq!(clock.elapsed(), Span::from_millis(6));
}

#[test]
fn a_jump_moves_the_wall_and_not_the_time_awake() {
    let clock = clock();
    clock.jump(TimeDelta::hours(-1));
    assert_eq!(clock.elapsed(), Span::ZERO);
    assert_eq!(clock.now(), DateTime::UNIX_EPOCH - TimeDelta::hours(1));
}

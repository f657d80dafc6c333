//! How projects are played.

use gantry_forecast::{
    law::Law,
    play::{Played, play},
    project::{Project, Seat, State, Work},
};
use gantry_model::plan::NodeIndex;

fn fixed(node: u32, seconds: f64, needs: &[u32]) -> Work {
    Work {
        node: Some(NodeIndex(node)),
        needs: needs.to_vec(),
        fixed: seconds,
        law: None,
        seat: Seat::Takes,
        state: State::Ahead,
    }
}

fn drawn(node: u32, needs: &[u32]) -> Work {
    Work {
        law: Some(0),
        ..fixed(node, 0.0, needs)
    }
}

fn played(works: Vec<Work>, seats: u32) -> Played {
    let project = Project {
        works,
        laws: vec![Law::assumed(60_f64.ln(), 0.16)],
        seats,
        shared: (0.0, 0.0),
    };
    play(&project, [3; 32])
}

#[test]
fn what_is_declared_takes_what_was_declared() {
    let works = vec![
        fixed(0, 60.0, &[]),
        fixed(1, 300.0, &[0]),
        fixed(2, 10.0, &[0]),
    ];
    let played = played(works, 8);
    assert_eq!(
        [played.quantile(0.0), played.quantile(0.99)],
        [360.0, 360.0]
    );
    assert_eq!(played.critical, [1.0, 1.0, 0.0]);
}

#[test]
fn more_than_the_seats_wait_for_each_other() {
    let works: Vec<Work> = (0..6).map(|node| fixed(node, 10.0, &[])).collect();
    assert_eq!(played(works.clone(), 6).quantile(0.5), 10.0);
    assert_eq!(played(works.clone(), 2).quantile(0.5), 30.0);
    let watching = works.into_iter().map(|work| Work {
        seat: Seat::Free,
        ..work
    });
    assert_eq!(played(watching.collect(), 2).quantile(0.5), 10.0);
}

#[test]
fn the_later_of_two_branches_is_later_than_each() {
    let one = played(vec![drawn(0, &[])], 8);
    let both = played(vec![drawn(0, &[]), drawn(1, &[])], 8);
    assert!(both.quantile(0.5) > 1.15 * one.quantile(0.5));
    let shares: f64 = both.critical.iter().sum();
    assert!((0.99..=1.01).contains(&shares), "{:?}", both.critical);
}

#[test]
fn the_same_seed_tells_the_same() {
    let works = || vec![drawn(0, &[]), drawn(1, &[0])];
    assert_eq!(played(works(), 8), played(works(), 8));
}

#[test]
fn what_has_taken_long_takes_longer_than_that() {
    let begun = |elapsed| Work {
        state: State::Begun(elapsed),
        ..drawn(0, &[])
    };
    let over = Work {
        state: State::Over,
        ..drawn(0, &[])
    };
    let after = |work| played(vec![work, fixed(1, 5.0, &[0])], 8);
    assert_eq!(after(over).quantile(0.9), 5.0);
    let [early, late, very_late] = [10.0, 100.0, 10_000.0].map(|elapsed| after(begun(elapsed)));
    assert!(early.quantile(0.5) > 30.0 && early.quantile(0.5) < 60.0);
    assert!(late.quantile(0.0) > 5.0 && late.quantile(0.5) < 60.0);
    assert!(very_late.quantile(0.9) > 5.0);
    let rest = played(
        vec![Work {
            state: State::Begun(50.0),
            ..fixed(0, 60.0, &[])
        }],
        8,
    );
    assert_eq!(rest.quantile(0.5), 10.0);
}

#[test]
fn what_has_begun_waits_for_nothing_and_is_not_begun_again() {
    let begun = |work: Work| Work {
        state: State::Begun(2.0),
        ..work
    };
    let over = |work: Work| Work {
        state: State::Over,
        ..work
    };
    // The first is a point without a time that nobody marks as over, as in front of all changes.
    let works = vec![
        fixed(0, 0.0, &[]),
        over(fixed(1, 50.0, &[0])),
        begun(fixed(2, 10.0, &[0, 1])),
        fixed(3, 5.0, &[2]),
    ];
    assert_eq!(played(works, 1).quantile(0.5), 13.0);
}

#[test]
fn the_chance_to_be_over_by_some_time_is_the_share_of_draws() {
    let played = played(vec![drawn(0, &[])], 1);
    let chance = played.by(60.0);
    assert!((0.45..0.55).contains(&chance), "{chance}");
    assert_eq!([played.by(0.0), played.by(1e9)], [0.0, 1.0]);
}

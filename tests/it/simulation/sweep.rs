//! A crash before and after every durable write of the reference releases.
//!
//! Every effect lies between two writes, its intent and its answer: a crash before the answer is
//! written is a crash after the effect.

use gantry_simulation::journal::Break;

use super::{
    references::{REFERENCES, Reference, small},
    rig::run,
};

#[test]
fn every_reference_release_ends_as_it_should() {
    for reference in &REFERENCES {
        let rig = reference.rig();
        run(async {
            let ended = rig.go(&[]).await.ok();
            reference.ends_well(&rig, ended, "without a crash").await;
        });
    }
}

#[test]
fn a_crash_at_any_write_loses_nothing_and_repeats_nothing() {
    for reference in &REFERENCES {
        let whole = reference.rig();
        drop(run(whole.go(&[])));
        for write in 2..=whole.journal.commits() {
            for point in [Break::CrashBefore { write }, Break::CrashAfter { write }] {
                let rig = reference.rig();
                rig.journal.break_at(point);
                run(async {
                    let first = rig.go(&[]).await;
                    let ended = match rig.journal.has_crashed() {
                        false => first,
                        true => {
                            rig.journal.restart();
                            rig.go_on().await
                        }
                    };
                    let when = format!("{point:?}");
                    reference.ends_well(&rig, ended.ok(), &when).await;
                });
            }
        }
    }
}

/// The recovery may write so many times more than what was left without a crash.
const RECOVERY: u64 = 3;

fn both(write: u64) -> [Break; 2] {
    [Break::CrashBefore { write }, Break::CrashAfter { write }]
}

#[test]
fn a_crash_during_the_recovery_of_a_crash_loses_nothing_either() {
    for reference in small() {
        let whole = reference.rig();
        drop(run(whole.go(&[])));
        let writes = whole.journal.commits();
        for first in (2..=writes).flat_map(both) {
            let (Break::Refuse { write }
            | Break::CrashBefore { write }
            | Break::CrashAfter { write }) = first;
            for second in (write + 1..=writes + RECOVERY).flat_map(both) {
                crash_twice(reference, first, second);
            }
        }
    }
}

fn crash_twice(reference: &Reference, first: Break, second: Break) {
    let rig = reference.rig();
    run(async {
        rig.journal.break_at(first);
        let mut ended = rig.go(&[]).await;
        for next in [Some(second), None] {
            if !rig.journal.has_crashed() {
                break;
            }
            rig.journal.restart();
            if let Some(point) = next {
                rig.journal.break_at(point);
            }
            ended = rig.go_on().await;
        }
        let when = format!("{first:?} and {second:?}");
        reference.ends_well(&rig, ended.ok(), &when).await;
    });
}

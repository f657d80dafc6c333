use chrono::DateTime;
use gantry_model::{
    digest::Digest,
    id::RunId,
    journal::{Head, NewEntry, RunSummary},
};
use gantry_port::journal::{Batch, Journal, Lease, NewRun, StoreError};
use gantry_simulation::journal::{Break, MemoryJournal};

use crate::conformance::run;

fn batch(run: &RunId, after: Head) -> Batch {
    let seq = after.seq + 1;
    Batch {
        after,
        entries: vec![NewEntry {
            seq,
            at: DateTime::UNIX_EPOCH,
            kind: "note".into(),
            body: format!("{{\"seq\":{seq}}}"),
        }],
        summary: RunSummary {
            run: run.clone(),
            title: None,
            environment: "test".parse().unwrap(),
            state: "running".into(),
            ended: false,
            plan: Digest::zero(),
            steps_done: 0,
            steps_total: 1,
            started_at: DateTime::UNIX_EPOCH,
            changed_at: DateTime::UNIX_EPOCH,
        },
        answered: Vec::new(),
        messages: Vec::new(),
        snapshots: Vec::new(),
    }
}

fn created(journal: &MemoryJournal) -> (Box<dyn Lease>, Head) {
    let new = NewRun {
        release: "r".parse().unwrap(),
        claims: vec!["test/web".into()],
        plan: "{}".into(),
    };
    run(journal.create(new, Box::new(|run| batch(run, Head::EMPTY)))).unwrap()
}

#[test]
fn a_batch_with_a_stale_head_or_an_old_epoch_changes_nothing() {
    let journal = MemoryJournal::new();
    let (lease, head) = created(&journal);
    let stale = run(journal.append(&*lease, batch(lease.run(), Head::EMPTY)));
    assert!(matches!(
        stale,
        Err(StoreError::Stale {
            expected: 0,
            actual: 1,
            ..
        })
    ));
    journal.take_over(lease.run());
    let fenced = run(journal.append(&*lease, batch(lease.run(), head)));
    assert!(matches!(fenced, Err(StoreError::Fenced { epoch: 2, .. })));
    assert_eq!(journal.commits(), 1);
}

#[test]
fn a_run_has_one_driver_until_its_lease_is_dropped() {
    let journal = MemoryJournal::new();
    let (lease, _) = created(&journal);
    let id = lease.run().clone();
    assert!(matches!(
        run(journal.lease(&id)),
        Err(StoreError::Driven { .. })
    ));
    drop(lease);
    assert_eq!(run(journal.lease(&id)).unwrap().epoch(), 2);
}

#[test]
fn a_crash_before_a_write_loses_it_and_one_after_keeps_it() {
    for (point, kept) in [
        (Break::CrashBefore { write: 2 }, 1),
        (Break::CrashAfter { write: 2 }, 2),
    ] {
        let journal = MemoryJournal::new();
        let (lease, head) = created(&journal);
        journal.break_at(point);
        assert!(run(journal.append(&*lease, batch(lease.run(), head))).is_err());
        assert!(journal.has_crashed() && run(journal.list()).is_err());
        journal.restart();
        assert_eq!(
            run(journal.read(lease.run(), 0)).unwrap().len(),
            kept,
            "{point:?}"
        );
        assert!(
            run(journal.lease(lease.run())).is_ok(),
            "a dead driver's run can be taken at once"
        );
    }
}

#[test]
fn claims_are_held_until_the_run_has_ended() {
    let journal = MemoryJournal::new();
    let (lease, head) = created(&journal);
    let other = |release: &str| NewRun {
        release: release.parse().unwrap(),
        claims: vec!["test/web".into()],
        plan: "{}".into(),
    };
    let create = |new| run(journal.create(new, Box::new(|run| batch(run, Head::EMPTY))));
    assert!(matches!(
        create(other("other")),
        Err(StoreError::Claimed { .. })
    ));
    assert!(matches!(
        create(other("r")),
        Err(StoreError::Unfinished { .. })
    ));
    let mut last = batch(lease.run(), head);
    last.summary.ended = true;
    run(journal.append(&*lease, last)).unwrap();
    assert_eq!(create(other("r")).unwrap().0.run().number(), 2);
}

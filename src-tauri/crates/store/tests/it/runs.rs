//! Runs, claims, the inbox and the outbox.

use gantry_model::journal::{Entry, Head};
use gantry_port::{
    journal::{Journal, StoreError},
    outbox::{Outbox, Settlement, Which},
};

use crate::sample::{Home, at, batch, entry, finish, message, new_run, start};

#[tokio::test]
async fn what_is_appended_is_read_back_linked() {
    let home = Home::new();
    let workspace = home.open();
    let (lease, head) = start(&workspace, new_run("shop", &[]), 2).await.unwrap();
    let next = batch(lease.run(), head, 3, "running");
    let head = workspace.append(&*lease, next).await.unwrap();
    let entries = workspace.read(lease.run(), 0).await.unwrap();
    let mut previous = Head::EMPTY.hash;
    for (seq, read) in (1..).zip(&entries) {
        assert_eq!(*read, Entry::link(previous, entry(seq)));
        previous = read.hash;
    }
    assert_eq!((entries.len(), previous), (5, head.hash));
    assert_eq!(workspace.read(lease.run(), 3).await.unwrap(), entries[3..]);
    assert_eq!(workspace.read(lease.run(), 5).await.unwrap(), []);
    assert_eq!(workspace.head(lease.run()).await.unwrap(), head);
    assert_eq!(workspace.verify(lease.run()).await.unwrap(), Ok(head));
    let plan = workspace.plan(lease.run()).await.unwrap();
    assert_eq!(plan, "{\"release\":\"shop\"}");
}

#[tokio::test]
async fn a_release_runs_again_only_when_its_last_run_has_ended() {
    let home = Home::new();
    let workspace = home.open();
    let first = finish(&workspace, new_run("shop", &[])).await.unwrap();
    let (second, head) = start(&workspace, new_run("shop", &[]), 1).await.unwrap();
    assert_eq!(
        (first.to_string(), second.run().to_string()),
        ("shop".into(), "shop#2".into())
    );
    let refused = start(&workspace, new_run("shop", &[]), 1)
        .await
        .err()
        .unwrap();
    let run = second.run().clone();
    assert_eq!(refused, StoreError::Unfinished { run: run.clone() });
    let release = "shop".parse().unwrap();
    assert_eq!(workspace.latest(&release).await.unwrap(), run);
    let end = batch(&run, head, 1, "succeeded");
    workspace.append(&*second, end).await.unwrap();
    let third = finish(&workspace, new_run("shop", &[])).await.unwrap();
    assert_eq!(third.to_string(), "shop#3");
}

#[tokio::test]
async fn a_claim_is_held_until_its_run_has_ended_and_again_while_it_is_rolled_back() {
    let home = Home::new();
    let workspace = home.open();
    let claims = ["production/orders", "router edge/orders"];
    let (lease, head) = start(&workspace, new_run("shop", &claims), 1)
        .await
        .unwrap();
    let refused = finish(&workspace, new_run("other", &claims[1..]))
        .await
        .unwrap_err();
    let claimed = |holder: &str| StoreError::Claimed {
        claim: "router edge/orders".into(),
        holder: holder.parse().unwrap(),
    };
    assert_eq!(refused, claimed("shop"));
    let end = batch(lease.run(), head, 1, "succeeded");
    let head = workspace.append(&*lease, end).await.unwrap();
    let (other, at_other) = start(&workspace, new_run("other", &claims[1..]), 1)
        .await
        .unwrap();
    let back = batch(lease.run(), head, 1, "rolling-back");
    let refused = workspace.append(&*lease, back.clone()).await.unwrap_err();
    assert_eq!(refused, claimed("other"));
    assert_eq!(workspace.head(lease.run()).await.unwrap(), head);
    let end = batch(other.run(), at_other, 1, "succeeded");
    workspace.append(&*other, end).await.unwrap();
    workspace.append(&*lease, back).await.unwrap();
    let refused = finish(&workspace, new_run("third", &claims[1..]))
        .await
        .unwrap_err();
    assert_eq!(refused, claimed("shop"));
}

#[tokio::test]
async fn a_stale_or_gapped_append_changes_nothing() {
    let home = Home::new();
    let workspace = home.open();
    let (lease, head) = start(&workspace, new_run("shop", &[]), 2).await.unwrap();
    let run = lease.run().clone();
    let stale = |expected, actual| StoreError::Stale {
        run: run.clone(),
        expected,
        actual,
    };
    let behind = batch(&run, Head { seq: 1, ..head }, 1, "running");
    assert_eq!(workspace.append(&*lease, behind).await, Err(stale(1, 2)));
    let mut gapped = batch(&run, head, 3, "running");
    gapped.entries.remove(1);
    assert_eq!(workspace.append(&*lease, gapped).await, Err(stale(4, 3)));
    let other = Head {
        hash: Head::EMPTY.hash,
        ..head
    };
    let forked = batch(&run, other, 1, "running");
    assert!(matches!(
        workspace.append(&*lease, forked).await,
        Err(StoreError::Storage(_))
    ));
    let mut two_lines = batch(&run, head, 1, "running");
    two_lines.entries[0].body = two_lines.entries[0].body.replace(',', ",\n");
    assert!(matches!(
        workspace.append(&*lease, two_lines).await,
        Err(StoreError::Storage(_))
    ));
    assert_eq!(workspace.verify(&run).await.unwrap(), Ok(head));
}

#[tokio::test]
async fn a_list_shows_each_run_as_its_last_batch_said() {
    let home = Home::new();
    let workspace = home.open();
    let (lease, head) = start(&workspace, new_run("shop", &[]), 1).await.unwrap();
    let old = finish(&workspace, new_run("old", &[])).await.unwrap();
    let next = batch(lease.run(), head, 4, "held");
    workspace.append(&*lease, next.clone()).await.unwrap();
    let last = batch(&old, Head::EMPTY, 2, "succeeded");
    drop(lease);
    drop(workspace);
    let workspace = home.open();
    let listed = workspace.list().await.unwrap();
    assert_eq!(listed, [next.summary.clone(), last.summary]);
    assert_eq!(
        workspace.summary(&next.summary.run).await.unwrap(),
        next.summary
    );
    let nobody = "nobody".parse().unwrap();
    let missing = workspace.summary(&nobody).await;
    assert_eq!(missing, Err(StoreError::NoSuchRun("nobody".into())));
}

#[tokio::test]
async fn a_letter_waits_until_one_batch_has_answered_it() {
    let home = Home::new();
    let (workspace, elsewhere) = (home.open(), home.open());
    let (lease, head) = start(&workspace, new_run("shop", &[]), 1).await.unwrap();
    let run = lease.run();
    let hold = elsewhere.post(run, at(5), "\"hold\"".into()).await.unwrap();
    let abort = elsewhere
        .post(run, at(6), "\"abort\"".into())
        .await
        .unwrap();
    let waiting = workspace.inbox(run).await.unwrap();
    let read: Vec<_> = waiting
        .iter()
        .map(|letter| (letter.id, letter.at, &*letter.body))
        .collect();
    assert_eq!(
        read,
        [(hold, at(5), "\"hold\""), (abort, at(6), "\"abort\"")]
    );
    let mut answer = batch(run, head, 1, "held");
    answer.answered = vec![hold];
    let head = workspace.append(&*lease, answer).await.unwrap();
    assert_eq!(workspace.inbox(run).await.unwrap(), waiting[1..]);
    let mut again = batch(run, head, 1, "held");
    again.answered = vec![hold];
    assert!(
        workspace.append(&*lease, again).await.is_err(),
        "obeyed twice"
    );
    assert_eq!(workspace.head(run).await.unwrap(), head);
}

#[tokio::test]
async fn a_message_is_kept_once_and_until_it_is_delivered() {
    let home = Home::new();
    let workspace = home.open();
    let (lease, mut head) = start(&workspace, new_run("shop", &[]), 1).await.unwrap();
    for body in ["1", "2"] {
        let mut next = batch(lease.run(), head, 1, "running");
        next.messages = vec![message("shop/held", body)];
        head = workspace.append(&*lease, next).await.unwrap();
    }
    let waiting = workspace.waiting(&Which::All, 10).await.unwrap();
    let seen: Vec<_> = waiting.iter().map(|one| (&*one.key, &*one.body)).collect();
    assert_eq!(seen, [("shop/held", "1")]);
    assert_eq!(waiting[0].run.as_ref(), Some(lease.run()));
    let delivered = Settlement::Delivered {
        thread: None,
        words: "taken".into(),
    };
    for instant in [9, 10] {
        workspace
            .settle(waiting[0].id, at(instant), delivered.clone())
            .await
            .unwrap();
    }
    assert_eq!(workspace.waiting(&Which::All, 10).await.unwrap(), []);
    let kept = workspace.parcels(&"shop".parse().unwrap()).await.unwrap();
    assert_eq!(kept[0].settled, Some(at(9)));
}

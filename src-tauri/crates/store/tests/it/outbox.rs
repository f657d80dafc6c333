//! Messages that wait to be delivered.

use gantry_model::id::ReleaseId;
use gantry_port::outbox::{Outbox, ParcelState, Settlement, Which};
use gantry_store::workspace::Workspace;

use crate::sample::{Home, at, message};

fn shop() -> ReleaseId {
    "shop".parse().unwrap()
}

async fn with(home: &Home, keys: &[&str]) -> Workspace {
    let workspace = home.open();
    let new = keys.iter().map(|key| message(key, "{}")).collect();
    workspace.put(&shop(), at(1), new).await.unwrap();
    workspace
}

async fn ids(workspace: &Workspace) -> Vec<u64> {
    let all = workspace.waiting(&Which::All, 100).await.unwrap();
    all.iter().map(|one| one.id).collect()
}

#[tokio::test]
async fn a_message_can_be_claimed_once_at_a_time_and_again_when_nobody_settled_it() {
    let home = Home::new();
    let workspace = with(&home, &["a"]).await;
    let [id] = ids(&workspace).await.try_into().unwrap();
    assert!(workspace.claim(id, at(5), at(60)).await.unwrap());
    assert!(!workspace.claim(id, at(6), at(60)).await.unwrap());
    assert!(
        workspace.claim(id, at(60), at(120)).await.unwrap(),
        "after a crash"
    );
    let [parcel] = workspace
        .parcels(&shop())
        .await
        .unwrap()
        .try_into()
        .unwrap();
    assert_eq!((parcel.attempts, parcel.tried), (2, Some(at(60))));
}

#[tokio::test]
async fn what_is_settled_stays_so() {
    let home = Home::new();
    let workspace = with(&home, &["a"]).await;
    let [id] = ids(&workspace).await.try_into().unwrap();
    workspace.claim(id, at(5), at(60)).await.unwrap();
    let failed = Settlement::Failed {
        words: "404".into(),
    };
    workspace.settle(id, at(6), failed).await.unwrap();
    let late = Settlement::Delivered {
        thread: None,
        words: "taken".into(),
    };
    workspace.settle(id, at(7), late).await.unwrap();
    let [parcel] = workspace
        .parcels(&shop())
        .await
        .unwrap()
        .try_into()
        .unwrap();
    assert_eq!(
        (parcel.state, parcel.words.as_deref()),
        (ParcelState::Failed, Some("404"))
    );
    assert!(!workspace.claim(id, at(90), at(99)).await.unwrap());
}

#[tokio::test]
async fn the_same_key_is_kept_once_by_any_way_in() {
    let home = Home::new();
    let workspace = with(&home, &["a", "b", "a"]).await;
    workspace
        .put(&shop(), at(9), vec![message("b", "other")])
        .await
        .unwrap();
    assert_eq!(ids(&workspace).await.len(), 2);
}

#[tokio::test]
async fn a_digest_takes_all_of_its_messages_or_none() {
    let home = Home::new();
    let workspace = with(&home, &["a", "b", "c"]).await;
    let all = ids(&workspace).await;
    workspace.gather(all.clone(), at(60)).await.unwrap();
    assert!(workspace.claim(all[1], at(5), at(60)).await.unwrap());
    let digest = || message("digest", "{}");
    assert!(
        !workspace
            .digest(all.clone(), at(61), digest())
            .await
            .unwrap()
    );
    assert_eq!(ids(&workspace).await, all);
    let rest = vec![all[0], all[2]];
    assert!(workspace.digest(rest, at(61), digest()).await.unwrap());
    let parcels = workspace.parcels(&shop()).await.unwrap();
    let states: Vec<ParcelState> = parcels.iter().map(|one| one.state).collect();
    let (digested, waiting) = (ParcelState::Digested, ParcelState::Waiting);
    assert_eq!(states, [digested, waiting, digested, waiting]);
    assert_eq!(parcels[0].words.as_deref(), Some("digest"));
}

#[tokio::test]
async fn only_what_was_delivered_can_be_acknowledged_and_the_first_word_counts() {
    let home = Home::new();
    let workspace = with(&home, &["a"]).await;
    let [id] = ids(&workspace).await.try_into().unwrap();
    assert!(!workspace.acknowledge(id, "dana", at(5)).await.unwrap());
    workspace.claim(id, at(5), at(60)).await.unwrap();
    let taken = Settlement::Delivered {
        thread: Some("t".into()),
        words: "taken".into(),
    };
    workspace.settle(id, at(6), taken).await.unwrap();
    assert!(workspace.acknowledge(id, "dana", at(7)).await.unwrap());
    assert!(workspace.acknowledge(id, "erin", at(8)).await.unwrap());
    let [parcel] = workspace
        .parcels(&shop())
        .await
        .unwrap()
        .try_into()
        .unwrap();
    assert_eq!(parcel.acknowledged, Some(("dana".into(), at(7))));
}

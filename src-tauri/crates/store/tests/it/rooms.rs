//! Records that people write: chained, append-only, refused when changed outside.

use gantry_model::{
    digest::Digest,
    journal::{Head, NewEntry},
};
use gantry_port::rooms::Rooms;
use gantry_store::workspace::Workspace;

fn entry(seq: u64, by: &str) -> NewEntry {
    let stamp = "2026-12-01T12:00:00.000Z";
    NewEntry {
        seq,
        at: stamp.parse().unwrap(),
        kind: "voted".into(),
        body: format!("{{\"seq\":{seq},\"at\":\"{stamp}\",\"kind\":\"voted\",\"by\":\"{by}\"}}"),
    }
}

#[tokio::test]
async fn a_record_grows_at_its_head_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("gantry.db");
    let workspace = Workspace::open(&file).unwrap();
    let first = vec![entry(1, "ann"), entry(2, "bob")];
    let head = workspace
        .append("release/shop", Head::EMPTY, first.clone())
        .await
        .unwrap()
        .unwrap();
    let late = workspace
        .append("release/shop", Head::EMPTY, vec![entry(1, "eve")])
        .await
        .unwrap();
    assert_eq!(late, None, "somebody else was first");
    assert!(
        workspace
            .append("release/shop", head, vec![entry(9, "eve")])
            .await
            .is_err()
    );
    workspace
        .append("release/other", Head::EMPTY, vec![entry(1, "eve")])
        .await
        .unwrap();
    drop(workspace);
    let workspace = Workspace::open(&file).unwrap();
    let read = workspace.read("release/shop", Head::EMPTY).await.unwrap();
    let events: Vec<NewEntry> = read.into_iter().map(|entry| entry.event).collect();
    assert_eq!(events, first);
    assert!(
        workspace
            .read("release/shop", head)
            .await
            .unwrap()
            .is_empty()
    );
    assert!(
        workspace
            .read("nowhere", Head::EMPTY)
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn a_vote_that_was_changed_in_the_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("gantry.db");
    let workspace = Workspace::open(&file).unwrap();
    let votes = vec![entry(1, "ann"), entry(2, "bob")];
    workspace
        .append("release/shop", Head::EMPTY, votes)
        .await
        .unwrap();
    drop(workspace);
    let bare = rusqlite::Connection::open(&file).unwrap();
    for change in [
        "UPDATE room_entries SET body = replace(body, 'bob', 'eve') WHERE seq = 2",
        "DELETE FROM room_entries WHERE seq = 2",
    ] {
        bare.execute(change, []).unwrap();
        let workspace = Workspace::open(&file).unwrap();
        let refusal = workspace
            .read("release/shop", Head::EMPTY)
            .await
            .unwrap_err()
            .to_string();
        assert!(refusal.contains("not whole at entry 2"), "{refusal}");
    }
}

#[tokio::test]
async fn a_plan_is_kept_by_its_hash() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = Workspace::open(&folder.path().join("gantry.db")).unwrap();
    let digest = Digest::of("plan");
    assert_eq!(workspace.kept_plan(digest).await.unwrap(), None);
    workspace.keep_plan(digest, "{}".into()).await.unwrap();
    workspace.keep_plan(digest, "other".into()).await.unwrap();
    assert_eq!(
        workspace.kept_plan(digest).await.unwrap().as_deref(),
        Some("{}")
    );
}

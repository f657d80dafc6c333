//! The list of release files, and noticing what others change.

use gantry_model::digest::Digest;
use gantry_port::{
    changes::{Changed, Changes},
    journal::Journal,
    releases::{Releases, Signature},
};
use gantry_store::workspace::Workspace;

use crate::sample::{Home, at, batch, new_run, start};

fn signed(second: u64) -> Signature {
    Signature {
        by: "ann".into(),
        at: at(second),
    }
}

#[tokio::test]
async fn a_release_is_known_by_its_id_and_its_file() {
    let home = Home::new();
    let workspace = home.open();
    let (shop, other) = ("shop".parse().unwrap(), "other".parse().unwrap());
    let first = workspace
        .open_release(&shop, "/a/shop.yaml".into(), signed(1))
        .await
        .unwrap();
    assert_eq!((first.version, first.reach), (1, None));
    let again = workspace
        .open_release(&shop, "/a/shop.yaml".into(), signed(2))
        .await
        .unwrap();
    assert_eq!(again, first, "opening it again changes nothing");
    let reach = Digest::of("reach");
    workspace
        .confirm_release(&shop, reach, signed(3))
        .await
        .unwrap();
    drop(workspace);
    let workspace = home.open();
    let found = workspace.find_release(&shop).await.unwrap().unwrap();
    assert_eq!((found.version, found.reach), (2, Some(reach)));
    let moved = workspace
        .open_release(&shop, "/b/shop.yaml".into(), signed(4))
        .await
        .unwrap();
    assert_eq!(
        (moved.version, moved.reach),
        (3, None),
        "another file was confirmed by nobody"
    );
    workspace
        .open_release(&other, "/b/shop.yaml".into(), signed(5))
        .await
        .unwrap();
    let all = workspace.list_releases().await.unwrap();
    let names: Vec<&str> = all.iter().map(|known| known.release.as_str()).collect();
    assert_eq!(names, ["other"], "the file has another id now");
    assert!(workspace.close_release(&other, signed(6)).await.unwrap());
    assert!(!workspace.close_release(&other, signed(7)).await.unwrap());
    let bare = rusqlite::Connection::open(home.file()).unwrap();
    let count: i64 = bare
        .query_row("SELECT count(*) FROM audit WHERE by = 'ann'", [], |row| {
            row.get(0)
        })
        .unwrap();
    assert_eq!(
        count, 5,
        "every change and nothing else is in the audit log"
    );
}

#[tokio::test]
async fn a_change_of_another_process_is_noticed_with_its_subject() {
    let home = Home::new();
    let (workspace, other) = (home.open(), Workspace::open(&home.file()).unwrap());
    let (told, seen) = workspace.look(None).await.unwrap();
    assert_eq!(told, [], "what was there before is no change");
    let (told, seen) = workspace.look(Some(seen)).await.unwrap();
    assert_eq!(told, []);
    let (lease, head) = start(&other, new_run("shop", &[]), 2).await.unwrap();
    let (told, seen) = workspace.look(Some(seen)).await.unwrap();
    assert_eq!(told, [Changed::Run(lease.run().clone())]);
    other
        .append(&*lease, batch(lease.run(), head, 2, "running"))
        .await
        .unwrap();
    let shop = "shop".parse().unwrap();
    other
        .open_release(&shop, "/a/shop.yaml".into(), signed(1))
        .await
        .unwrap();
    let (told, seen) = workspace.look(Some(seen)).await.unwrap();
    let row = Changed::Row {
        topic: "releases".into(),
        subject: "shop".into(),
    };
    assert_eq!(told, [Changed::Run(lease.run().clone()), row]);
    let (told, _) = workspace.look(Some(seen)).await.unwrap();
    assert_eq!(told, []);
}

#[tokio::test]
async fn a_change_of_the_process_itself_is_noticed_too() {
    let home = Home::new();
    let workspace = home.open();
    let (_, seen) = workspace.look(None).await.unwrap();
    let shop = "shop".parse().unwrap();
    workspace
        .open_release(&shop, "/a/shop.yaml".into(), signed(1))
        .await
        .unwrap();
    let (told, _) = workspace.look(Some(seen)).await.unwrap();
    assert_eq!(told.len(), 1, "{told:?}");
}

#[tokio::test]
async fn a_run_is_driven_while_its_lease_is_held() {
    let home = Home::new();
    let (workspace, other) = (home.open(), Workspace::open(&home.file()).unwrap());
    let (lease, _) = start(&workspace, new_run("shop", &[]), 2).await.unwrap();
    let run = lease.run().clone();
    assert!(other.is_driven(&run).await.unwrap());
    assert!(workspace.is_driven(&run).await.unwrap());
    drop(lease);
    assert!(!other.is_driven(&run).await.unwrap());
    other.lease(&run).await.unwrap();
}

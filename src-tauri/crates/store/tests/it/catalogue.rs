//! Services, versions in quarantine and connections.

use gantry_model::release::connection::Connection;
use gantry_port::{
    catalogue::{Catalogue, LetThrough, Quarantined, Service},
    releases::Signature,
};

use crate::sample::{Home, at};

fn signed(second: u64) -> Signature {
    Signature {
        by: "ann".into(),
        at: at(second),
    }
}

fn orders(owner: &str) -> Service {
    Service {
        name: "orders".parse().unwrap(),
        owner: Some(owner.into()),
        kind: Some("app".into()),
        tier: Some(1),
        needs: vec!["inventory".parse().unwrap(), "mail".parse().unwrap()],
    }
}

#[tokio::test]
async fn a_service_is_kept_and_never_changed_unseen() {
    let home = Home::new();
    let workspace = home.open();
    let first = workspace
        .put_service(orders("a-team"), Some(0), signed(1))
        .await
        .unwrap();
    assert_eq!(first.unwrap().version, 1);
    let stale = workspace
        .put_service(orders("b-team"), Some(0), signed(2))
        .await
        .unwrap();
    assert_eq!(stale, None);
    let next = workspace
        .put_service(orders("b-team"), Some(1), signed(3))
        .await
        .unwrap();
    assert_eq!(next.unwrap().version, 2);
    drop(workspace);
    let all = home.open().list_services().await.unwrap();
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].row, orders("b-team"));
}

#[tokio::test]
async fn a_version_in_quarantine_is_let_through_for_one_release() {
    let home = Home::new();
    let workspace = home.open();
    let bad = Quarantined {
        service: "orders".parse().unwrap(),
        version: "2.4.0".parse().unwrap(),
        reason: "loses money".into(),
        by: "ann".into(),
        at: at(1),
    };
    workspace.quarantine(bad.clone()).await.unwrap();
    assert_eq!(
        workspace.list_quarantined().await.unwrap(),
        std::slice::from_ref(&bad)
    );
    let through = LetThrough {
        release: "shop".parse().unwrap(),
        version: Quarantined {
            reason: "the fix is a flag".into(),
            ..bad.clone()
        },
    };
    workspace.let_through(through.clone()).await.unwrap();
    let (shop, other) = ("shop".parse().unwrap(), "other".parse().unwrap());
    assert_eq!(workspace.list_let_through(&shop).await.unwrap(), [through]);
    assert_eq!(workspace.list_let_through(&other).await.unwrap(), []);
    assert!(
        workspace
            .lift_quarantine(&bad.service, &bad.version, signed(3))
            .await
            .unwrap()
    );
    assert!(
        !workspace
            .lift_quarantine(&bad.service, &bad.version, signed(4))
            .await
            .unwrap()
    );
    assert_eq!(workspace.list_let_through(&shop).await.unwrap(), []);
}

#[tokio::test]
async fn a_connection_is_kept_with_its_references() {
    let home = Home::new();
    let workspace = home.open();
    let connection: Connection = serde_json::from_value(serde_json::json!({
        "unleash": { "url": "http://127.0.0.1:4242", "token": "${secret:flags}" }
    }))
    .unwrap();
    let name: gantry_model::id::ConnectionName = "flags".parse().unwrap();
    let kept = workspace.put_connection(name.clone(), connection.clone(), None, signed(1));
    assert_eq!(kept.await.unwrap().unwrap().row, (name.clone(), connection));
    assert_eq!(workspace.list_connections().await.unwrap().len(), 1);
    assert!(workspace.remove_connection(&name, signed(2)).await.unwrap());
    assert!(!workspace.remove_connection(&name, signed(3)).await.unwrap());
    let bare = rusqlite::Connection::open(home.file()).unwrap();
    let log: Vec<String> = bare
        .prepare("SELECT topic || ' ' || subject || ' ' || change FROM audit ORDER BY id")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert_eq!(
        log,
        [
            "connections flags kept: unleash",
            "connections flags removed"
        ]
    );
}

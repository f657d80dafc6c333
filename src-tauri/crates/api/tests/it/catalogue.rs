//! Services, quarantine and kept connections, over a real workspace file.

use std::sync::Arc;

use gantry_store::workspace::Workspace;
use serde_json::{Value, json};

use crate::stage::Stage;

fn stage() -> (tempfile::TempDir, Stage) {
    let folder = tempfile::tempdir().unwrap();
    let workspace = Workspace::open(&folder.path().join("gantry.db")).unwrap();
    let stage = Stage::on(Arc::new(workspace));
    (folder, stage)
}

fn errors(plan: &Value) -> Vec<&Value> {
    let findings = plan["findings"].as_array().unwrap();
    let bad = findings
        .iter()
        .filter(|finding| finding["code"] == "quarantined");
    bad.collect()
}

#[tokio::test]
async fn a_version_in_quarantine_is_an_error_of_the_plan_until_a_person_lets_it_through() {
    let (_folder, stage) = stage();
    let file = json!({ "file": "whole.yaml" });
    let bad = json!({ "service": "orders", "version": "2.4.0", "reason": "loses money" });
    let plan = stage.call("plan", file.clone()).await.unwrap();
    assert!(errors(&plan).is_empty());
    let silent = json!({ "service": "orders", "version": "2.4.0", "reason": " " });
    assert_eq!(
        stage
            .call("quarantine", silent)
            .await
            .unwrap_err()
            .code
            .as_str(),
        "bad-call"
    );
    stage.call("quarantine", bad).await.unwrap();
    let plan = stage.call("plan", file.clone()).await.unwrap();
    let found = errors(&plan);
    assert_eq!(found.len(), 1);
    assert_eq!(
        (&found[0]["severity"], &found[0]["node"]),
        (&json!("error"), &json!("orders"))
    );
    let through = json!({
        "do": "let-through", "service": "orders", "version": "2.4.0",
        "release": "shop-2.4", "reason": "the flag stays off"
    });
    stage.call("quarantine", through).await.unwrap();
    let plan = stage.call("plan", file).await.unwrap();
    assert_eq!(errors(&plan)[0]["severity"], "warning");
    let all = stage.call("catalogue", json!({})).await.unwrap();
    assert_eq!(
        all["services"][0]["quarantined"][0]["reason"],
        "loses money"
    );
}

#[tokio::test]
async fn the_catalogue_tells_what_people_and_runs_say() {
    let (_folder, stage) = stage();
    stage.run(crate::room::judged()).await;
    let put = json!({ "name": "orders", "owner": "orders-team", "tier": 1, "needs": ["mail"] });
    assert_eq!(stage.call("put-service", put).await.unwrap()["row"], 1);
    let stale = json!({ "name": "orders", "owner": "nobody", "row": 0 });
    assert_eq!(
        stage
            .call("put-service", stale)
            .await
            .unwrap_err()
            .code
            .as_str(),
        "refused"
    );
    let all = stage.call("catalogue", json!({})).await.unwrap();
    let orders = &all["services"][0];
    assert_eq!(
        (&orders["owner"], &orders["needs"]),
        (&json!("orders-team"), &json!(["mail"]))
    );
    assert_eq!(orders["history"].as_array().unwrap().len(), 1, "{orders}");
}

#[tokio::test]
async fn a_kept_connection_holds_no_secret() {
    let (_folder, stage) = stage();
    let put = |connection: Value| json!({ "name": "flags", "connection": connection });
    for held in [
        json!({ "unleash": { "url": "http://127.0.0.1:4242", "token": "hunter2" } }),
        json!({ "postgres": { "url": "postgres://app:hunter2@db/orders" } }),
        json!({ "unleash": { "url": "http://127.0.0.1:4242", "tokn": "hunter2" } }),
    ] {
        let refused = stage.call("put-connection", put(held)).await.unwrap_err();
        assert_eq!(refused.code.as_str(), "bad-call");
        assert!(!format!("{refused:?}").contains("hunter2"), "{refused:?}");
    }
    let whole =
        json!({ "unleash": { "url": "http://127.0.0.1:4242", "token": "${secret:flags}" } });
    let kept = stage.call("put-connection", put(whole)).await.unwrap();
    assert_eq!(
        kept["secrets"],
        json!([{ "name": "flags", "known": false }])
    );
    let all = stage.call("connections-list", json!({})).await.unwrap();
    assert_eq!(all[0]["settings"]["token"], "${secret:flags}");
    let tested = stage
        .call("connections-test", json!({ "connection": "flags" }))
        .await
        .unwrap();
    assert_eq!(tested[0]["answer"], "flags is unleash");
    stage
        .call("remove-connection", json!({ "name": "flags" }))
        .await
        .unwrap();
    let gone = stage
        .call("remove-connection", json!({ "name": "flags" }))
        .await
        .unwrap_err();
    assert_eq!(gone.code.as_str(), "no-such-part");
}

//! Rehearsals that the workspace remembers.

use std::sync::Arc;

use gantry_store::workspace::Workspace;
use serde_json::{Value, json};

use crate::stage::Stage;

async fn kept(stage: &Stage) -> Vec<Value> {
    let kept = stage
        .call("rehearsals", json!({ "release": "shop-2.4" }))
        .await;
    kept.unwrap().as_array().unwrap().clone()
}

#[tokio::test]
async fn a_rehearsal_is_kept_with_its_plan_when_it_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = Workspace::open(&folder.path().join("gantry.db")).unwrap();
    let stage = Stage::on(Arc::new(workspace));
    let rehearse = |more: Value| {
        let mut asked = json!({ "file": "whole.yaml", "seed": 7 });
        for (key, value) in more.as_object().unwrap() {
            asked[key] = value.clone();
        }
        asked
    };
    stage.call("rehearse", rehearse(json!({}))).await.unwrap();
    assert!(kept(&stage).await.is_empty(), "nobody asked to keep it");
    let first = rehearse(json!({ "keep": "always" }));
    let first = stage.call("rehearse", first).await.unwrap();
    let failed = rehearse(json!({ "keep": "always", "fail": ["orders"] }));
    let failed = stage.call("rehearse", failed).await.unwrap();
    let kept = kept(&stage).await;
    assert_eq!(kept.len(), 2, "the latest first");
    assert_eq!(kept[0]["outcome"], failed["outcome"]);
    assert_eq!(kept[0]["what_if"], json!(["fail orders"]));
    assert_eq!(kept[1]["outcome"], first["outcome"]);
    assert_eq!(kept[1]["p90_ms"], first["took_ms"]);
    assert_eq!(
        (&kept[1]["by"], &kept[1]["runs"]),
        (&json!("dana"), &json!(1))
    );
    let plan = stage
        .call("plan", json!({ "file": "whole.yaml" }))
        .await
        .unwrap();
    assert_eq!(kept[1]["plan"], plan["plan"]);
}

//! What the launch room and the graph ask for.

use gantry_testkit::draft::Draft;
use serde_json::{Value, json};

use crate::stage::{Stage, WHOLE};

/// A small release in which everything is judged, as a plan.
pub(crate) fn judged() -> gantry_model::plan::Plan {
    let query =
        |what: &str| format!("{what}{{service='{{{{service}}}}',version='{{{{version}}}}'}}");
    let draft = Draft::new("judged")
        .with(
            "metrics",
            json!({
                "errors": {
                    "kind": "ratio", "bad": query("bad"), "total": query("total"),
                    "tolerate": "0.5%", "never-above": "20%"
                }
            }),
        )
        .with(
            "defaults",
            json!({ "judge": { "source": "sim", "metrics": ["errors"] } }),
        )
        .app(
            "orders",
            &[],
            json!({ "canary": { "steps": ["25%", "100%"], "bake": "15m" } }),
        );
    gantry_planner::plan(&draft.release().unwrap(), &Default::default()).unwrap()
}

#[tokio::test]
async fn a_draft_is_drawn_with_its_waves() {
    let drafted = Stage::new()
        .call("draft", json!({ "text": WHOLE }))
        .await
        .unwrap();
    let nodes = drafted["layout"]["nodes"].as_array().unwrap();
    assert_eq!(
        nodes.len(),
        drafted["plan"]["nodes"].as_array().unwrap().len()
    );
    for node in nodes {
        let planned = drafted["plan"]["nodes"].as_array().unwrap();
        let planned = planned
            .iter()
            .find(|planned| planned["id"] == node["id"])
            .unwrap();
        assert_eq!(node["wave"], planned["wave"]);
    }
}

#[tokio::test]
async fn a_draft_with_a_cycle_is_drawn_without_a_plan() {
    let text = "gantry: 1\nrelease: ring\nenvironment: test\nnodes:\n  \
        a: { kind: task, needs: [b], run: { exec: [true], undo: [true] } }\n  \
        b: { kind: task, needs: [a], run: { exec: [true], undo: [true] } }\n";
    let drafted = Stage::new()
        .call("draft", json!({ "text": text }))
        .await
        .unwrap();
    assert_eq!(drafted["plan"], Value::Null);
    assert_eq!(
        drafted["layout"]["edges"].as_array().unwrap().len(),
        2,
        "{drafted}"
    );
}

#[tokio::test]
async fn a_layout_keeps_what_was_drawn_before() {
    let stage = Stage::new();
    let first = stage
        .call("layout", json!({ "text": WHOLE }))
        .await
        .unwrap();
    let again = json!({ "text": WHOLE, "before": first, "box_width": 142.0 });
    assert_eq!(stage.call("layout", again).await.unwrap(), first);
    let refused = stage.call("layout", json!({})).await.unwrap_err();
    assert_eq!(refused.code.as_str(), "bad-call");
}

#[tokio::test]
async fn moments_go_from_nothing_to_everything() {
    let moments = Stage::new()
        .call("moments", json!({ "file": "whole.yaml" }))
        .await
        .unwrap();
    let moments = moments.as_array().unwrap();
    assert_eq!(moments[0]["label"], "start");
    assert_eq!(moments[0]["rollback"]["actions"], json!([]));
    let at = |moment: &Value, key: &str| moment[key].as_u64().unwrap();
    for pair in moments.windows(2) {
        assert!(at(&pair[0], "at_ms_p50") <= at(&pair[1], "at_ms_p50"));
    }
    for moment in moments {
        assert!(
            at(moment, "at_ms_p50") <= at(moment, "at_ms_p90"),
            "{moment}"
        );
        assert_eq!(moment["basis"], "estimates");
        let back = &moment["rollback"];
        assert!(
            at(back, "estimate_ms") <= at(back, "estimate_p90_ms"),
            "{back}"
        );
    }
    let contract = moments
        .iter()
        .find(|moment| moment["step"] == "orders-db/contract");
    assert_eq!(contract.unwrap()["no_return"], true);
    let last = moments.last().unwrap();
    assert_eq!(last["no_return"], true);
    assert_eq!(
        last["rollback"]["cannot_undo"],
        json!(["orders-db/contract"])
    );
    assert!(moments[1]["no_return"].is_null());
}

#[tokio::test]
async fn a_series_has_both_versions_in_step() {
    let stage = Stage::new();
    stage.run(judged()).await;
    let asked = json!({ "run": "judged", "node": "orders" });
    let series = stage.call("series", asked).await.unwrap();
    let metric = &series["metrics"][0];
    assert_eq!(
        (&metric["name"], &metric["limit"]),
        (&json!("errors"), &json!(0.2))
    );
    let points = metric["points"].as_array().unwrap();
    assert!(points.len() > 10, "{metric}");
    assert!(
        points
            .iter()
            .any(|point| point["old"].is_number() && point["new"].is_number())
    );
    assert_eq!(series["shares"][0]["weight_bp"], 2500);
    assert_ne!(series["sentence"], "", "{series}");
    assert_ne!(series["verdict"], "none", "{series}");
    let nobody = json!({ "run": "judged", "node": "nobody" });
    assert_eq!(
        stage
            .call("series", nobody)
            .await
            .unwrap_err()
            .code
            .as_str(),
        "no-such-part"
    );
}

#[tokio::test]
async fn a_timetable_goes_on_from_what_is_needed() {
    let file = json!({ "file": "whole.yaml" });
    let plan = Stage::new().call("plan", file).await.unwrap();
    assert_eq!(plan["window"]["opens"], "2026-12-01T19:00:00Z");
    let timed = plan["timetable"]["steps"].as_array().unwrap();
    assert_eq!(timed.len(), plan["steps"].as_array().unwrap().len());
    for step in timed {
        let ends = &step["ends"];
        assert!(
            step["begins"]["p50_ms"].as_u64() <= ends["p50_ms"].as_u64(),
            "{step}"
        );
        assert!(ends["p50_ms"].as_u64() <= ends["p80_ms"].as_u64(), "{step}");
        assert!(ends["p80_ms"].as_u64() <= ends["p90_ms"].as_u64(), "{step}");
    }
}

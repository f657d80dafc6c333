//! Problems around the nodes: windows, metrics, triggers, requirements.

use serde_json::{Value, json};

use super::{around, expect, one_app};

#[test]
fn windows_open_before_they_close() {
    let window = |opens: &str, closes: &str| {
        around(
            json!({ "window": { "opens": opens, "closes": closes, "timezone": "Europe/Berlin" } }),
        )
    };
    let late = "2026-12-01T23:00:00";
    expect(
        window(late, "2026-12-01T20:00:00"),
        "window-closes-first",
        "/window/closes",
    );
    expect(
        window("2026-12-01T22:30:00Z", late),
        "window-closes-first",
        "/window/closes",
    );
    expect(window("tomorrow", late), "bad-time", "/window/opens");
}

#[test]
fn metrics_services_and_thresholds_of_triggers_are_known() {
    let trigger = |trigger: Value| around(json!({ "triggers": [trigger] }));
    expect(
        trigger(json!({ "metric": "eror", "above": "5%" })),
        "unknown-metric",
        "/triggers/0/metric",
    );
    let service = json!({ "alert": { "severity": "page" }, "of": "ghost" });
    expect(trigger(service), "unknown-service", "/triggers/0/of");
    expect(trigger(json!({})), "trigger-form", "/triggers/0");
    expect(
        trigger(json!({ "metric": "e", "above": "much" })),
        "bad-threshold",
        "/triggers/0/above",
    );
    let lost = json!({ "alert": { "severity": "page" }, "then": "rollback-node" });
    expect(trigger(lost), "trigger-form", "/triggers/0/then");
    let judge = json!({ "judge": { "source": "metrics", "metrics": ["ghost"] } });
    expect(
        one_app(json!("canary"), judge),
        "unknown-metric",
        "/nodes/app/judge/metrics/0",
    );
    let check = json!({ "success": [{ "id": "s", "item": "S", "check": { "metric": "ghost", "below": "1%" } }] });
    expect(around(check), "unknown-metric", "/success/0/check/metric");
    let metric = json!({ "metrics": { "m": { "kind": "ratio", "query": "x" } } });
    expect(around(metric), "metric-form", "/metrics/m");
}

#[test]
fn questions_to_sources_can_be_asked() {
    let metric = json!({ "kind": "gauge", "query": "up{v='{{verson}}'}[{{interval}}]" });
    let metric = json!({ "metrics": { "m": metric } });
    expect(around(metric), "unknown-placeholder", "/metrics/m/query");
    let json =
        |settings: Value| around(json!({ "connections": { "j": { "json-http": settings } } }));
    expect(
        json(json!({ "url": "http://{{service}}.example/" })),
        "place-in-host",
        "/connections/j/json-http/url",
    );
    expect(
        json(json!({ "url": "http://example/{{srvice}}" })),
        "unknown-placeholder",
        "/connections/j/json-http/url",
    );
    expect(
        json(json!({ "url": "http://example/", "body": "{}" })),
        "body-without-post",
        "/connections/j/json-http/body",
    );
    let trigger = json!({ "triggers": [{ "alert": { "severity": "page" } }] });
    let mut nobody = around(trigger);
    nobody["connections"] = json!({});
    expect(nobody, "no-alert-source", "/triggers/0/alert");
}

#[test]
fn requirements_can_be_read() {
    let bad = json!({ "compatible": { "inventory": "about 1.8" } });
    expect(
        one_app(json!("canary"), bad),
        "bad-requirement",
        "/nodes/app/compatible/inventory",
    );
    let ghost = json!({ "compatible": { "inventroy": ">=1.8" } });
    expect(
        one_app(json!("canary"), ghost),
        "unknown-service",
        "/nodes/app/compatible/inventroy",
    );
    let when = json!({ "when": { "services": { "inventory": "??" } } });
    expect(
        one_app(json!("canary"), when),
        "bad-requirement",
        "/nodes/app/when/services/inventory",
    );
    let when = json!({ "when": { "services": { "ghost": ">=1" } } });
    expect(
        one_app(json!("canary"), when),
        "unknown-service",
        "/nodes/app/when/services/ghost",
    );
}

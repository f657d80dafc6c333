//! Problems of what is measured: buckets, silences, queries that could never be filled.

use serde_json::{Value, json};

use super::{expect, one_app};
use crate::given::{app, merge, planned, problems, task, with_nodes};

/// A release of two services, whose metrics need more or less to be asked for.
fn measured(more: Value) -> Value {
    let mut release = with_nodes(json!({
        "orders": app(json!("canary"), json!({})),
        "job": task(&[]),
    }));
    let metrics = json!({
        "errors": { "kind": "ratio", "source": "metrics", "bad": "b{s='{{service}}'}", "total": "t{s='{{service}}'}" },
        "slow": { "kind": "gauge", "source": "metrics", "query": "s{s='{{service}}',v='{{version}}'}" },
        "flags": { "kind": "gauge", "source": "metrics", "query": "f{v='{{variant}}'}" },
        "disk": { "kind": "gauge", "source": "metrics", "query": "d{e='{{environment}}'}[{{interval}}]" },
    });
    merge(&mut release, json!({ "metrics": metrics }));
    merge(&mut release, more);
    release
}

fn check(check: Value) -> Value {
    measured(json!({ "success": [{ "id": "s", "item": "S", "check": check }] }))
}

#[test]
fn buckets_are_of_a_length_that_can_be_judged() {
    let judge = |source: &str, bucket: &str| {
        let judge = json!({ "source": source, "metrics": [], "bucket": bucket });
        let mut release = one_app(json!("canary"), json!({ "judge": judge }));
        let connections = json!({
            "docker": { "simulated": {} }, "edge": { "simulated": {} }, "metrics": { "simulated": {} },
            "aws": { "cloudwatch": { "region": "eu-central-1", "access-key-id": "${secret:a}", "secret-access-key": "${secret:b}" } },
            "dd": { "datadog": { "site": "datadoghq.eu", "api-key": "${secret:a}", "application-key": "${secret:b}" } },
        });
        merge(&mut release, json!({ "connections": connections }));
        release
    };
    let place = "/nodes/app/judge/bucket";
    for (source, bucket) in [
        ("metrics", "500ms"),
        ("metrics", "0s"),
        ("metrics", "2h"),
        ("aws", "15s"),
        ("dd", "1500ms"),
    ] {
        expect(judge(source, bucket), "bad-bucket", place);
    }
    for (source, bucket) in [
        ("metrics", "1s"),
        ("metrics", "1h"),
        ("aws", "30s"),
        ("aws", "2m"),
        ("dd", "7s"),
    ] {
        planned(judge(source, bucket));
    }
}

#[test]
fn silences_are_set_where_alerts_are() {
    let silence = |silence: Value| measured(json!({ "silences": [silence] }));
    let labels = json!({ "service": "orders" });
    expect(
        silence(json!({ "connection": "alrets", "match": labels })),
        "unknown-connection",
        "/silences/0/connection",
    );
    expect(
        silence(json!({ "connection": "chat", "match": labels })),
        "wrong-product",
        "/silences/0/connection",
    );
    expect(
        silence(json!({ "connection": "metrics", "match": {} })),
        "silence-form",
        "/silences/0/match",
    );
    expect(
        silence(json!({ "connection": "metrics", "match": labels, "for": "0s" })),
        "silence-form",
        "/silences/0/for",
    );
}

#[test]
fn a_metric_that_could_never_be_read_is_refused_where_it_is_asked_for() {
    let code = "metric-unanswerable";
    let nobody = check(json!({ "metric": "flags", "below": "1" }));
    let found = problems(nobody.clone());
    expect(nobody, code, "/success/0/check/metric");
    assert!(found[0].message.contains("`{{variant}}`"), "{found:?}");
    assert!(found[0].hint.contains("`of`"), "{found:?}");
    let versionless = json!({ "metric": "slow", "of": "job", "below": "1" });
    expect(check(versionless), code, "/success/0/check/metric");
    let list = json!({ "checklists": { "before": [{ "id": "i", "item": "I", "check": { "metric": "flags", "below": "1" } }] } });
    expect(measured(list), code, "/checklists/before/0/check/metric");
    let trigger = json!({ "triggers": [{ "metric": "errors", "above": "5%" }] });
    expect(measured(trigger), code, "/triggers/0/metric");
    let ghost = json!({ "metric": "errors", "of": "ordres", "below": "1%" });
    expect(check(ghost), "unknown-service", "/success/0/check/of");
    let nothing = json!({ "of": "orders" });
    expect(check(nothing), "check-form", "/success/0/check/of");
}

#[test]
fn a_metric_is_read_of_the_service_that_is_named_or_of_each_that_it_can_be_read_of() {
    let readable = |release: Value| drop(planned(release));
    readable(check(
        json!({ "metric": "slow", "of": "orders", "below": "1" }),
    ));
    readable(check(
        json!({ "metric": "errors", "of": "inventory", "below": "1%" }),
    ));
    readable(check(json!({ "metric": "disk", "below": "1" })));
    let trigger = json!({ "metric": "slow", "of": "inventory", "above": "5" });
    readable(measured(json!({ "triggers": [trigger] })));
    readable(check(json!({ "metric": "slow", "below": "1" })));
}

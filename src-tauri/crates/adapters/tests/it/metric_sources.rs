//! Every adapter of metrics over the same server, for what they have in common.

use std::sync::Arc;

use gantry_adapters::metrics::{
    cloudwatch::CloudWatch, datadog::Datadog, json_http::JsonHttp, prometheus::Prometheus,
};
use gantry_model::{release::connection, unit::Span};
use gantry_port::{clock::Clock, metrics::Metrics};
use serde_json::json;

use crate::metric_server::{shouting, still};

pub(crate) fn prometheus(url: &str, clock: Arc<dyn Clock>) -> Prometheus {
    let settings = json!({ "url": url, "token": "${secret:token}" });
    let settings: connection::Metrics = serde_json::from_value(settings).unwrap();
    Prometheus::new(&settings, shouting(), clock)
}

/// VictoriaMetrics that waits as long for a bucket as this says.
pub(crate) fn victoria(
    url: &str,
    settles_after: Option<Span>,
    clock: Arc<dyn Clock>,
) -> Prometheus {
    let mut settings: connection::Metrics = serde_json::from_value(json!({ "url": url })).unwrap();
    settings.settles_after = settles_after;
    Prometheus::victoria(&settings, shouting(), clock)
}

pub(crate) fn json_http(settings: serde_json::Value) -> JsonHttp {
    let settings: connection::JsonHttp = serde_json::from_value(settings).unwrap();
    JsonHttp::new(&settings, shouting(), still())
}

pub(crate) fn datadog(url: &str, clock: Arc<dyn Clock>) -> Datadog {
    let settings = json!({
        "url": url, "api-key": "${secret:api}", "application-key": "${secret:app}",
    });
    let settings: connection::Datadog = serde_json::from_value(settings).unwrap();
    Datadog::new(&settings, shouting(), clock).unwrap()
}

pub(crate) fn cloudwatch(url: &str, clock: Arc<dyn Clock>) -> CloudWatch {
    let settings = json!({
        "url": url, "region": "eu-central-1", "access-key-id": "${secret:id}",
        "secret-access-key": "${secret:key}", "session-token": "${secret:session}",
    });
    let settings: connection::CloudWatch = serde_json::from_value(settings).unwrap();
    CloudWatch::new(&settings, shouting(), clock).unwrap()
}

/// Every product with a question that it understands.
pub(crate) fn all(
    url: &str,
    clock: &Arc<dyn Clock>,
) -> Vec<(&'static str, &'static str, Arc<dyn Metrics>)> {
    let of_json = connection::JsonHttp {
        time: Some("$.at".to_owned()),
        ..serde_json::from_value(json!({ "url": url })).unwrap()
    };
    let of_json = JsonHttp::new(&of_json, shouting(), Arc::clone(clock));
    vec![
        (
            "prometheus",
            "up",
            Arc::new(prometheus(url, Arc::clone(clock))),
        ),
        (
            "victoria-metrics",
            "up",
            Arc::new(victoria(url, None, Arc::clone(clock))),
        ),
        ("json-http", "$.n", Arc::new(of_json)),
        (
            "datadog",
            "sum:n{*}",
            Arc::new(datadog(url, Arc::clone(clock))),
        ),
        (
            "cloudwatch",
            "SELECT SUM(n) FROM N",
            Arc::new(cloudwatch(url, Arc::clone(clock))),
        ),
    ]
}

//! The suites of metrics and alerts over real Prometheus, VictoriaMetrics and Alertmanager.

use std::{collections::BTreeMap, io, sync::Arc};

use async_trait::async_trait;
use gantry_adapters::{alerts::alertmanager::Alertmanager, metrics::prometheus::Prometheus};
use gantry_model::{release::connection, time::Timestamp, unit::Span};
use gantry_port::{
    alerts::Alerts,
    metrics::{Grid, Metrics},
};
use gantry_testkit::{
    conformance::{self, metrics::Subject},
    monitoring::{Known, Monitor, post},
};
use serde_json::json;

use crate::{
    metric_server::{Reply, Server, TIME, minutes, shouting, still},
    metric_sources::{cloudwatch, datadog, json_http, prometheus, victoria},
    platform::{self, skip},
};

/// Starts something real, or skips loudly where it is not installed.
pub(crate) fn started(test: &str, running: io::Result<Monitor>) -> Option<Monitor> {
    match running {
        Ok(running) => Some(running),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            skip(test, "it is not installed: run `cargo xtask setup`");
            None
        }
        Err(error) => panic!("{error}"),
    }
}

struct Source {
    port: Arc<dyn Metrics>,
    grid: Grid,
}

impl Source {
    /// Five buckets of fifteen seconds, the last of which ended ten minutes ago.
    fn past(port: impl FnOnce() -> Prometheus) -> Self {
        let bucket = Span::from_secs(15);
        Self {
            port: Arc::new(port()),
            grid: Grid {
                from: begin(),
                bucket,
                count: 5,
            },
        }
    }
}

fn begin() -> Timestamp {
    let now = chrono::Utc::now().timestamp();
    Timestamp::from_timestamp(now - now.rem_euclid(60) - 675, 0).unwrap()
}

/// Samples every five seconds around the five buckets.
fn samples() -> String {
    let begin = begin().timestamp();
    let mut text = "# TYPE seven gauge\n".to_owned();
    let series = [
        ("seven{service=\"orders\",version=\"2.4.0\"}", "7"),
        ("seven{service=\"orders\",version=\"2.3.1\"}", "8"),
    ];
    for (name, value) in series {
        for at in (begin - 60..begin + 240).step_by(5) {
            text.push_str(&format!("{name} {value} {at}\n"));
        }
    }
    text
}

#[async_trait]
impl conformance::metrics::Environment for Source {
    fn port(&self) -> Arc<dyn Metrics> {
        Arc::clone(&self.port)
    }

    fn query(&self, subject: Subject) -> Option<String> {
        let query = match subject {
            Subject::Seven => "seven{version=\"2.4.0\"}",
            Subject::Absent => "eight",
            Subject::Several => "seven{service=\"orders\"}",
            // VictoriaMetrics leaves points that are `NaN` out, so both are asked for infinity.
            Subject::NotANumber => "sum(seven) / 0",
            Subject::OfVersion => "seven{version=~\"{{version}}\"} or seven{version='{{version}}'}",
        };
        Some(query.to_owned())
    }

    fn grid(&self) -> Grid {
        self.grid
    }
}

#[tokio::test]
async fn prometheus_keeps_the_promises_of_a_source_of_metrics() {
    let past = samples();
    let known = Known {
        past: Some(&past),
        ..Known::default()
    };
    let Some(running) = started("prometheus conformance", Monitor::prometheus(known)) else {
        return;
    };
    let url = format!("http://{}", running.address());
    let source = Source::past(|| prometheus(&url, platform::clock()));
    conformance::metrics::suite(&source).await.unwrap();
    let greeting = prometheus(&url, platform::clock())
        .greet(TIME)
        .await
        .unwrap();
    assert!(
        greeting.contains("answers queries, version 2."),
        "{greeting}"
    );
}

#[tokio::test]
async fn victoria_metrics_keeps_the_promises_of_a_source_of_metrics() {
    let past = samples();
    let known = Known {
        past: Some(&past),
        ..Known::default()
    };
    let running = Monitor::victoria(known, &[]);
    let Some(running) = started("victoria-metrics conformance", running) else {
        return;
    };
    let url = format!("http://{}", running.address());
    let source = Source::past(|| victoria(&url, None, platform::clock()));
    conformance::metrics::suite(&source).await.unwrap();
}

/// Products that only recorded exchanges stand for.
struct Recorded {
    port: Arc<dyn Metrics>,
    grid: Grid,
    queries: fn(Subject) -> Option<&'static str>,
    _server: Server,
}

#[async_trait]
impl conformance::metrics::Environment for Recorded {
    fn port(&self) -> Arc<dyn Metrics> {
        Arc::clone(&self.port)
    }

    fn query(&self, subject: Subject) -> Option<String> {
        (self.queries)(subject).map(str::to_owned)
    }

    fn grid(&self) -> Grid {
        self.grid
    }
}

#[tokio::test]
async fn json_keeps_the_promises_of_a_source_of_metrics() {
    let document = json!({
        "nan": "NaN", "by": [{"v": "2.4.0", "n": 7}, {"v": "2.3.1", "n": 8}],
    });
    let server = Server::always(Reply::json(&document.to_string())).await;
    let port = json_http(json!({ "url": server.url() }));
    let source = Recorded {
        port: Arc::new(port),
        grid: minutes(5, 0),
        queries: |subject| match subject {
            Subject::Seven => Some("$.by[0].n"),
            Subject::Absent => Some("$.none"),
            Subject::Several => Some("$.by[*].n"),
            Subject::NotANumber => Some("$.nan"),
            Subject::OfVersion => Some("?of={{version}} $.by[?@.v == '{{version}}'].n"),
        },
        _server: server,
    };
    conformance::metrics::suite(&source).await.unwrap();
}

/// The points, in milliseconds at which buckets begin, of what a request asks for.
fn sevens() -> Vec<(i64, f64)> {
    let begin = minutes(5, 600).from.timestamp_millis();
    (0..5).map(|at| (begin + at * 60_000, 7.0)).collect()
}

#[tokio::test]
async fn datadog_keeps_the_promises_of_a_source_of_metrics() {
    let server = Server::start(|_, text| {
        let series = json!({ "interval": 60, "pointlist": sevens() });
        let count = match text {
            text if text.contains("version%3A2.4.0%7D") => 1,
            text if text.contains("several") => 2,
            _others => 0,
        };
        let body = json!({ "status": "ok", "series": vec![series; count] });
        Reply::json(&body.to_string())
    })
    .await;
    let source = Recorded {
        port: Arc::new(datadog(&server.url(), still())),
        grid: minutes(5, 600),
        queries: |subject| match subject {
            Subject::Seven | Subject::OfVersion => Some("sum:n{version:{{version}}}"),
            Subject::Absent => Some("sum:absent{*}"),
            Subject::Several => Some("sum:several{*}"),
            Subject::NotANumber => None,
        },
        _server: server,
    };
    conformance::metrics::suite(&source).await.unwrap();
}

#[tokio::test]
async fn cloudwatch_keeps_the_promises_of_a_source_of_metrics() {
    let server = Server::start(|_, text| {
        let (begins, values): (Vec<_>, Vec<_>) = sevens().into_iter().unzip();
        let begins: Vec<_> = begins.iter().map(|begin| begin / 1000).collect();
        let labels: &[&str] = match text {
            text if text.contains("version = '2.4.0'\"") => &["a"],
            text if text.contains("several") => &["a", "b"],
            _others => &[],
        };
        let result = |label: &&str| json!({ "Id": "gantry", "Label": label, "StatusCode": "Complete", "Timestamps": begins, "Values": values });
        let results: Vec<_> = labels.iter().map(result).collect();
        Reply::json(&json!({ "MetricDataResults": results }).to_string())
    })
    .await;
    let source = Recorded {
        port: Arc::new(cloudwatch(&server.url(), still())),
        grid: minutes(5, 600),
        queries: |subject| match subject {
            Subject::Seven | Subject::OfVersion => {
                Some("SELECT SUM(n) FROM N WHERE version = '{{version}}'")
            }
            Subject::Absent => Some("SELECT SUM(absent) FROM N"),
            Subject::Several => Some("SELECT SUM(several) FROM N"),
            Subject::NotANumber => None,
        },
        _server: server,
    };
    conformance::metrics::suite(&source).await.unwrap();
}

struct Alarm(Monitor);

#[async_trait]
impl conformance::alerts::Environment for Alarm {
    fn port(&self) -> Arc<dyn Alerts> {
        let url = format!("http://{}", self.0.address());
        let settings: connection::Alertmanager =
            serde_json::from_value(json!({ "url": url })).unwrap();
        Arc::new(Alertmanager::new(&settings, shouting(), platform::clock()))
    }

    fn labels(&self) -> BTreeMap<String, String> {
        let labels = [("alertname", "Errors"), ("service", "or\"ders\\")];
        labels
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into()
    }

    fn now(&self) -> Timestamp {
        chrono::Utc::now()
    }
}

#[tokio::test]
async fn alertmanager_keeps_the_promises_of_a_source_of_alerts() {
    let running = Monitor::alertmanager();
    let Some(running) = started("alertmanager conformance", running) else {
        return;
    };
    let alarm = Alarm(running);
    let labels = conformance::alerts::Environment::labels(&alarm);
    let fired = json!([
        { "labels": labels, "annotations": { "summary": "too many" } },
        { "labels": { "alertname": "Other" } },
    ]);
    let body = fired.to_string();
    post(
        alarm.0.address(),
        "/api/v2/alerts",
        "application/json",
        &body,
    )
    .unwrap();
    conformance::alerts::suite(&alarm).await.unwrap();
}

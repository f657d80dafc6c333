//! Sources of metrics and alerts.

use std::sync::Arc;

use gantry_adapters::{
    alerts::alertmanager::Alertmanager,
    metrics::{
        cloudwatch::CloudWatch, datadog::Datadog, json_http::JsonHttp, prometheus::Prometheus,
    },
};
use gantry_model::{
    release::connection::{self, Connection},
    unit::Span,
};
use gantry_port::{
    clock::Clock, connector::Adapter, fault::Fault, metrics::Metrics, secret::Secrets,
};

use super::undriven;

/// How long a greeting may take.
const PATIENCE: Span = Span::from_secs(10);

/// Makes adapters for what is looked at.
pub(super) struct Sources {
    secrets: Arc<dyn Secrets>,
    clock: Arc<dyn Clock>,
}

impl Sources {
    /// Builds the maker; nothing is reached.
    pub(super) fn new(secrets: Arc<dyn Secrets>, clock: Arc<dyn Clock>) -> Self {
        Self { secrets, clock }
    }

    /// Makes the adapter of a connection that answers metrics; none for any other.
    pub(super) fn metrics(
        &self,
        connection: &Connection,
    ) -> Result<Option<Arc<dyn Metrics>>, Fault> {
        Ok(Some(match connection {
            Connection::Prometheus(settings) => Arc::new(self.prometheus(settings)),
            Connection::VictoriaMetrics(settings) => Arc::new(self.victoria(settings)),
            Connection::JsonHttp(settings) => Arc::new(self.json_http(settings)),
            Connection::Datadog(settings) => Arc::new(self.datadog(settings)?),
            Connection::CloudWatch(settings) => Arc::new(self.cloudwatch(settings)?),
            Connection::Docker(_)
            | Connection::Haproxy(_)
            | Connection::Alertmanager(_)
            | Connection::Unleash(_)
            | Connection::Postgres(_)
            | Connection::Slack(_)
            | Connection::Teams(_)
            | Connection::Discord(_)
            | Connection::PagerDuty(_)
            | Connection::StatusPage(_)
            | Connection::Matrix(_)
            | Connection::Desktop(_)
            | Connection::Smtp(_)
            | Connection::Webhook(_)
            | Connection::Simulated(_) => return Ok(None),
        }))
    }

    /// Makes the adapter of an Alertmanager.
    pub(super) fn alertmanager(&self, settings: &connection::Alertmanager) -> Alertmanager {
        Alertmanager::new(settings, Arc::clone(&self.secrets), Arc::clone(&self.clock))
    }

    /// Reaches out to a source and says what answered.
    pub(super) async fn greet(&self, connection: &Connection) -> Result<String, Fault> {
        match connection {
            Connection::Prometheus(settings) => self.prometheus(settings).greet(PATIENCE).await,
            Connection::VictoriaMetrics(settings) => self.victoria(settings).greet(PATIENCE).await,
            Connection::JsonHttp(settings) => self.json_http(settings).greet(PATIENCE).await,
            Connection::Datadog(settings) => self.datadog(settings)?.greet(PATIENCE).await,
            Connection::CloudWatch(settings) => self.cloudwatch(settings)?.greet(PATIENCE).await,
            Connection::Alertmanager(settings) => self.alertmanager(settings).greet(PATIENCE).await,
            Connection::Docker(_)
            | Connection::Haproxy(_)
            | Connection::Unleash(_)
            | Connection::Postgres(_)
            | Connection::Slack(_)
            | Connection::Teams(_)
            | Connection::Discord(_)
            | Connection::PagerDuty(_)
            | Connection::StatusPage(_)
            | Connection::Matrix(_)
            | Connection::Desktop(_)
            | Connection::Smtp(_)
            | Connection::Webhook(_)
            | Connection::Simulated(_) => Err(undriven(connection)),
        }
    }

    fn prometheus(&self, settings: &connection::Metrics) -> Prometheus {
        Prometheus::new(settings, Arc::clone(&self.secrets), Arc::clone(&self.clock))
    }

    fn victoria(&self, settings: &connection::Metrics) -> Prometheus {
        Prometheus::victoria(settings, Arc::clone(&self.secrets), Arc::clone(&self.clock))
    }

    fn json_http(&self, settings: &connection::JsonHttp) -> JsonHttp {
        JsonHttp::new(settings, Arc::clone(&self.secrets), Arc::clone(&self.clock))
    }

    fn datadog(&self, settings: &connection::Datadog) -> Result<Datadog, Fault> {
        Datadog::new(settings, Arc::clone(&self.secrets), Arc::clone(&self.clock))
    }

    fn cloudwatch(&self, settings: &connection::CloudWatch) -> Result<CloudWatch, Fault> {
        CloudWatch::new(settings, Arc::clone(&self.secrets), Arc::clone(&self.clock))
    }
}

/// Lists the products.
pub(super) fn adapters() -> Vec<Adapter> {
    let metrics = |product, can, note| Adapter {
        port: "metrics",
        product,
        can,
        note,
    };
    let history = || vec!["judge", "guardrails", "triggers", "missed buckets"];
    vec![
        metrics(
            "prometheus",
            history(),
            "range queries; values in {{places}} are quoted",
        ),
        metrics(
            "victoria-metrics",
            history(),
            "waits 30 s for each bucket, as VictoriaMetrics repeats older numbers until then; `settles-after` says otherwise",
        ),
        metrics(
            "json-http",
            vec!["judge", "guardrails", "triggers"],
            "a number by JSONPath; knows only now, so buckets that were missed stay missed",
        ),
        metrics(
            "datadog",
            history(),
            "built from the public description, never tried against Datadog itself",
        ),
        metrics(
            "cloudwatch",
            history(),
            "built from the public description, never tried against CloudWatch itself",
        ),
        Adapter {
            port: "alerts",
            product: "alertmanager",
            can: vec!["triggers", "silences"],
            note: "API version 2; a silence is found again by its comment",
        },
    ]
}

//! Sources of metrics and alerts.

use std::{path::Path, sync::Arc};

use gantry_adapters::{
    alerts::alertmanager::Alertmanager,
    inquiry::{github::Github, gitlab::Gitlab, postgres::Postgres, sqlite::Sqlite},
    metrics::{
        cloudwatch::CloudWatch, datadog::Datadog, json_http::JsonHttp, prometheus::Prometheus,
    },
};
use gantry_model::{
    release::connection::{self, Connection, Source},
    unit::Span,
};
use gantry_port::{
    clock::Clock, connector::Adapter, fault::Fault, inquiry::Inquiry, metrics::Metrics,
    secret::Secrets,
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
        let Some(source) = connection.source() else {
            return Ok(None);
        };
        Ok(Some(match source {
            Source::Prometheus(settings) => Arc::new(self.prometheus(settings)),
            Source::VictoriaMetrics(settings) => Arc::new(self.victoria(settings)),
            Source::JsonHttp(settings) => Arc::new(self.json_http(settings)),
            Source::Datadog(settings) => Arc::new(self.datadog(settings)?),
            Source::CloudWatch(settings) => Arc::new(self.cloudwatch(settings)?),
            // These answer something else.
            Source::Alertmanager(_)
            | Source::Postgres(_)
            | Source::Sqlite(_)
            | Source::Github(_)
            | Source::Gitlab(_) => return Ok(None),
        }))
    }

    /// Makes the adapter of a connection that items of a checklist ask; none for any other.
    /// Relative names start from `folder`.
    pub(super) fn inquiry(
        &self,
        connection: &Connection,
        folder: &Path,
    ) -> Result<Option<Arc<dyn Inquiry>>, Fault> {
        let (secrets, clock) = (Arc::clone(&self.secrets), Arc::clone(&self.clock));
        let Some(source) = connection.source() else {
            return Ok(None);
        };
        Ok(Some(match source {
            Source::Postgres(settings) => Arc::new(Postgres::new(settings, secrets, clock)),
            Source::Sqlite(settings) => Arc::new(Sqlite::new(settings, folder)),
            Source::Github(settings) => Arc::new(Github::new(settings, secrets, clock)?),
            Source::Gitlab(settings) => Arc::new(Gitlab::new(settings, secrets, clock)?),
            // These answer metrics and alerts.
            Source::Prometheus(_)
            | Source::VictoriaMetrics(_)
            | Source::JsonHttp(_)
            | Source::Datadog(_)
            | Source::CloudWatch(_)
            | Source::Alertmanager(_) => return Ok(None),
        }))
    }

    /// Makes the adapter of an Alertmanager.
    pub(super) fn alertmanager(&self, settings: &connection::Alertmanager) -> Alertmanager {
        Alertmanager::new(settings, Arc::clone(&self.secrets), Arc::clone(&self.clock))
    }

    /// Reaches out to a source and says what answered.
    pub(super) async fn greet(
        &self,
        connection: &Connection,
        folder: &Path,
    ) -> Result<String, Fault> {
        let Some(source) = connection.source() else {
            return Err(undriven(connection));
        };
        match source {
            Source::Prometheus(settings) => self.prometheus(settings).greet(PATIENCE).await,
            Source::VictoriaMetrics(settings) => self.victoria(settings).greet(PATIENCE).await,
            Source::JsonHttp(settings) => self.json_http(settings).greet(PATIENCE).await,
            Source::Datadog(settings) => self.datadog(settings)?.greet(PATIENCE).await,
            Source::CloudWatch(settings) => self.cloudwatch(settings)?.greet(PATIENCE).await,
            Source::Alertmanager(settings) => self.alertmanager(settings).greet(PATIENCE).await,
            Source::Postgres(_) | Source::Sqlite(_) | Source::Github(_) | Source::Gitlab(_) => {
                match self.inquiry(connection, folder)? {
                    Some(asked) => asked.greet(PATIENCE).await,
                    None => Err(undriven(connection)),
                }
            }
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
    let inquiry = |product, note| Adapter {
        port: "inquiry",
        product,
        can: vec!["items of checklists"],
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
        inquiry("postgres", "one value, in a transaction that can only read"),
        inquiry("sqlite", "one value; the file is opened for reading alone"),
        inquiry("github", "check runs and statuses of a commit"),
        inquiry("gitlab", "statuses of a commit"),
        Adapter {
            port: "alerts",
            product: "alertmanager",
            can: vec!["triggers", "silences"],
            note: "API version 2; a silence is found again by its comment",
        },
    ]
}

//! Prometheus, VictoriaMetrics and whatever else speaks Prometheus' query language over HTTP.

use std::sync::Arc;

use async_trait::async_trait;
use gantry_model::{release::connection, unit::Span};
use gantry_port::{
    clock::Clock,
    fault::Fault,
    metrics::{Grid, Metrics, Point, Question},
    secret::Secrets,
};
use reqwest::Method;
use serde::Deserialize;

use super::window;
use crate::{
    http::{
        endpoint::Endpoint,
        reading::{Ask, Reader},
    },
    wording::shown,
};

mod promql;

/// Prometheus refuses more than 11,000 points in one answer.
const LONGEST: u32 = 10_000;
/// For this long VictoriaMetrics hides new samples and repeats the last number instead, unless it
/// was started with another `-search.latencyOffset`.
const VICTORIA_SETTLES: Span = Span::from_secs(30);

/// A server that answers range queries.
pub struct Prometheus {
    endpoint: Endpoint,
    settles_after: Span,
    reader: Reader,
}

impl Prometheus {
    /// Builds the adapter for a Prometheus; nothing is reached yet.
    pub fn new(
        settings: &connection::Metrics,
        secrets: Arc<dyn Secrets>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self::of("Prometheus", settings, Span::ZERO, (secrets, clock))
    }

    /// Builds the adapter for a VictoriaMetrics; nothing is reached yet.
    pub fn victoria(
        settings: &connection::Metrics,
        secrets: Arc<dyn Secrets>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self::of(
            "VictoriaMetrics",
            settings,
            VICTORIA_SETTLES,
            (secrets, clock),
        )
    }

    fn of(
        product: &'static str,
        settings: &connection::Metrics,
        settles_after: Span,
        (secrets, clock): (Arc<dyn Secrets>, Arc<dyn Clock>),
    ) -> Self {
        Self {
            endpoint: Endpoint::new(product, settings.url.clone(), secrets)
                .with_token(settings.token.clone())
                .with_headers(settings.headers.clone()),
            settles_after: settings.settles_after.unwrap_or(settles_after),
            reader: Reader::new(clock),
        }
    }

    /// Asks for the simplest thing there is, and says who answered.
    ///
    /// # Errors
    /// What kept it from answering.
    pub async fn greet(&self, timeout: Span) -> Result<String, Fault> {
        let whom = self.endpoint.whom();
        let greeting = async {
            let mut ask = Ask::behind(&self.endpoint, Method::GET, &["api", "v1", "query"]).await?;
            add(&mut ask, "query", "1");
            let answer: Answer<Scalar> = self.reader.read(&ask).await?;
            answer.data(&whom)?;
            let ask = Ask::behind(
                &self.endpoint,
                Method::GET,
                &["api", "v1", "status", "buildinfo"],
            )
            .await?;
            // Not everything that speaks the language tells its version.
            let build: Option<Answer<Build>> = self.reader.read_once(&ask).await.ok();
            let version = build.and_then(|build| build.data?.version);
            Ok(version.map_or_else(
                || format!("{whom} answers queries"),
                |version| format!("{whom} answers queries, version {}", shown(&version)),
            ))
        };
        self.reader.within(timeout, &whom, greeting).await
    }

    async fn points(&self, question: &Question, grid: Grid) -> Result<Vec<Point>, Fault> {
        window::check(grid)?;
        let query = promql::fill(question, grid.bucket)?;
        let query = promql::only_fresh(&query, grid.bucket);
        let now = self.reader.clock().now();
        let settled = window::settled(grid, now, self.settles_after);
        let mut points = Vec::new();
        for chunk in window::chunks(grid, settled, LONGEST) {
            points.extend(self.range(&query, chunk).await?);
        }
        Ok(window::finish(points, grid))
    }

    /// Asks for the value at the end of each bucket.
    async fn range(&self, query: &str, grid: Grid) -> Result<Vec<Point>, Fault> {
        let whom = self.endpoint.whom();
        let mut ask =
            Ask::behind(&self.endpoint, Method::GET, &["api", "v1", "query_range"]).await?;
        let length = grid.bucket.as_millis();
        let begin = grid.from.timestamp_millis();
        let end = |count: u64| begin.saturating_add_unsigned(length.saturating_mul(count));
        for (name, value) in [
            ("query", query.to_owned()),
            ("start", promql::seconds(end(1))),
            ("end", promql::seconds(end(u64::from(grid.count)))),
            (
                "step",
                promql::seconds(i64::try_from(length).unwrap_or(i64::MAX)),
            ),
            // VictoriaMetrics moves the grid to one of its own unless it may not cache.
            ("nocache", "1".to_owned()),
            // Whoever gathers from several stores may not leave one out without saying so.
            ("deny_partial_response", "1".to_owned()),
            ("partial_response", "false".to_owned()),
        ] {
            add(&mut ask, name, &value);
        }
        let answer: Answer<Matrix> = self.reader.read(&ask).await?;
        let matrix = answer.data(&whom)?;
        if matrix.kind != "matrix" {
            let kind = shown(&matrix.kind);
            return Err(Fault::refused(format!(
                "{whom} answered a {kind} instead of a matrix"
            )));
        }
        match window::only(matrix.result) {
            Ok(series) => window::place(grid, series.samples(&whom)?, &whom),
            Err(nothing) => Ok(window::nothing(grid.count, nothing)),
        }
    }
}

#[async_trait]
impl Metrics for Prometheus {
    async fn read(
        &self,
        question: &Question,
        grid: Grid,
        timeout: Span,
    ) -> Result<Vec<Point>, Fault> {
        let whom = self.endpoint.whom();
        let reading = self.points(question, grid);
        self.reader.within(timeout, &whom, reading).await
    }

    fn keeps_history(&self) -> bool {
        true
    }

    /// A counter with a label for the outcome has no series for an outcome that never was.
    fn absent_is_zero(&self) -> bool {
        true
    }

    fn settles_after(&self) -> Span {
        self.settles_after
    }
}

fn add(ask: &mut Ask, name: &str, value: &str) {
    ask.request
        .url_mut()
        .query_pairs_mut()
        .append_pair(name, value);
}

#[derive(Deserialize)]
struct Answer<T> {
    status: String,
    data: Option<T>,
    error: Option<String>,
    #[serde(rename = "isPartial", default)]
    is_partial: bool,
}

impl<T> Answer<T> {
    fn data(self, whom: &str) -> Result<T, Fault> {
        if self.is_partial {
            return Err(Fault::lost(format!("{whom} answered only in part")));
        }
        match (self.status.as_str(), self.data) {
            ("success", Some(data)) => Ok(data),
            (status, _) => {
                let why = shown(&self.error.unwrap_or_default());
                let status = shown(status);
                Err(Fault::refused(format!("{whom} answered {status}: {why}")))
            }
        }
    }
}

#[derive(Deserialize)]
struct Matrix {
    #[serde(rename = "resultType")]
    kind: String,
    result: Vec<Series>,
}

#[derive(Deserialize)]
struct Series {
    #[serde(default)]
    values: Vec<(f64, String)>,
}

impl Series {
    fn samples(&self, whom: &str) -> Result<Vec<(i64, Option<f64>)>, Fault> {
        let number = |text: &str| {
            text.parse::<f64>().map_err(|_| {
                let text = shown(text);
                Fault::refused(format!("{whom} answered `{text}`, which is not a number"))
            })
        };
        let samples = self.values.iter();
        samples
            .map(|(at, text)| Ok((millis(*at), Some(number(text)?))))
            .collect()
    }
}

/// Times have at most three decimals; what lies outside of all time lies outside of every grid.
fn millis(seconds: f64) -> i64 {
    (seconds * 1000.0).round() as i64
}

#[derive(Deserialize)]
struct Scalar {}

#[derive(Deserialize)]
struct Build {
    version: Option<String>,
}

//! Any service that answers numbers as JSON over HTTP.
//!
//! Such a service knows only now, so it answers for the last bucket of a grid alone, and only
//! right after that bucket is over.

use std::sync::Arc;

use async_trait::async_trait;
use gantry_model::{
    release::connection::{self, AskingMethod},
    time::Timestamp,
    unit::Span,
};
use gantry_port::{
    clock::Clock,
    fault::Fault,
    metrics::{Grid, Metrics, Nothing, Point, Question},
    secret::Secrets,
};
use reqwest::{
    Method, Url,
    header::{CONTENT_TYPE, HeaderValue},
};
use serde_json::Value;

use super::{fill, window};
use crate::{
    http::{
        endpoint::Endpoint,
        reading::{Ask, Reader},
    },
    secret::resolve,
};

mod path;
mod place;

/// A service that answers JSON.
pub struct JsonHttp {
    settings: connection::JsonHttp,
    endpoint: Endpoint,
    secrets: Arc<dyn Secrets>,
    reader: Reader,
}

impl JsonHttp {
    /// Builds the adapter; nothing is reached yet.
    pub fn new(
        settings: &connection::JsonHttp,
        secrets: Arc<dyn Secrets>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let endpoint = Endpoint::new("JSON", settings.url.clone(), Arc::clone(&secrets))
            .with_headers(settings.headers.clone());
        Self {
            settings: settings.clone(),
            endpoint,
            secrets,
            reader: Reader::new(clock),
        }
    }

    /// Asks at the address as it stands, if no value belongs into it, and says what came.
    ///
    /// # Errors
    /// What kept it from answering JSON.
    pub async fn greet(&self, timeout: Span) -> Result<String, Fault> {
        let whom = self.endpoint.whom();
        let body = self.settings.body.iter().map(|body| body.as_str());
        if body
            .chain([self.settings.url.as_str()])
            .any(|text| text.contains("{{"))
        {
            return Ok(format!(
                "{whom} is asked with values only, and was not asked now"
            ));
        }
        let greeting = async {
            let question = Question {
                template: "$".to_owned(),
                values: [].into(),
            };
            let ask = self.ask(&question, Span::from_secs(60)).await?;
            let _any: Value = self.reader.read(&ask).await?;
            Ok(format!("{whom} answers JSON"))
        };
        self.reader.within(timeout, &whom, greeting).await
    }

    async fn points(&self, question: &Question, grid: Grid) -> Result<Vec<Point>, Fault> {
        window::check(grid)?;
        let mut points = window::nothing(grid.count, Nothing::NoPoint);
        let end = grid.count.checked_sub(1).and_then(|last| grid.end_of(last));
        if let (Some(end), Some(last)) = (end, points.last_mut())
            && is_now(end, grid.bucket, self.reader.clock().now())
        {
            *last = self.point(question, grid.bucket, end).await?;
        }
        Ok(points)
    }

    async fn point(
        &self,
        question: &Question,
        bucket: Span,
        end: Timestamp,
    ) -> Result<Point, Fault> {
        let whom = self.endpoint.whom();
        let (_, selector) = place::parts(&question.template)?;
        let selector = path::fill(selector, question, bucket)?;
        let ask = self.ask(question, bucket).await?;
        let document: Value = self.reader.read(&ask).await?;
        if let Some(time) = &self.settings.time {
            let measured = path::time(time, &document, &whom)?;
            let behind = end.timestamp_millis() - measured.timestamp_millis();
            let bucket = i64::try_from(bucket.as_millis()).unwrap_or(i64::MAX);
            if behind > bucket.saturating_mul(2) {
                return Ok(Point::Nothing(Nothing::Stale));
            }
        }
        path::number(&selector, &document, &whom)
    }

    async fn ask(&self, question: &Question, bucket: Span) -> Result<Ask, Fault> {
        let whom = self.endpoint.whom();
        let url = self.address(question, bucket).await?;
        let method = match self.settings.method {
            AskingMethod::Get => Method::GET,
            AskingMethod::Post => Method::POST,
        };
        let mut request = self.endpoint.to(method, url).await?;
        if let Some(body) = &self.settings.body {
            let body = place::body(body, question, bucket, self.secrets.as_ref()).await?;
            *request.body_mut() = Some(body.into());
            let json = HeaderValue::from_static("application/json");
            request.headers_mut().entry(CONTENT_TYPE).or_insert(json);
        }
        Ok(Ask { whom, request })
    }

    async fn address(&self, question: &Question, bucket: Span) -> Result<Url, Fault> {
        let base = place::base(self.settings.url.as_str(), question, bucket)?;
        let base = resolve(self.secrets.as_ref(), &base).await?;
        let (behind, _) = place::parts(&question.template)?;
        let behind = fill::fill_text(behind, question, &place::interval(bucket), place::encoded)?;
        let whole = place::join(base.expose(), &behind)?;
        whole
            .parse()
            .map_err(|_| Fault::unsent(format!("{}: this is not an address", self.endpoint.whom())))
    }
}

#[async_trait]
impl Metrics for JsonHttp {
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
        false
    }

    /// Nobody knows what a service means by leaving something out.
    fn absent_is_zero(&self) -> bool {
        false
    }
}

/// Whether what is true now is true of a bucket: it is over, by no more than two of its length.
fn is_now(end: Timestamp, bucket: Span, now: Timestamp) -> bool {
    let since = now.timestamp_millis() - end.timestamp_millis();
    let most = i64::try_from(bucket.as_millis().saturating_mul(2)).unwrap_or(i64::MAX);
    (0..=most).contains(&since)
}

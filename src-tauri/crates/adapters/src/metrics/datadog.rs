//! Datadog, by its query of timeseries points.
//!
//! Built from the public description of the API (version 1) and tested against exchanges written
//! after it; it has not met Datadog itself.

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use gantry_model::{release::connection, secret::SecretText, unit::Span};
use gantry_port::{
    clock::Clock,
    fault::{Fault, FaultKind},
    metrics::{Grid, Metrics, Point, Question},
    secret::Secrets,
};
use reqwest::Method;
use serde::Deserialize;

use super::{
    fill::{self, Placed},
    window,
};
use crate::{
    http::{
        endpoint::Endpoint,
        reading::{Ask, Reader},
    },
    wording::shown,
};

/// Datadog gives at most 1,500 points and makes the buckets longer where there would be more.
const LONGEST: u32 = 1_000;
/// How long agents and intake take until all points of a bucket are there.
const SETTLES: Span = Span::from_secs(60);

/// The metrics of one organisation.
pub struct Datadog {
    endpoint: Endpoint,
    settles_after: Span,
    reader: Reader,
}

impl Datadog {
    /// Builds the adapter; nothing is reached yet.
    ///
    /// # Errors
    /// Unsupported for a site that is not a host's name.
    pub fn new(
        settings: &connection::Datadog,
        secrets: Arc<dyn Secrets>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, Fault> {
        let url = match &settings.url {
            Some(url) => url.clone(),
            None => address(&settings.site)?,
        };
        let headers: BTreeMap<String, SecretText> = [
            ("dd-api-key".to_owned(), settings.api_key.text().clone()),
            (
                "dd-application-key".to_owned(),
                settings.application_key.text().clone(),
            ),
        ]
        .into();
        Ok(Self {
            endpoint: Endpoint::new("Datadog", url, secrets).with_headers(headers),
            settles_after: settings.settles_after.unwrap_or(SETTLES),
            reader: Reader::new(clock),
        })
    }

    /// Asks whether the key is known, and says so.
    ///
    /// # Errors
    /// What kept it from answering; refused for a key that is not valid.
    pub async fn greet(&self, timeout: Span) -> Result<String, Fault> {
        let whom = self.endpoint.whom();
        let greeting = async {
            let ask = Ask::behind(&self.endpoint, Method::GET, &["api", "v1", "validate"]).await?;
            let answer: Validity = self.reader.read(&ask).await?;
            if answer.valid {
                Ok(format!("{whom} knows the API key"))
            } else {
                Err(Fault::refused(format!("{whom} does not know the API key")))
            }
        };
        self.reader.within(timeout, &whom, greeting).await
    }

    async fn points(&self, question: &Question, grid: Grid) -> Result<Vec<Point>, Fault> {
        window::check(grid)?;
        let length = whole_seconds(grid.bucket)?;
        let query = fill::fill(question, &length.to_string(), as_tag)?;
        let grid = window::aligned(grid);
        let now = self.reader.clock().now();
        let settled = window::settled(grid, now, self.settles_after);
        let mut points = Vec::new();
        for chunk in window::chunks(grid, settled, LONGEST) {
            points.extend(self.range(&query, length, chunk).await?);
        }
        Ok(window::finish(points, grid))
    }

    async fn range(&self, query: &str, length: i64, grid: Grid) -> Result<Vec<Point>, Fault> {
        let whom = self.endpoint.whom();
        let mut ask = Ask::behind(&self.endpoint, Method::GET, &["api", "v1", "query"]).await?;
        let begin = grid.from.timestamp();
        // The last second belongs to the last bucket; one more would ask for the next.
        let end = begin + length * i64::from(grid.count) - 1;
        ask.request
            .url_mut()
            .query_pairs_mut()
            .append_pair("from", &begin.to_string())
            .append_pair("to", &end.to_string())
            .append_pair("query", query);
        let answer: Answer = self.reader.read(&ask).await?;
        answer.complain(&whom)?;
        match window::only(answer.series) {
            Ok(series) => window::place(grid, series.samples(length, &whom)?, &whom),
            Err(nothing) => Ok(window::nothing(grid.count, nothing)),
        }
    }
}

#[async_trait]
impl Metrics for Datadog {
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

    /// A count that nobody raised is not submitted.
    fn absent_is_zero(&self) -> bool {
        true
    }

    fn settles_after(&self) -> Span {
        self.settles_after
    }
}

fn address(site: &str) -> Result<SecretText, Fault> {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    let url = format!("https://api.{site}").parse();
    match url {
        Ok(url) if site.chars().all(fits) => Ok(url),
        Ok(_) | Err(_) => {
            let sentence = format!("`{site}` is not a site of Datadog, such as datadoghq.eu");
            Err(Fault::new(FaultKind::Unsupported, sentence))
        }
    }
}

fn whole_seconds(bucket: Span) -> Result<i64, Fault> {
    let millis = bucket.as_millis();
    let seconds = i64::try_from(millis / 1000).unwrap_or_default();
    if seconds > 0 && millis.is_multiple_of(1000) {
        return Ok(seconds);
    }
    let sentence = format!("Datadog counts in whole seconds, and the buckets are {bucket} long");
    Err(Fault::new(FaultKind::Unsupported, sentence))
}

/// Writes a value as Datadog itself writes tags: small letters, and `_` for what has no place in a
/// tag; so a value can neither end the scope that it stands in nor be a wildcard.
fn as_tag(placed: Placed<'_>) -> Result<String, String> {
    let lower = placed.value.chars().flat_map(char::to_lowercase);
    Ok(lower
        .map(|c| match c {
            '-' | '.' | '/' | ':' | '_' => c,
            _ if c.is_alphanumeric() => c,
            _ => '_',
        })
        .collect())
}

#[derive(Deserialize)]
struct Validity {
    valid: bool,
}

#[derive(Deserialize)]
struct Answer {
    status: Option<String>,
    error: Option<String>,
    series: Vec<Series>,
}

impl Answer {
    fn complain(&self, whom: &str) -> Result<(), Fault> {
        let error = self.error.as_deref().unwrap_or_default();
        if self.status.as_deref() == Some("ok") && error.is_empty() {
            return Ok(());
        }
        let status = shown(self.status.as_deref().unwrap_or("no status"));
        let error = shown(error);
        Err(Fault::refused(format!("{whom} answered {status}: {error}")))
    }
}

#[derive(Deserialize)]
struct Series {
    interval: i64,
    pointlist: Vec<(f64, Option<f64>)>,
}

impl Series {
    /// Points carry the instant at which their bucket begins.
    fn samples(&self, length: i64, whom: &str) -> Result<Vec<(i64, Option<f64>)>, Fault> {
        if self.interval != length {
            return Err(Fault::refused(format!(
                "{whom} answered in buckets of {} s instead of {length} s; put `.rollup(sum, {{{{interval}}}})` behind a count, `.rollup(avg, {{{{interval}}}})` behind a gauge",
                self.interval
            )));
        }
        let points = self.pointlist.iter();
        Ok(points
            .map(|(begin, value)| ((begin.round() as i64) + length * 1000, *value))
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_as_tags() {
        let tag = |value| as_tag(Placed { value, before: "" });
        assert_eq!(tag("2.4.0-rc.1+Build").unwrap(), "2.4.0-rc.1_build");
        assert_eq!(tag("*} or up{").unwrap(), "___or_up_");
    }

    #[test]
    fn a_site_is_a_name_and_no_address() {
        assert_eq!(
            address("datadoghq.eu").unwrap().as_str(),
            "https://api.datadoghq.eu"
        );
        assert!(address("evil.example/x").is_err());
        assert!(address("${secret:a}").is_err());
    }
}

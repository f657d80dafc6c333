//! Amazon CloudWatch, by `GetMetricData` in its JSON protocol.
//!
//! Built from the public description of the API and tested against exchanges written after it;
//! it has not met CloudWatch itself. Requests are signed by Amazon's own crate for that.

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
use serde_json::{Value, json};

use self::{
    answer::{Answer, Samples},
    signature::Signer,
};
use super::window;
use crate::http::{
    endpoint::Endpoint,
    reading::{Ask, Reader},
};

mod answer;
mod question;
mod signature;

const TARGET: &str = "GraniteServiceVersion20100801";
/// CloudWatch gives at most 100,800 points in one page.
const LONGEST: u32 = 10_000;
/// More pages than this are not read.
const MOST_PAGES: usize = 50;
/// How long services take until all points of a bucket are there; many report once a minute.
const SETTLES: Span = Span::from_secs(120);

/// The metrics of one account in one region.
pub struct CloudWatch {
    endpoint: Endpoint,
    signer: Signer,
    settles_after: Span,
    reader: Reader,
}

impl CloudWatch {
    /// Builds the adapter; nothing is reached yet.
    ///
    /// # Errors
    /// Unsupported for a region that is not a region's name.
    pub fn new(
        settings: &connection::CloudWatch,
        secrets: Arc<dyn Secrets>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, Fault> {
        let url = match &settings.url {
            Some(url) => url.clone(),
            None => address(&settings.region)?,
        };
        Ok(Self {
            endpoint: Endpoint::new("CloudWatch", url, Arc::clone(&secrets)),
            signer: Signer::new(settings, secrets),
            settles_after: settings.settles_after.unwrap_or(SETTLES),
            reader: Reader::new(clock),
        })
    }

    /// Asks for one metric's name, and says that the key was taken.
    ///
    /// # Errors
    /// What kept it from answering.
    pub async fn greet(&self, timeout: Span) -> Result<String, Fault> {
        let whom = self.endpoint.whom();
        let greeting = async {
            let ask = self
                .ask("ListMetrics", &json!({ "RecentlyActive": "PT3H" }))
                .await?;
            let _names: Value = self.reader.read(&ask).await?;
            Ok(format!("{whom} takes the access key"))
        };
        self.reader.within(timeout, &whom, greeting).await
    }

    async fn points(&self, question: &Question, grid: Grid) -> Result<Vec<Point>, Fault> {
        window::check(grid)?;
        let length = period(grid.bucket)?;
        let query = question::query(question, length)?;
        let grid = window::aligned(grid);
        let now = self.reader.clock().now();
        let settled = window::settled(grid, now, self.settles_after);
        let mut points = Vec::new();
        for chunk in window::chunks(grid, settled, LONGEST) {
            points.extend(self.range(&query, length, chunk).await?);
        }
        Ok(window::finish(points, grid))
    }

    async fn range(&self, query: &Value, length: i64, grid: Grid) -> Result<Vec<Point>, Fault> {
        let whom = self.endpoint.whom();
        let series = self.pages(query, length, grid).await?;
        let series = series.into_values().filter(|samples| !samples.is_empty());
        match window::only(series) {
            Ok(samples) => {
                // Points carry the instant at which their bucket begins.
                let samples = samples
                    .into_iter()
                    .map(|(begin, value)| (begin + length * 1000, Some(value)));
                window::place(grid, samples, &whom)
            }
            Err(nothing) => Ok(window::nothing(grid.count, nothing)),
        }
    }

    async fn pages(
        &self,
        query: &Value,
        length: i64,
        grid: Grid,
    ) -> Result<BTreeMap<String, Samples>, Fault> {
        let whom = self.endpoint.whom();
        let begin = grid.from.timestamp();
        let mut asked = json!({
            "StartTime": begin,
            "EndTime": begin + length * i64::from(grid.count),
            "ScanBy": "TimestampAscending",
            "MetricDataQueries": [query],
        });
        let mut series = BTreeMap::new();
        for _page in 0..MOST_PAGES {
            let ask = self.ask("GetMetricData", &asked).await?;
            let answer: Answer = self.reader.read(&ask).await?;
            let Some(next) = answer.collect(&mut series, &whom)? else {
                return Ok(series);
            };
            if let Some(fields) = asked.as_object_mut() {
                fields.insert("NextToken".to_owned(), next.into());
            }
        }
        Err(Fault::refused(format!(
            "{whom} answered more than {MOST_PAGES} pages"
        )))
    }

    async fn ask(&self, operation: &str, asked: &Value) -> Result<Ask, Fault> {
        let mut request = self.endpoint.request(Method::POST, &[""]).await?;
        let target = format!("{TARGET}.{operation}");
        let now = self.reader.clock().now();
        self.signer
            .sign(&mut request, &target, asked.to_string(), now)
            .await?;
        Ok(Ask {
            whom: self.endpoint.whom(),
            request,
        })
    }
}

#[async_trait]
impl Metrics for CloudWatch {
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

    /// Amazon's services report counts of errors only where there were any.
    fn absent_is_zero(&self) -> bool {
        true
    }

    fn settles_after(&self) -> Span {
        self.settles_after
    }
}

fn address(region: &str) -> Result<SecretText, Fault> {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let domain = if region.starts_with("cn-") {
        "amazonaws.com.cn"
    } else {
        "amazonaws.com"
    };
    let url = format!("https://monitoring.{region}.{domain}").parse();
    match url {
        Ok(url) if !region.is_empty() && region.chars().all(fits) => Ok(url),
        Ok(_) | Err(_) => {
            let sentence = format!("`{region}` is not a region, such as eu-central-1");
            Err(Fault::new(FaultKind::Unsupported, sentence))
        }
    }
}

/// CloudWatch knows buckets of 1, 5, 10, 20 and 30 seconds and of whole minutes.
fn period(bucket: Span) -> Result<i64, Fault> {
    let millis = bucket.as_millis();
    let known = matches!(millis, 1_000 | 5_000 | 10_000 | 20_000 | 30_000);
    if known || (millis > 0 && millis.is_multiple_of(60_000)) {
        return Ok(i64::try_from(millis / 1000).unwrap_or(i64::MAX));
    }
    let sentence = format!(
        "CloudWatch knows buckets of 1, 5, 10, 20 and 30 seconds and of whole minutes, not of {bucket}"
    );
    Err(Fault::new(FaultKind::Unsupported, sentence))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_is_a_name_and_no_address() {
        let of = |region| address(region).map(|url| url.as_str().to_owned());
        let frankfurt = "https://monitoring.eu-central-1.amazonaws.com";
        assert_eq!(of("eu-central-1").unwrap(), frankfurt);
        assert!(of("cn-north-1").unwrap().ends_with(".com.cn"));
        assert!(of("x/y").is_err() && of("").is_err());
    }

    #[test]
    fn only_periods_that_it_knows_are_asked_for() {
        assert_eq!(period(Span::from_secs(60)).unwrap(), 60);
        assert_eq!(period(Span::from_secs(10)).unwrap(), 10);
        assert!(period(Span::from_secs(15)).is_err());
        assert!(period(Span::ZERO).is_err());
    }
}

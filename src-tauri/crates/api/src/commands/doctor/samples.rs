//! One sample of each metric of a file, so that a person sees what the judge will see.

use std::collections::{BTreeMap, BTreeSet};

use gantry_model::{
    id::{ConnectionName, MetricName, ServiceName, Version},
    release::{
        Release,
        metric::{Metric, MetricKind},
    },
    time::Timestamp,
    unit::Span,
};
use gantry_port::{
    fault::Fault,
    metrics::{Grid, Metrics, Nothing, Point, Question},
};

use super::{Examined, Health};
use crate::app::App;

/// The buckets that are looked at; the newest that has a number is shown.
const BUCKET: Span = Span::from_secs(60);
const BUCKETS: u32 = 10;
/// How long one question may take.
const PATIENCE: Span = Span::from_secs(10);
/// More samples than this help nobody.
const MOST: usize = 200;

/// Asks for each metric of each service and version; a source that does not answer is asked once.
pub(super) async fn of(app: &App, release: &Release) -> Vec<Examined> {
    let mut silent = BTreeSet::new();
    let mut samples = Vec::new();
    for subject in subjects(release).into_iter().take(MOST) {
        if !silent.contains(&subject.source) {
            let (sample, answered) = sample(app, release, &subject).await;
            samples.push(sample);
            if !answered {
                silent.insert(subject.source);
            }
        }
    }
    samples
}

/// One metric, with what stands in its places.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Subject {
    metric: MetricName,
    source: ConnectionName,
    values: BTreeMap<String, String>,
}

impl Subject {
    fn what(&self) -> String {
        let values = ["service", "version"].map(|name| self.values.get(name));
        let of: Vec<_> = values.into_iter().flatten().map(String::as_str).collect();
        if of.is_empty() {
            return format!("metric {}", self.metric);
        }
        format!("metric {} of {}", self.metric, of.join(" "))
    }
}

/// Lists what can be asked; a metric without a place for the version is asked once for all.
fn subjects(release: &Release) -> BTreeSet<Subject> {
    let judge = release.defaults.judge.as_ref();
    let judges = release
        .nodes
        .values()
        .filter_map(|node| node.judge.as_ref());
    let sources: Vec<_> = judges.chain(judge).map(|judge| &judge.source).collect();
    let mut subjects = BTreeSet::new();
    for (name, metric) in &release.metrics {
        let Some(source) = metric.source.as_ref().or(sources.last().copied()) else {
            continue;
        };
        for (service, version) in deployed(release) {
            let mut values: BTreeMap<_, _> = [
                ("service", service.to_string()),
                ("version", version.to_string()),
                ("environment", release.environment.to_string()),
            ]
            .map(|(place, value)| (place.to_owned(), value))
            .into();
            values.retain(|place, _| has_place(metric, place));
            subjects.insert(Subject {
                metric: name.clone(),
                source: source.clone(),
                values,
            });
        }
    }
    subjects
}

fn deployed(release: &Release) -> Vec<(ServiceName, Version)> {
    let mut found = Vec::new();
    for (id, node) in &release.nodes {
        let own = || id.as_str().parse().ok();
        let (Some(service), Some(change)) = (node.service.clone().or_else(own), &node.version)
        else {
            continue;
        };
        let versions = change.from.iter().chain([&change.to]);
        found.extend(versions.map(|version| (service.clone(), version.clone())));
    }
    found
}

fn has_place(metric: &Metric, place: &str) -> bool {
    let queries = [&metric.bad, &metric.total, &metric.query];
    let opened = queries
        .into_iter()
        .flatten()
        .flat_map(|query| query.split("{{").skip(1));
    let mut names = opened.map(|rest| rest.split_once("}}").map_or(rest, |(name, _)| name).trim());
    names.any(|name| name == place)
}

async fn sample(app: &App, release: &Release, subject: &Subject) -> (Examined, bool) {
    let (state, answer, answered) = match look(app, release, subject).await {
        Ok(Seen::Number(text)) => (Health::Well, text, true),
        Ok(Seen::Nothing(text)) => (Health::Absent, text, true),
        Err(fault) => (Health::Unwell, fault.message, false),
    };
    let examined = Examined {
        what: subject.what(),
        state,
        answer,
    };
    (examined, answered)
}

/// What was seen, in words.
enum Seen {
    Number(String),
    Nothing(String),
}

async fn look(app: &App, release: &Release, subject: &Subject) -> Result<Seen, Fault> {
    let connection = release.connections.get(&subject.source);
    let port = match connection {
        Some(connection) => app.connector.metrics(connection)?,
        None => None,
    };
    let (Some(port), Some(metric)) = (port, release.metrics.get(&subject.metric)) else {
        let text = format!("`{}` answers no metrics outside of a run", subject.source);
        return Ok(Seen::Nothing(text));
    };
    let grid = grid(app.clock.now(), port.settles_after());
    let ask = |template: &Option<String>| Question {
        template: template.clone().unwrap_or_default(),
        values: subject.values.clone(),
    };
    match metric.kind {
        MetricKind::Ratio => {
            let total = port.read(&ask(&metric.total), grid, PATIENCE).await?;
            let bad = port.read(&ask(&metric.bad), grid, PATIENCE).await?;
            Ok(ratio(port.as_ref(), grid, &total, &bad))
        }
        MetricKind::Latency | MetricKind::Gauge => {
            let points = port.read(&ask(&metric.query), grid, PATIENCE).await?;
            Ok(gauge(grid, &points))
        }
    }
}

/// The newest whole buckets that have settled.
fn grid(now: Timestamp, settles_after: Span) -> Grid {
    let bucket = i64::try_from(BUCKET.as_millis()).unwrap_or(i64::MAX);
    let end = now.timestamp_millis() - settles_after.as_delta().num_milliseconds();
    let end = end - end.rem_euclid(bucket);
    let from = Timestamp::from_timestamp_millis(end - bucket * i64::from(BUCKETS));
    Grid {
        from: from.unwrap_or(now),
        bucket: BUCKET,
        count: BUCKETS,
    }
}

fn gauge(grid: Grid, points: &[Point]) -> Seen {
    let Some((at, number)) = newest(points) else {
        return Seen::Nothing(why(points));
    };
    let known = points.iter().filter(|point| point.value().is_some());
    Seen::Number(format!(
        "{} {}, {} of {BUCKETS} minutes have a number",
        figure(number),
        ended(grid, at),
        known.count()
    ))
}

fn ratio(port: &dyn Metrics, grid: Grid, total: &[Point], bad: &[Point]) -> Seen {
    let Some((at, all)) = newest(total) else {
        return Seen::Nothing(format!("total: {}", why(total)));
    };
    let ended = ended(grid, at);
    let all = figure(all);
    match bad.get(at).copied() {
        Some(Point::Value(bad)) => Seen::Number(format!("{} bad of {all} {ended}", figure(bad))),
        Some(Point::Nothing(Nothing::NoSeries | Nothing::NoPoint)) if port.absent_is_zero() => {
            let text = "none bad (nothing is counted, which means none here)";
            Seen::Number(format!("{text} of {all} {ended}"))
        }
        Some(Point::Nothing(nothing)) => {
            Seen::Nothing(format!("bad: {}; total: {all} {ended}", nothing.words()))
        }
        None => Seen::Nothing(format!("bad: nothing; total: {all} {ended}")),
    }
}

fn newest(points: &[Point]) -> Option<(usize, f64)> {
    let newest = points.iter().rposition(|point| point.value().is_some())?;
    Some((newest, points.get(newest)?.value()?))
}

/// Says why there is no number, by the newest bucket.
fn why(points: &[Point]) -> String {
    let last = points.last().copied();
    match last {
        Some(Point::Nothing(nothing)) => nothing.words().to_owned(),
        Some(Point::Value(_)) | None => "nothing".to_owned(),
    }
}

fn ended(grid: Grid, at: usize) -> String {
    let end = u32::try_from(at).ok().and_then(|at| grid.end_of(at));
    end.map_or_else(String::new, |end| {
        format!("in the minute before {}", end.format("%H:%M UTC"))
    })
}

/// Four digits are enough to recognise a number.
fn figure(number: f64) -> String {
    if number == 0.0 {
        return "0".to_owned();
    }
    let digits = 3 - number.abs().log10().floor().clamp(-9.0, 3.0) as i64;
    let text = format!("{number:.*}", usize::try_from(digits).unwrap_or_default());
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_have_four_digits() {
        for (number, text) in [
            (0.0, "0"),
            (7.0, "7"),
            (1234.56, "1235"),
            (123_456.0, "123456"),
            (0.001_234_56, "0.001235"),
            (12.5, "12.5"),
        ] {
            assert_eq!(figure(number), text);
        }
    }

    #[test]
    fn the_grid_ends_with_the_last_settled_minute() {
        let now = Timestamp::from_timestamp(1_795_437_499, 0).unwrap();
        let end = |settles| grid(now, settles).end_of(BUCKETS - 1).unwrap().timestamp();
        assert_eq!(end(Span::ZERO), 1_795_437_480);
        assert_eq!(end(Span::from_secs(30)), 1_795_437_420);
    }
}

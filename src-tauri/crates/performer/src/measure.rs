//! Reading metrics: buckets of a bake, the level of a service, what a criterion asks for.

use std::collections::BTreeMap;

use futures_util::future::{join_all, try_join, try_join_all};
use gantry_model::{
    id::{ConnectionName, MetricName, Version},
    measure::{Beside, Bucket, Level, Reading, judged, kept, tells_versions},
    plan::{Plan, PlannedNode},
    release::{
        metric::{Metric, MetricKind},
        node::Kind,
    },
    time::Timestamp,
    unit::Span,
};
use gantry_port::{
    fault::{Fault, FaultKind},
    metrics::{Grid, Metrics, Nothing, Point, Question},
    ports::Ports,
};

use crate::scene::Scene;

/// How long a source may take for one question.
pub(crate) const PATIENCE: Span = Span::from_secs(10);

/// Which version a question is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Canary,
    Baseline,
}

/// Reads all metrics of a judged bake over closed buckets, both versions in step.
pub(crate) async fn buckets(
    scene: &Scene<'_>,
    grid: Grid,
    beside: Beside,
) -> Result<Vec<Bucket>, Fault> {
    let plan = &scene.operation.plan;
    let metrics = judged(plan, scene.node);
    let grid = narrowed(scene, &metrics, grid)?;
    let read = metrics
        .iter()
        .map(|(name, metric)| rows(scene, (name, metric), grid, beside));
    let rows = try_join_all(read).await?;
    let count = usize::try_from(grid.count).unwrap_or(usize::MAX);
    let buckets = (0..count).map(|at| {
        let from = edge(grid, u32::try_from(at).unwrap_or(u32::MAX))?;
        let until = from.checked_add_signed(grid.bucket.as_delta())?;
        let readings = metrics.iter().zip(&rows).map(|((name, _), row)| Reading {
            metric: (*name).clone(),
            canary: level(&row.canary, at),
            baseline: level(&row.baseline, at),
            before: Vec::new(),
        });
        Some(Bucket {
            from,
            until,
            beside,
            readings: readings.collect(),
        })
    });
    let buckets: Option<Vec<Bucket>> = buckets.collect();
    buckets.ok_or_else(|| Fault::refused("the buckets lie outside of all time"))
}

/// Reads the levels that the old version had before the release; counts need no past.
pub(crate) async fn before(scene: &Scene<'_>, grid: Grid) -> Vec<(MetricName, Vec<f64>)> {
    let metrics = judged(&scene.operation.plan, scene.node).into_iter();
    let levels = metrics.filter(|(_, metric)| match metric.kind {
        MetricKind::Latency | MetricKind::Gauge => !metric.observe && tells_versions(metric),
        MetricKind::Ratio => false,
    });
    let read = levels.map(|(name, metric)| async move {
        let source = source(scene, (name, metric)).ok()?;
        if !source.keeps_history() {
            return None;
        }
        let levels = arm(scene, (source, metric), Side::Baseline, grid)
            .await
            .ok()?;
        let known: Vec<f64> = levels.iter().filter_map(Level::number).collect();
        (!known.is_empty()).then(|| (name.clone(), known))
    });
    join_all(read).await.into_iter().flatten().collect()
}

/// What both versions had, bucket by bucket.
struct Row {
    canary: Vec<Level>,
    baseline: Vec<Level>,
}

fn level(levels: &[Level], at: usize) -> Level {
    let missing = || Level::nothing("nothing was answered");
    levels.get(at).cloned().unwrap_or_else(missing)
}

fn edge(grid: Grid, bucket: u32) -> Option<Timestamp> {
    let after = grid.bucket.as_millis().checked_mul(u64::from(bucket))?;
    grid.from
        .checked_add_signed(Span::from_millis(after).as_delta())
}

/// A source that only knows now answers for the last bucket alone, and then so do all, because
/// the metrics of a bucket belong together.
fn narrowed(
    scene: &Scene<'_>,
    metrics: &[(&MetricName, &Metric)],
    grid: Grid,
) -> Result<Grid, Fault> {
    for (name, metric) in metrics.iter().filter(|(_, metric)| !metric.observe) {
        if !source(scene, (name, metric))?.keeps_history() {
            let last = grid.count.saturating_sub(1);
            return Ok(Grid {
                from: edge(grid, last).unwrap_or(grid.from),
                count: 1,
                ..grid
            });
        }
    }
    Ok(grid)
}

fn source<'a>(
    scene: &Scene<'a>,
    (name, metric): (&MetricName, &Metric),
) -> Result<&'a dyn Metrics, Fault> {
    let judge = scene.node.judge.as_ref().map(|judge| &judge.source);
    named_source(scene.ports, name, metric.source.as_ref().or(judge))
}

fn named_source<'a>(
    ports: &'a Ports,
    metric: &MetricName,
    name: Option<&ConnectionName>,
) -> Result<&'a dyn Metrics, Fault> {
    let unknown = |message| Fault::new(FaultKind::Unsupported, message);
    let Some(name) = name else {
        return Err(unknown(format!(
            "nothing says where metric `{metric}` is asked for"
        )));
    };
    let found = ports.metrics.get(name).map(|source| &**source);
    found.ok_or_else(|| unknown(format!("connection `{name}` answers no metrics")))
}

async fn rows(
    scene: &Scene<'_>,
    (name, metric): (&MetricName, &Metric),
    grid: Grid,
    beside: Beside,
) -> Result<Row, Fault> {
    let read = async {
        let source = source(scene, (name, metric))?;
        let canary = arm(scene, (source, metric), Side::Canary, grid);
        let baseline = baseline(scene, (source, metric), grid, beside);
        let (canary, baseline) = try_join(canary, baseline).await?;
        Ok(Row { canary, baseline })
    };
    match read.await {
        Ok(row) => Ok(row),
        // What only is shown holds nothing up.
        Err(fault) if metric.observe => Ok(unread(&fault, grid)),
        Err(fault) => Err(fault),
    }
}

fn unread(fault: &Fault, grid: Grid) -> Row {
    let why = Level::nothing(fault.message.clone());
    let all = vec![why; grid.count as usize];
    Row {
        canary: all.clone(),
        baseline: all,
    }
}

async fn baseline(
    scene: &Scene<'_>,
    (source, metric): (&dyn Metrics, &Metric),
    grid: Grid,
    beside: Beside,
) -> Result<Vec<Level>, Fault> {
    let nobody = |why: &str| Ok(vec![Level::nothing(why); grid.count as usize]);
    if !tells_versions(metric) {
        return nobody("the query does not tell the versions apart");
    }
    match beside {
        Beside::Nobody => nobody("the old version serves nobody"),
        Beside::Now => arm(scene, (source, metric), Side::Baseline, grid).await,
        Beside::Before(_) if !source.keeps_history() => nobody("the source keeps no history"),
        Beside::Before(mirror) => {
            let Some(before) = mirrored(grid, mirror) else {
                return nobody("there is nothing before");
            };
            let mut levels = arm(scene, (source, metric), Side::Baseline, before).await?;
            levels.reverse();
            Ok(levels)
        }
    }
}

/// Gives the buckets that lie as far before an instant as those of a grid lie behind it.
fn mirrored(grid: Grid, mirror: Timestamp) -> Option<Grid> {
    let end = edge(grid, grid.count)?;
    Some(Grid {
        from: mirror.checked_sub_signed(end - mirror)?,
        ..grid
    })
}

async fn arm(
    scene: &Scene<'_>,
    (source, metric): (&dyn Metrics, &Metric),
    side: Side,
    grid: Grid,
) -> Result<Vec<Level>, Fault> {
    let Some(values) = values(scene, side) else {
        let why = "it is not known which version served before";
        return Ok(vec![Level::nothing(why); grid.count as usize]);
    };
    levels(source, metric, &values, grid).await
}

/// What stands in the places of a query about one version of a node; none where nothing ran.
fn values(scene: &Scene<'_>, side: Side) -> Option<BTreeMap<String, String>> {
    let node = scene.node;
    let mut values = common(&scene.operation.plan, node);
    let flag = node.kind == Kind::Flag;
    let (arm, variant) = match side {
        Side::Canary => ("canary", "on"),
        Side::Baseline => ("baseline", "off"),
    };
    values.insert("arm".into(), arm.into());
    if flag {
        values.insert("variant".into(), variant.into());
    }
    if let Some(change) = &node.version {
        let version = match side {
            Side::Canary => &change.to,
            Side::Baseline => {
                let seen = scene.operation.baseline.as_deref();
                let seen = seen.and_then(|baseline| baseline.version.as_ref());
                seen.or(change.from.as_ref())?
            }
        };
        values.insert("version".into(), version.to_string());
    }
    Some(values)
}

fn common(plan: &Plan, node: &PlannedNode) -> BTreeMap<String, String> {
    BTreeMap::from([
        ("service".into(), node.service.to_string()),
        ("environment".into(), plan.environment.to_string()),
        ("node".into(), node.id.to_string()),
    ])
}

/// Reads one metric with all places filled.
pub(crate) async fn levels(
    source: &dyn Metrics,
    metric: &Metric,
    values: &BTreeMap<String, String>,
    grid: Grid,
) -> Result<Vec<Level>, Fault> {
    let ask = async |template: &Option<String>| {
        let missing = || Fault::refused("the metric does not say what is asked for");
        let question = Question {
            template: template.clone().ok_or_else(missing)?,
            values: values.clone(),
        };
        let points = source.read(&question, grid, PATIENCE).await?;
        match points.len() == grid.count as usize {
            true => Ok(points),
            false => Err(Fault::refused(
                "the source answered another number of buckets",
            )),
        }
    };
    match metric.kind {
        MetricKind::Ratio => {
            let both = try_join(ask(&metric.bad), ask(&metric.total));
            let (bad, total) = both.await?;
            let zero = source.absent_is_zero();
            let levels = bad.into_iter().zip(total);
            Ok(levels.map(|(bad, of)| share(bad, of, zero)).collect())
        }
        MetricKind::Latency | MetricKind::Gauge => {
            let points = ask(&metric.query).await?;
            Ok(points.into_iter().map(value).collect())
        }
    }
}

/// A count that is absent while its total is there is zero, where the source says that this is
/// what it means; everything else that is not there is nothing.
fn share(bad: Point, of: Point, absent_is_zero: bool) -> Level {
    let of = match counted(of) {
        Ok(of) if of > 0.0 => of,
        Ok(_) => return Level::nothing("no requests came"),
        Err(why) => return Level::nothing(why),
    };
    let absent = matches!(bad, Point::Nothing(Nothing::NoSeries | Nothing::NoPoint));
    match counted(bad) {
        Ok(bad) => Level::Share { bad, of },
        Err(_) if absent && absent_is_zero => Level::Share { bad: 0.0, of },
        Err(why) => Level::nothing(why),
    }
}

fn value(point: Point) -> Level {
    match finite(point) {
        Ok(value) => Level::Value { value },
        Err(why) => Level::nothing(why),
    }
}

fn counted(point: Point) -> Result<f64, &'static str> {
    match finite(point)? {
        // A counter that began again.
        below if below < 0.0 => Err("the count is below zero"),
        count => Ok(count),
    }
}

fn finite(point: Point) -> Result<f64, &'static str> {
    match point {
        Point::Value(value) => kept(value).ok_or(Nothing::NotANumber.words()),
        Point::Nothing(nothing) => Err(nothing.words()),
    }
}

/// Where and how the present level of a metric is asked for.
pub(crate) struct Ask<'a> {
    pub(crate) name: &'a MetricName,
    pub(crate) metric: &'a Metric,
    pub(crate) source: Option<&'a ConnectionName>,
    pub(crate) values: BTreeMap<String, String>,
    pub(crate) bucket: Span,
}

/// Reads the level of a metric in the last bucket that is over.
pub(crate) async fn now(ports: &Ports, ask: &Ask<'_>, now: Timestamp) -> Result<Level, Fault> {
    let source = named_source(ports, ask.name, ask.metric.source.as_ref().or(ask.source))?;
    let from = now.checked_sub_signed(ask.bucket.as_delta()).unwrap_or(now);
    let grid = Grid {
        from,
        bucket: ask.bucket,
        count: 1,
    };
    let levels = levels(source, ask.metric, &ask.values, grid).await?;
    Ok(level(&levels, 0))
}

/// Finds where a metric is asked for that neither says so itself nor is asked for by its node:
/// where a judge of the release asks for it, or the only source there is.
pub(crate) fn guessed_source<'a>(
    plan: &'a Plan,
    ports: &'a Ports,
    name: &MetricName,
) -> Option<&'a ConnectionName> {
    let judges = || plan.nodes.iter().filter_map(|node| node.judge.as_ref());
    let asking = judges().find(|judge| judge.metrics.contains(name));
    let known = asking
        .or_else(|| judges().next())
        .map(|judge| &judge.source);
    known.or_else(|| {
        let mut all = ports.metrics.keys();
        all.next().filter(|_| all.next().is_none())
    })
}

/// What stands in the places of a query about a service at large.
pub(crate) fn of_service(
    plan: &Plan,
    service: Option<&str>,
    version: Option<&Version>,
) -> BTreeMap<String, String> {
    let mut values = BTreeMap::from([("environment".to_owned(), plan.environment.to_string())]);
    // Whoever names a service watches what will be there: the new version, where one comes.
    let node = service.and_then(|service| {
        let own = |node: &&PlannedNode| node.service.as_str() == service;
        let versions = |node: &&PlannedNode| own(node) && node.version.is_some();
        let versioned = plan.nodes.iter().find(versions);
        versioned.or_else(|| plan.nodes.iter().find(own))
    });
    if let Some(node) = node {
        values.extend(common(plan, node));
        values.insert("arm".into(), "canary".into());
        if node.kind == Kind::Flag {
            values.insert("variant".into(), "on".into());
        }
    }
    if let Some(service) = service {
        values.insert("service".into(), service.to_owned());
    }
    let own = node.and_then(|node| node.version.as_ref());
    if let Some(version) = version.or(own.map(|change| &change.to)) {
        values.insert("version".into(), version.to_string());
    }
    values
}

/// Whether there is a value for every place of a metric's queries; the length of a bucket always is.
pub(crate) fn is_filled(metric: &Metric, values: &BTreeMap<String, String>) -> bool {
    let queries = [&metric.bad, &metric.total, &metric.query];
    let texts = queries.into_iter().flatten();
    let mut places = texts.flat_map(|text| text.split("{{").skip(1));
    places.all(|rest| {
        let place = rest
            .split_once("}}")
            .map_or(rest, |(place, _)| place)
            .trim();
        place == "interval" || values.contains_key(place)
    })
}

/// Compares a level with limits as the release file writes them: `5%`, `0.05`, `300ms`.
///
/// A time is compared in seconds, as Prometheus and most others count it.
pub(crate) fn limit(text: &str) -> Option<f64> {
    let text = text.trim();
    if let Some(percent) = text.strip_suffix('%') {
        return percent
            .trim()
            .parse::<f64>()
            .ok()
            .map(|number| number / 100.0);
    }
    let plain = text.parse::<f64>().ok();
    plain.or_else(|| {
        let span = text.parse::<Span>().ok()?;
        Some(span.as_millis() as f64 / 1000.0)
    })
}

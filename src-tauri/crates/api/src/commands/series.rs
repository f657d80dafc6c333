//! `series`: what was measured of a node, as a chart needs it.

use gantry_engine::{drive, status};
use gantry_model::{
    event::{Judged, JudgedMetric},
    id::{MetricName, NodeId, StepId},
    measure::{Bucket, Level, judged},
    plan::{Action, NodeIndex},
    release::metric::{Metric, MetricKind},
    run::{Measured, Run},
    time::Timestamp,
    unit::Weight,
};
use serde::{Deserialize, Serialize};

use crate::{
    app::{App, Caller},
    command::{Access, Command},
    error::{ApiError, ErrorCode},
    follow,
};

/// Gives the measured buckets of a node, both versions beside each other, and what the judge says.
#[derive(Clone, Debug, Deserialize)]
pub struct Series {
    /// The run: a release id (its latest run), or `id#2`.
    pub run: String,
    /// The node.
    pub node: NodeId,
}

/// What was measured of a node.
#[derive(Clone, Debug, Serialize)]
pub struct Charted {
    /// The metrics, the one that leads the verdict first.
    pub metrics: Vec<Charts>,
    /// When which share of the traffic began to be watched.
    pub shares: Vec<Share>,
    /// Where the judge stands over all metrics: `open`, `pass`, `fail` or `hold`; `none` without one.
    pub verdict: &'static str,
    /// The same in a sentence.
    pub sentence: String,
    /// The odds of harm against none, over all metrics, as a logarithm.
    pub log_evidence: Option<f64>,
}

/// One metric over time.
#[derive(Clone, Debug, Serialize)]
pub struct Charts {
    /// Its name.
    pub name: MetricName,
    /// What kind of number it is.
    pub kind: MetricKind,
    /// What it is counted in; a ratio is a share of one.
    pub unit: Option<&'static str>,
    /// How long a bucket is.
    pub bucket_seconds: f64,
    /// The buckets, oldest first; what was not measured is `null`, never zero.
    pub points: Vec<Point>,
    /// Where the ratio of new to old lies, at any time one looks; its end is open until something bounds it.
    pub interval: Option<(f64, Option<f64>)>,
    /// The ratio of new to old.
    pub estimate: Option<f64>,
    /// The odds of harm against none, as a logarithm.
    pub log_evidence: Option<f64>,
    /// Its share of the decision; nothing where it is only shown.
    pub weight: Option<f64>,
    /// Where the judge stands; `none` where it has not looked at this metric.
    pub verdict: &'static str,
    /// The judge's sentence on the node where this metric leads it, else the numbers in one.
    pub sentence: String,
    /// What it must never go beyond.
    pub limit: Option<f64>,
    /// The harm that is tolerated: absolute for a ratio, relative for other kinds.
    pub tolerate: Option<String>,
}

/// One bucket of one metric.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Point {
    /// When it ended.
    pub at: Timestamp,
    /// The old version.
    pub old: Option<f64>,
    /// The new version.
    pub new: Option<f64>,
    /// The step that watched.
    pub step: StepId,
    /// What the old version was: `now` beside the new one, `before` it, or `nobody`.
    pub beside: &'static str,
}

/// A share of the traffic, from when it was watched.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Share {
    /// From when.
    pub at: Timestamp,
    /// The share in basis points.
    pub weight_bp: u16,
    /// The step that watched.
    pub step: StepId,
}

impl Command for Series {
    const NAME: &'static str = "series";
    const ACCESS: Access = Access::Read;
    const ABOUT: &'static str =
        "Gives what was measured of a node, both versions in step, and what the judge says of it.";
    type Answer = Charted;

    async fn execute(self, app: &App, _caller: &Caller) -> Result<Charted, ApiError> {
        let journal = app.journal()?;
        let found = follow::find(&*journal, &self.run).await?;
        let run = drive::read(&*journal, &found).await?;
        let node = run.plan().node(&self.node).ok_or_else(|| {
            let message = format!("run {found} has no node {}", self.node);
            ApiError::new(
                ErrorCode::NoSuchPart,
                message,
                "`gantry status` lists the nodes",
            )
        })?;
        Ok(charted(&run, node))
    }
}

fn charted(run: &Run, node: NodeIndex) -> Charted {
    let verdict = status::verdict(run, node);
    let measured = &run.node(node).measured;
    let named = judged(run.plan(), run.planned_node(node)).into_iter();
    let mut metrics: Vec<Charts> = named
        .map(|(name, metric)| charts(run, (name, metric), measured, verdict.as_ref()))
        .collect();
    let lead = verdict.as_ref().and_then(|judged| judged.metrics.first());
    if let Some(lead) = lead {
        metrics.sort_by_key(|metric| metric.name != lead.metric);
    }
    Charted {
        metrics,
        shares: shares(run, measured),
        verdict: verdict
            .as_ref()
            .map_or("none", |judged| judged.standing.word()),
        sentence: verdict
            .as_ref()
            .map_or_else(String::new, |judged| judged.sentence.clone()),
        log_evidence: verdict.as_ref().map(|judged| judged.log_evidence),
    }
}

fn charts(
    run: &Run,
    (name, metric): (&MetricName, &Metric),
    measured: &[Measured],
    verdict: Option<&Judged>,
) -> Charts {
    let known = verdict.and_then(|judged| judged.metrics.iter().find(|one| one.metric == *name));
    let leads = verdict.and_then(|judged| judged.metrics.first());
    let leads = leads.is_some_and(|lead| lead.metric == *name);
    let sentence = match (verdict, known) {
        (Some(judged), _) if leads => judged.sentence.clone(),
        (_, Some(known)) => numbers(known),
        (_, None) => "nothing was measured yet".to_owned(),
    };
    let bucket = |one: &Measured| one.bucket.until - one.bucket.from;
    let bucket_ms = measured.first().map(|one| bucket(one).num_milliseconds());
    Charts {
        name: name.clone(),
        kind: metric.kind,
        unit: (metric.kind == MetricKind::Ratio).then_some("share"),
        bucket_seconds: bucket_ms.map_or(0.0, |ms| ms as f64 / 1000.0),
        points: measured
            .iter()
            .filter_map(|one| point(run, one, name))
            .collect(),
        interval: known.and_then(|known| Some((known.low?, known.high))),
        estimate: known.and_then(|known| known.estimate),
        log_evidence: known.map(|known| known.log_evidence),
        weight: known.map(|known| known.weight),
        verdict: match (verdict, known) {
            (Some(judged), Some(_)) => judged.standing.word(),
            (_, _) => "none",
        },
        sentence,
        limit: limit(metric),
        tolerate: metric.tolerate.clone(),
    }
}

/// Says in a sentence what is known of a metric that does not lead.
fn numbers(known: &JudgedMetric) -> String {
    match (known.estimate, known.low, known.high) {
        (Some(estimate), Some(low), Some(high)) => format!(
            "{}: ×{estimate:.2} of the old version, between ×{low:.2} and ×{high:.2}",
            known.metric
        ),
        (Some(estimate), Some(low), None) => format!(
            "{}: ×{estimate:.2} of the old version, at least ×{low:.2}",
            known.metric
        ),
        (Some(estimate), None, _) => format!("{}: ×{estimate:.2} of the old version", known.metric),
        (None, _, _) => format!("{}: too little was measured to compare", known.metric),
    }
}

fn point(run: &Run, one: &Measured, name: &MetricName) -> Option<Point> {
    let reading = one.bucket.reading(name)?;
    Some(Point {
        at: one.bucket.until,
        old: number(&reading.baseline),
        new: number(&reading.canary),
        step: run.planned_step(one.step).id.clone(),
        beside: beside(&one.bucket),
    })
}

fn number(level: &Level) -> Option<f64> {
    level.number().filter(|number| number.is_finite())
}

fn beside(bucket: &Bucket) -> &'static str {
    use gantry_model::measure::Beside;
    match bucket.beside {
        Beside::Now => "now",
        Beside::Before(_) => "before",
        Beside::Nobody => "nobody",
    }
}

fn shares(run: &Run, measured: &[Measured]) -> Vec<Share> {
    let mut shares: Vec<Share> = Vec::new();
    for one in measured {
        let step = run.planned_step(one.step);
        let Action::Bake { weight, .. } = step.action else {
            continue;
        };
        if shares.last().is_none_or(|last| last.step != step.id) {
            shares.push(Share {
                at: one.bucket.from,
                weight_bp: weight.basis_points(),
                step: step.id.clone(),
            });
        }
    }
    shares
}

/// Gives what a metric must never go beyond, as the number that is drawn.
fn limit(metric: &Metric) -> Option<f64> {
    let text = metric
        .never_above
        .as_ref()
        .or(metric.never_below.as_ref())?;
    match text.parse::<Weight>() {
        Ok(weight) if text.contains('%') => Some(weight.fraction()),
        _ => text
            .trim()
            .parse()
            .ok()
            .filter(|number: &f64| number.is_finite()),
    }
}

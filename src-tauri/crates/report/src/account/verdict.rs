//! What the judge said last of each bake, and what was measured.

use std::collections::BTreeMap;

use gantry_model::{
    event::{Happened, Judged, RunEvent},
    measure::Level,
    plan::Plan,
    time::Timestamp,
};
use schemars::JsonSchema;
use serde::Serialize;

use super::trigger;

/// What the judge said last of a bake.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Verdict {
    /// The entry.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// The node.
    pub node: String,
    /// The bake.
    pub step: String,
    /// `open`, `pass`, `fail` or `hold`.
    pub standing: String,
    /// Why, in a word.
    pub because: String,
    /// 100 where there is no evidence of harm, 0 where there is an alarm.
    pub score: f64,
    /// The natural logarithm of the evidence of harm.
    pub log_evidence: f64,
    /// How many buckets were judged.
    pub buckets: u32,
    /// The bucket of the alarm, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alarm_bucket: Option<u32>,
    /// What was seen, for people.
    pub sentence: String,
    /// Each metric.
    pub metrics: Vec<Measured>,
}

/// What is known of a metric in a bake.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Measured {
    /// The metric.
    pub metric: String,
    /// The ratio of the new version to the old one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub estimate: Option<f64>,
    /// Where the ratio lies at least.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub low: Option<f64>,
    /// Where it lies at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub high: Option<f64>,
    /// The new version, in words.
    pub new: String,
    /// The old version, in words.
    pub old: String,
    /// How many buckets were missing.
    pub missing: u32,
    /// The numbers, bucket by bucket.
    pub series: Vec<Point>,
    /// The limit that trips alone, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<f64>,
}

/// One bucket of a metric.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Point {
    /// The entry.
    pub seq: u64,
    /// When it ended.
    pub until: Timestamp,
    /// The new version's number; absent where nothing was measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new: Option<f64>,
    /// The old version's number; absent where nothing was measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old: Option<f64>,
}

/// Lists the last verdict of each bake, in the order in which bakes were first judged.
pub(crate) fn verdicts(plan: &Plan, events: &[RunEvent]) -> Vec<Verdict> {
    let series = series(events);
    let mut all: Vec<Verdict> = Vec::new();
    for event in events {
        let Happened::BakeJudged(judged) = &event.what else {
            continue;
        };
        let verdict = verdict(plan, event, judged, &series);
        match all.iter_mut().find(|known| known.step == verdict.step) {
            Some(known) => *known = verdict,
            None => all.push(verdict),
        }
    }
    all
}

type Series<'a> = BTreeMap<(&'a str, &'a str), Vec<Point>>;

fn series(events: &[RunEvent]) -> Series<'_> {
    let mut all = Series::new();
    for event in events {
        let Happened::BakeMeasured { place, bucket } = &event.what else {
            continue;
        };
        for reading in &bucket.readings {
            let key = (place.step.as_str(), reading.metric.as_str());
            all.entry(key).or_default().push(Point {
                seq: event.seq,
                until: bucket.until,
                new: reading.canary.number(),
                old: reading.baseline.number(),
            });
        }
    }
    all
}

fn verdict(plan: &Plan, event: &RunEvent, judged: &Judged, series: &Series<'_>) -> Verdict {
    let step = judged.place.step.as_str();
    let metric = |known: &gantry_model::event::JudgedMetric| Measured {
        metric: known.metric.to_string(),
        estimate: known.estimate,
        low: known.low,
        high: known.high,
        new: trigger::level(&known.canary),
        old: trigger::level(&known.baseline),
        missing: known.missing,
        series: series
            .get(&(step, known.metric.as_str()))
            .cloned()
            .unwrap_or_default(),
        limit: limit(plan, known),
    };
    Verdict {
        seq: event.seq,
        at: event.at,
        node: judged.place.node.to_string(),
        step: step.to_owned(),
        standing: judged.standing.word().to_owned(),
        because: judged.because.clone(),
        score: judged.score,
        log_evidence: judged.log_evidence,
        buckets: judged.buckets,
        alarm_bucket: judged.alarm_bucket,
        sentence: judged.sentence.clone(),
        metrics: judged.metrics.iter().map(metric).collect(),
    }
}

/// Reads the limit that trips alone; only a share is written in the unit of its numbers.
fn limit(plan: &Plan, known: &gantry_model::event::JudgedMetric) -> Option<f64> {
    let metric = plan.metrics.get(&known.metric)?;
    let text = metric
        .never_above
        .as_deref()
        .or(metric.never_below.as_deref())?;
    match (&known.canary, text.strip_suffix('%')) {
        (Level::Share { .. }, Some(percent)) => percent.trim().parse().ok().map(|p: f64| p / 100.0),
        (Level::Share { .. } | Level::Value { .. } | Level::Nothing { .. }, _) => text.parse().ok(),
    }
}

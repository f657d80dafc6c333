//! The ways of judging that people know from other tools.

use gantry_judge::{
    config::{Direction, MetricConfig, Part},
    kayenta::{self, Class, Classified, Classifier, Grouped},
    sample::Sample,
    threshold::{Analysis, Condition, Limits, Outcome},
    verdict::Standing,
};

use super::{BucketLine, Judged, Limit, MetricLine, VerdictLine};
use crate::recording::Recording;

/// The score from which on Kayenta passes.
const PASS_SCORE: f64 = 75.0;
/// The score below which Kayenta fails; a person decides between the two.
const MARGINAL_SCORE: f64 = 50.0;
/// At how many failed checks Flagger rolls back where nobody says it.
const FLAGGER_THRESHOLD: u32 = 5;

/// A metric without a limit, where limits are all there is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` has no limit: give one with --limit, or `never_above` in the recording")]
pub(crate) struct Limitless(String);

/// Judges as Kayenta does, again after every bucket with all points so far.
pub(crate) fn kayenta(recording: &Recording) -> Judged {
    let buckets = recording.buckets();
    let looks: Vec<(Standing, f64)> = (1..=buckets)
        .map(|bucket| look(recording, bucket).1)
        .collect();
    let (classes, (standing, score)) = look(recording, buckets);
    let lead = classes.iter().position(|(_, one)| one.class != Class::Pass);
    let sentence = match lead.and_then(|place| classes.get(place)) {
        Some((metric, one)) => format!(
            "{}: {} after {buckets} buckets; score {score:.0}. As Kayenta judges: valid for one look.",
            metric.name, one.reason
        ),
        None => format!(
            "No metric differs beyond its tolerance after {buckets} buckets; score {score:.0}. \
             As Kayenta judges: valid for one look."
        ),
    };
    let metrics: Vec<MetricLine> = classes
        .iter()
        .map(|(metric, one)| line(&metric.name, one.deviation))
        .collect();
    finished(Ending {
        looks: looks.iter().map(|(standing, _)| *standing).collect(),
        standing,
        score,
        sentence,
        metrics,
    })
}

type Classes<'a> = Vec<(&'a MetricConfig, Classified)>;

/// Looks at the first buckets.
fn look(recording: &Recording, buckets: usize) -> (Classes<'_>, (Standing, f64)) {
    let deciding = recording
        .metrics
        .iter()
        .zip(&recording.series)
        .filter(|(metric, _)| metric.part == Part::Decides);
    let classes: Classes<'_> = deciding
        .map(|(metric, series)| {
            let pairs = series.iter().take(buckets).map(levels);
            let (canary, baseline): (Vec<f64>, Vec<f64>) = pairs.unzip();
            let classifier = Classifier {
                direction: metric.direction,
                critical: metric.critical.map(|factor| (1.0 / factor, factor)),
                ..Classifier::PRODUCTION
            };
            (metric, kayenta::classify(&canary, &baseline, &classifier))
        })
        .collect();
    let grouped: Vec<Grouped> = classes
        .iter()
        .map(|(_, one)| Grouped {
            group: "all".to_owned(),
            class: one.class,
            critical: one.critical,
        })
        .collect();
    let score = kayenta::score(&grouped, &std::collections::BTreeMap::new());
    let nothing = classes.iter().all(|(_, one)| one.class == Class::NoData);
    let standing = match score {
        _ if nothing => Standing::Hold,
        score if score >= PASS_SCORE => Standing::Pass,
        score if score >= MARGINAL_SCORE => Standing::Hold,
        _ => Standing::Fail,
    };
    (classes, (standing, score))
}

/// Judges as an analysis of Argo Rollouts does, one measurement a bucket.
pub(crate) fn argo(recording: &Recording, limit: Limit) -> Result<Judged, Limitless> {
    let count = recording.buckets() as u32;
    counted(recording, limit, |success| Limits {
        failure_limit: limit.failures.unwrap_or(0),
        ..Limits::argo(success, count)
    })
}

/// Judges as Flagger does, one check a bucket.
pub(crate) fn flagger(recording: &Recording, limit: Limit) -> Result<Judged, Limitless> {
    let count = recording.buckets() as u32;
    let threshold = limit.failures.unwrap_or(FLAGGER_THRESHOLD).max(1);
    counted(recording, limit, |success| {
        Limits::flagger(success, count, threshold)
    })
}

/// A metric with its limit, as far as it was measured.
struct Measured<'a> {
    metric: &'a MetricConfig,
    series: &'a [Sample],
    bound: f64,
    analysis: Analysis,
}

fn counted(
    recording: &Recording,
    limit: Limit,
    limits: impl Fn(Condition) -> Limits,
) -> Result<Judged, Limitless> {
    let mut measured = recording
        .metrics
        .iter()
        .zip(&recording.series)
        .filter(|(metric, _)| metric.part == Part::Decides)
        .map(|(metric, series)| begin((metric, series.as_slice()), limit, &limits))
        .collect::<Result<Vec<_>, _>>()?;
    let mut looks = Vec::new();
    for bucket in 0..recording.buckets() {
        for one in &mut measured {
            let canary = one.series.get(bucket).map(|sample| levels(sample).0);
            one.analysis.push(canary);
        }
        looks.push(together(measured.iter().map(|one| one.analysis.outcome())));
    }
    let standing = match together(measured.iter().map(|one| one.analysis.terminate())) {
        Standing::Open => Standing::Hold,
        settled => settled,
    };
    let said = measured.iter().map(|one| {
        let end = word(one.analysis.terminate());
        format!("{} against {}: {end}", one.metric.name, one.bound)
    });
    let said = said.collect::<Vec<_>>().join("; ");
    let metrics = measured.iter().map(|one| line(&one.metric.name, f64::NAN));
    Ok(finished(Ending {
        looks,
        standing,
        score: if standing == Standing::Pass {
            100.0
        } else {
            0.0
        },
        sentence: format!("{said}. A limit on the new version alone; the old one was not asked."),
        metrics: metrics.collect(),
    }))
}

fn begin<'a>(
    (metric, series): (&'a MetricConfig, &'a [Sample]),
    limit: Limit,
    limits: &impl Fn(Condition) -> Limits,
) -> Result<Measured<'a>, Limitless> {
    let bound = limit.limit.or(metric.never_above);
    let bound = bound.ok_or_else(|| Limitless(metric.name.clone()))?;
    let success = match metric.direction {
        Direction::Increase | Direction::Either => Condition::AtMost(bound),
        Direction::Decrease => Condition::AtLeast(bound),
    };
    Ok(Measured {
        metric,
        series,
        bound,
        analysis: Analysis::new(limits(success)),
    })
}

/// Gives where things stand after all metrics; one failure is enough.
fn together(outcomes: impl Iterator<Item = Outcome>) -> Standing {
    let worse = |one: Standing, other: Standing| {
        let rank = |standing| match standing {
            Standing::Fail => 3,
            Standing::Hold => 2,
            Standing::Open => 1,
            Standing::Pass => 0,
        };
        if rank(other) > rank(one) { other } else { one }
    };
    outcomes
        .map(|outcome| match outcome {
            Outcome::Running => Standing::Open,
            Outcome::Successful => Standing::Pass,
            // Both tools roll back where too many measurements could not be made.
            Outcome::Failed | Outcome::Errored => Standing::Fail,
            Outcome::Inconclusive => Standing::Hold,
        })
        .fold(Standing::Pass, worse)
}

fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Running => "not over",
        Outcome::Successful => "successful",
        Outcome::Failed => "too many failures",
        Outcome::Inconclusive => "inconclusive",
        Outcome::Errored => "too many measurements without a number",
    }
}

struct Ending {
    looks: Vec<Standing>,
    standing: Standing,
    score: f64,
    sentence: String,
    metrics: Vec<MetricLine>,
}

fn finished(ending: Ending) -> Judged {
    let bucket = |(standing, bucket): (&Standing, u32)| BucketLine {
        kind: "bucket",
        bucket,
        log_e: None,
        verdict: standing.as_str(),
        estimate: None,
        interval: [None, None],
    };
    let failed = |standing: &Standing| *standing == Standing::Fail;
    let alarm = ending.looks.iter().position(failed);
    Judged {
        buckets: ending.looks.iter().zip(1..).map(bucket).collect(),
        verdict: VerdictLine {
            kind: "verdict",
            verdict: ending.standing.as_str(),
            alarm_bucket: alarm.and_then(|place| u32::try_from(place + 1).ok()),
            pass_bucket: None,
            log_e: None,
            estimate: ending.metrics.first().and_then(|metric| metric.estimate),
            interval: [None, None],
            score: ending.score,
            sentence: ending.sentence,
            metrics: ending.metrics,
        },
        standing: ending.standing,
        svg: None,
    }
}

fn line(name: &str, estimate: f64) -> MetricLine {
    MetricLine {
        metric: name.to_owned(),
        weight: 1.0,
        log_e: None,
        log_e_pass: None,
        estimate: Some(estimate).filter(|ratio| ratio.is_finite()),
        interval: [None, None],
        missing: 0,
    }
}

/// Gives what each arm reported as one number; not a number where it is missing.
fn levels(sample: &Sample) -> (f64, f64) {
    let rate = |count: &Option<gantry_judge::sample::Count>| {
        let rate = count.map(|count| count.events / count.of);
        rate.filter(|rate| rate.is_finite() && *rate >= 0.0)
            .unwrap_or(f64::NAN)
    };
    match sample {
        Sample::Counts { canary, baseline } => (rate(canary), rate(baseline)),
        Sample::Values { canary, baseline } => {
            (canary.unwrap_or(f64::NAN), baseline.unwrap_or(f64::NAN))
        }
        Sample::Missing => (f64::NAN, f64::NAN),
    }
}

//! The judge's verdict as it is recorded.

use gantry_judge::verdict::{Cause, MetricVerdict, Standing, Verdict};
use gantry_model::{
    event::{Judged, JudgedMetric, JudgedStanding, Place},
    id::MetricName,
    measure::{Level, judged as metrics_of, kept},
    plan::StepIndex,
    run::Run,
};

/// Puts a verdict into the words of the journal; `None` only where the plan has no such step.
pub(super) fn judged(run: &Run, step: StepIndex, verdict: &Verdict) -> Option<Judged> {
    let node = run.planned_step(step).node;
    let names = metrics_of(run.plan(), run.planned_node(node));
    let mut metrics: Vec<JudgedMetric> = verdict
        .metrics
        .iter()
        .zip(names)
        .map(|(metric, (name, _))| of_metric(run, step, name, metric))
        .collect();
    if verdict.lead < metrics.len() {
        let lead = metrics.remove(verdict.lead);
        metrics.insert(0, lead);
    }
    Some(Judged {
        place: Place::of_step(run.plan(), step)?,
        standing: standing_word(verdict.standing),
        because: because(&verdict.cause).to_owned(),
        score: number(verdict.score),
        log_evidence: number(verdict.log_e),
        buckets: verdict.buckets,
        alarm_bucket: verdict.alarm_bucket,
        bucket_ms: super::bucket(run, node).as_millis(),
        metrics,
        sentence: verdict.sentence.clone(),
    })
}

fn of_metric(
    run: &Run,
    step: StepIndex,
    name: &MetricName,
    metric: &MetricVerdict,
) -> JudgedMetric {
    let (canary, baseline) = totals(run, step, name);
    JudgedMetric {
        metric: name.clone(),
        weight: number(metric.weight),
        log_evidence: number(metric.log_e),
        estimate: metric.estimate.and_then(kept),
        low: kept(metric.interval.low),
        high: kept(metric.interval.high),
        canary,
        baseline,
        missing: metric.missing,
    }
}

/// Sums up what was read of a metric in all bakes of the node that compare in the same way.
fn totals(run: &Run, step: StepIndex, name: &MetricName) -> (Level, Level) {
    let alone = super::beside(run, step) == Some(gantry_model::measure::Beside::Nobody);
    let node = run.planned_step(step).node;
    let measured = run.node(node).measured.iter();
    let readings = measured
        .filter(|one| (one.bucket.beside == gantry_model::measure::Beside::Nobody) == alone)
        .filter_map(|one| one.bucket.reading(name));
    let (mut canary, mut baseline) = (Total::default(), Total::default());
    for reading in readings {
        canary.add(&reading.canary);
        baseline.add(&reading.baseline);
    }
    (canary.level(), baseline.level())
}

#[derive(Default)]
struct Total {
    bad: f64,
    of: f64,
    sum: f64,
    values: u32,
}

impl Total {
    fn add(&mut self, level: &Level) {
        match level {
            Level::Share { bad, of } => {
                self.bad += bad;
                self.of += of;
            }
            Level::Value { value } => {
                self.sum += value;
                self.values += 1;
            }
            Level::Nothing { .. } => {}
        }
    }

    fn level(&self) -> Level {
        if self.of > 0.0 {
            let (bad, of) = (number(self.bad), number(self.of));
            return Level::Share { bad, of };
        }
        match self.values {
            0 => Level::nothing("nothing was read"),
            values => Level::Value {
                value: number(self.sum / f64::from(values)),
            },
        }
    }
}

fn number(value: f64) -> f64 {
    kept(value).unwrap_or(0.0)
}

/// Gives where the judge stands in the words of the journal.
pub(super) fn standing_word(standing: Standing) -> JudgedStanding {
    match standing {
        Standing::Open => JudgedStanding::Open,
        Standing::Fail => JudgedStanding::Fail,
        Standing::Pass => JudgedStanding::Pass,
        Standing::Hold => JudgedStanding::Hold,
    }
}

fn because(cause: &Cause) -> &'static str {
    match cause {
        Cause::Guardrail { .. } => "guardrail",
        Cause::Critical { .. } => "critical",
        Cause::Evidence => "evidence",
        Cause::BaselineUnhealthy { .. } => "baseline-unhealthy",
        Cause::Early => "early",
        Cause::Deadline => "deadline",
        Cause::Undecided => "undecided",
    }
}

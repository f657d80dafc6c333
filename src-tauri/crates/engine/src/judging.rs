//! The judge beside a run: a fold over the buckets that the run keeps.
//!
//! A [`Bench`] is a memory aid and no state: what it says follows from the run alone, so that it
//! can be thrown away at any time and a restart, a replay and a report come to the same verdict.
//! It saves folding all buckets again at every new one.

mod config;
mod verdict;

use std::collections::HashMap;

use gantry_judge::{
    judge::{Deadline, Judge},
    sample::{Count, Sample},
    verdict::{Cause, Standing},
};
use gantry_model::{
    event::Judged,
    id::MetricName,
    measure::{Beside, Bucket, Level, judged, tells_versions},
    plan::{Action, NodeIndex, StepIndex},
    release::{node::Kind, strategy::StrategyName},
    run::{Measured, Run, StepState},
    time::Timestamp,
    unit::{Span, Weight},
};

/// The judges of the nodes of one run.
#[derive(Debug, Default)]
pub struct Bench {
    memos: HashMap<NodeIndex, Memo>,
}

/// The judges of one node, as far as its buckets were taken in.
#[derive(Debug)]
struct Memo {
    taken: usize,
    /// The bake that the last bucket belongs to.
    step: Option<StepIndex>,
    /// The smallest share that the new version was planned to have so far.
    share: Option<f64>,
    /// Compares two versions; none where no metric decides.
    compared: Option<Judge>,
    /// Looks at absolute limits, where the new version is alone.
    alone: Option<Judge>,
}

impl Bench {
    /// Gives where the judge stands on a bake; `None` where nothing is judged.
    pub(crate) fn standing(
        &mut self,
        run: &Run,
        step: StepIndex,
        deadline: Deadline,
    ) -> Option<(Standing, Cause)> {
        Some(self.judge_of(run, step)?.standing(deadline))
    }

    /// Gives what the judge says of a bake, with its numbers; `None` where nothing is judged.
    pub fn judged(&mut self, run: &Run, step: StepIndex, deadline: Deadline) -> Option<Judged> {
        let verdict = self.judge_of(run, step)?.verdict(deadline);
        verdict::judged(run, step, &verdict)
    }

    /// Whether too much is missing of a bake for any word in favour of the new version.
    pub(crate) fn is_in_doubt(&mut self, run: &Run, step: StepIndex) -> bool {
        self.judge_of(run, step).is_none_or(Judge::is_in_doubt)
    }

    fn judge_of(&mut self, run: &Run, step: StepIndex) -> Option<&Judge> {
        let memo = self.memo(run, run.planned_step(step).node);
        match beside(run, step)? {
            Beside::Nobody => memo.alone.as_ref(),
            Beside::Now | Beside::Before(_) => memo.compared.as_ref(),
        }
    }

    /// Brings the judges of a node up to what the run has of it.
    fn memo(&mut self, run: &Run, node: NodeIndex) -> &Memo {
        let memo = self
            .memos
            .entry(node)
            .or_insert_with(|| Memo::new(run, node));
        memo.catch_up(run, node);
        memo
    }
}

impl Memo {
    fn new(run: &Run, node: NodeIndex) -> Self {
        let judge = config::of(run.plan(), run.planned_node(node))
            // A judge that nothing decides is no judge: its metrics are shown.
            .and_then(|config| Judge::new(config).ok());
        Self {
            taken: 0,
            step: None,
            share: None,
            alone: judge.clone(),
            compared: judge,
        }
    }

    fn catch_up(&mut self, run: &Run, node: NodeIndex) {
        let measured = &run.node(node).measured;
        let names: Vec<_> = judged(run.plan(), run.planned_node(node))
            .into_iter()
            .map(|(name, _)| name)
            .collect();
        for one in measured.iter().skip(self.taken) {
            self.begin(run, one.step, &one.bucket);
            let samples: Vec<Sample> = names
                .iter()
                .map(|name| {
                    let reading = one.bucket.reading(name);
                    reading.map_or(Sample::Missing, |r| sample(&r.canary, &r.baseline))
                })
                .collect();
            self.remember(&names, &one.bucket);
            let judge = match one.bucket.beside {
                Beside::Nobody => &mut self.alone,
                Beside::Now | Beside::Before(_) => &mut self.compared,
            };
            if let Some(judge) = judge {
                judge.push(&samples);
            }
        }
        self.taken = measured.len();
    }

    /// Tells the judge what the old version was before the release, where a bucket brings it.
    fn remember(&mut self, names: &[&MetricName], bucket: &Bucket) {
        let Some(judge) = &mut self.compared else {
            return;
        };
        for (place, name) in names.iter().enumerate() {
            if let Some(reading) = bucket.reading(name) {
                judge.remember(place, &reading.before);
            }
        }
    }

    /// Tells the judge of another share of the traffic, where another bake begins.
    fn begin(&mut self, run: &Run, step: StepIndex, bucket: &Bucket) {
        if self.step == Some(step) {
            return;
        }
        self.step = Some(step);
        // What arrived is counted over all bakes, so the smallest share is what can be asked for.
        let planned = weight(run, step).map(Weight::fraction);
        self.share = match (bucket.beside, self.share) {
            (Beside::Before(_) | Beside::Nobody, _) => None,
            (Beside::Now, None) => planned,
            (Beside::Now, Some(least)) => planned.map(|share| share.min(least)),
        };
        if let Some(judge) = &mut self.compared {
            judge.change_share(self.share);
        }
    }
}

/// What the new version is compared with during a bake; `None` where the bake is not judged.
pub(crate) fn beside(run: &Run, step: StepIndex) -> Option<Beside> {
    let weight = weight(run, step)?;
    let index = run.planned_step(step).node;
    let node = run.planned_node(index);
    let metrics = judged(run.plan(), node);
    if metrics.is_empty() {
        return None;
    }
    let baseline = run.node(index).baseline.as_deref();
    let first = node.kind != Kind::Flag
        && baseline.map_or(node.first_deployment, |seen| seen.is_first_deployment());
    let tells = metrics.iter().any(|(_, metric)| tells_versions(metric));
    if first || !tells {
        return Some(Beside::Nobody);
    }
    if weight < Weight::FULL {
        return Some(Beside::Now);
    }
    Some(match node.strategy {
        // The old version serves nobody from the shift on, and was never beside the new one.
        StrategyName::BlueGreen => Beside::Before(mirror(run, step)),
        // These were compared side by side before.
        _ => Beside::Nobody,
    })
}

/// Whether the old version is beside the new one in a later bake of the node too.
pub(crate) fn is_compared_again(run: &Run, step: StepIndex) -> bool {
    let node = run.planned_node(run.planned_step(step).node);
    let mut later = node.steps().filter(|one| *one > step);
    later.any(|one| beside(run, one) == Some(Beside::Now))
}

/// The instant around which the time before a shift is laid against the time after it: where the
/// first try of the bake began. Before a later try the new version served too, and the old one not.
fn mirror(run: &Run, step: StepIndex) -> Timestamp {
    let own = |one: &&Measured| one.step == step && one.bucket.from >= run.started_at();
    let measured = &run.node(run.planned_step(step).node).measured;
    let first = measured.iter().find(own).map(|one| one.bucket.beside);
    match first {
        Some(Beside::Before(instant)) => instant,
        Some(Beside::Now | Beside::Nobody) | None => began(run, step),
    }
}

/// When a bake began by the wall.
fn began(run: &Run, step: StepIndex) -> Timestamp {
    match &run.step(step).state {
        StepState::Watching(watch) => watch.begun,
        _ => run.changed_at(),
    }
}

/// Gives the share that the new version has during a bake; `None` for other steps.
fn weight(run: &Run, step: StepIndex) -> Option<Weight> {
    match run.planned_step(step).action {
        Action::Bake { weight, .. } => Some(weight),
        _ => None,
    }
}

/// How long the buckets of a node are.
pub(crate) fn bucket(run: &Run, node: NodeIndex) -> Span {
    let judge = run.planned_node(node).judge.as_ref();
    let bucket = judge.map_or(Span::from_secs(60), |judge| judge.bucket);
    bucket.max(Span::from_secs(1))
}

fn sample(canary: &Level, baseline: &Level) -> Sample {
    let count = |level: &Level| match level {
        Level::Share { bad, of } => Some(Count {
            events: *bad,
            of: *of,
        }),
        Level::Value { .. } | Level::Nothing { .. } => None,
    };
    let value = |level: &Level| match level {
        Level::Value { value } => Some(*value),
        Level::Share { .. } | Level::Nothing { .. } => None,
    };
    let is_count = |level: &Level| matches!(level, Level::Share { .. });
    if is_count(canary) || is_count(baseline) {
        return Sample::Counts {
            canary: count(canary),
            baseline: count(baseline),
        };
    }
    match (value(canary), value(baseline)) {
        (None, None) => Sample::Missing,
        (canary, baseline) => Sample::Values { canary, baseline },
    }
}

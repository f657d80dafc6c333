//! When the buckets of a judged bake lie, and when they can be asked for.

use gantry_model::{
    id::MetricName,
    measure::{Beside, Bucket},
    plan::{Action, StepIndex},
    run::{Run, StepState, Watch},
    time::Timestamp,
    unit::Span,
};
use gantry_port::metrics::Grid;

use crate::judging;

/// How many buckets before the run are looked at: an hour of minutes.
const PAST: u32 = 60;

/// No answer is asked for more buckets at once.
const MOST_BUCKETS: u64 = 240;

/// A bake that was not watched for long catches up on so many buckets at most: six hours of half
/// minutes. Older ones are left out, as if nothing had been there.
const CATCH_UP: u64 = 720;

/// Gives the watch of a judged bake that is under way.
pub(super) fn judged_watch(run: &Run, step: StepIndex) -> Option<&Watch> {
    judging::beside(run, step)?;
    match &run.step(step).state {
        StepState::Watching(watch) => Some(watch),
        _ => None,
    }
}

/// How long after its end a bucket is asked for: sources take a while to have everything.
fn settling(bucket: Span) -> Span {
    let quarter = Span::from_millis(bucket.as_millis() / 4);
    quarter.min(Span::from_secs(15)).max(Span::from_secs(1))
}

/// Gives where the next bucket of a bake begins.
pub(super) fn next(run: &Run, step: StepIndex, watch: &Watch) -> Option<Timestamp> {
    let first = watch
        .begun
        .checked_add_signed(warm_up(run, step).as_delta());
    watch.measured.or(first)
}

/// How long the new instances of a bake are given before what they do counts; nothing where none
/// were started since the bake before.
pub(super) fn warm_up(run: &Run, step: StepIndex) -> Span {
    let node = run.planned_node(run.planned_step(step).node);
    let before = node.steps().take_while(|one| *one != step);
    let mut since = before
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .map(|one| &run.planned_step(one).action)
        .take_while(|action| !matches!(action, Action::Bake { .. }));
    let starts = |action: &Action| {
        matches!(
            action,
            Action::Stage { .. }
                | Action::StageBaseline { .. }
                | Action::Batch { .. }
                | Action::StartNew { .. }
        )
    };
    match (&node.judge, since.any(starts)) {
        (Some(judge), true) => judge.warm_up(),
        (Some(_) | None, _) => Span::ZERO,
    }
}

/// Gives the buckets that can be asked for now; `None` where none is over.
pub(crate) fn grid(run: &Run, step: StepIndex, now: Timestamp) -> Option<Grid> {
    let watch = judged_watch(run, step)?;
    let bucket = judging::bucket(run, run.planned_step(step).node);
    let from = next(run, step, watch)?;
    let settled = now.checked_sub_signed(settling(bucket).as_delta())?;
    let over = u64::try_from((settled - from).num_milliseconds()).ok()?;
    let whole = over / bucket.as_millis().max(1);
    let left_out = Span::from_millis(bucket.as_millis() * whole.saturating_sub(CATCH_UP));
    let count = u32::try_from(whole.min(MOST_BUCKETS)).ok();
    let count = count.filter(|count| *count > 0)?;
    Some(Grid {
        from: from.checked_add_signed(left_out.as_delta())?,
        bucket,
        count,
    })
}

/// Gives the buckets before the run that tell how much the levels of the old version jump by
/// themselves; `None` where that was looked at already, or where nothing is compared.
pub(crate) fn past(run: &Run, step: StepIndex) -> Option<Grid> {
    let node = run.planned_step(step).node;
    let compared = judging::beside(run, step)? != Beside::Nobody;
    if !compared || !run.node(node).measured.is_empty() {
        return None;
    }
    let bucket = judging::bucket(run, node);
    let long = Span::from_millis(bucket.as_millis().checked_mul(u64::from(PAST))?);
    Some(Grid {
        from: run.started_at().checked_sub_signed(long.as_delta())?,
        bucket,
        count: PAST,
    })
}

/// Puts what was before the run into the first bucket of a node.
pub(crate) fn remember(buckets: &mut [Bucket], past: Vec<(MetricName, Vec<f64>)>) {
    let Some(first) = buckets.first_mut() else {
        return;
    };
    for (metric, levels) in past {
        let mut readings = first.readings.iter_mut();
        if let Some(reading) = readings.find(|reading| reading.metric == metric) {
            reading.before = levels;
        }
    }
}

/// Gives when the next bucket of a bake can be asked for; `None` where it is not judged.
pub(crate) fn next_due(run: &Run, step: StepIndex) -> Option<Timestamp> {
    let watch = judged_watch(run, step)?;
    let bucket = judging::bucket(run, run.planned_step(step).node);
    let end = next(run, step, watch)?.checked_add_signed(bucket.as_delta())?;
    end.checked_add_signed(settling(bucket).as_delta())
}

/// How long is waited before what was not there is asked for again.
pub(crate) fn again_after(run: &Run, step: StepIndex) -> Span {
    settling(judging::bucket(run, run.planned_step(step).node))
}

//! What the buckets of a judged bake mean. What was not measured is never a pass.

use gantry_judge::{
    judge::Deadline,
    verdict::{Cause as Because, Standing},
};
use gantry_model::{
    event::{
        Cause, Effect, Happened, HoldReason, Judged, JudgedStanding, Knowledge, Lifted, Place,
    },
    measure::{Beside, Bucket, judged},
    operation::Evidence,
    plan::StepIndex,
    release::{
        check::{OnInconclusive, Promote},
        metric::MetricKind,
    },
    run::{Run, StepState, Watch},
    time::Timestamp,
    unit::Span,
};
use gantry_port::fault::Fault;

use super::{
    COVERAGE, EXTENSIONS,
    bucket::{grid, judged_watch, next, warm_up},
    duration,
};
use crate::{
    decide::forward::{failed, succeeded},
    judging::{self, Bench},
    schedule::holds_forward,
};

/// A source that has answered nothing but errors for so long holds the node.
const SILENT: Span = Span::from_secs(180);

/// A bucket may be late by so many buckets before it counts as missing.
const LATE: u32 = 2;

/// Buckets came back, or their source has answered errors for some time.
pub(crate) fn measured(
    run: &Run,
    step: StepIndex,
    (answer, silent): (&Result<Vec<Bucket>, Fault>, Span),
    now: Timestamp,
) -> Vec<Happened> {
    let Some(watch) = judged_watch(run, step) else {
        return Vec::new();
    };
    match answer {
        Ok(buckets) => taken(run, step, watch, (buckets, now)),
        Err(fault) if silent >= SILENT => blind(run, step, fault).into_iter().collect(),
        Err(_) => Vec::new(),
    }
}

/// Takes buckets in, in order, up to the first whose points may still come.
fn taken(
    run: &Run,
    step: StepIndex,
    watch: &Watch,
    (buckets, now): (&[Bucket], Timestamp),
) -> Vec<Happened> {
    let bucket = judging::bucket(run, run.planned_step(step).node);
    let patience = Span::from_millis(bucket.as_millis() * u64::from(LATE));
    let Some(mut from) = next(run, step, watch) else {
        return Vec::new();
    };
    let mut events = Vec::new();
    for bucket in buckets {
        let young = now - bucket.until < patience.as_delta();
        if bucket.from < from {
            continue;
        }
        if young && !is_whole(bucket) {
            break;
        }
        from = bucket.until;
        events.extend(Place::of_step(run.plan(), step).map(|place| {
            let bucket = bucket.clone();
            Happened::BakeMeasured { place, bucket }
        }));
    }
    let node = run.planned_step(step).node;
    let blind = |hold: &&gantry_model::run::Hold| {
        hold.reason == HoldReason::NoData && hold.node == Some(node)
    };
    if !events.is_empty() && run.holds().iter().any(|hold| blind(&hold)) {
        events.push(Happened::Resumed {
            node: Some(run.planned_node(node).id.clone()),
            lifted: Lifted::Data,
            by: None,
            message: "its metrics are there again".into(),
        });
    }
    events
}

/// Whether everything that can be there is there.
fn is_whole(bucket: &Bucket) -> bool {
    let both = bucket.beside != Beside::Nobody;
    let whole = |reading: &gantry_model::measure::Reading| {
        reading.canary.is_known() && (reading.baseline.is_known() || !both)
    };
    bucket.readings.iter().all(whole)
}

fn blind(run: &Run, step: StepIndex, fault: &Fault) -> Option<Happened> {
    let about = |hold: &gantry_model::run::Hold| {
        hold.reason == HoldReason::NoData && hold.step == Some(step)
    };
    if run.holds().iter().any(about) {
        return None;
    }
    let planned = run.planned_step(step);
    Some(Happened::Held {
        node: Some(run.planned_node(planned.node).id.clone()),
        step: Some(planned.id.clone()),
        reason: HoldReason::NoData,
        by: None,
        message: format!(
            "its metrics could not be read for {SILENT}: {}",
            fault.message
        ),
    })
}

/// Decides what a bucket that was just taken in leads to: a failure at once, a doubt about the
/// old version, or an early pass.
pub(crate) fn consequences(
    run: &Run,
    bench: &mut Bench,
    step: StepIndex,
    now: Timestamp,
) -> Vec<Happened> {
    let Some(watch) = judged_watch(run, step) else {
        return Vec::new();
    };
    let Some((standing, because)) = bench.standing(run, step, Deadline::Ahead) else {
        return Vec::new();
    };
    let said = watch.judged;
    let full = |bench: &mut Bench| bench.judged(run, step, Deadline::Ahead);
    match standing {
        Standing::Fail => full(bench).map_or_else(Vec::new, |judged| {
            let cause = match because {
                Because::Guardrail { .. } => Cause::Guardrail,
                _ => Cause::Judge,
            };
            let sentence = judged.sentence.clone();
            let mut events = vec![Happened::BakeJudged(Box::new(judged))];
            // Watching itself changes nothing; what is undone is what was done before.
            events.extend(failed(run, step, (cause, Effect::None), &sentence));
            events
        }),
        Standing::Hold if said != Some(JudgedStanding::Hold) => {
            full(bench).map_or_else(Vec::new, |judged| held(run, step, judged))
        }
        Standing::Pass => {
            let told = said == Some(JudgedStanding::Pass);
            let early = promotes_early(run, step, watch, now);
            if told && !early {
                return Vec::new();
            }
            let Some(judged) = full(bench) else {
                return Vec::new();
            };
            let sentence = judged.sentence.clone();
            let mut events = vec![Happened::BakeJudged(Box::new(judged))];
            if early {
                events.extend(passed(run, step, sentence));
            }
            events
        }
        Standing::Hold | Standing::Open => Vec::new(),
    }
}

/// Whether a bake goes on before its time; never before every bucket that is over was looked at.
fn promotes_early(run: &Run, step: StepIndex, watch: &Watch, now: Timestamp) -> bool {
    let node = run.planned_step(step).node;
    let judge = run.planned_node(node).judge.as_ref();
    let early = judge.is_some_and(|judge| judge.promote == Promote::Early);
    let well = watch.tally.healthy > 0 && watch.tally.unhealthy_in_a_row == 0;
    early && well && !holds_forward(run, node) && grid(run, step, now).is_none()
}

fn passed(run: &Run, step: StepIndex, sentence: String) -> Vec<Happened> {
    succeeded(run, step, Knowledge::Answer, Evidence::sentence(sentence))
}

fn held(run: &Run, step: StepIndex, judged: Judged) -> Vec<Happened> {
    let planned = run.planned_step(step);
    let hold = Happened::Held {
        node: Some(run.planned_node(planned.node).id.clone()),
        step: Some(planned.id.clone()),
        reason: HoldReason::Judge,
        by: None,
        message: judged.sentence.clone(),
    };
    vec![Happened::BakeJudged(Box::new(judged)), hold]
}

/// What the judge says when the time of a bake is up.
pub(crate) enum Word {
    /// The bake is not judged.
    Nothing,
    /// Buckets that ended before the time was up have not come yet.
    Wait,
    /// Too few buckets were measured for any word: the bake is longer by them.
    TooFew,
    /// This is what it leads to.
    Events(Vec<Happened>),
}

/// Asks the judge when the time of a bake is up and everything else is well.
pub(crate) fn at_the_end(run: &Run, bench: &mut Bench, step: StepIndex) -> Word {
    let Some(watch) = judged_watch(run, step) else {
        return Word::Nothing;
    };
    let bucket = judging::bucket(run, run.planned_step(step).node);
    let end = next(run, step, watch).and_then(|from| from.checked_add_signed(bucket.as_delta()));
    if end.is_some_and(|end| end <= watch.until) {
        return Word::Wait;
    }
    let declared = duration(run, step)
        .as_millis()
        .saturating_sub(warm_up(run, step).as_millis());
    let expected = declared / bucket.as_millis().max(1);
    if u64::from(watch.buckets) * 100 < expected * COVERAGE && watch.extended < EXTENSIONS {
        return Word::TooFew;
    }
    let Some(mut judged) = bench.judged(run, step, Deadline::Reached) else {
        return Word::Nothing;
    };
    if judging::beside(run, step) == Some(Beside::Nobody) {
        alone(run, step, &mut judged);
    }
    Word::Events(match judged.standing {
        JudgedStanding::Pass => {
            let sentence = judged.sentence.clone();
            let mut events = vec![Happened::BakeJudged(Box::new(judged))];
            events.extend(passed(run, step, sentence));
            events
        }
        JudgedStanding::Open | JudgedStanding::Hold | JudgedStanding::Fail => {
            inconclusive(run, bench, step, judged)
        }
    })
}

/// A new version that is alone passes if no limit was crossed and every limit could be looked at.
fn alone(run: &Run, step: StepIndex, judged: &mut Judged) {
    if judged.standing == JudgedStanding::Fail {
        return;
    }
    let unseen = unseen_limit(run, step);
    judged.standing = match unseen {
        None => JudgedStanding::Pass,
        Some(_) => JudgedStanding::Hold,
    };
    judged.sentence = match unseen {
        None => "Pass at the end: no limit was crossed; there is no old version beside it to compare with.".into(),
        Some(metric) => format!(
            "Hold: {metric} has a limit and could not be read in enough buckets to say that it was kept."
        ),
    };
}

/// Finds a metric with a limit that was read in too few buckets of a bake.
fn unseen_limit(run: &Run, step: StepIndex) -> Option<gantry_model::id::MetricName> {
    let node = run.planned_step(step).node;
    let buckets = || {
        let measured = run.node(node).measured.iter();
        measured.filter(|one| one.step == step)
    };
    let all = buckets().count() as u64;
    let metrics = judged(run.plan(), run.planned_node(node));
    let mut limited = metrics.into_iter().filter(|(_, metric)| {
        metric.kind == MetricKind::Ratio && metric.never_above.is_some() && !metric.observe
    });
    let unseen = limited.find(|(name, _)| {
        let known = |one: &&gantry_model::run::Measured| {
            let reading = one.bucket.reading(name);
            reading.is_some_and(|reading| reading.canary.is_known())
        };
        let seen = buckets().filter(known).count() as u64;
        all == 0 || seen * 100 < all * COVERAGE
    });
    unseen.map(|(name, _)| name.clone())
}

fn inconclusive(run: &Run, bench: &mut Bench, step: StepIndex, judged: Judged) -> Vec<Happened> {
    let node = run.planned_node(run.planned_step(step).node);
    let policy = node.judge.as_ref().map(|judge| judge.on_inconclusive);
    let extended = match &run.step(step).state {
        StepState::Watching(watch) => watch.extended,
        _ => 0,
    };
    match policy.unwrap_or_default() {
        OnInconclusive::Extend if extended < EXTENSIONS => {
            let mut events = Vec::new();
            let more = longer(run, step, &judged.sentence);
            events.push(Happened::BakeJudged(Box::new(judged)));
            events.extend(more);
            events
        }
        OnInconclusive::Proceed if may_proceed(run, bench, step, &judged) => {
            let sentence = format!("on to a larger share: {}", judged.sentence);
            let mut events = vec![Happened::BakeJudged(Box::new(judged))];
            events.extend(passed(run, step, sentence));
            events
        }
        OnInconclusive::Hold | OnInconclusive::Extend | OnInconclusive::Proceed => {
            held(run, step, judged)
        }
        OnInconclusive::Rollback => {
            let sentence = judged.sentence.clone();
            let mut events = vec![Happened::BakeJudged(Box::new(judged))];
            let cause = (Cause::Inconclusive, Effect::None);
            events.extend(failed(run, step, cause, &sentence));
            events
        }
    }
}

/// Whether a bake that excludes no harm may go on to the next share, where more is seen: enough
/// was measured, nothing speaks against it, and the old version will be beside it again.
fn may_proceed(run: &Run, bench: &mut Bench, step: StepIndex, judged: &Judged) -> bool {
    judged.because == "deadline"
        && !bench.is_in_doubt(run, step)
        && judging::is_compared_again(run, step)
}

/// Lets a judged bake go on: by a quarter of its time, and by five buckets at least.
fn longer(run: &Run, step: StepIndex, message: &str) -> Option<Happened> {
    let bucket = judging::bucket(run, run.planned_step(step).node);
    let quarter = Span::from_millis(duration(run, step).as_millis() / 4);
    let more = quarter.max(Span::from_millis(bucket.as_millis() * 5));
    let StepState::Watching(watch) = &run.step(step).state else {
        return None;
    };
    Some(Happened::BakeExtended {
        place: Place::of_step(run.plan(), step)?,
        until: watch.until.checked_add_signed(more.as_delta())?,
        message: message.to_owned(),
    })
}

/// A person who resumes what the judge holds lets it be watched on.
pub(crate) fn resumed(run: &Run, now: Timestamp) -> Vec<Happened> {
    let watches = run.queues().live.iter().filter_map(|slot| match slot {
        gantry_model::run::Slot::Step(step) => Some((*step, judged_watch(run, *step)?)),
        gantry_model::run::Slot::Undo(_) => None,
    });
    let doubted = watches.filter(|(step, watch)| {
        let node = run.planned_step(*step).node;
        let over = now >= watch.until && watch.judged == Some(JudgedStanding::Hold);
        over && !holds_forward(run, node)
    });
    doubted
        .filter_map(|(step, watch)| {
            let more = longer(run, step, "a person lets it be watched on")?;
            Some(match more {
                Happened::BakeExtended {
                    place,
                    until,
                    message,
                } => Happened::BakeExtended {
                    place,
                    // What was waited for the person does not count.
                    until: until.checked_add_signed(now - watch.until)?,
                    message,
                },
                other => other,
            })
        })
        .collect()
}

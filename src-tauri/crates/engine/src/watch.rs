//! What the looks of a bake or soak mean. No data is never good.

pub(crate) mod bake;
pub(crate) mod bucket;

use gantry_model::{
    event::{Cause, Effect, Happened, HoldReason, Knowledge, Place, Tally},
    operation::{Evidence, Sample, SampleHealth},
    plan::StepIndex,
    run::{Manner, Run, StepState, Watch, manner},
    time::Timestamp,
    unit::Span,
};

use crate::{
    decide::forward::{failed, succeeded},
    judging::Bench,
    schedule::holds_forward,
};

/// How many of a hundred expected looks must have seen something.
const COVERAGE: u64 = 80;

/// A watch is recorded at least this often.
const RECORD_EVERY: Span = Span::from_secs(60);

/// After so many extensions without enough to see, a person is asked.
const EXTENSIONS: u32 = 4;

/// How long between two looks where nobody said.
const EVERY: Span = Span::from_secs(5);

/// No watch looks more often.
const SHORTEST: Span = Span::from_millis(100);

/// Gives how long a watch waits between two looks.
pub(crate) fn every(run: &Run, step: StepIndex) -> Span {
    let node = run.planned_node(run.planned_step(step).node);
    let every = node.health.as_ref().map_or(EVERY, |health| health.every);
    every.max(SHORTEST)
}

/// Gives how many unwell looks in a row are a failure.
fn limit(run: &Run, step: StepIndex) -> u32 {
    let node = run.planned_node(run.planned_step(step).node);
    node.health
        .as_ref()
        .map_or(3, |health| health.consecutive)
        .max(1)
}

/// A watch took a look.
pub(crate) fn sampled(
    run: &Run,
    bench: &mut Bench,
    step: StepIndex,
    (sample, tally): (&Sample, Tally),
    now: Timestamp,
) -> Vec<Happened> {
    let StepState::Watching(watch) = &run.step(step).state else {
        return Vec::new();
    };
    let Some(record) = recorded(run, step, sample, tally) else {
        return Vec::new();
    };
    let cause = match sample.health {
        SampleHealth::Tripped => Some(Cause::Guardrail),
        SampleHealth::Unhealthy if tally.unhealthy_in_a_row >= limit(run, step) => {
            Some(Cause::Unhealthy)
        }
        SampleHealth::Unhealthy | SampleHealth::Healthy | SampleHealth::NoData => None,
    };
    if let Some(cause) = cause {
        let mut events = vec![record];
        // Watching itself changes nothing; what is undone is what was done before.
        events.extend(failed(run, step, (cause, Effect::None), &sample.summary));
        return events;
    }
    let node = run.planned_step(step).node;
    if now >= watch.until && !holds_forward(run, node) {
        let said = End {
            watch,
            tally,
            record,
            worth: is_worth_recording(watch, sample.health, now),
        };
        return verdict(run, bench, step, said, now);
    }
    if is_worth_recording(watch, sample.health, now) {
        vec![record]
    } else {
        Vec::new()
    }
}

/// A watch whose instant has passed.
struct End<'a> {
    watch: &'a Watch,
    tally: Tally,
    record: Happened,
    /// Whether the last look is worth recording on its own.
    worth: bool,
}

/// The instant has passed: it is a pass only if enough was seen and the last look was well.
fn verdict(
    run: &Run,
    bench: &mut Bench,
    step: StepIndex,
    End {
        watch,
        tally,
        record,
        worth,
    }: End<'_>,
    now: Timestamp,
) -> Vec<Happened> {
    let expected = expected(run, step);
    let enough = u64::from(tally.seen()) * 100 >= expected * COVERAGE && tally.seen() > 0;
    let mut events = vec![record];
    if enough && tally.unhealthy_in_a_row == 0 {
        match bake::at_the_end(run, bench, step) {
            bake::Word::Nothing => {}
            bake::Word::Wait if worth => return events,
            bake::Word::Wait => return Vec::new(),
            bake::Word::TooFew => {
                let why = "too few buckets were measured for a verdict".into();
                events.extend(extended(run, step, now, why));
                return events;
            }
            bake::Word::Events(more) => {
                events.extend(more);
                return events;
            }
        }
        let sentence = format!(
            "well in {} of {} looks, {} saw nothing",
            tally.healthy,
            tally.seen() + tally.no_data,
            tally.no_data
        );
        let evidence = Evidence::sentence(sentence);
        events.extend(succeeded(run, step, Knowledge::Answer, evidence));
        return events;
    }
    if !enough && watch.extended % (EXTENSIONS + 1) == EXTENSIONS {
        let planned = run.planned_step(step);
        events.push(Happened::Held {
            node: Some(run.planned_node(planned.node).id.clone()),
            step: Some(planned.id.clone()),
            reason: HoldReason::NoData,
            by: None,
            message: format!(
                "{} has seen something in {} looks, and {expected} were expected",
                planned.id,
                tally.seen()
            ),
        });
    }
    let why = match enough {
        true => "the last look was not well".into(),
        false => format!(
            "something was seen in {} looks, and {expected} were expected",
            tally.seen()
        ),
    };
    events.extend(extended(run, step, now, why));
    events
}

fn extended(run: &Run, step: StepIndex, now: Timestamp, why: String) -> Option<Happened> {
    let more = Span::from_millis(duration(run, step).as_millis() / 4).max(every(run, step));
    Some(Happened::BakeExtended {
        place: Place::of_step(run.plan(), step)?,
        until: now.checked_add_signed(more.as_delta())?,
        message: why,
    })
}

fn recorded(run: &Run, step: StepIndex, sample: &Sample, tally: Tally) -> Option<Happened> {
    Some(Happened::BakeSampled {
        place: Place::of_step(run.plan(), step)?,
        health: sample.health,
        tally,
        summary: sample.summary.clone(),
    })
}

fn is_worth_recording(watch: &Watch, health: SampleHealth, now: Timestamp) -> bool {
    match watch.recorded {
        None => true,
        Some((at, before)) => {
            let old = (now - at).abs() >= RECORD_EVERY.as_delta();
            before != health || old
        }
    }
}

fn duration(run: &Run, step: StepIndex) -> Span {
    match manner(run.plan(), run.planned_step(step)) {
        Manner::Watch(duration) => duration,
        Manner::Preflight | Manner::Call | Manner::Gate(_) | Manner::Hand => Span::ZERO,
    }
}

fn expected(run: &Run, step: StepIndex) -> u64 {
    duration(run, step).as_millis() / every(run, step).as_millis().max(1)
}

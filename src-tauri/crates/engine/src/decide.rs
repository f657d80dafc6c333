//! What an answer, a timer or a command means, as events. Pure: no clock, no I/O, no randomness.

pub(crate) mod backward;
pub(crate) mod forward;

use gantry_model::{
    command::Order,
    event::{Happened, Place, RulingWord, Steered, Tally},
    measure::Bucket,
    operation::{Evidence, Sample, Sighting},
    plan::StepIndex,
    run::{Phase, Run, Slot},
    time::Timestamp,
    unit::Span,
};
use gantry_port::fault::Fault;

use crate::{
    criteria,
    judging::Bench,
    silence,
    steer::steer,
    trigger::{self, Watched},
    watch,
};

/// Something that reaches a run from outside.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// All preflights have answered.
    Preflights(Vec<(StepIndex, Result<Evidence, Fault>)>),
    /// A call has answered.
    Performed {
        /// Which.
        slot: Slot,
        /// What it said.
        answer: Result<Evidence, Fault>,
    },
    /// A lost operation was looked at.
    Observed {
        /// Which.
        slot: Slot,
        /// What was seen.
        seen: Result<Sighting, Fault>,
        /// How many looks have failed in a row, this one counted.
        failures: u32,
    },
    /// A watch took a look.
    Sampled {
        /// Which.
        step: StepIndex,
        /// What the look said.
        sample: Sample,
        /// All looks, this one counted.
        tally: Tally,
    },
    /// Buckets of a judged bake were asked for.
    Measured {
        /// Which bake.
        step: StepIndex,
        /// What was measured, oldest first.
        answer: Result<Vec<Bucket>, Fault>,
        /// For how long its sources have answered nothing but errors.
        silent: Span,
    },
    /// A trigger was looked at.
    Watched(Watched),
    /// A silence was asked for.
    Silence(silence::Answered),
    /// A step that was asked to stop has stopped.
    Cancelled(StepIndex),
    /// The instant that a slot waits for has passed; offered again until it led to something.
    Due(Slot),
    /// The success criteria were looked at.
    Criteria(Vec<Look>),
    /// The wall clock and the time awake drew apart by so many milliseconds.
    Jumped(i64),
    /// A person asks for something.
    Steer {
        /// Who and what.
        order: Order,
        /// The letter that it came in.
        letter: Option<u64>,
    },
}

/// One look at a success criterion.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    /// Its id.
    pub criterion: String,
    /// What was seen.
    pub answer: Result<Sample, Fault>,
}

/// Decides what an input means. Inputs that no longer fit mean nothing.
///
/// The bench only remembers what follows from the run.
pub fn decide(run: &Run, bench: &mut Bench, input: &Input, now: Timestamp) -> Vec<Happened> {
    match input {
        Input::Preflights(answers) => preflights(run, answers),
        Input::Performed { slot, answer } => match slot {
            Slot::Step(step) => forward::answered(run, *step, answer, now),
            Slot::Undo(undo) => backward::answered(run, *undo, answer, now),
        },
        Input::Observed {
            slot,
            seen,
            failures,
        } => {
            let seen = match settle(seen, *failures) {
                Some(seen) => seen,
                // The driver looks again.
                None => return Vec::new(),
            };
            match slot {
                Slot::Step(step) => forward::observed(run, *step, &seen, now),
                Slot::Undo(undo) => backward::observed(run, *undo, &seen, now),
            }
        }
        Input::Sampled {
            step,
            sample,
            tally,
        } => watch::sampled(run, bench, *step, (sample, *tally), now),
        Input::Measured {
            step,
            answer,
            silent,
        } => watch::bake::measured(run, *step, (answer, *silent), now),
        Input::Watched(look) => trigger::looked(run, look),
        Input::Silence(done) => silence::answered(run, done),
        Input::Cancelled(step) => forward::cancelled(run, *step),
        Input::Due(Slot::Step(step)) => forward::due(run, *step, now),
        Input::Due(Slot::Undo(undo)) => backward::due(run, *undo, now),
        Input::Criteria(looks) => criteria::looked(run, looks),
        Input::Jumped(by_ms) => vec![Happened::ClockJumped { by_ms: *by_ms }],
        Input::Steer { order, letter } => steered(run, order, *letter, now),
    }
}

/// How many looks may fail before nobody can tell.
const LOOKS: u32 = 5;

/// A look that failed again and again is a look that cannot tell.
fn settle(seen: &Result<Sighting, Fault>, failures: u32) -> Option<Sighting> {
    match seen {
        Ok(seen) => Some(seen.clone()),
        Err(_) if failures < LOOKS => None,
        Err(fault) => Some(Sighting::Unknown {
            message: format!("it could not be looked at: {fault}"),
        }),
    }
}

fn preflights(run: &Run, answers: &[(StepIndex, Result<Evidence, Fault>)]) -> Vec<Happened> {
    // A run that was aborted or rolled back meanwhile wants no answers any more.
    if run.phase() != Phase::Preflight {
        return Vec::new();
    }
    let events = answers.iter().filter_map(|(step, answer)| {
        let place = Place::of_step(run.plan(), *step)?;
        Some(match answer {
            Ok(evidence) => Happened::PreflightPassed {
                place,
                evidence: evidence.clone(),
            },
            Err(fault) => Happened::PreflightFailed {
                place,
                message: fault.message.clone(),
            },
        })
    });
    events.collect()
}

fn steered(run: &Run, order: &Order, letter: Option<u64>, now: Timestamp) -> Vec<Happened> {
    let (ruling, message, events) = match steer(run, order, now) {
        Ok(accepted) => (RulingWord::Accepted, accepted.sentence, accepted.events),
        Err(refusal) => (RulingWord::Refused, refusal.to_string(), Vec::new()),
    };
    let record = Happened::Steered(Box::new(Steered {
        node: order.command.node().cloned(),
        letter,
        by: order.by.name.clone(),
        command: order.command.word().to_owned(),
        ruling,
        message,
        reason: order.command.reason().map(str::to_owned),
    }));
    let mut all = vec![record];
    all.extend(events);
    all
}

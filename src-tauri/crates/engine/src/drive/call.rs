//! Calls to the platform: what is in flight, what should be, and what came back.

use std::{collections::HashMap, sync::Arc};

use futures_util::{
    FutureExt,
    future::{AbortHandle, Abortable, BoxFuture},
};
use gantry_model::{
    event::Tally,
    operation::{Evidence, Operation, Sample, Sighting, Work},
    plan::StepIndex,
    run::{Slot, StepState},
    unit::Span,
};
use gantry_port::{
    clock::Clock,
    fault::{Fault, FaultKind},
    platform::{Platform, Sight},
};

use super::{Driver, alarm::Alarm, measure::Buckets};
use crate::{
    backoff::pause,
    criteria,
    decide::{Input, Look},
    effect::{Effect, effect_of, preflights, wake_of},
    silence,
    watch::every,
};

/// One call in flight; `None` comes back from a call that was dropped.
pub(super) type Call = BoxFuture<'static, Option<Done>>;

/// What came back.
#[derive(Debug)]
pub(super) enum Done {
    /// A call for a slot.
    Call(Answered),
    /// A look at the success criteria.
    Criteria(Vec<Look>),
    /// Buckets of a judged bake.
    Buckets(Buckets),
    /// A look at the triggers.
    Sights(Vec<(usize, Sight)>),
    /// What became of a silence.
    Silence(silence::Answered),
}

/// A call that came back.
#[derive(Debug)]
pub(super) struct Answered {
    number: u64,
    slot: Slot,
    answer: Answer,
}

#[derive(Debug)]
enum Answer {
    Preflight(StepIndex, Result<Evidence, Fault>),
    Performed(Result<Evidence, Fault>),
    Observed(Result<Sighting, Fault>),
    Sampled(Result<Sample, Fault>),
    Cancelled(Result<(), Fault>),
}

/// What is in flight for one slot.
#[derive(Debug)]
struct Flight {
    effect: Effect,
    /// The call, while there is one; between two looks there is none.
    call: Option<(u64, AbortHandle)>,
    /// The request to stop, while there is one.
    cancel: Option<(u64, AbortHandle)>,
    /// Looks in a row that failed.
    failures: u32,
    /// Looks so far.
    looks: u32,
    /// What a watch has seen so far.
    tally: Tally,
}

/// Everything in flight, by slot.
#[derive(Debug, Default)]
pub(super) struct Running {
    flights: HashMap<Slot, Flight>,
    last: u64,
    criteria: Looking,
}

/// Whether somebody looks at the success criteria at this moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Looking {
    #[default]
    No,
    Yes,
}

/// Preflights: all of them answer before anything is decided.
#[derive(Debug, Default)]
pub(super) struct Preflights {
    waiting: Vec<StepIndex>,
    open: usize,
    answers: Vec<(StepIndex, Result<Evidence, Fault>)>,
}

/// So many preflights look at once.
const LOOKING: usize = 64;

/// A preflight that could not look is repeated so often.
const TRIES: u32 = 5;

/// No lost operation is looked at less often.
const SLOWEST_LOOK: u64 = 15_000;

impl Preflights {
    /// Whether some have not answered.
    pub(super) fn are_open(&self) -> bool {
        self.open > 0 || !self.waiting.is_empty()
    }

    /// Gives all answers, once there are all.
    pub(super) fn complete(&mut self) -> Option<Input> {
        if self.are_open() || self.answers.is_empty() {
            return None;
        }
        let mut answers = std::mem::take(&mut self.answers);
        answers.sort_by_key(|(step, _)| *step);
        Some(Input::Preflights(answers))
    }
}

impl Driver {
    /// Starts every call that should be in flight and is not.
    pub(super) fn call_everything(&mut self) {
        let live: Vec<Slot> = self.run.queues().live.iter().copied().collect();
        for slot in live {
            self.sync(slot);
        }
        if self.run.phase() == gantry_model::run::Phase::Preflight && !self.preflights.are_open() {
            let steps = preflights(&self.run).into_iter().rev();
            self.preflights.waiting = steps
                .filter_map(|effect| match effect {
                    Effect::Preflight(step) => Some(step),
                    Effect::Perform(_)
                    | Effect::Observe(_)
                    | Effect::Sample(_)
                    | Effect::Cancel(_) => None,
                })
                .collect();
            self.look_ahead();
        }
        self.look_at_criteria();
        self.sync_triggers();
        self.sync_silences();
    }

    /// Looks at the success criteria, where that is wanted and nobody does.
    pub(super) fn look_at_criteria(&mut self) {
        if self.running.criteria == Looking::Yes || !criteria::are_wanted(&self.run) {
            return;
        }
        self.running.criteria = Looking::Yes;
        let (platform, run) = (self.platform(), self.run.clone());
        let look = async move { Some(Done::Criteria(criteria::look(&*platform, &run).await)) };
        self.calls.push(look.boxed());
    }

    /// Starts as many preflights as may look at once.
    fn look_ahead(&mut self) {
        while self.preflights.open < LOOKING {
            let Some(step) = self.preflights.waiting.pop() else {
                return;
            };
            self.preflights.open += 1;
            let slot = Slot::Step(step);
            let operation = self.operation(slot);
            let (platform, clock) = (self.platform(), Arc::clone(&self.world.clock));
            let call = async move {
                let Some(operation) = operation else {
                    return Answer::Preflight(step, Err(Fault::unsent("the plan is damaged")));
                };
                let answer = preflight(&*platform, &*clock, &operation).await;
                Answer::Preflight(step, answer)
            };
            self.launch(slot, call.boxed());
        }
    }

    /// Makes what is in flight for a slot what it should be, and its timer too.
    pub(super) fn sync(&mut self, slot: Slot) {
        self.sync_timer(slot);
        self.sync_measuring(slot);
        let wanted = effect_of(&self.run, slot);
        let current = self.running.flights.get(&slot).map(|flight| flight.effect);
        match (current, wanted) {
            (Some(current), Some(wanted)) if current == wanted => self.next_look(slot),
            (Some(Effect::Perform(_)), Some(Effect::Cancel(_))) => self.cancel(slot),
            (None, None) => {}
            (_, wanted) => {
                self.drop_flight(slot);
                if let Some(effect) = wanted {
                    self.begin(slot, effect);
                }
            }
        }
    }

    fn sync_timer(&mut self, slot: Slot) {
        self.due.remove(&slot);
        let alarm = Alarm::Instant(slot);
        match wake_of(&self.run, slot) {
            Some(at) => {
                let awake = self.ticker.awake_at(at);
                self.alarms.set(alarm, awake);
            }
            None => self.alarms.clear(alarm),
        }
    }

    fn begin(&mut self, slot: Slot, effect: Effect) {
        let tally = match slot {
            Slot::Step(step) => match &self.run.step(step).state {
                StepState::Watching(watch) => watch.tally,
                _ => Tally::default(),
            },
            Slot::Undo(_) => Tally::default(),
        };
        let flight = Flight {
            effect,
            call: None,
            cancel: None,
            failures: 0,
            looks: 0,
            tally,
        };
        self.running.flights.insert(slot, flight);
        self.call(slot, effect);
    }

    fn call(&mut self, slot: Slot, effect: Effect) {
        let Some(operation) = self.operation(slot) else {
            return;
        };
        let platform = self.platform();
        let call = match effect {
            Effect::Preflight(_) => return,
            Effect::Perform(_) | Effect::Cancel(_) => {
                async move { Answer::Performed(platform.perform(&operation).await) }.boxed()
            }
            Effect::Observe(_) => {
                async move { Answer::Observed(platform.observe(&operation).await) }.boxed()
            }
            Effect::Sample(_) => {
                async move { Answer::Sampled(platform.sample(&operation).await) }.boxed()
            }
        };
        let launched = self.launch(slot, call);
        if let Some(flight) = self.running.flights.get_mut(&slot) {
            flight.call = Some(launched);
        }
    }

    fn cancel(&mut self, slot: Slot) {
        let Some(operation) = self.operation(slot) else {
            return;
        };
        let platform = self.platform();
        let call = async move { Answer::Cancelled(platform.cancel(&operation).await) };
        let launched = self.launch(slot, call.boxed());
        if let (Some(flight), Slot::Step(step)) = (self.running.flights.get_mut(&slot), slot) {
            flight.effect = Effect::Cancel(step);
            flight.cancel = Some(launched);
        }
    }

    fn launch(&mut self, slot: Slot, call: BoxFuture<'static, Answer>) -> (u64, AbortHandle) {
        self.running.last += 1;
        let number = self.running.last;
        let (handle, registration) = AbortHandle::new_pair();
        let done = call.map(move |answer| {
            Done::Call(Answered {
                number,
                slot,
                answer,
            })
        });
        self.calls
            .push(Abortable::new(done, registration).map(Result::ok).boxed());
        (number, handle)
    }

    fn drop_flight(&mut self, slot: Slot) {
        self.alarms.clear(Alarm::Look(slot));
        if let Some(flight) = self.running.flights.remove(&slot) {
            for (_, handle) in flight.call.into_iter().chain(flight.cancel) {
                handle.abort();
            }
        }
    }

    /// Sets the timer for the next look, where looks repeat and none is in flight.
    fn next_look(&mut self, slot: Slot) {
        let Some(flight) = self.running.flights.get(&slot) else {
            return;
        };
        let alarm = Alarm::Look(slot);
        if flight.call.is_some() || self.alarms.is_set(alarm) {
            return;
        }
        let span = match flight.effect {
            Effect::Sample(step) => every(&self.run, step),
            Effect::Observe(_) if flight.failures > 0 => {
                pause(Span::from_secs(1), None, flight.failures)
            }
            Effect::Observe(_) => {
                let doubled = 500_u64 << flight.looks.min(10);
                Span::from_millis(doubled.min(SLOWEST_LOOK))
            }
            Effect::Preflight(_) | Effect::Perform(_) | Effect::Cancel(_) => return,
        };
        let at = self.world.clock.elapsed() + span;
        self.alarms.set(alarm, at);
    }

    /// Takes the next look of an observation or watch.
    pub(super) fn look_again(&mut self, slot: Slot) {
        let Some(flight) = self.running.flights.get(&slot) else {
            return;
        };
        if flight.call.is_none() {
            let effect = flight.effect;
            self.call(slot, effect);
        }
    }

    /// Turns a call that came back into an input; answers nobody waits for any more mean nothing.
    pub(super) fn take(&mut self, done: Done) -> Vec<Input> {
        match done {
            Done::Call(done) => self.take_call(done).into_iter().collect(),
            Done::Criteria(looks) => {
                self.running.criteria = Looking::No;
                vec![Input::Criteria(looks)]
            }
            Done::Buckets(buckets) => self.take_buckets(buckets).into_iter().collect(),
            Done::Sights(sights) => self.take_sights(sights),
            Done::Silence(done) => vec![self.take_silence(done)],
        }
    }

    fn take_call(&mut self, done: Answered) -> Option<Input> {
        let slot = done.slot;
        if let Answer::Preflight(step, answer) = done.answer {
            self.preflights.open = self.preflights.open.saturating_sub(1);
            self.preflights.answers.push((step, answer));
            self.look_ahead();
            return self.preflights.complete();
        }
        let flight = self.running.flights.get_mut(&slot)?;
        let is = |call: &Option<(u64, AbortHandle)>| {
            call.as_ref()
                .is_some_and(|(number, _)| *number == done.number)
        };
        if let Answer::Cancelled(answer) = done.answer {
            if !is(&flight.cancel) {
                return None;
            }
            flight.cancel = None;
            // What cannot be stopped is awaited as usual.
            return match (answer, slot) {
                (Ok(()), Slot::Step(step)) => Some(Input::Cancelled(step)),
                (Ok(()) | Err(_), _) => None,
            };
        }
        if !is(&flight.call) {
            return None;
        }
        flight.call = None;
        match done.answer {
            Answer::Performed(answer) => {
                self.drop_flight(slot);
                Some(Input::Performed { slot, answer })
            }
            Answer::Observed(seen) => {
                flight.looks += 1;
                flight.failures = if seen.is_err() {
                    flight.failures + 1
                } else {
                    0
                };
                let failures = flight.failures;
                Some(Input::Observed {
                    slot,
                    seen,
                    failures,
                })
            }
            Answer::Sampled(answer) => {
                let sample = answer.unwrap_or_else(|fault| unseen(&fault));
                flight.looks += 1;
                flight.tally = flight.tally.and(sample.health);
                let (Slot::Step(step), tally) = (slot, flight.tally) else {
                    return None;
                };
                Some(Input::Sampled {
                    step,
                    sample,
                    tally,
                })
            }
            Answer::Preflight(..) | Answer::Cancelled(_) => None,
        }
    }

    pub(super) fn platform(&self) -> Arc<dyn Platform> {
        Arc::clone(&self.world.platform)
    }

    pub(super) fn operation(&self, slot: Slot) -> Option<Operation> {
        let (work, round, deadline, node) = match slot {
            Slot::Step(step) => {
                let record = self.run.step(step);
                let node = self.run.planned_step(step).node;
                (Work::Do(step), record.round, record.deadline, node)
            }
            Slot::Undo(undo) => {
                let record = self.run.undo(undo);
                let work = Work::Undo(Arc::clone(&record.action));
                (work, record.round, record.deadline, record.action.node)
            }
        };
        let timeout = match slot {
            Slot::Step(step) => self.run.planned_step(step).timeout,
            Slot::Undo(undo) => self.run.undo(undo).action.timeout,
        };
        let fresh = || self.now().checked_add_signed(timeout.as_delta());
        Some(Operation {
            run: self.run.id().clone(),
            epoch: self.lease.epoch(),
            plan: Arc::clone(self.run.plan()),
            work,
            round,
            baseline: self.run.node(node).baseline.clone(),
            deadline: deadline.or_else(fresh)?,
        })
    }
}

/// A look that failed saw nothing; it is never good.
fn unseen(fault: &Fault) -> Sample {
    Sample {
        health: gantry_model::operation::SampleHealth::NoData,
        summary: fault.message.clone(),
        facts: std::collections::BTreeMap::new(),
    }
}

/// Looks at one node before anything is changed; a look that could not be taken is repeated.
async fn preflight(
    platform: &dyn Platform,
    clock: &dyn Clock,
    operation: &Operation,
) -> Result<Evidence, Fault> {
    let mut tries = 1;
    loop {
        let answer = platform.perform(operation).await;
        let again = match &answer {
            Ok(_) => None,
            Err(fault) => match fault.kind {
                FaultKind::Lost => Some(Span::ZERO),
                FaultKind::Busy { after } => Some(after.unwrap_or(Span::ZERO)),
                FaultKind::Unsent
                | FaultKind::Refused
                | FaultKind::Unsupported
                | FaultKind::Conflict => None,
            },
        };
        let Some(after) = again.filter(|_| tries < TRIES) else {
            return answer;
        };
        let span = pause(Span::from_secs(1), operation.key().as_ref(), tries).max(after);
        clock.wait(span).await;
        tries += 1;
    }
}

//! Calls that only look beside the steps: buckets of judged bakes, triggers, silences.

use std::collections::{HashMap, HashSet};

use futures_util::{
    FutureExt,
    future::{AbortHandle, Abortable, join_all},
};
use gantry_model::{
    event::TriggerSample,
    measure::Bucket,
    plan::StepIndex,
    run::Slot,
    time::{Timestamp, to_millisecond},
    unit::Span,
};
use gantry_port::{
    fault::Fault,
    platform::{Sight, SightState},
};

use super::{Driver, alarm::Alarm, call::Done};
use crate::{
    decide::Input,
    judging,
    silence::{self, Work},
    trigger::{self, Watched},
    watch::bucket,
};

/// No more looks of one trip are kept than this.
const SAMPLES: usize = 50;

/// A silence is asked for so often.
const TRIES: u32 = 3;

/// What is looked at beside the steps.
#[derive(Debug, Default)]
pub(super) struct Beside {
    bakes: HashMap<StepIndex, Measuring>,
    last: u64,
    /// Whether somebody looks at the triggers at this moment.
    triggers: Option<AbortHandle>,
    over: HashMap<usize, Over>,
    /// The silences that are being asked for.
    silences: HashSet<usize>,
}

/// The measuring of one bake.
#[derive(Debug, Default)]
struct Measuring {
    call: Option<(u64, AbortHandle)>,
    /// Since when, in time awake, its sources have answered nothing but errors.
    silent: Option<Span>,
    /// When it is asked for again, in time awake, where an answer led to nothing.
    not_before: Option<Span>,
}

/// A trigger that is over its limit.
#[derive(Debug)]
struct Over {
    since: Span,
    samples: Vec<TriggerSample>,
}

/// Buckets that came back.
#[derive(Debug)]
pub(super) struct Buckets {
    number: u64,
    step: StepIndex,
    answer: Result<Vec<Bucket>, Fault>,
}

impl Driver {
    /// Starts, times or ends the measuring of a bake, as its state wants it.
    pub(super) fn sync_measuring(&mut self, slot: Slot) {
        let Slot::Step(step) = slot else { return };
        let alarm = Alarm::Bucket(step);
        let Some(due) = bucket::next_due(&self.run, step) else {
            self.alarms.clear(alarm);
            if let Some((_, call)) = self.beside.bakes.remove(&step).and_then(|m| m.call) {
                call.abort();
            }
            return;
        };
        let measuring = self.beside.bakes.entry(step).or_default();
        if measuring.call.is_none() {
            let at = self.ticker.awake_at(due);
            self.alarms
                .set(alarm, measuring.not_before.map_or(at, |wait| wait.max(at)));
        }
    }

    /// Asks for all buckets of a bake that are over.
    pub(super) fn measure(&mut self, step: StepIndex) {
        let slot = Slot::Step(step);
        let grid = bucket::grid(&self.run, step, self.now());
        let beside = judging::beside(&self.run, step);
        let (Some(grid), Some(beside), Some(operation)) = (grid, beside, self.operation(slot))
        else {
            // The wall clock is a little behind the time awake: wait for it.
            if let Some(due) = bucket::next_due(&self.run, step) {
                let at = self
                    .ticker
                    .awake_at(due)
                    .max(self.world.clock.elapsed() + Span::from_millis(100));
                self.alarms.set(Alarm::Bucket(step), at);
            }
            return;
        };
        let platform = self.platform();
        self.beside.last += 1;
        let number = self.beside.last;
        let (handle, registration) = AbortHandle::new_pair();
        let past = bucket::past(&self.run, step);
        let call = async move {
            let mut answer = platform.measure(&operation, grid, beside).await;
            if let (Some(past), Ok(buckets)) = (past, &mut answer) {
                bucket::remember(buckets, platform.recall(&operation, past).await);
            }
            Done::Buckets(Buckets {
                number,
                step,
                answer,
            })
        };
        self.calls
            .push(Abortable::new(call, registration).map(Result::ok).boxed());
        self.beside.bakes.entry(step).or_default().call = Some((number, handle));
    }

    /// Turns buckets that came back into an input.
    pub(super) fn take_buckets(&mut self, buckets: Buckets) -> Option<Input> {
        let elapsed = self.world.clock.elapsed();
        let wait = bucket::again_after(&self.run, buckets.step);
        let measuring = self.beside.bakes.get_mut(&buckets.step)?;
        if measuring.call.as_ref().map(|(number, _)| *number) != Some(buckets.number) {
            return None;
        }
        measuring.call = None;
        measuring.not_before = Some(elapsed + wait);
        let silent = match &buckets.answer {
            Ok(_) => {
                measuring.silent = None;
                Span::ZERO
            }
            Err(_) => {
                let since = *measuring.silent.get_or_insert(elapsed);
                Span::from_millis(elapsed.as_millis().saturating_sub(since.as_millis()))
            }
        };
        Some(Input::Measured {
            step: buckets.step,
            answer: buckets.answer,
            silent,
        })
    }

    /// Sets the timer for the next look at the triggers, where some are armed.
    pub(super) fn sync_triggers(&mut self) {
        if self.run.plan().triggers.is_empty() || self.beside.triggers.is_some() {
            return;
        }
        if self.alarms.is_set(Alarm::Triggers) || trigger::armed(&self.run).is_empty() {
            return;
        }
        let at = self.world.clock.elapsed() + trigger::every(&self.run);
        self.alarms.set(Alarm::Triggers, at);
    }

    /// Looks at all triggers that are armed.
    pub(super) fn look_at_triggers(&mut self) {
        let armed = trigger::armed(&self.run);
        if armed.is_empty() {
            return;
        }
        let (platform, plan) = (self.platform(), std::sync::Arc::clone(self.run.plan()));
        let run = self.run.id().clone();
        let look = async move {
            let looks = armed.into_iter().filter_map(|at| {
                let (platform, run, plan) = (&platform, &run, &plan);
                let trigger = plan.triggers.get(at)?;
                Some(async move { (at, platform.sight(run, plan, trigger).await) })
            });
            Done::Sights(join_all(looks).await)
        };
        let (handle, registration) = AbortHandle::new_pair();
        self.beside.triggers = Some(handle);
        self.calls
            .push(Abortable::new(look, registration).map(Result::ok).boxed());
    }

    /// Turns looks at triggers into inputs, and counts for how long each is over its limit.
    pub(super) fn take_sights(&mut self, sights: Vec<(usize, Sight)>) -> Vec<Input> {
        self.beside.triggers = None;
        let (elapsed, now) = (self.world.clock.elapsed(), to_millisecond(self.now()));
        let looks = sights.into_iter().map(|(trigger, sight)| {
            let over = self.beside.look(trigger, &sight, (elapsed, now));
            let (lasted, samples) = over.unwrap_or_default();
            Input::Watched(Watched {
                trigger,
                sight,
                lasted,
                samples,
            })
        });
        looks.collect()
    }

    /// Asks for the silences that should be set or ended now.
    pub(super) fn sync_silences(&mut self) {
        for (silence, work) in silence::wanted(&self.run) {
            if self.beside.silences.insert(silence) {
                self.ask_for_silence(silence, work);
            }
        }
    }

    fn ask_for_silence(&mut self, silence: usize, work: Work) {
        let Some(planned) = self.run.plan().silences.get(silence).cloned() else {
            return;
        };
        let (platform, clock) = (self.platform(), std::sync::Arc::clone(&self.world.clock));
        let (run, now) = (self.run.id().clone(), to_millisecond(self.now()));
        let until = now
            .checked_add_signed(planned.lasting.as_delta())
            .unwrap_or(now);
        let call = async move {
            let mut tries = 1;
            loop {
                let answer = match &work {
                    Work::Set => platform.silence(&run, &planned, until).await.map(Some),
                    Work::End { id } => platform.unsilence(&planned, id).await.map(|()| None),
                };
                if answer.is_ok() || tries >= TRIES {
                    return Some(Done::Silence(silence::Answered {
                        silence,
                        answer,
                        until,
                    }));
                }
                tries += 1;
                clock.wait(Span::from_secs(2)).await;
            }
        };
        self.calls.push(call.boxed());
    }

    pub(super) fn take_silence(&mut self, done: silence::Answered) -> Input {
        self.beside.silences.remove(&done.silence);
        Input::Silence(done)
    }
}

impl Beside {
    /// Counts a look; gives for how long and in which looks it was over its limit without a break.
    fn look(
        &mut self,
        trigger: usize,
        sight: &Sight,
        (elapsed, now): (Span, Timestamp),
    ) -> Option<(Span, Vec<TriggerSample>)> {
        let sample = TriggerSample {
            at: now,
            value: sight.value.and_then(gantry_model::measure::kept),
            summary: sight.summary.clone(),
        };
        match sight.state {
            SightState::Quiet => {
                self.over.remove(&trigger);
                None
            }
            // Nothing seen is neither over nor quiet.
            SightState::Nothing => None,
            SightState::Over => {
                let over = self.over.entry(trigger).or_insert(Over {
                    since: elapsed,
                    samples: Vec::new(),
                });
                if over.samples.len() < SAMPLES {
                    over.samples.push(sample);
                }
                let lasted = elapsed.as_millis().saturating_sub(over.since.as_millis());
                Some((Span::from_millis(lasted), over.samples.clone()))
            }
        }
    }
}

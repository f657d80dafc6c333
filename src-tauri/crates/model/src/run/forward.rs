//! What forward events do to steps.

use std::sync::Arc;

use super::{
    IllegalTransition, Overdue, Phase, Run, StepState, Watch,
    manner::{Manner, manner},
};
use crate::{
    command::Answer,
    event::{Cause, Effect, Happened, Place, RunEvent, Seen, Tally},
    plan::StepIndex,
    platform::Baseline,
    time::Timestamp,
};

impl Run {
    pub(super) fn apply_forward(&mut self, event: &RunEvent) -> Result<(), IllegalTransition> {
        match &event.what {
            Happened::PreflightPassed { place, evidence } => {
                let index = self.step_in(event, place, |state| *state == StepState::Ready)?;
                let baseline = evidence.baseline.clone().unwrap_or_default();
                self.pass_preflight(index, baseline);
            }
            Happened::PreflightFailed { place, message } => {
                let index = self.step_in(event, place, |state| *state == StepState::Ready)?;
                self.fail(index, Cause::Refused, message);
            }
            Happened::StepScheduled { place, until } => {
                let index = self.step_in(event, place, |state| *state == StepState::Ready)?;
                self.set_step(index, StepState::Scheduled { until: *until });
            }
            Happened::StepStarted {
                place,
                round,
                until,
            } => self.start_step(event, place, *round, *until)?,
            Happened::StepSucceeded { place, .. } => {
                let index = self.step_in(event, place, StepState::is_live)?;
                self.succeed(index);
            }
            Happened::StepFailed {
                place,
                cause,
                effect,
                message,
                ..
            } => {
                let index = self.step_in(event, place, StepState::is_live)?;
                self.touch(index, *effect);
                self.fail(index, *cause, message);
            }
            Happened::StepRetried { .. } => self.retry_step(event)?,
            Happened::StepLost { place, message, .. } => {
                let index = self.step_in(event, place, StepState::is_acting)?;
                self.set_step(index, lost(None, message));
            }
            Happened::StepObserved {
                place,
                seen,
                until,
                message,
                ..
            } => {
                let index = self.step_in(event, place, StepState::is_acting)?;
                self.observe_step(index, *seen, until.unwrap_or(event.at), message);
            }
            Happened::StepCancelled { place, effect, .. } => {
                let index = self.step_in(event, place, StepState::is_live)?;
                self.touch(index, *effect);
                self.set_step(index, StepState::Cancelled);
            }
            Happened::StepSkipped { place, .. } => {
                let index = self.step_in(event, place, can_be_skipped)?;
                self.set_step(index, StepState::Skipped);
                self.drop_holds_of(index);
                self.release_dependents(index);
            }
            Happened::BakeSampled { .. } | Happened::BakeExtended { .. } => self.watch(event)?,
            // The dispatcher sends nothing else here.
            _ => {}
        }
        Ok(())
    }

    fn pass_preflight(&mut self, index: StepIndex, baseline: Baseline) {
        let node = self.plan.steps[index.at()].node;
        self.nodes[node.at()].baseline = Some(Arc::new(baseline));
        self.set_step(index, StepState::Succeeded);
        self.queues.preflights_open -= 1;
        self.release_dependents(index);
        self.leave_preflight();
    }

    fn start_step(
        &mut self,
        event: &RunEvent,
        place: &Place,
        round: u32,
        until: Option<Timestamp>,
    ) -> Result<(), IllegalTransition> {
        let index = self.step_in(event, place, can_start)?;
        if self.phase != Phase::Forward {
            return Err(self.unfit(event, &place.step, "not going forward"));
        }
        let record = &mut self.steps[index.at()];
        record.round = round;
        record.attempt += 1;
        record.deadline = until;
        let state = match manner(&self.plan, &self.plan.steps[index.at()]) {
            Manner::Preflight | Manner::Call => StepState::Acting,
            Manner::Watch(_) => StepState::Watching(Watch {
                since: event.at,
                until: until.unwrap_or(event.at),
                tally: Tally::default(),
                recorded: None,
                extended: 0,
                begun: event.at,
                measured: None,
                buckets: 0,
                judged: None,
            }),
            Manner::Gate(_) => StepState::Asking {
                approved: Vec::new(),
                overdue: Overdue::No,
            },
            Manner::Hand => StepState::ByHand {
                overdue: Overdue::No,
            },
        };
        self.set_step(index, state);
        Ok(())
    }

    fn retry_step(&mut self, event: &RunEvent) -> Result<(), IllegalTransition> {
        let Happened::StepRetried {
            place,
            round,
            until,
            effect,
            by,
            message,
        } = &event.what
        else {
            return Ok(());
        };
        let again =
            |state: &StepState| state.is_live() || matches!(state, StepState::Failed { .. });
        let index = self.step_in(event, place, again)?;
        self.touch(index, *effect);
        let record = &mut self.steps[index.at()];
        if *round > record.round {
            record.attempt = 0;
            record.deadline = None;
            record.retries += 1;
        }
        if by.is_some() {
            record.retries = 0;
        }
        record.round = *round;
        if by.is_some() {
            self.drop_holds_of(index);
        }
        let (until, message) = (*until, message.clone());
        self.set_step(index, StepState::BackingOff { until, message });
        Ok(())
    }

    fn observe_step(&mut self, index: StepIndex, seen: Seen, until: Timestamp, message: &str) {
        let message = message.to_owned();
        let state = match seen {
            Seen::UnderWay => lost(Some(seen), &message),
            Seen::NotApplied | Seen::Repeatable => StepState::BackingOff { until, message },
            Seen::Unknown => StepState::Unknown { message },
        };
        // "Not applied" may mean "in part": what a look says never takes the touch away.
        self.touch(index, Effect::Possible);
        self.set_step(index, state);
    }

    fn watch(&mut self, event: &RunEvent) -> Result<(), IllegalTransition> {
        let (Happened::BakeSampled { place, .. } | Happened::BakeExtended { place, .. }) =
            &event.what
        else {
            return Ok(());
        };
        let index = self.step_in(event, place, |s| matches!(s, StepState::Watching(_)))?;
        if let StepState::Watching(watch) = &mut self.steps[index.at()].state {
            if let Happened::BakeSampled { health, tally, .. } = &event.what {
                watch.tally = *tally;
                watch.recorded = Some((event.at, *health));
            }
            if let Happened::BakeExtended { until, .. } = &event.what {
                watch.until = *until;
                watch.extended += 1;
            }
        }
        Ok(())
    }

    /// Takes in a yes: at a gate step, or before the first change where it names no step.
    pub(super) fn approve(
        &mut self,
        event: &RunEvent,
        place: Option<&Place>,
        by: &str,
    ) -> Result<(), IllegalTransition> {
        let Some(place) = place else {
            self.start_approvals.push(by.to_owned());
            return Ok(());
        };
        let index = self.step_in(event, place, |s| matches!(s, StepState::Asking { .. }))?;
        if let StepState::Asking { approved, .. } = &mut self.steps[index.at()].state {
            approved.push(by.to_owned());
        }
        Ok(())
    }

    pub(super) fn resolve(
        &mut self,
        event: &RunEvent,
        place: &Place,
        answer: Answer,
    ) -> Result<(), IllegalTransition> {
        match answer {
            Answer::Applied | Answer::NotApplied => {
                let unknown = |state: &StepState| matches!(state, StepState::Unknown { .. });
                let index = self.step_in(event, place, unknown)?;
                if answer == Answer::Applied {
                    self.succeed(index);
                    return Ok(());
                }
                // The person looked: nothing is there. The same round is asked for again.
                let record = &mut self.steps[index.at()];
                record.touched = Effect::None;
                record.attempt = 0;
                record.deadline = None;
                self.set_step(
                    index,
                    StepState::BackingOff {
                        until: event.at,
                        message: "a person found that it was not applied".into(),
                    },
                );
                Ok(())
            }
            Answer::DoneByHand | Answer::Accepted => self.resolve_undo(event, place, answer),
        }
    }

    pub(super) fn mark_overdue(&mut self, index: StepIndex) {
        if let StepState::Asking { overdue, .. } | StepState::ByHand { overdue } =
            &mut self.steps[index.at()].state
        {
            *overdue = Overdue::Yes;
        }
    }

    fn succeed(&mut self, index: StepIndex) {
        self.touch(index, Effect::Possible);
        self.set_step(index, StepState::Succeeded);
        self.drop_holds_of(index);
        self.release_dependents(index);
    }

    fn fail(&mut self, index: StepIndex, cause: Cause, message: &str) {
        let message = message.to_owned();
        self.set_step(index, StepState::Failed { cause, message });
    }

    fn touch(&mut self, index: StepIndex, effect: Effect) {
        if effect == Effect::Possible {
            self.steps[index.at()].touched = Effect::Possible;
        }
    }

    /// Lifts the holds that were about a step that is no trouble any more.
    fn drop_holds_of(&mut self, index: StepIndex) {
        self.holds.retain(|hold| hold.step != Some(index));
    }

    fn step_in(
        &self,
        event: &RunEvent,
        place: &Place,
        fits: impl Fn(&StepState) -> bool,
    ) -> Result<StepIndex, IllegalTransition> {
        let index = self.known_step(event, place)?;
        let state = &self.steps[index.at()].state;
        if fits(state) {
            Ok(index)
        } else {
            Err(self.unfit(event, &place.step, state.word()))
        }
    }
}

fn lost(seen: Option<Seen>, message: &str) -> StepState {
    StepState::Lost {
        seen,
        message: message.to_owned(),
    }
}

fn can_start(state: &StepState) -> bool {
    match state {
        StepState::Ready | StepState::Scheduled { .. } | StepState::BackingOff { .. } => true,
        StepState::Waiting
        | StepState::Acting
        | StepState::Lost { .. }
        | StepState::Watching(_)
        | StepState::Asking { .. }
        | StepState::ByHand { .. }
        | StepState::Unknown { .. }
        | StepState::Succeeded
        | StepState::Failed { .. }
        | StepState::Cancelled
        | StepState::Skipped
        | StepState::NotRun => false,
    }
}

fn can_be_skipped(state: &StepState) -> bool {
    match state {
        StepState::Ready
        | StepState::Scheduled { .. }
        | StepState::BackingOff { .. }
        | StepState::ByHand { .. }
        | StepState::Unknown { .. }
        | StepState::Failed { .. } => true,
        StepState::Waiting
        | StepState::Acting
        | StepState::Lost { .. }
        | StepState::Watching(_)
        | StepState::Asking { .. }
        | StepState::Succeeded
        | StepState::Cancelled
        | StepState::Skipped
        | StepState::NotRun => false,
    }
}

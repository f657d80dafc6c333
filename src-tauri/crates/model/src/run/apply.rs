//! The only place where a run changes.

use super::{
    Claims, CriterionState, Hold, IllegalTransition, Phase, Progress, Run, Slot, StepState,
    UndoIndex, UndoState, Way,
    manner::{Manner, manner},
};
use crate::{
    event::{Happened, HoldReason, Lifted, Place, RunEvent},
    id::NodeId,
    plan::{NodeIndex, StepIndex},
};

impl Run {
    /// Takes one event in.
    ///
    /// # Errors
    /// If the event cannot follow what came before; the run is then unchanged.
    pub fn apply(&mut self, event: &RunEvent) -> Result<(), IllegalTransition> {
        if event.seq != self.seq + 1 {
            return Err(IllegalTransition::Gap {
                last: self.seq,
                found: event.seq,
            });
        }
        self.dispatch(event)?;
        self.seq = event.seq;
        self.changed_at = event.at;
        Ok(())
    }

    fn dispatch(&mut self, event: &RunEvent) -> Result<(), IllegalTransition> {
        match &event.what {
            Happened::Started(_) => Err(self.unfit(event, "the run", "begun")),
            Happened::DriverStarted { epoch, .. } => {
                self.adopt(event.at, *epoch);
                Ok(())
            }
            Happened::PreflightPassed { .. }
            | Happened::PreflightFailed { .. }
            | Happened::StepScheduled { .. }
            | Happened::StepStarted { .. }
            | Happened::StepSucceeded { .. }
            | Happened::StepFailed { .. }
            | Happened::StepRetried { .. }
            | Happened::StepLost { .. }
            | Happened::StepObserved { .. }
            | Happened::StepCancelled { .. }
            | Happened::StepSkipped { .. }
            | Happened::BakeSampled { .. }
            | Happened::BakeExtended { .. } => self.apply_forward(event),
            Happened::Approved { place, by, .. } => self.approve(event, place.as_ref(), by),
            Happened::Held { .. } => self.hold(event),
            Happened::Resumed { node, lifted, .. } => self.lift(event, node.as_ref(), *lifted),
            Happened::AbortRequested { by, .. } => {
                self.aborted_by = Some(by.clone());
                Ok(())
            }
            Happened::RollbackStarted(started) => self.turn_round(event, started),
            Happened::LeftInPlace { place, reason } => self.leave(event, place, *reason),
            Happened::UndoStarted { .. }
            | Happened::UndoSucceeded { .. }
            | Happened::UndoSkipped { .. }
            | Happened::UndoFailed { .. }
            | Happened::UndoLost { .. }
            | Happened::UndoObserved { .. }
            | Happened::UndoStuck { .. }
            | Happened::UndoRetried { .. } => self.apply_backward(event),
            Happened::Resolved { place, answer, .. } => self.resolve(event, place, *answer),
            Happened::CriterionMet { criterion, by, .. } => {
                self.judge_criterion(event, criterion, CriterionState::met(by.as_deref()))
            }
            Happened::CriterionUnmet { criterion, message } => {
                self.judge_criterion(event, criterion, CriterionState::unmet(message))
            }
            Happened::ClockJumped { by_ms } => {
                self.shift_instants(*by_ms);
                Ok(())
            }
            Happened::BakeMeasured { .. }
            | Happened::BakeJudged(_)
            | Happened::EvidenceCarried(_)
            | Happened::TriggerTripped(_)
            | Happened::TriggerCleared { .. }
            | Happened::SilenceSet { .. }
            | Happened::SilenceEnded { .. } => self.apply_evidence(event),
            // These are for the record alone.
            Happened::Steered(_) | Happened::Note { .. } => Ok(()),
            Happened::Finished { outcome, .. } => {
                self.claims = Claims::LetGo;
                self.phase = Phase::Ended(*outcome);
                Ok(())
            }
        }
    }

    /// A new driver has no call in flight: whatever was, is lost until it was looked at.
    fn adopt(&mut self, at: crate::time::Timestamp, epoch: u64) {
        self.epoch = epoch;
        let live: Vec<Slot> = self.queues.live.iter().copied().collect();
        for slot in live {
            match slot {
                Slot::Step(index) if self.steps[index.at()].state.is_acting() => {
                    let timeout = self.plan.steps[index.at()].timeout.as_delta();
                    let record = &mut self.steps[index.at()];
                    record.attempt = 0;
                    record.deadline = at.checked_add_signed(timeout);
                    self.set_step(index, lost_with_the_driver());
                }
                Slot::Undo(index) if self.undo[index.at()].state.is_acting() => {
                    let record = &mut self.undo[index.at()];
                    record.attempt = 0;
                    record.deadline = at.checked_add_signed(record.action.timeout.as_delta());
                    self.set_undo(
                        index,
                        UndoState::Lost {
                            seen: None,
                            message: DRIVER_GONE.into(),
                        },
                    );
                }
                // Timers, watches and people wait on as they did.
                Slot::Step(_) | Slot::Undo(_) => continue,
            }
            self.queues.unseen.insert(slot);
        }
    }

    fn hold(&mut self, event: &RunEvent) -> Result<(), IllegalTransition> {
        let Happened::Held {
            node,
            step,
            reason,
            by,
            message,
        } = &event.what
        else {
            return Ok(());
        };
        let node = node.as_ref().map(|id| self.known_node(event, id));
        let step = step.as_ref().and_then(|id| self.graph.step(id));
        let node = node.transpose()?;
        if let (HoldReason::Deadline, Some(step)) = (reason, step) {
            self.mark_overdue(step);
        }
        self.holds.push(Hold {
            node,
            step,
            reason: *reason,
            by: by.clone(),
            message: message.clone(),
        });
        Ok(())
    }

    fn lift(
        &mut self,
        event: &RunEvent,
        node: Option<&NodeId>,
        lifted: Lifted,
    ) -> Result<(), IllegalTransition> {
        let node = node.map(|id| self.known_node(event, id)).transpose()?;
        self.holds.retain(|hold| match (lifted, hold.reason) {
            (Lifted::Window, reason) => reason != HoldReason::Window,
            (Lifted::Data, reason) => reason != HoldReason::NoData || hold.node != node,
            (Lifted::Holds, HoldReason::Window) => true,
            (
                Lifted::Holds,
                HoldReason::Operator
                | HoldReason::Failure
                | HoldReason::Deadline
                | HoldReason::NoData
                | HoldReason::Criterion
                | HoldReason::Judge
                | HoldReason::Trigger,
            ) => node.is_some() && hold.node != node,
        });
        Ok(())
    }

    /// Moves every live instant with the wall clock, so that a jump neither shortens nor skips.
    fn shift_instants(&mut self, by_ms: i64) {
        let Some(by) = chrono::TimeDelta::try_milliseconds(by_ms) else {
            return;
        };
        let shift = |at: &mut crate::time::Timestamp| {
            *at = at.checked_add_signed(by).unwrap_or(*at);
        };
        let live: Vec<Slot> = self.queues.live.iter().copied().collect();
        for slot in live {
            match slot {
                Slot::Step(index) => {
                    let record = &mut self.steps[index.at()];
                    record.deadline.as_mut().into_iter().for_each(shift);
                    match &mut record.state {
                        StepState::Scheduled { until } | StepState::BackingOff { until, .. } => {
                            shift(until);
                        }
                        StepState::Watching(watch) => {
                            shift(&mut watch.since);
                            shift(&mut watch.until);
                        }
                        StepState::Waiting
                        | StepState::Ready
                        | StepState::Acting
                        | StepState::Lost { .. }
                        | StepState::Asking { .. }
                        | StepState::ByHand { .. }
                        | StepState::Unknown { .. }
                        | StepState::Succeeded
                        | StepState::Failed { .. }
                        | StepState::Cancelled
                        | StepState::Skipped
                        | StepState::NotRun => {}
                    }
                }
                Slot::Undo(index) => {
                    let record = &mut self.undo[index.at()];
                    record.deadline.as_mut().into_iter().for_each(shift);
                    if let UndoState::BackingOff { until, .. } = &mut record.state {
                        shift(until);
                    }
                }
            }
        }
    }

    /// Changes a step's state and every index over it.
    pub(super) fn set_step(&mut self, index: StepIndex, state: StepState) {
        let node = self.plan.steps[index.at()].node;
        let slot = Slot::Step(index);
        let old = std::mem::replace(&mut self.steps[index.at()].state, state);
        let new = &self.steps[index.at()].state;
        match (old.is_acting(), new.is_acting()) {
            (false, true) => {
                self.queues.acting += 1;
                self.nodes[node.at()].acting += 1;
            }
            (true, false) => {
                self.queues.acting -= 1;
                self.nodes[node.at()].acting -= 1;
            }
            (true, true) | (false, false) => {}
        }
        match (old.is_live(), new.is_live()) {
            (false, true) => _ = self.queues.live.insert(slot),
            (true, false) => _ = self.queues.live.remove(&slot),
            (true, true) | (false, false) => {}
        }
        let is = |wanted: &StepState, state: &StepState| {
            std::mem::discriminant(wanted) == std::mem::discriminant(state)
        };
        let ready = is(&StepState::Ready, new);
        if ready != is(&StepState::Ready, &old) {
            self.queue_step(index, if ready { Way::Forward } else { Way::Back });
        }
        let new = &self.steps[index.at()].state;
        if matches!(old, StepState::Failed { .. }) {
            self.queues.failed.remove(&index);
        }
        if matches!(new, StepState::Failed { .. }) {
            self.queues.failed.insert(index);
        }
        self.queues.unseen.remove(&slot);
    }

    /// Puts a step into its queue (forward) or takes it out (back).
    fn queue_step(&mut self, index: StepIndex, way: Way) {
        let step = &self.plan.steps[index.at()];
        let key = (self.graph.rank(step.node), index);
        let queue = match manner(&self.plan, step) {
            // Preflights have their own phase.
            Manner::Preflight => return,
            Manner::Call => &mut self.queues.ready_calls,
            Manner::Watch(_) | Manner::Gate(_) | Manner::Hand => &mut self.queues.ready_free,
        };
        match way {
            Way::Forward => _ = queue.insert(key),
            Way::Back => _ = queue.remove(&key),
        }
    }

    /// Changes an undo action's state and every index over it.
    pub(super) fn set_undo(&mut self, index: UndoIndex, state: UndoState) {
        let slot = Slot::Undo(index);
        let old = std::mem::replace(&mut self.undo[index.at()].state, state);
        let record = &self.undo[index.at()];
        let new = &record.state;
        match (old.is_acting(), new.is_acting()) {
            (false, true) => self.queues.acting += 1,
            (true, false) => self.queues.acting -= 1,
            (true, true) | (false, false) => {}
        }
        match (old.is_live(), new.is_live()) {
            (false, true) => _ = self.queues.live.insert(slot),
            (true, false) => _ = self.queues.live.remove(&slot),
            (true, true) | (false, false) => {}
        }
        let key = (record.action.kind, index);
        if matches!(old, UndoState::Ready) {
            self.queues.ready_undo.remove(&key);
        }
        if matches!(new, UndoState::Ready) {
            self.queues.ready_undo.insert(key);
        }
        if matches!(old, UndoState::Stuck { .. }) {
            self.queues.stuck.remove(&index);
        }
        if matches!(new, UndoState::Stuck { .. }) {
            self.queues.stuck.insert(index);
        }
        if !old.is_over() && new.is_over() {
            let node = record.action.node;
            self.queues.undo_open -= 1;
            self.nodes[node.at()].undoing -= 1;
        }
        self.queues.unseen.remove(&slot);
    }

    /// Marks a step as met for those who need it.
    pub(super) fn release_dependents(&mut self, index: StepIndex) {
        self.queues.steps_over += 1;
        let dependents = self.graph.dependents(index).to_vec();
        for dependent in dependents.into_iter().map(StepIndex) {
            let record = &mut self.steps[dependent.at()];
            record.unmet = record.unmet.saturating_sub(1);
            if record.unmet == 0 && record.state == StepState::Waiting {
                self.set_step(dependent, StepState::Ready);
            }
        }
        let done = crate::id::Milestone::done();
        let step = &self.plan.steps[index.at()];
        if step.reaches.contains(&done) {
            self.nodes[step.node.at()].done = Progress::Done;
        }
    }

    /// Goes forward once all preflights have passed.
    pub(super) fn leave_preflight(&mut self) {
        if self.phase == Phase::Preflight && self.queues.preflights_open == 0 {
            self.phase = Phase::Forward;
        }
    }

    pub(super) fn known_step(
        &self,
        event: &RunEvent,
        place: &Place,
    ) -> Result<StepIndex, IllegalTransition> {
        self.graph
            .step(&place.step)
            .ok_or_else(|| IllegalTransition::Unheard {
                seq: event.seq,
                what: format!("step {}", place.step),
            })
    }

    pub(super) fn known_node(
        &self,
        event: &RunEvent,
        id: &NodeId,
    ) -> Result<NodeIndex, IllegalTransition> {
        self.plan
            .node(id)
            .ok_or_else(|| IllegalTransition::Unheard {
                seq: event.seq,
                what: format!("node {id}"),
            })
    }

    pub(super) fn unfit(
        &self,
        event: &RunEvent,
        about: impl std::fmt::Display,
        state: &str,
    ) -> IllegalTransition {
        let entry = event.to_entry();
        IllegalTransition::Unfit {
            seq: event.seq,
            event: entry.map(|entry| entry.kind).unwrap_or_default(),
            about: about.to_string(),
            state: state.to_owned(),
        }
    }
}

const DRIVER_GONE: &str = "the driver ended before it heard an answer";

fn lost_with_the_driver() -> StepState {
    StepState::Lost {
        seen: None,
        message: DRIVER_GONE.into(),
    }
}

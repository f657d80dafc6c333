//! What a rollback does to steps, nodes and undo actions.

use std::sync::Arc;

use super::{
    Fate, IllegalTransition, Phase, Run, StepState, UndoIndex, UndoRecord, UndoState, Way,
    manner::is_undone_by_hand,
};
use crate::{
    command::Answer,
    event::{Happened, HoldReason, Place, RollbackScope, RollbackStarted, RunEvent, Seen},
    plan::{NodeIndex, StepIndex},
    rollback::{LeftReason, UndoAction},
    time::Timestamp,
};

impl Run {
    /// Turns nodes round and takes the undo actions in.
    ///
    /// A rollback may meet one that is under way: an action with the same id that is not over goes
    /// on as it is, with the needs of the new plan.
    pub(super) fn turn_round(
        &mut self,
        event: &RunEvent,
        started: &RollbackStarted,
    ) -> Result<(), IllegalTransition> {
        let whole = started.scope == RollbackScope::Release;
        let nodes = self.turning(event, started)?;
        self.check_actions(event, &started.actions)?;
        if whole || self.aborted_by.is_some() || matches!(self.phase, Phase::Ended(_)) {
            self.phase = Phase::Backward;
        }
        self.holds.retain(|hold| match hold.node {
            Some(node) => nodes.binary_search(&node).is_err(),
            // Criteria are only asked of a release that has gone forward in full.
            None if whole || hold.reason == HoldReason::Criterion => false,
            // A window holds what goes forward, and nothing does any more.
            None if hold.reason == HoldReason::Window && self.phase == Phase::Backward => false,
            None => hold.step.is_none_or(|step| {
                let node = self.plan.steps[step.at()].node;
                nodes.binary_search(&node).is_err()
            }),
        });
        self.rollback_by = started.by.clone();
        for node in nodes {
            self.nodes[node.at()].way = Way::Back;
            for step in self.plan.clone().nodes[node.at()].steps() {
                match self.steps[step.at()].state {
                    StepState::Waiting | StepState::Ready => {
                        self.set_step(step, StepState::NotRun);
                    }
                    StepState::Scheduled { .. }
                    | StepState::Acting
                    | StepState::Lost { .. }
                    | StepState::BackingOff { .. }
                    | StepState::Watching(_)
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
        }
        let places = self.merge_actions(&started.actions);
        self.link_actions(&started.actions, &places);
        Ok(())
    }

    fn turning(
        &self,
        event: &RunEvent,
        started: &RollbackStarted,
    ) -> Result<Vec<NodeIndex>, IllegalTransition> {
        match started.scope {
            RollbackScope::Release => Ok((0..self.nodes.len() as u32).map(NodeIndex).collect()),
            RollbackScope::Nodes => {
                let nodes = started.nodes.iter();
                let mut nodes = nodes
                    .map(|id| self.known_node(event, id))
                    .collect::<Result<Vec<_>, _>>()?;
                nodes.sort_unstable();
                Ok(nodes)
            }
        }
    }

    fn check_actions(
        &self,
        event: &RunEvent,
        actions: &[UndoAction],
    ) -> Result<(), IllegalTransition> {
        let (steps, nodes) = (self.steps.len(), self.nodes.len());
        let whole = |(at, action): (usize, &UndoAction)| {
            action.node.at() < nodes
                && action.covers.iter().all(|step| step.at() < steps)
                && action.needs.iter().all(|need| (*need as usize) < at)
        };
        if actions.iter().enumerate().all(whole) {
            return Ok(());
        }
        Err(IllegalTransition::Unheard {
            seq: event.seq,
            what: "node or step that the rollback names".into(),
        })
    }

    /// Takes the actions in and gives the place of each in this run.
    fn merge_actions(&mut self, actions: &[UndoAction]) -> Vec<UndoIndex> {
        let mut places = Vec::with_capacity(actions.len());
        for action in actions {
            let before = self.undo_by_id.get(&action.id).copied();
            let open = before.filter(|at| !self.undo[at.at()].state.is_over());
            if let Some(place) = open {
                self.cover_more(place, action);
                places.push(place);
                continue;
            }
            // Its id was used before: a key is never used twice, so it begins with a new round.
            let round = before.map_or(1, |at| self.undo[at.at()].round + 1);
            places.push(self.add_action(action, round));
        }
        places
    }

    fn cover_more(&mut self, place: UndoIndex, action: &UndoAction) {
        let covered = self.undo[place.at()].action.covers.clone();
        for step in &action.covers {
            if !covered.contains(step) {
                self.cover(*step);
            }
        }
        let mut merged = action.clone();
        merged.guard = merged.guard.max(self.undo[place.at()].action.guard);
        merged.covers.extend(covered);
        merged.covers.sort_unstable();
        merged.covers.dedup();
        self.undo[place.at()].action = Arc::new(merged);
    }

    fn add_action(&mut self, action: &UndoAction, round: u32) -> UndoIndex {
        let place = UndoIndex(self.undo.len() as u32);
        for step in &action.covers {
            self.cover(*step);
        }
        self.undo.push(UndoRecord {
            action: Arc::new(action.clone()),
            state: UndoState::Waiting,
            unmet: 0,
            dependents: Vec::new(),
            round,
            attempt: 0,
            failures: 0,
            deadline: None,
        });
        self.undo_by_id.insert(action.id.clone(), place);
        self.queues.undo_open += 1;
        self.nodes[action.node.at()].undoing += 1;
        place
    }

    fn cover(&mut self, step: StepIndex) {
        let fate = &mut self.steps[step.at()].fate;
        *fate = match *fate {
            Fate::Undoing(count) => Fate::Undoing(count + 1),
            Fate::Standing | Fate::Undone | Fate::Left(_) | Fate::Accepted => Fate::Undoing(1),
        };
    }

    /// Sets the needs of the actions anew; those that are over do not count.
    fn link_actions(&mut self, actions: &[UndoAction], places: &[UndoIndex]) {
        for place in places {
            let record = &mut self.undo[place.at()];
            record.unmet = 0;
            record.dependents.clear();
        }
        for (action, place) in actions.iter().zip(places) {
            for need in &action.needs {
                let Some(need) = places.get(*need as usize) else {
                    continue;
                };
                self.undo[need.at()].dependents.push(*place);
                self.undo[place.at()].unmet += 1;
            }
        }
        for place in places {
            let record = &self.undo[place.at()];
            match (&record.state, record.unmet) {
                (UndoState::Waiting, 0) => self.set_undo(*place, UndoState::Ready),
                (UndoState::Ready, 1..) => self.set_undo(*place, UndoState::Waiting),
                // Whatever is at work goes on.
                _ => {}
            }
        }
    }

    pub(super) fn leave(
        &mut self,
        event: &RunEvent,
        place: &Place,
        reason: LeftReason,
    ) -> Result<(), IllegalTransition> {
        let step = self.known_step(event, place)?;
        self.steps[step.at()].fate = Fate::Left(reason);
        Ok(())
    }

    pub(super) fn apply_backward(&mut self, event: &RunEvent) -> Result<(), IllegalTransition> {
        match &event.what {
            Happened::UndoStarted {
                place,
                round,
                until,
            } => {
                self.begin_undo(event, place, *round, *until)?;
            }
            Happened::UndoSucceeded { place, .. } => {
                let index = self.undo_in(event, place, UndoState::is_live)?;
                self.end_undo(index, UndoState::Succeeded);
            }
            Happened::UndoSkipped { place, .. } => {
                let index = self.undo_in(event, place, |s| *s == UndoState::Ready)?;
                self.end_undo(index, UndoState::Skipped);
            }
            Happened::UndoFailed {
                place,
                round,
                until,
                message,
            } => {
                let index = self.undo_in(event, place, UndoState::is_live)?;
                let record = &mut self.undo[index.at()];
                record.failures += 1;
                self.again(index, *round, *until, message);
            }
            Happened::UndoLost { place, message, .. } => {
                let index = self.undo_in(event, place, UndoState::is_acting)?;
                self.set_undo(index, lost(None, message));
            }
            Happened::UndoObserved {
                place,
                round,
                seen,
                until,
                message,
            } => {
                let index = self.undo_in(event, place, UndoState::is_acting)?;
                match seen {
                    Seen::UnderWay => self.set_undo(index, lost(Some(*seen), message)),
                    Seen::NotApplied | Seen::Repeatable => {
                        self.again(index, *round, until.unwrap_or(event.at), message);
                    }
                    Seen::Unknown => self.stick(index, message),
                }
            }
            Happened::UndoStuck { place, message, .. } => {
                let index = self.undo_in(event, place, UndoState::is_live)?;
                self.stick(index, message);
            }
            Happened::UndoRetried { place, round, .. } => {
                let fits = |s: &UndoState| {
                    matches!(s, UndoState::Stuck { .. } | UndoState::BackingOff { .. })
                };
                let index = self.undo_in(event, place, fits)?;
                self.undo[index.at()].failures = 0;
                self.again(index, *round, event.at, "a person asked for it");
            }
            // The dispatcher sends nothing else here.
            _ => {}
        }
        Ok(())
    }

    fn begin_undo(
        &mut self,
        event: &RunEvent,
        place: &Place,
        round: u32,
        until: Option<Timestamp>,
    ) -> Result<(), IllegalTransition> {
        let fits = |s: &UndoState| matches!(s, UndoState::Ready | UndoState::BackingOff { .. });
        let index = self.undo_in(event, place, fits)?;
        let record = &mut self.undo[index.at()];
        record.round = round;
        record.attempt += 1;
        record.deadline = until;
        let by_hand = is_undone_by_hand(&self.plan, &record.action);
        let state = if by_hand {
            UndoState::ByHand
        } else {
            UndoState::Acting
        };
        self.set_undo(index, state);
        Ok(())
    }

    pub(super) fn resolve_undo(
        &mut self,
        event: &RunEvent,
        place: &Place,
        answer: Answer,
    ) -> Result<(), IllegalTransition> {
        let index = self.undo_in(event, place, |s| matches!(s, UndoState::Stuck { .. }))?;
        let state = match answer {
            Answer::Accepted => UndoState::Accepted,
            Answer::DoneByHand | Answer::Applied | Answer::NotApplied => UndoState::Succeeded,
        };
        self.end_undo(index, state);
        Ok(())
    }

    fn again(
        &mut self,
        index: UndoIndex,
        round: u32,
        until: crate::time::Timestamp,
        message: &str,
    ) {
        let record = &mut self.undo[index.at()];
        if round > record.round {
            record.attempt = 0;
            record.deadline = None;
        }
        record.round = round;
        let message = message.to_owned();
        self.set_undo(index, UndoState::BackingOff { until, message });
    }

    fn stick(&mut self, index: UndoIndex, message: &str) {
        let message = message.to_owned();
        self.set_undo(index, UndoState::Stuck { message });
    }

    fn end_undo(&mut self, index: UndoIndex, state: UndoState) {
        let kept = state == UndoState::Accepted;
        self.set_undo(index, state);
        let action = Arc::clone(&self.undo[index.at()].action);
        for step in &action.covers {
            let fate = &mut self.steps[step.at()].fate;
            *fate = match *fate {
                _ if kept => Fate::Accepted,
                Fate::Undoing(1) => Fate::Undone,
                Fate::Undoing(count) => Fate::Undoing(count.saturating_sub(1)),
                other @ (Fate::Standing | Fate::Undone | Fate::Left(_) | Fate::Accepted) => other,
            };
        }
        for dependent in std::mem::take(&mut self.undo[index.at()].dependents) {
            let record = &mut self.undo[dependent.at()];
            record.unmet = record.unmet.saturating_sub(1);
            if record.unmet == 0 && record.state == UndoState::Waiting {
                self.set_undo(dependent, UndoState::Ready);
            }
        }
    }

    fn undo_in(
        &self,
        event: &RunEvent,
        place: &Place,
        fits: impl Fn(&UndoState) -> bool,
    ) -> Result<UndoIndex, IllegalTransition> {
        let unheard = || IllegalTransition::Unheard {
            seq: event.seq,
            what: format!("undo action {}", place.step),
        };
        let index = self.find_undo(&place.step).ok_or_else(unheard)?;
        let state = &self.undo[index.at()].state;
        if fits(state) {
            Ok(index)
        } else {
            Err(self.unfit(event, &place.step, state.word()))
        }
    }
}

fn lost(seen: Option<Seen>, message: &str) -> UndoState {
    UndoState::Lost {
        seen,
        message: message.to_owned(),
    }
}

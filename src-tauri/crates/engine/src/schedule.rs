//! What can start, end or be held now. Looks only at what is ready, never at the whole plan.

use gantry_model::{
    event::{Happened, HoldReason, Lifted, Place, RollbackTrigger},
    id::GateName,
    plan::{Action, NodeIndex, StepIndex},
    release::OnClose,
    run::{Manner, Phase, Run, StepState, UndoIndex, is_undone_by_hand, manner},
    time::Timestamp,
    unit::Span,
};

use crate::{
    outcome,
    retreat::{self, Retreat},
    silence, window,
};

/// Decides what starts or ends now; called until nothing does.
pub fn schedule(run: &Run, now: Timestamp) -> Vec<Happened> {
    if let Phase::Ended(_) = run.phase() {
        return Vec::new();
    }
    if let Some(finished) = outcome::finished(run) {
        // A run is not over before the alerts that it silenced are heard again.
        return match silence::wanted(run).is_empty() {
            true => vec![finished],
            false => Vec::new(),
        };
    }
    // After a crash nothing starts before everything that was in flight has been looked at.
    if !run.queues().unseen.is_empty() {
        return Vec::new();
    }
    let turned = window_events(run, now);
    if !turned.is_empty() {
        return turned;
    }
    let mut starts = Starts {
        run,
        now,
        acting: run.queues().acting,
        events: Vec::new(),
    };
    starts.undo();
    starts.forward();
    starts.events
}

/// Starts a step whose instant has come, if nothing holds it; it is offered again otherwise.
pub(crate) fn start_due(run: &Run, step: StepIndex, now: Timestamp) -> Vec<Happened> {
    let waits = !run.queues().unseen.is_empty() || run.phase() != Phase::Forward;
    let node = run.planned_step(step).node;
    // A machine that slept over the end of the window finds both at once: the window comes first.
    let closed = !window_is_open(run, now);
    if waits || closed || holds_forward(run, node) || is_full(run, run.queues().acting) {
        return Vec::new();
    }
    start(run, step, now).into_iter().collect()
}

fn window_is_open(run: &Run, now: Timestamp) -> bool {
    let window = run.plan().window.as_ref();
    window.is_none_or(|window| window::state(window, now) == window::State::Open)
}

/// Starts an undo whose instant has come, if nothing holds it; it is offered again otherwise.
pub(crate) fn start_due_undo(run: &Run, undo: UndoIndex, now: Timestamp) -> Vec<Happened> {
    let node = run.undo(undo).action.node;
    let waits = !run.queues().unseen.is_empty();
    if waits || holds_backward(run, node) || is_full(run, run.queues().acting) {
        return Vec::new();
    }
    start_undo(run, undo, now).into_iter().collect()
}

/// Whether new forward steps of a node are held.
pub(crate) fn holds_forward(run: &Run, node: NodeIndex) -> bool {
    let holds = run.holds().iter();
    let mut about = holds.filter(|hold| hold.node.is_none_or(|held| held == node));
    about.next().is_some()
}

/// Whether new undo actions of a node are held: only a person can do that.
pub(crate) fn holds_backward(run: &Run, node: NodeIndex) -> bool {
    run.holds().iter().any(|hold| {
        hold.reason == HoldReason::Operator && hold.node.is_none_or(|held| held == node)
    })
}

/// Whether people still have to approve the start.
pub(crate) fn start_gate_is_closed(run: &Run) -> bool {
    run.start_approvals().len() < start_approvals_wanted(run) as usize
}

/// Gives how many people must approve the start.
pub(crate) fn start_approvals_wanted(run: &Run) -> u32 {
    let gates = run.plan().policy.approvals.gates.iter();
    let mut start = gates.filter(|(gate, _)| is_start(gate));
    start.next().map_or(0, |(_, count)| *count)
}

/// Whether a gate is the one before the first change.
pub(crate) fn is_start(gate: &GateName) -> bool {
    gate.as_str() == "start"
}

fn is_full(run: &Run, acting: u32) -> bool {
    acting >= run.plan().policy.max_parallel.max(1)
}

struct Starts<'a> {
    run: &'a Run,
    now: Timestamp,
    /// How many steps and undo actions will be at work.
    acting: u32,
    events: Vec<Happened>,
}

impl Starts<'_> {
    fn undo(&mut self) {
        let run = self.run;
        for (_, index) in &run.queues().ready_undo {
            let record = run.undo(*index);
            let node = record.action.node;
            // A call of the node that is still at work must be over before it is undone.
            if run.node(node).acting > 0 || holds_backward(run, node) {
                continue;
            }
            let covers = &record.action.covers;
            if !covers.is_empty() && !covers.iter().any(|step| run.is_touched(*step)) {
                self.skip_undo(*index);
            } else if is_undone_by_hand(run.plan(), &record.action) {
                self.events.extend(start_undo(run, *index, self.now));
            } else if !is_full(run, self.acting) {
                self.events.extend(start_undo(run, *index, self.now));
                self.acting += 1;
            }
        }
    }

    fn skip_undo(&mut self, index: UndoIndex) {
        let action = &self.run.undo(index).action;
        let skipped = Place::of_undo(self.run.plan(), action).map(|place| Happened::UndoSkipped {
            place,
            message: "nothing was sent, so there is nothing to undo".into(),
        });
        self.events.extend(skipped);
    }

    fn forward(&mut self) {
        let run = self.run;
        if run.phase() != Phase::Forward || start_gate_is_closed(run) {
            return;
        }
        let whole_run_held = run.holds().iter().any(|hold| hold.node.is_none());
        for (_, step) in &run.queues().ready_free {
            let watches = matches!(
                manner(run.plan(), run.planned_step(*step)),
                Manner::Watch(_)
            );
            // Watching changes nothing, and a held canary shall not be left alone.
            if watches || !holds_forward(run, run.planned_step(*step).node) {
                self.events.extend(start(run, *step, self.now));
            }
        }
        if whole_run_held {
            return;
        }
        for (_, step) in &run.queues().ready_calls {
            let planned = run.planned_step(*step);
            if holds_forward(run, planned.node) {
                continue;
            }
            match planned.action {
                Action::Retire { keep } if keep > Span::ZERO => {
                    self.events.extend(keep_old(run, *step, keep, self.now));
                }
                _ if is_full(run, self.acting) => return,
                _ => {
                    self.events.extend(start(run, *step, self.now));
                    self.acting += 1;
                }
            }
        }
    }
}

fn keep_old(run: &Run, step: StepIndex, keep: Span, now: Timestamp) -> Option<Happened> {
    Some(Happened::StepScheduled {
        place: Place::of_step(run.plan(), step)?,
        until: now + keep.as_delta(),
    })
}

fn start(run: &Run, step: StepIndex, now: Timestamp) -> Option<Happened> {
    let planned = run.planned_step(step);
    let record = run.step(step);
    let from_now = |span: Span| now.checked_add_signed(span.as_delta());
    let until = match manner(run.plan(), planned) {
        Manner::Watch(duration) => from_now(duration),
        Manner::Preflight | Manner::Call | Manner::Gate(_) | Manner::Hand => {
            // A round that is asked for again keeps its deadline.
            record.deadline.or_else(|| from_now(planned.timeout))
        }
    };
    Some(Happened::StepStarted {
        place: Place::of_step(run.plan(), step)?,
        round: record.round,
        until,
    })
}

fn start_undo(run: &Run, undo: UndoIndex, now: Timestamp) -> Option<Happened> {
    let record = run.undo(undo);
    let action = &record.action;
    let by_hand = is_undone_by_hand(run.plan(), action);
    let fresh = || now.checked_add_signed(action.timeout.as_delta());
    Some(Happened::UndoStarted {
        place: Place::of_undo(run.plan(), action)?,
        round: record.round,
        until: if by_hand {
            None
        } else {
            record.deadline.or_else(fresh)
        },
    })
}

/// The window closes and opens over forward steps; a rollback knows no window.
fn window_events(run: &Run, now: Timestamp) -> Vec<Happened> {
    let Some(window) = &run.plan().window else {
        return Vec::new();
    };
    let held = run
        .holds()
        .iter()
        .any(|hold| hold.reason == HoldReason::Window);
    if run.phase() != Phase::Forward {
        return Vec::new();
    }
    match (window::state(window, now), held) {
        (window::State::Open, true) => vec![Happened::Resumed {
            node: None,
            lifted: Lifted::Window,
            by: None,
            message: "the window is open".into(),
        }],
        (window::State::Open, false) | (window::State::Closed(_), true) => Vec::new(),
        (window::State::Closed(_), false) if rolls_back_on_close(run, window.on_close) => {
            let retreat = Retreat::release(
                RollbackTrigger::Window,
                "the window closed while the release was under way",
            );
            retreat::events(run, &retreat)
        }
        (window::State::Closed(next), false) => vec![Happened::Held {
            node: None,
            step: None,
            reason: HoldReason::Window,
            by: None,
            message: match next {
                Some(at) => format!("the window is closed; it opens at {at}"),
                None => "the window is closed and does not open again".into(),
            },
        }],
    }
}

fn rolls_back_on_close(run: &Run, on_close: OnClose) -> bool {
    match on_close {
        OnClose::Hold => false,
        OnClose::Rollback => run.steps().any(|(index, _)| run.is_touched(index)),
    }
}

/// Whether a step can be left out by a person: it is next, it failed, or nobody knows.
pub(crate) fn waits_for_nothing(state: &StepState) -> bool {
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

//! One sentence for everything: why a node waits, why it stopped, what a person can do.

use gantry_model::{
    event::HoldReason,
    plan::{NodeIndex, StepIndex},
    release::task::UndoTask,
    run::{Fate, Phase, Progress, Run, StepState, UndoState, Way},
};

use crate::schedule::{start_approvals_wanted, start_gate_is_closed};

/// Says in one sentence how a node stands and why.
pub fn explain(run: &Run, node: NodeIndex) -> String {
    let sentence = match run.node(node).way {
        Way::Back => explain_back(run, node),
        Way::Forward => explain_forward(run, node),
    };
    let held = run.holds().iter().find(|hold| hold.node == Some(node));
    match held {
        Some(hold) => format!("held: {}; {sentence}", hold.message),
        None => sentence,
    }
}

fn explain_forward(run: &Run, node: NodeIndex) -> String {
    let steps = || run.planned_node(node).steps();
    let mut busy = steps().filter(|step| {
        let state = &run.step(*step).state;
        state.is_live() || matches!(state, StepState::Failed { .. })
    });
    if let Some(step) = busy.next() {
        return explain_step(run, step);
    }
    if run.node(node).done == Progress::Done {
        return "done".into();
    }
    if let Phase::Ended(_) = run.phase() {
        return "not run: the run ended before".into();
    }
    let mut next = steps()
        .filter(|step| matches!(run.step(*step).state, StepState::Waiting | StepState::Ready));
    let step = next.next();
    step.map_or_else(
        || "nothing is left to do".into(),
        |step| explain_step(run, step),
    )
}

fn explain_step(run: &Run, step: StepIndex) -> String {
    let record = run.step(step);
    let id = &run.planned_step(step).id;
    match &record.state {
        StepState::Waiting => explain_waiting(run, step),
        StepState::Ready => explain_ready(run, step),
        StepState::Scheduled { until } => format!("{id} starts at {until}"),
        StepState::Acting => format!("{id} is under way (round {})", record.round),
        StepState::Lost { message, .. } => {
            format!("{id}: nobody heard the answer ({message}); it is being looked at")
        }
        StepState::BackingOff { until, message } => {
            format!("{id} is asked for again at {until}: {message}")
        }
        StepState::Watching(watch) => format!(
            "{id} is watched until {}: {} looks well, {} not, {} saw nothing",
            watch.until, watch.tally.healthy, watch.tally.unhealthy, watch.tally.no_data
        ),
        StepState::Asking { approved, .. } => {
            format!(
                "{id} waits for approval; {} so far",
                count(approved.len(), "yes", "yes")
            )
        }
        StepState::ByHand { .. } => {
            let task = run.planned_node(run.planned_step(step).node).run.as_ref();
            let asked = task.and_then(|task| task.manual.as_deref());
            format!("{id} waits for a person: {}", by_hand(asked))
        }
        StepState::Unknown { message } => {
            format!("{id}: nobody can tell what became of it ({message}); resolve it")
        }
        StepState::Failed { message, .. } => format!("{id} failed: {message}"),
        StepState::Cancelled => format!("{id} ended because the direction turned"),
        StepState::Succeeded => format!("{id} is done"),
        StepState::Skipped => format!("{id} was left out by a person"),
        StepState::NotRun => format!("{id} does not run any more"),
    }
}

fn explain_waiting(run: &Run, step: StepIndex) -> String {
    let planned = run.planned_step(step);
    let open = planned.needs.iter().filter(|need| {
        !matches!(
            run.step(**need).state,
            StepState::Succeeded | StepState::Skipped
        )
    });
    let names: Vec<&str> = open
        .map(|need| run.planned_step(*need).id.as_str())
        .collect();
    match names.as_slice() {
        [] => format!("{} waits for a turn", planned.id),
        [one] => format!("{} waits for {one}", planned.id),
        [first, rest @ ..] => {
            let rest = count(rest.len(), "other step", "other steps");
            format!("{} waits for {first} and {rest}", planned.id)
        }
    }
}

fn explain_ready(run: &Run, step: StepIndex) -> String {
    let id = &run.planned_step(step).id;
    let held = run.holds().iter().find(|hold| hold.node.is_none());
    if run.phase() == Phase::Preflight {
        format!("{id} is ready; everything is looked at first")
    } else if start_gate_is_closed(run) {
        format!("{id} is ready and waits for the start to be approved")
    } else if let Some(hold) = held {
        format!("{id} is ready and held: {}", hold.message)
    } else {
        format!("{id} is ready and waits for a free slot")
    }
}

/// Says what a person is asked for, in the words of the release file.
fn by_hand(asked: Option<&str>) -> String {
    match asked {
        Some(text) => format!("\u{201c}{text}\u{201d}, then mark it done"),
        None => "do it, then mark it done".into(),
    }
}

fn explain_back(run: &Run, node: NodeIndex) -> String {
    let mut open = run
        .undos()
        .filter(|(_, undo)| undo.action.node == node && !undo.state.is_over());
    if let Some((_, undo)) = open.find(|(_, undo)| undo.state.is_live()).or_else(|| {
        run.undos()
            .find(|(_, undo)| undo.action.node == node && !undo.state.is_over())
    }) {
        let id = &undo.action.id;
        return match &undo.state {
            UndoState::Stuck { message } => format!("undo {id} is stuck: {message}"),
            UndoState::Waiting => format!("undo {id} waits for what was put on top of it"),
            UndoState::Ready => format!("undo {id} is ready"),
            UndoState::Acting => format!("undo {id} is under way"),
            UndoState::Lost { .. } => {
                format!("undo {id}: nobody heard the answer; it is looked at")
            }
            UndoState::BackingOff { until, message } => {
                format!("undo {id} is asked for again at {until}: {message}")
            }
            UndoState::ByHand => {
                let task = run.planned_node(node).run.as_ref();
                let asked = task.and_then(|task| match &task.undo {
                    Some(UndoTask::Manual(text)) => Some(text.as_str()),
                    Some(UndoTask::Exec(_) | UndoTask::Http(_)) | None => None,
                });
                format!("undo {id} waits for a person: {}", by_hand(asked))
            }
            UndoState::Succeeded | UndoState::Skipped | UndoState::Accepted => {
                format!("undo {id} is over")
            }
        };
    }
    let mut steps = run.planned_node(node).steps();
    let fates = || {
        run.planned_node(node)
            .steps()
            .map(|step| run.step(step).fate)
    };
    if fates().any(|fate| fate == Fate::Accepted) {
        "changed: a person accepted it as it is".into()
    } else if fates().any(|fate| matches!(fate, Fate::Left(_))) {
        "left in place".into()
    } else if fates().any(|fate| fate == Fate::Undone) {
        "rolled back".into()
    } else if steps.any(|step| run.is_touched(step)) {
        "changed".into()
    } else {
        "not run: the direction turned before".into()
    }
}

/// Says what a person can do to move a run that does not move by itself.
pub(crate) fn what_a_person_can_do(run: &Run) -> String {
    let queues = run.queues();
    if let Some(stuck) = queues.stuck.first() {
        let undo = run.undo(*stuck);
        let message = match &undo.state {
            UndoState::Stuck { message } => message.as_str(),
            _ => "",
        };
        let node = &run.planned_node(undo.action.node).id;
        return format!(
            "undo {} is stuck ({message}): retry {node}, or resolve it as done-by-hand or accepted",
            undo.action.id
        );
    }
    let gate_closed = run.phase() == Phase::Forward && start_gate_is_closed(run);
    if gate_closed {
        let wanted = count(
            start_approvals_wanted(run) as usize,
            "approval",
            "approvals",
        );
        return format!("the start needs {wanted}: approve it");
    }
    let asks = queues.live.iter().find_map(|slot| match slot {
        gantry_model::run::Slot::Step(step) => match run.step(*step).state {
            StepState::Asking { .. } | StepState::ByHand { .. } | StepState::Unknown { .. } => {
                Some(explain_step(run, *step))
            }
            _ => None,
        },
        gantry_model::run::Slot::Undo(undo) => match run.undo(*undo).state {
            UndoState::ByHand => Some(explain_back(run, run.undo(*undo).action.node)),
            _ => None,
        },
    });
    if let Some(sentence) = asks {
        return sentence;
    }
    let hold = run.holds().first();
    match hold.map(|hold| (hold.reason, hold.message.as_str())) {
        Some((HoldReason::Failure, message)) => {
            format!("{message}: retry, skip, resume without it, or roll back")
        }
        Some((HoldReason::Criterion, message)) => {
            format!("{message}: resume to look again, approve success to accept it, or roll back")
        }
        Some((HoldReason::Judge, message)) => format!(
            "{message} Resume to watch on, approve judge to promote it as it is, or roll back"
        ),
        Some((HoldReason::Trigger, message)) => {
            format!("{message}: resume to go on all the same, abort or roll back")
        }
        Some((HoldReason::Window, message)) => format!("{message}: abort or roll back"),
        Some((HoldReason::Operator | HoldReason::Deadline | HoldReason::NoData, message)) => {
            format!("held: {message}: resume, abort or roll back")
        }
        None => "nothing can go on by itself: look at the status".into(),
    }
}

fn count(number: usize, one: &str, many: &str) -> String {
    let word = if number == 1 { one } else { many };
    format!("{number} {word}")
}

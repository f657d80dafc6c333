//! Commands: each is accepted with what it leads to, or refused with a sentence.
//!
//! Abort and rollback are accepted in every state; where there is nothing to do they say so and
//! change nothing. Giving a command again that has been taken is a no-op that says so.

mod gate;
mod repair;

use gantry_model::{
    command::{Command, Order},
    event::{Happened, HoldReason, Lifted, RollbackTrigger},
    id::NodeId,
    plan::NodeIndex,
    run::{Phase, Run, Way},
    time::Timestamp,
};

use crate::retreat::{self, Retreat};

/// A command that was taken.
#[derive(Clone, Debug, PartialEq)]
pub struct Accepted {
    /// What it means, in a sentence.
    pub sentence: String,
    /// What it leads to; empty for a no-op.
    pub events: Vec<Happened>,
}

impl Accepted {
    fn nothing(sentence: impl Into<String>) -> Self {
        Self {
            sentence: sentence.into(),
            events: Vec::new(),
        }
    }

    fn with(sentence: impl Into<String>, events: Vec<Happened>) -> Self {
        Self {
            sentence: sentence.into(),
            events,
        }
    }
}

/// Why a command is refused; the run is as it was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The plan has no such node.
    #[error("the release has no node called {0}")]
    NoSuchNode(NodeId),
    /// The run has ended.
    #[error("the run has ended ({outcome}); there is nothing to {command}")]
    Ended {
        /// How.
        outcome: gantry_model::event::Outcome,
        /// The command's word.
        command: &'static str,
    },
    /// The run goes back, and nothing turns it forward again.
    #[error("{0}: the run is rolling back, and nothing turns it forward again")]
    GoesBack(String),
    /// It is forbidden to this person.
    #[error("{0}")]
    NotAllowed(String),
    /// It does not fit the state of what it is about.
    #[error("{0}")]
    Unfit(String),
}

/// Rules on a command.
///
/// # Errors
/// If it is refused; the sentence says why and, where there is one, what else to do.
pub fn steer(run: &Run, order: &Order, now: Timestamp) -> Result<Accepted, Refusal> {
    let by = order.by.name.as_str();
    match &order.command {
        Command::Hold { node, reason } => hold(run, by, node.as_ref(), reason.as_deref()),
        Command::Freeze { reason } => freeze(run, by, reason),
        Command::Resume { node } => resume(run, by, node.as_ref(), now),
        Command::Abort { reason } => Ok(abort(run, by, reason.clone())),
        Command::Rollback { node, reason } => rollback(run, by, node.as_ref(), reason.as_deref()),
        Command::Retry { node } => repair::retry(run, by, known(run, node)?, now),
        Command::Skip { node, step, reason } => {
            repair::skip(run, by, known(run, node)?, (step.as_ref(), reason))
        }
        Command::Approve { gate, node, note } => {
            let node = node.as_ref().map(|node| known(run, node)).transpose()?;
            gate::approve(run, by, (gate.as_ref(), node), note.clone())
        }
        Command::Resolve {
            node,
            step,
            answer,
            reason,
        } => {
            let asked = repair::Asked {
                by,
                node: known(run, node)?,
                step: step.as_ref(),
                answer: *answer,
                reason,
            };
            repair::resolve(run, &asked)
        }
        Command::Done { node, note } => repair::done(run, by, known(run, node)?, note.as_deref()),
        Command::Note { text, remark } => Ok(Accepted::with(
            "noted",
            vec![Happened::Note {
                by: by.to_owned(),
                text: text.clone(),
                remark: remark.clone(),
            }],
        )),
    }
}

fn known(run: &Run, node: &NodeId) -> Result<NodeIndex, Refusal> {
    run.plan()
        .node(node)
        .ok_or_else(|| Refusal::NoSuchNode(node.clone()))
}

/// Refuses a command where the run has ended.
fn still_going(run: &Run, command: &'static str) -> Result<(), Refusal> {
    match run.phase() {
        Phase::Ended(outcome) => Err(Refusal::Ended { outcome, command }),
        Phase::Preflight | Phase::Forward | Phase::Backward => Ok(()),
    }
}

/// A freeze holds what goes forward; whatever goes back goes on.
fn freeze(run: &Run, by: &str, reason: &str) -> Result<Accepted, Refusal> {
    still_going(run, "freeze")?;
    match run.phase() {
        Phase::Backward => Ok(Accepted::nothing("a freeze never stops a rollback")),
        Phase::Preflight | Phase::Forward | Phase::Ended(_) => hold(run, by, None, Some(reason)),
    }
}

fn hold(
    run: &Run,
    by: &str,
    node: Option<&NodeId>,
    reason: Option<&str>,
) -> Result<Accepted, Refusal> {
    still_going(run, "hold")?;
    let index = node.map(|node| known(run, node)).transpose()?;
    let already = run.holds().iter().any(|hold| {
        hold.reason == HoldReason::Operator && (hold.node.is_none() || hold.node == index)
    });
    if already {
        return Ok(Accepted::nothing("it is held already"));
    }
    let message = match reason {
        Some(reason) => format!("{by} holds it: {reason}"),
        None => format!("{by} holds it"),
    };
    let held = Happened::Held {
        node: node.cloned(),
        step: None,
        reason: HoldReason::Operator,
        by: Some(by.to_owned()),
        message,
    };
    let what = node.map_or("the run", NodeId::as_str);
    Ok(Accepted::with(
        format!("{what} is held: what is in flight ends, nothing new starts"),
        vec![held],
    ))
}

fn resume(run: &Run, by: &str, node: Option<&NodeId>, now: Timestamp) -> Result<Accepted, Refusal> {
    still_going(run, "resume")?;
    let index = node.map(|node| known(run, node)).transpose()?;
    let mut lifted = run.holds().iter().filter(|hold| {
        hold.reason != HoldReason::Window && (index.is_none() || hold.node == index)
    });
    if lifted.next().is_some() {
        let resumed = Happened::Resumed {
            node: node.cloned(),
            lifted: Lifted::Holds,
            by: Some(by.to_owned()),
            message: format!("{by} resumes it"),
        };
        let way = match run.phase() {
            Phase::Backward => "it goes on backward",
            Phase::Preflight | Phase::Forward | Phase::Ended(_) => "it goes on",
        };
        return Ok(Accepted::with(way, vec![resumed]));
    }
    let window = run
        .holds()
        .iter()
        .find(|hold| hold.reason == HoldReason::Window);
    match (window, &run.plan().window) {
        (Some(hold), Some(window)) => match crate::window::state(window, now) {
            crate::window::State::Closed(_) => Err(Refusal::Unfit(format!(
                "{}; nobody can resume it before",
                hold.message
            ))),
            crate::window::State::Open => Ok(Accepted::nothing("the window is open; it goes on")),
        },
        (Some(_) | None, _) => Ok(Accepted::nothing("it is not held; it goes on as it is")),
    }
}

fn abort(run: &Run, by: &str, reason: Option<String>) -> Accepted {
    match run.phase() {
        Phase::Ended(outcome) => Accepted::nothing(format!(
            "the run has ended ({outcome}); there is nothing to abort"
        )),
        Phase::Backward => {
            Accepted::nothing("the run goes back already; aborting it changes nothing")
        }
        Phase::Preflight | Phase::Forward => Accepted::with(
            "nothing new starts; what is under way is undone, done nodes stay",
            vec![Happened::AbortRequested {
                by: by.to_owned(),
                reason,
            }],
        ),
    }
}

fn rollback(
    run: &Run,
    by: &str,
    node: Option<&NodeId>,
    reason: Option<&str>,
) -> Result<Accepted, Refusal> {
    let index = node.map(|node| known(run, node)).transpose()?;
    if let Some(nothing) = nothing_to_roll_back(run, index) {
        return Ok(nothing);
    }
    let message = match reason {
        Some(reason) => format!("{by} asked for it: {reason}"),
        None => format!("{by} asked for it"),
    };
    let retreat = Retreat {
        trigger: RollbackTrigger::Operator,
        nodes: index.map(|index| vec![index]),
        step: None,
        by: Some(by.to_owned()),
        message,
    };
    let events = retreat::events(run, &retreat);
    let sentence = match node {
        Some(node) => format!("{node} and what was put on top of it goes back"),
        None => "everything that was touched goes back".into(),
    };
    Ok(Accepted::with(sentence, events))
}

/// A rollback of what goes back already, or of nothing after the end, is a no-op that says so.
fn nothing_to_roll_back(run: &Run, node: Option<NodeIndex>) -> Option<Accepted> {
    let planned = || retreat::plan_now(run, node.as_ref().map(std::slice::from_ref));
    match (run.phase(), node) {
        (Phase::Ended(outcome), _) if planned().actions.is_empty() => Some(Accepted::nothing(
            format!("the run has ended ({outcome}); nothing is left that could be put back"),
        )),
        (Phase::Backward, None) if all_turned(run) => {
            Some(Accepted::nothing("the run goes back already"))
        }
        (Phase::Forward | Phase::Backward | Phase::Preflight, Some(node))
            if run.node(node).way == Way::Back =>
        {
            Some(Accepted::nothing("that node goes back already"))
        }
        (Phase::Forward | Phase::Preflight, Some(node)) if nothing_touched(run, node) => {
            let id = &run.planned_node(node).id;
            Some(Accepted::nothing(format!(
                "nothing of {id} was touched; hold or skip it to keep it from running"
            )))
        }
        (Phase::Ended(_) | Phase::Backward | Phase::Forward | Phase::Preflight, _) => None,
    }
}

/// Whether every node goes back: an aborted run has nodes that stay, and can still be rolled back.
fn all_turned(run: &Run) -> bool {
    run.nodes().all(|(_, node)| node.way == Way::Back)
}

fn nothing_touched(run: &Run, node: NodeIndex) -> bool {
    let nodes = run.on_top_of(&[node]);
    let mut steps = nodes
        .iter()
        .flat_map(|node| run.planned_node(*node).steps());
    !steps.any(|step| run.is_touched(step))
}

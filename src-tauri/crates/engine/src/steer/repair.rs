//! Putting right what the machine cannot: retry, skip, resolve, done.

use gantry_model::{
    command::Answer,
    event::{Effect, Happened, Knowledge, Place},
    id::StepId,
    operation::Evidence,
    plan::{Nature, NodeIndex, StepIndex},
    run::{Phase, Run, StepState, UndoIndex, UndoState, Way},
    time::Timestamp,
};

use super::{Accepted, Refusal, still_going};
use crate::schedule::waits_for_nothing;

/// Repeats what failed or is stuck in a node, as a new round.
pub(super) fn retry(
    run: &Run,
    by: &str,
    node: NodeIndex,
    now: Timestamp,
) -> Result<Accepted, Refusal> {
    still_going(run, "retry")?;
    let id = &run.planned_node(node).id;
    let undo: Vec<Happened> = undos_of(run, node)
        .filter(|undo| {
            let state = &run.undo(*undo).state;
            matches!(
                state,
                UndoState::Stuck { .. } | UndoState::BackingOff { .. }
            )
        })
        .filter_map(|undo| retry_undo(run, by, undo))
        .collect();
    if !undo.is_empty() {
        return Ok(Accepted::with(
            format!("the undo of {id} is asked for again"),
            undo,
        ));
    }
    let steps = run.planned_node(node).steps().filter(|step| {
        let state = &run.step(*step).state;
        matches!(
            state,
            StepState::Failed { .. } | StepState::BackingOff { .. }
        )
    });
    let steps: Vec<StepIndex> = steps.collect();
    if steps.is_empty() {
        return Err(Refusal::Unfit(format!(
            "nothing of {id} has failed or is stuck"
        )));
    }
    if run.phase() != Phase::Forward || run.node(node).way == Way::Back {
        return Err(Refusal::GoesBack(format!("{id} cannot be retried")));
    }
    let events = steps
        .into_iter()
        .filter_map(|step| retry_step(run, by, step, now));
    Ok(Accepted::with(
        format!("{id} is asked for again"),
        events.collect(),
    ))
}

fn retry_step(run: &Run, by: &str, step: StepIndex, now: Timestamp) -> Option<Happened> {
    let record = run.step(step);
    let round = match record.state {
        // A round begins only after a definite failure; one that waits for its turn is brought on.
        StepState::Failed { .. } => record.round + 1,
        _ => record.round,
    };
    Some(Happened::StepRetried {
        place: Place::of_step(run.plan(), step)?,
        round,
        until: now,
        effect: Effect::None,
        by: Some(by.to_owned()),
        message: format!("{by} asked for it"),
    })
}

fn retry_undo(run: &Run, by: &str, undo: UndoIndex) -> Option<Happened> {
    let record = run.undo(undo);
    let round = match record.state {
        UndoState::Stuck { .. } => record.round + 1,
        _ => record.round,
    };
    Some(Happened::UndoRetried {
        place: Place::of_undo(run.plan(), &record.action)?,
        round,
        by: by.to_owned(),
    })
}

/// Leaves a step out; what looks at health is never left out.
pub(super) fn skip(
    run: &Run,
    by: &str,
    node: NodeIndex,
    (step, reason): (Option<&StepId>, &str),
) -> Result<Accepted, Refusal> {
    still_going(run, "skip")?;
    let reason = said(reason)?;
    let id = &run.planned_node(node).id;
    if run.phase() == Phase::Backward || run.node(node).way == Way::Back {
        return Err(Refusal::GoesBack(format!("{id} cannot be skipped")));
    }
    let index = match step {
        Some(step) => named_step(run, node, step)?,
        None => next_step(run, node).ok_or_else(|| {
            Refusal::Unfit(format!(
                "no step of {id} has failed or is next: name the step"
            ))
        })?,
    };
    let planned = run.planned_step(index);
    if planned.action.nature() == Nature::Looks {
        return Err(Refusal::NotAllowed(format!(
            "{} looks at health or waits for people and is never skipped",
            planned.id
        )));
    }
    let state = &run.step(index).state;
    if !waits_for_nothing(state) {
        return Err(Refusal::Unfit(format!(
            "{} is {}: only a step that is next, failed or unknown is skipped",
            planned.id,
            state.word()
        )));
    }
    let skipped = Place::of_step(run.plan(), index).map(|place| Happened::StepSkipped {
        place,
        by: by.to_owned(),
        reason: reason.to_owned(),
    });
    Ok(Accepted::with(
        format!("{} is left out", planned.id),
        skipped.into_iter().collect(),
    ))
}

fn next_step(run: &Run, node: NodeIndex) -> Option<StepIndex> {
    let steps = || run.planned_node(node).steps();
    let failed = |step: &StepIndex| matches!(run.step(*step).state, StepState::Failed { .. });
    let waits = |step: &StepIndex| waits_for_nothing(&run.step(*step).state);
    steps().find(failed).or_else(|| steps().find(waits))
}

fn named_step(run: &Run, node: NodeIndex, step: &StepId) -> Result<StepIndex, Refusal> {
    run.find_step(step)
        .filter(|index| run.planned_step(*index).node == node)
        .ok_or_else(|| {
            let id = &run.planned_node(node).id;
            Refusal::Unfit(format!("{id} has no step called {step}"))
        })
}

/// What somebody says about something that the machine cannot tell.
pub(super) struct Asked<'a> {
    pub(super) by: &'a str,
    pub(super) node: NodeIndex,
    pub(super) step: Option<&'a StepId>,
    pub(super) answer: Answer,
    pub(super) reason: &'a str,
}

/// Takes a person's word for what became of a step or undo.
pub(super) fn resolve(run: &Run, asked: &Asked<'_>) -> Result<Accepted, Refusal> {
    still_going(run, "resolve")?;
    let reason = said(asked.reason)?;
    let place = match asked.answer {
        Answer::Applied | Answer::NotApplied => unknown_step(run, asked)?,
        Answer::DoneByHand | Answer::Accepted => stuck_undo(run, asked)?,
    };
    let sentence = format!("{} counts as {}", place.step, asked.answer.word());
    let resolved = Happened::Resolved {
        place,
        answer: asked.answer,
        by: asked.by.to_owned(),
        reason: reason.to_owned(),
    };
    Ok(Accepted::with(sentence, vec![resolved]))
}

fn unknown_step(run: &Run, asked: &Asked<'_>) -> Result<Place, Refusal> {
    let steps = run.planned_node(asked.node).steps().filter(|step| {
        let named = asked
            .step
            .is_none_or(|id| run.planned_step(*step).id == *id);
        named && matches!(run.step(*step).state, StepState::Unknown { .. })
    });
    let places = steps.filter_map(|step| Place::of_step(run.plan(), step));
    only(places.collect(), || {
        let node = &run.planned_node(asked.node).id;
        let word = asked.answer.word();
        format!("no step of {node} is unknown: `{word}` is only for a step nobody can tell about")
    })
}

fn stuck_undo(run: &Run, asked: &Asked<'_>) -> Result<Place, Refusal> {
    let undos = undos_of(run, asked.node).filter(|undo| {
        let record = run.undo(*undo);
        let named = asked.step.is_none_or(|id| record.action.id == *id);
        named && matches!(record.state, UndoState::Stuck { .. })
    });
    let places = undos.filter_map(|undo| Place::of_undo(run.plan(), &run.undo(undo).action));
    only(places.collect(), || {
        let node = &run.planned_node(asked.node).id;
        let word = asked.answer.word();
        format!("no undo of {node} is stuck: `{word}` is only for a stuck undo")
    })
}

fn only(mut places: Vec<Place>, none: impl Fn() -> String) -> Result<Place, Refusal> {
    match (places.pop(), places.is_empty()) {
        (Some(place), true) => Ok(place),
        (Some(_), false) => Err(Refusal::Unfit("several of it wait: name the step".into())),
        (None, _) => Err(Refusal::Unfit(none())),
    }
}

/// Takes a person's word that a manual step, or a manual undo, was done.
pub(super) fn done(
    run: &Run,
    by: &str,
    node: NodeIndex,
    note: Option<&str>,
) -> Result<Accepted, Refusal> {
    still_going(run, "mark done")?;
    let id = &run.planned_node(node).id;
    let said = match note {
        Some(note) => format!("done by {by}: {note}"),
        None => format!("done by {by}"),
    };
    let evidence = Evidence::sentence(said);
    let by = Some(by.to_owned());
    let mut steps = run.planned_node(node).steps();
    let step = steps.find(|step| matches!(run.step(*step).state, StepState::ByHand { .. }));
    let undo = undos_of(run, node).find(|undo| run.undo(*undo).state == UndoState::ByHand);
    let event = match (step, undo) {
        (Some(step), _) => Place::of_step(run.plan(), step).map(|place| {
            let round = run.step(step).round;
            let known = Knowledge::Person;
            Happened::StepSucceeded {
                place,
                round,
                known,
                by,
                evidence,
            }
        }),
        (None, Some(undo)) => Place::of_undo(run.plan(), &run.undo(undo).action).map(|place| {
            let round = run.undo(undo).round;
            let known = Knowledge::Person;
            Happened::UndoSucceeded {
                place,
                round,
                known,
                by,
                evidence,
            }
        }),
        (None, None) => None,
    };
    match event {
        Some(event) => Ok(Accepted::with(format!("{id} is marked done"), vec![event])),
        None => Err(Refusal::Unfit(format!(
            "{id} has no step that a person is asked to do now"
        ))),
    }
}

fn undos_of(run: &Run, node: NodeIndex) -> impl Iterator<Item = UndoIndex> {
    let all = run
        .undos()
        .filter(move |(_, undo)| undo.action.node == node);
    all.map(|(index, _)| index)
}

fn said(reason: &str) -> Result<&str, Refusal> {
    match reason.trim() {
        "" => Err(Refusal::NotAllowed(
            "say why: a reason is recorded with it".into(),
        )),
        reason => Ok(reason),
    }
}

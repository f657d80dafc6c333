//! Silences: alerts that are known to fire while a release is under way.
//!
//! Setting one twice finds the first, and each ends by itself, so that no intent is journaled: a
//! driver that takes the run up again simply asks again. The run is not over before they are.

use gantry_model::{
    event::Happened,
    run::{Phase, Run, SilenceState},
    time::Timestamp,
};
use gantry_port::fault::Fault;

use crate::{outcome, schedule::start_gate_is_closed};

/// What is to be done about a silence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Work {
    /// It is set.
    Set,
    /// It is ended.
    End {
        /// The alert source's id of it.
        id: String,
    },
}

/// What became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Answered {
    /// Its place among the plan's silences.
    pub silence: usize,
    /// Its id, where it is in force; `None` where it is over.
    pub answer: Result<Option<String>, Fault>,
    /// When it ends by itself.
    pub until: Timestamp,
}

/// Gives what is to be done about silences now.
pub(crate) fn wanted(run: &Run) -> Vec<(usize, Work)> {
    if run.plan().silences.is_empty() {
        return Vec::new();
    }
    let ending = outcome::finished(run).is_some();
    let begun = run.phase() == Phase::Forward && !start_gate_is_closed(run);
    let all = (0..run.plan().silences.len()).filter_map(|at| match run.silence(at) {
        // One whose setting was asked for when a driver died may be in force: setting finds it.
        SilenceState::Open if begun || (ending && was_begun(run)) => Some((at, Work::Set)),
        SilenceState::Set { id, .. } if ending => Some((at, Work::End { id: id.clone() })),
        SilenceState::Open | SilenceState::Set { .. } | SilenceState::Over => None,
    });
    all.collect()
}

fn was_begun(run: &Run) -> bool {
    run.steps().any(|(step, _)| run.is_touched(step)) || run.undos().next().is_some()
}

/// Decides what an answer means; one that did not come is not asked for again.
pub(crate) fn answered(run: &Run, done: &Answered) -> Vec<Happened> {
    let Ok(silence) = u32::try_from(done.silence) else {
        return Vec::new();
    };
    let Some(planned) = run.plan().silences.get(done.silence) else {
        return Vec::new();
    };
    let labels: Vec<String> = planned
        .labels
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let labels = labels.join(", ");
    let ended = |message| Happened::SilenceEnded { silence, message };
    let event = match (run.silence(done.silence), &done.answer) {
        (SilenceState::Open, Ok(Some(id))) => Happened::SilenceSet {
            silence,
            id: id.clone(),
            until: done.until,
            message: format!("alerts with {labels} are silent until {}", done.until),
        },
        (SilenceState::Open, Err(fault)) => ended(format!(
            "alerts with {labels} could not be silenced: {fault}"
        )),
        (SilenceState::Set { .. }, Ok(None)) => {
            ended(format!("alerts with {labels} are heard again"))
        }
        (SilenceState::Set { until, .. }, Err(fault)) => ended(format!(
            "the silence of {labels} could not be ended and ends by itself at {until}: {fault}"
        )),
        (SilenceState::Open, Ok(None))
        | (SilenceState::Set { .. }, Ok(Some(_)))
        | (SilenceState::Over, _) => return Vec::new(),
    };
    vec![event]
}

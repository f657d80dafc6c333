//! What happens in a run, a line per event, as somebody would tell it.

use anstyle::Style;
use gantry_model::{
    event::{Happened, JudgedStanding, Outcome, Place, RunEvent},
    time::Timestamp,
    unit::Span,
};

use super::plan::{BAD, BOLD, FAINT, GOOD, WARN};

/// Tells a run while it happens, with the time since its start before each line.
#[derive(Debug, Default)]
pub(crate) struct Story {
    began: Option<Timestamp>,
}

impl Story {
    /// Tells one event; `None` for those that say nothing to somebody who watches.
    pub(crate) fn line(&mut self, event: &RunEvent) -> Option<String> {
        let began = *self.began.get_or_insert(event.at);
        let told = tell(&event.what);
        if told.weight == Weight::Inner {
            return None;
        }
        let since = (event.at - began).num_milliseconds().max(0).unsigned_abs();
        Some(format!(
            "{FAINT}T+{}{FAINT:#} {told}",
            clock(Span::from_millis(since))
        ))
    }
}

/// Writes an event of the record with its number and its time.
pub(crate) fn record_line(event: &RunEvent) -> String {
    let told = tell(&event.what);
    format!(
        "{FAINT}{:>5} {}{FAINT:#} {told}",
        event.seq,
        event.at.format("%Y-%m-%d %H:%M:%S%.3fZ")
    )
}

/// Writes `hh:mm:ss`, as launch clocks do.
fn clock(since: Span) -> String {
    let seconds = since.as_millis() / 1000;
    format!(
        "{:02}:{:02}:{:02}",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    )
}

/// How much somebody who watches cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Weight {
    /// Belongs to the record only.
    Inner,
    Plain,
    Good,
    Warn,
    Bad,
}

/// An event, told.
struct Told {
    weight: Weight,
    icon: &'static str,
    step: String,
    sentence: String,
}

impl std::fmt::Display for Told {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let style = match self.weight {
            Weight::Inner => FAINT,
            Weight::Plain => Style::new(),
            Weight::Good => GOOD,
            Weight::Warn => WARN,
            Weight::Bad => BAD,
        };
        let (icon, step, sentence) = (self.icon, &self.step, &self.sentence);
        write!(f, "{style}{icon}{style:#} {step:<28} {sentence}")
    }
}

fn told(
    weight: Weight,
    icon: &'static str,
    step: impl ToString,
    sentence: impl Into<String>,
) -> Told {
    Told {
        weight,
        icon,
        step: step.to_string(),
        sentence: sentence.into(),
    }
}

fn at(weight: Weight, icon: &'static str, place: &Place, sentence: impl Into<String>) -> Told {
    told(weight, icon, &place.step, sentence)
}

/// Puts an event into words; forward, backward and the run as a whole each have their own half.
fn tell(what: &Happened) -> Told {
    tell_step(what)
        .or_else(|| tell_undo(what))
        .or_else(|| tell_signal(what))
        .unwrap_or_else(|| tell_run(what))
}

fn tell_step(what: &Happened) -> Option<Told> {
    let line = match what {
        Happened::PreflightPassed { place, evidence } => {
            at(Weight::Plain, "✓", place, said("ready", &evidence.summary))
        }
        Happened::PreflightFailed { place, message } => at(Weight::Bad, "✗", place, message),
        Happened::StepScheduled { place, until } => at(
            Weight::Inner,
            "…",
            place,
            format!("due {}", until.format("%H:%M:%SZ")),
        ),
        Happened::StepStarted {
            place, round: 1, ..
        } => at(Weight::Plain, "▸", place, "started"),
        Happened::StepStarted { place, round, .. } => {
            at(Weight::Plain, "▸", place, format!("started, round {round}"))
        }
        Happened::StepSucceeded {
            place, evidence, ..
        } => at(Weight::Good, "✓", place, said("done", &evidence.summary)),
        Happened::StepFailed { place, message, .. } => at(Weight::Bad, "✗", place, message),
        Happened::StepRetried { place, message, .. } => {
            at(Weight::Warn, "↻", place, format!("again: {message}"))
        }
        Happened::StepLost { place, message, .. } => at(
            Weight::Warn,
            "?",
            place,
            format!("no word of it, looking: {message}"),
        ),
        Happened::StepObserved { place, message, .. } => at(Weight::Warn, "?", place, message),
        Happened::StepCancelled { place, message, .. } => at(Weight::Plain, "⊘", place, message),
        Happened::StepSkipped { place, by, reason } => at(
            Weight::Warn,
            "⊘",
            place,
            format!("left out by {by}: {reason}"),
        ),
        Happened::BakeSampled { place, summary, .. } => at(Weight::Plain, "·", place, summary),
        Happened::BakeExtended { place, message, .. } => at(Weight::Warn, "…", place, message),
        Happened::BakeMeasured { place, bucket } => at(
            Weight::Inner,
            "·",
            place,
            format!(
                "measured {} to {}",
                bucket.from.format("%H:%M:%S"),
                bucket.until.format("%H:%M:%SZ")
            ),
        ),
        Happened::BakeJudged(judged) => {
            let (weight, icon) = match judged.standing {
                JudgedStanding::Open => (Weight::Plain, "⚖"),
                JudgedStanding::Pass => (Weight::Good, "⚖"),
                JudgedStanding::Hold => (Weight::Warn, "⚖"),
                JudgedStanding::Fail => (Weight::Bad, "⚖"),
            };
            at(weight, icon, &judged.place, &judged.sentence)
        }
        Happened::Approved { gate, by, .. } => {
            told(Weight::Good, "✓", gate, format!("approved by {by}"))
        }
        _ => return None,
    };
    Some(line)
}

fn tell_undo(what: &Happened) -> Option<Told> {
    let line = match what {
        Happened::LeftInPlace { place, .. } => at(Weight::Plain, "=", place, "stays as it is"),
        Happened::UndoStarted { place, .. } => at(Weight::Plain, "◂", place, "undoing"),
        Happened::UndoSucceeded {
            place, evidence, ..
        } => at(Weight::Good, "↩", place, said("undone", &evidence.summary)),
        Happened::UndoSkipped { place, message } => at(Weight::Inner, "⊘", place, message),
        Happened::UndoFailed { place, message, .. } => at(
            Weight::Warn,
            "↻",
            place,
            format!("undo failed, again soon: {message}"),
        ),
        Happened::UndoLost { place, message, .. } => at(
            Weight::Warn,
            "?",
            place,
            format!("no word of the undo, looking: {message}"),
        ),
        Happened::UndoObserved { place, message, .. } => at(Weight::Warn, "?", place, message),
        Happened::UndoStuck { place, message, .. } => at(
            Weight::Bad,
            "✗",
            place,
            format!("stuck, needs you: {message}"),
        ),
        Happened::UndoRetried { place, by, .. } => at(
            Weight::Plain,
            "↻",
            place,
            format!("asked for again by {by}"),
        ),
        _ => return None,
    };
    Some(line)
}

/// What was measured, watched and asked, beside the steps.
fn tell_signal(what: &Happened) -> Option<Told> {
    let line = match what {
        Happened::CriterionMet {
            criterion,
            by,
            message,
        } => {
            let by = by.as_ref().map_or(String::new(), |by| format!("{by}: "));
            told(Weight::Good, "✓", criterion, format!("{by}{message}"))
        }
        Happened::CriterionUnmet { criterion, message } => {
            told(Weight::Warn, "✗", criterion, message)
        }
        Happened::EvidenceCarried(carried) => told(
            Weight::Plain,
            "⚖",
            &carried.node,
            format!(
                "{} buckets that {} measured of the same change count on",
                carried.buckets.len(),
                carried.from
            ),
        ),
        Happened::TriggerTripped(trip) => told(
            Weight::Bad,
            "⚡",
            place_of(trip.node.as_ref()),
            format!("a trigger tripped: {}", trip.message),
        ),
        Happened::TriggerCleared { message, .. } => told(
            Weight::Plain,
            "⚡",
            "release",
            format!("what tripped is fine again: {message}"),
        ),
        Happened::SilenceSet { message, .. } | Happened::SilenceEnded { message, .. } => {
            told(Weight::Plain, "♪", "alerts", message)
        }
        _ => return None,
    };
    Some(line)
}

fn tell_run(what: &Happened) -> Told {
    match what {
        Happened::Started(started) => told(
            Weight::Plain,
            "●",
            &started.run,
            format!("started by {}", started.by),
        ),
        Happened::DriverStarted { by, .. } => told(
            Weight::Plain,
            "●",
            "resumed",
            format!("taken up again by {by}; looking before acting"),
        ),
        Happened::Held { node, message, .. } => {
            told(Weight::Warn, "Ⅱ", place_of(node.as_ref()), message)
        }
        Happened::Resumed { node, message, .. } => {
            told(Weight::Plain, "▸", place_of(node.as_ref()), message)
        }
        Happened::AbortRequested { by, .. } => {
            told(Weight::Warn, "⊗", "release", format!("ended by {by}"))
        }
        Happened::RollbackStarted(turn) => told(
            Weight::Bad,
            "↩",
            "rollback",
            format!("{BOLD}{}{BOLD:#}", turn.message),
        ),
        Happened::Resolved {
            place,
            answer,
            by,
            reason,
        } => at(
            Weight::Warn,
            "☺",
            place,
            format!("{by} says {}: {reason}", answer.word()),
        ),
        Happened::Steered(steered) => told(Weight::Inner, "☺", &steered.command, &steered.message),
        Happened::ClockJumped { by_ms } => told(
            Weight::Warn,
            "⌚",
            "clock",
            format!("moved by {} s", by_ms / 1000),
        ),
        Happened::Note { by, text, .. } => told(Weight::Plain, "✎", by, text),
        Happened::Finished {
            outcome, message, ..
        } => told(weight_of(*outcome), "■", outcome, message),
        other => told(Weight::Inner, "·", "", format!("{other:?}")),
    }
}

fn place_of(node: Option<&gantry_model::id::NodeId>) -> String {
    node.map_or_else(|| "release".into(), ToString::to_string)
}

fn said(word: &str, summary: &str) -> String {
    if summary.is_empty() {
        word.into()
    } else if summary.split(' ').next() == Some(word) {
        // "done by tess" says it already.
        summary.into()
    } else {
        format!("{word}: {summary}")
    }
}

fn weight_of(outcome: Outcome) -> Weight {
    match outcome {
        Outcome::Succeeded => Weight::Good,
        Outcome::RolledBack | Outcome::Cancelled => Weight::Plain,
        Outcome::PartlyRolledBack | Outcome::Held => Weight::Warn,
        Outcome::Failed => Weight::Bad,
    }
}

//! What concerns the run as a whole, in words.

use gantry_model::{
    event::{Happened, Outcome, RulingWord},
    id::NodeId,
    plan::Plan,
};

use super::{Told, said};
use crate::document::Tone;

/// Tells what no step and no undo action tells.
pub(super) fn tell(plan: &Plan, what: &Happened) -> Told {
    people(what)
        .or_else(|| watched(plan, what))
        .unwrap_or_else(|| turn(what))
}

fn people(what: &Happened) -> Option<Told> {
    let told = match what {
        Happened::Started(started) => Told::new(
            Tone::Plain,
            format!(
                "run {} of plan {} started",
                started.run,
                short(&started.plan.to_string())
            ),
        )
        .by(Some(&started.by)),
        Happened::DriverStarted { by, epoch, .. } => Told::new(
            Tone::Plain,
            format!("taken up again (epoch {epoch}); looked before acting"),
        )
        .by(Some(by)),
        Happened::Approved { gate, by, note, .. } => {
            let note = note.as_deref().unwrap_or_default();
            Told::new(Tone::Good, said(&format!("approved {gate}"), note)).by(Some(by))
        }
        Happened::Resolved {
            answer, by, reason, ..
        } => Told::new(
            Tone::Warn,
            said(&format!("a person says {}", answer.word()), reason),
        )
        .by(Some(by)),
        Happened::Steered(steered) => {
            let word = match steered.ruling {
                RulingWord::Accepted => "taken",
                RulingWord::Refused => "refused",
            };
            let said = said(&format!("{} {word}", steered.command), &steered.message);
            Told::new(Tone::Faint, said).by(Some(&steered.by))
        }
        Happened::Note { by, text, remark } => {
            let word = match remark.topic.is_general() {
                true => "note".to_owned(),
                false => format!("note ({})", remark.topic.word()),
            };
            Told::new(Tone::Plain, said(&word, text)).by(Some(by))
        }
        _ => return None,
    };
    Some(told)
}

fn watched(plan: &Plan, what: &Happened) -> Option<Told> {
    let told = match what {
        Happened::EvidenceCarried(carried) => Told::new(
            Tone::Plain,
            format!(
                "{} buckets of run {} count here",
                carried.buckets.len(),
                carried.from
            ),
        ),
        Happened::TriggerTripped(trip) => {
            Told::new(Tone::Bad, said("trigger tripped", &trip.message))
        }
        Happened::TriggerCleared { trigger, message } => {
            let watched = plan.triggers.get(*trigger as usize);
            let metric = watched.and_then(|watched| watched.trigger.metric.as_ref());
            let name = metric.map_or_else(String::new, |metric| format!(" ({metric})"));
            Told::new(
                Tone::Plain,
                said(&format!("trigger quiet again{name}"), message),
            )
        }
        Happened::SilenceSet { message, until, .. } => Told::new(
            Tone::Plain,
            said(
                &format!("alerts silent until {}", until.format("%H:%M:%SZ")),
                message,
            ),
        ),
        Happened::SilenceEnded { message, .. } => {
            Told::new(Tone::Plain, said("silence over", message))
        }
        Happened::CriterionMet {
            criterion,
            by,
            message,
        } => Told::new(
            Tone::Good,
            said(&format!("criterion {criterion} holds"), message),
        )
        .by(by.as_deref()),
        Happened::CriterionUnmet { criterion, message } => Told::new(
            Tone::Bad,
            said(&format!("criterion {criterion} does not hold"), message),
        ),
        Happened::ClockJumped { by_ms } => Told::new(
            Tone::Warn,
            format!("the wall clock moved by {} s", *by_ms as f64 / 1000.0),
        ),
        _ => return None,
    };
    Some(told)
}

fn turn(what: &Happened) -> Told {
    match what {
        Happened::Held { by, message, .. } => {
            Told::new(Tone::Warn, said("held", message)).by(by.as_deref())
        }
        Happened::Resumed { by, message, .. } => {
            Told::new(Tone::Plain, said("goes on", message)).by(by.as_deref())
        }
        Happened::AbortRequested { by, reason } => {
            let reason = reason.as_deref().unwrap_or_default();
            Told::new(Tone::Warn, said("ended by a person", reason)).by(Some(by))
        }
        Happened::RollbackStarted(turn) => {
            Told::new(Tone::Back, said("rollback decided", &turn.message)).by(turn.by.as_deref())
        }
        Happened::Finished {
            outcome, message, ..
        } => {
            let (tone, word) = ending(*outcome);
            Told::new(tone, said(&format!("the run ended: {word}"), message))
        }
        // Every other kind was told before; a kind of tomorrow is at least named.
        other => Told::new(Tone::Plain, format!("{other:?}")),
    }
}

fn ending(outcome: Outcome) -> (Tone, &'static str) {
    match outcome {
        Outcome::Succeeded => (Tone::Good, "succeeded"),
        Outcome::RolledBack => (Tone::Back, "rolled back"),
        Outcome::PartlyRolledBack => (Tone::Warn, "partly rolled back"),
        Outcome::Failed => (Tone::Bad, "failed"),
        Outcome::Held => (Tone::Warn, "held"),
        Outcome::Cancelled => (Tone::Warn, "cancelled"),
    }
}

/// Gives the node that an event names without a step.
pub(super) fn node(what: &Happened) -> Option<&NodeId> {
    match what {
        Happened::Held { node, .. } | Happened::Resumed { node, .. } => node.as_ref(),
        Happened::RollbackStarted(turn) => turn.node.as_ref(),
        Happened::TriggerTripped(trip) => trip.node.as_ref(),
        Happened::EvidenceCarried(carried) => Some(&carried.node),
        Happened::Steered(steered) => steered.node.as_ref(),
        _ => None,
    }
}

fn short(digest: &str) -> &str {
    digest.get(..19).unwrap_or(digest)
}

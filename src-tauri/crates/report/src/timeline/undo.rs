//! Undo actions in words.

use gantry_model::event::{Happened, Knowledge, Seen};

use super::{Told, said};
use crate::{account::undo::why, document::Tone};

/// Tells an undo action; `None` for everything else.
pub(super) fn tell(what: &Happened) -> Option<Told> {
    let told = match what {
        Happened::LeftInPlace { reason, .. } => Told::new(Tone::Warn, why(*reason)),
        Happened::UndoStarted { round: 1, .. } => Told::new(Tone::Back, "undo started"),
        Happened::UndoStarted { round, .. } => {
            Told::new(Tone::Back, format!("undo started, round {round}"))
        }
        Happened::UndoSucceeded {
            known,
            by,
            evidence,
            ..
        } => {
            let word = match known {
                Knowledge::Answer => "undone",
                Knowledge::Observed => "undone, as was seen afterwards",
                Knowledge::Person => "undone, as a person says",
            };
            Told::new(Tone::Back, said(word, &evidence.summary)).by(by.as_deref())
        }
        Happened::UndoSkipped { message, .. } => {
            Told::new(Tone::Plain, said("nothing to undo", message))
        }
        Happened::UndoFailed { message, .. } => {
            Told::new(Tone::Warn, said("undo failed, is repeated", message))
        }
        Happened::UndoLost { message, .. } => {
            Told::new(Tone::Warn, said("no word of the undo, looked at", message))
        }
        Happened::UndoObserved {
            seen: saw, message, ..
        } => Told::new(
            Tone::Warn,
            said(&format!("undo seen: {}", seen(*saw)), message),
        ),
        Happened::UndoStuck { message, .. } => {
            Told::new(Tone::Bad, said("undo stuck, a person is needed", message))
        }
        Happened::UndoRetried { by, .. } => {
            Told::new(Tone::Plain, "undo asked for again").by(Some(by))
        }
        _ => return None,
    };
    Some(told)
}

/// Gives what was seen of a lost call, in words.
pub(super) fn seen(seen: Seen) -> &'static str {
    match seen {
        Seen::NotApplied => "not applied",
        Seen::Repeatable => "nobody can tell, asking again does no harm",
        Seen::UnderWay => "under way",
        Seen::Unknown => "nobody can tell",
    }
}

//! Effects: none without its intent, none twice.

use std::collections::{BTreeMap, BTreeSet};

use gantry_model::{
    event::{Happened, Place, RunEvent},
    operation::{Direction, Key},
    time::Timestamp,
};
use gantry_simulation::ledger::{Effect, Target};

use super::{Case, Findings};

/// Compares what was really changed with what the journal says was meant.
pub(super) fn check(case: &Case<'_>, events: &[RunEvent], findings: &mut Findings) {
    let intents = intents(case, events);
    // Where somebody set the clock back, the wall says nothing about what came first.
    let clock_was_set = events
        .iter()
        .any(|event| matches!(event.what, Happened::ClockJumped { .. }));
    for effect in case.ledger {
        let meant = intents.get(&effect.key);
        let meant = meant.is_some_and(|at| clock_was_set || *at <= effect.at);
        findings.expect(
            meant,
            "no effect without its intent in the journal first",
            show(effect),
        );
    }
    once(case, findings);
    phases_once(case, findings);
}

/// Gives the instant at which each key was first meant.
fn intents(case: &Case<'_>, events: &[RunEvent]) -> BTreeMap<String, Timestamp> {
    let mut intents = BTreeMap::new();
    for event in events {
        let (place, round, direction) = match &event.what {
            Happened::StepStarted { place, round, .. } => (place, *round, Direction::Do),
            Happened::UndoStarted { place, round, .. } => (place, *round, Direction::Undo),
            _ => continue,
        };
        intents
            .entry(key(case, place, direction, round))
            .or_insert(event.at);
    }
    intents
}

fn key(case: &Case<'_>, place: &Place, direction: Direction, round: u32) -> String {
    Key::new(case.run, &place.step, direction, round)
        .as_str()
        .to_owned()
}

/// Programs and calls have their effect at most once for each key.
fn once(case: &Case<'_>, findings: &mut Findings) {
    let mut seen = BTreeSet::new();
    for effect in case.ledger {
        match effect.target {
            Target::Program | Target::HttpCall => {
                let first = seen.insert(&effect.key);
                findings.expect(first, "no effect twice for one key", show(effect));
            }
            // These state what shall be: a repetition changes what is still missing.
            Target::Fleet(_) | Target::Backend(_) | Target::Flag(_) | Target::Schema(_) => {}
        }
    }
}

/// A phase is applied once, unless it was taken back in between.
fn phases_once(case: &Case<'_>, findings: &mut Findings) {
    let mut applied: BTreeSet<(&str, &str)> = BTreeSet::new();
    for effect in case.ledger {
        let Target::Schema(node) = &effect.target else {
            continue;
        };
        match effect.direction {
            Direction::Do => {
                let first = applied.insert((node, &effect.what));
                findings.expect(first, "no phase of a schema change twice", show(effect));
            }
            Direction::Undo => applied.retain(|(of, _)| of != node),
        }
    }
}

fn show(effect: &Effect) -> String {
    format!("{} ({}) at {}", effect.key, effect.what, effect.at)
}

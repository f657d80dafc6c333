//! Trouble beyond the plain: lost records, answers without an end, sleep, clocks and crashes.

use gantry_model::{id::NodeId, operation::Direction, unit::Span};
use gantry_simulation::fault::{FaultMode, FaultRule};
use rand::{RngExt, seq::IndexedRandom};
use rand_chacha::ChaCha8Rng;

use super::{Crash, Upset};

/// Throws for more faults.
pub(super) fn rules(dice: &mut ChaCha8Rng, ids: &[NodeId], most: u32) -> Vec<FaultRule> {
    let count = dice.random_range(0..=most.min(2));
    (0..count).filter_map(|_| rule(dice, ids)).collect()
}

fn rule(dice: &mut ChaCha8Rng, ids: &[NodeId]) -> Option<FaultRule> {
    let mode = match dice.random_range(0..5) {
        0 => FaultMode::Vanishes,
        1 => FaultMode::EndlessAnswer,
        2 | 3 => FaultMode::LaggingRead {
            by: Span::from_secs(dice.random_range(1..60)),
        },
        _ => FaultMode::ReplyLost,
    };
    let rule = FaultRule::on(ids.choose(dice)?.clone(), mode);
    let rule = match dice.random_range(0..3) {
        0 => rule.going(Direction::Undo),
        1 => rule.going(Direction::Do),
        _ => rule,
    };
    Some(rule.after(dice.random_range(0..3), *[1, 2, 5].choose(dice)?))
}

/// Throws for what becomes of the machine.
pub(super) fn upsets(dice: &mut ChaCha8Rng) -> Vec<(Span, Upset)> {
    let count = *[0, 0, 0, 1, 2].choose(dice).unwrap_or(&0);
    let mut upsets: Vec<(Span, Upset)> = (0..count).map(|_| upset(dice)).collect();
    upsets.sort_by_key(|(after, _)| *after);
    upsets
}

/// A clock is set back by hours, not days: a release that waits for its window again is watched all
/// that time, and every look costs the test as much as any other.
fn upset(dice: &mut ChaCha8Rng) -> (Span, Upset) {
    let upset = match dice.random_range(0..3) {
        0 => Upset::Sleep(Span::from_secs(dice.random_range(1..30_000))),
        1 => Upset::ClockSet {
            by_seconds: dice.random_range(-7200..7200),
        },
        _ => Upset::ClockSet {
            by_seconds: *[-10_800, -1, 1, 315_360_000].choose(dice).unwrap_or(&1),
        },
    };
    (Span::from_secs(dice.random_range(0..1200)), upset)
}

/// Throws for deaths of the process, some of them while it recovers.
pub(super) fn crashes(dice: &mut ChaCha8Rng) -> Vec<Crash> {
    let count = *[0, 0, 1, 2, 3].choose(dice).unwrap_or(&0);
    let crash = |_| {
        let write = dice.random_range(2..60);
        match dice.random_bool(0.5) {
            true => Crash::Before(write),
            false => Crash::After(write),
        }
    };
    (0..count).map(crash).collect()
}

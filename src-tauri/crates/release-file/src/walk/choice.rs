//! Which of several maps was meant.

use crate::{schema::Rule, yaml::Entry};

/// Takes the map that knows most of the keys that were written, and of equals the first.
pub(super) fn of<'s>(maps: &[Rule<'s>], entries: &[Entry]) -> Option<Rule<'s>> {
    let known = |rule: &Rule<'_>| {
        let known = entries
            .iter()
            .filter(|entry| rule.property(&entry.key).is_some());
        known.count()
    };
    let mut best: Option<(usize, Rule<'s>)> = None;
    for rule in maps {
        let count = known(rule);
        if best.is_none_or(|(most, _)| count > most) {
            best = Some((count, *rule));
        }
    }
    best.map(|(_, rule)| rule)
}

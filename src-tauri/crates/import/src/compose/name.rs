//! Compose's names as node ids.

use std::collections::{BTreeMap, BTreeSet};

use gantry_model::id::NodeId;

use super::notes::{Notes, Topic};

/// Gives every service an id of its own, as near to its name as the alphabet allows.
pub(super) fn ids<'n>(
    names: impl Iterator<Item = &'n str>,
    notes: &mut Notes,
) -> BTreeMap<String, NodeId> {
    let mut ids = BTreeMap::new();
    let mut taken = BTreeSet::new();
    for name in names {
        let mut number = 1_u32;
        let id = loop {
            // A name without a single letter or digit leaves nothing but its number.
            let candidate = slug(name, number).or_else(|| format!("service-{number}").parse().ok());
            match candidate.filter(|id: &NodeId| taken.insert(id.clone())) {
                Some(id) => break id,
                None => number += 1,
            }
        };
        if id.as_str() != name {
            notes.add(Topic::Renamed, format!("{} to {id}", name.escape_debug()));
        }
        ids.insert(name.to_owned(), id);
    }
    ids
}

/// Makes a slug of a name; later ones of the same name get a number.
fn slug(name: &str, number: u32) -> Option<NodeId> {
    let suffix = if number == 1 {
        String::new()
    } else {
        format!("-{number}")
    };
    let body: String = slug_text(name).chars().take(63 - suffix.len()).collect();
    let body = body.trim_end_matches(['-', '.']);
    format!("{body}{suffix}")
        .parse()
        .ok()
        .filter(|_| !body.is_empty())
}

/// Maps a text to the alphabet of ids.
pub(super) fn slug_text(name: &str) -> String {
    let mapped = name.chars().map(|c| match c {
        'a'..='z' | '0'..='9' | '.' => c,
        'A'..='Z' => c.to_ascii_lowercase(),
        _ => '-',
    });
    let mapped: String = mapped.collect();
    mapped.trim_matches(['-', '.']).to_owned()
}

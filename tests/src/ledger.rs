//! What tasks wrote while they ran: the outside's own record of what happened.

use std::collections::BTreeMap;

use crate::place::Place;

/// The script of a task: a line at its start and one at its end, each appended in one write.
///
/// Its first argument says how it ends, its second how long it takes in seconds.
pub const TASK: &str = r#"echo "start $GANTRY_KEY" >> ledger
if [ -n "$2" ]; then sleep "$2"; fi
echo "end $GANTRY_KEY" >> ledger
[ "$1" = ok ]
"#;

/// The lines of a ledger, in the order in which they were written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger(Vec<(String, String)>);

impl Ledger {
    /// Reads the ledger of a place.
    pub fn of(place: &Place) -> Self {
        let text = place.read("ledger");
        let lines = text.lines().filter_map(|line| line.split_once(' '));
        Self(
            lines
                .map(|(word, key)| (word.to_owned(), key.to_owned()))
                .collect(),
        )
    }

    /// Counts the starts of each key; every start is an effect.
    pub fn effects(&self) -> BTreeMap<&str, usize> {
        let mut effects = BTreeMap::new();
        for (_, key) in self.0.iter().filter(|(word, _)| word == "start") {
            *effects.entry(key.as_str()).or_default() += 1;
        }
        effects
    }

    /// Gives the place of a line; `None` if it was not written.
    pub fn at(&self, word: &str, key: &str) -> Option<usize> {
        self.0
            .iter()
            .position(|line| (line.0.as_str(), line.1.as_str()) == (word, key))
    }

    /// Gives the nodes whose tasks started in a direction (`do` or `undo`), in that order.
    pub fn started(&self, direction: &str) -> Vec<&str> {
        let starts = self.0.iter().filter(|(word, _)| word == "start");
        starts
            .filter_map(|(_, key)| {
                let mut parts = key.split('/').skip(1);
                let (node, _step, way) = (parts.next()?, parts.next()?, parts.next()?);
                (way == direction).then_some(node)
            })
            .collect()
    }
}

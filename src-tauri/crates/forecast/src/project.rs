//! The graph of what is to be done, with what each part may take.

pub(crate) mod compile;

use gantry_model::plan::NodeIndex;

use crate::{
    history::{History, Key},
    law::Law,
    learn::Learned,
};

/// One thing to do.
#[derive(Clone, Debug, PartialEq)]
pub struct Work {
    /// The node that it belongs to, where it belongs to one.
    pub node: Option<NodeIndex>,
    /// The places of the works that must be over first.
    pub needs: Vec<u32>,
    /// What it takes in any case, in seconds: a bake, a soak.
    pub fixed: f64,
    /// The place of the law of what it takes beyond that, if it takes anything.
    pub law: Option<u32>,
    /// Whether it takes one of the seats that `max-parallel` counts.
    pub seat: Seat,
    /// Where it stands.
    pub state: State,
}

/// Whether a work takes one of the seats that `max-parallel` counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seat {
    /// It does.
    Takes,
    /// It does not: it only waits or watches.
    Free,
}

/// Where a work stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum State {
    /// It has not begun.
    Ahead,
    /// It began so many seconds ago.
    Begun(f64),
    /// It is over.
    Over,
}

/// Everything that is to be done.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Project {
    /// The works.
    pub works: Vec<Work>,
    /// The laws of what they take.
    pub laws: Vec<Law>,
    /// How many seats there are.
    pub seats: u32,
    /// What all works of a run share, as a logarithm: its mean and variance.
    pub shared: (f64, f64),
}

impl Project {
    /// Builds the project of works that each have a kind of step, as some runs make it likely.
    ///
    /// Plans go another way ([`crate::forecast`]); this is for those who check how good a forecast is.
    pub fn learned(mut works: Vec<Work>, keys: &[Key], history: &History) -> Self {
        let learned = Learned::from(history);
        let laws = keys.iter().map(|key| learned.law(key, None).0).collect();
        for (place, work) in (0_u32..).zip(&mut works) {
            work.law = Some(place);
        }
        Self {
            seats: u32::try_from(works.len()).unwrap_or(u32::MAX),
            works,
            laws,
            shared: (0.0, learned.shared),
        }
    }
}

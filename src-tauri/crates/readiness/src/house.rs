//! What holds for a whole workspace: whose key is whose, and which freezes there are.

use std::collections::BTreeMap;

use gantry_model::time::Timestamp;

use crate::{
    agenda::Agenda,
    entry::{Person, PublicKey, Signed},
    event::{ClaimedNames, Happened},
    freeze::Freeze,
};

/// The room in which the events of the whole workspace are kept.
pub const ROOM: &str = "workspace";

/// Why somebody is not who they say.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotThem {
    /// The name belongs to another key.
    #[error("{name} signs with another key in this workspace ({known}…, not {given}…)")]
    OtherKey {
        /// The name.
        name: String,
        /// The first digits of the key that it belongs to.
        known: String,
        /// Those of the key that was used.
        given: String,
    },
    /// The name was claimed, and this workspace does not take that.
    #[error("this workspace takes nobody's word for who they are, and {name} was only named")]
    Claimed {
        /// The name.
        name: String,
    },
}

/// A freeze with who declared it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declared {
    /// What it says.
    pub freeze: Freeze,
    /// Who declared it.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// The workspace as its record makes it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct House {
    keys: BTreeMap<String, PublicKey>,
    freezes: BTreeMap<String, Declared>,
    claimed: Option<ClaimedNames>,
}

impl House {
    /// Folds the events of the workspace's room; those of other rooms say nothing here.
    pub fn fold(events: &[Signed]) -> Self {
        let mut house = Self::default();
        for signed in events {
            house.apply(signed);
        }
        house
    }

    fn apply(&mut self, signed: &Signed) {
        match &signed.happened {
            // The first binding counts: a later one would be a way to take a name over.
            Happened::KeyBound { name, public } => {
                self.keys
                    .entry(name.clone())
                    .or_insert_with(|| public.clone());
            }
            Happened::ClaimedNamesSettled { rule } => self.claimed = Some(*rule),
            Happened::FreezeDeclared { freeze } => {
                let declared = Declared {
                    freeze: (**freeze).clone(),
                    by: signed.by.name.clone(),
                    at: signed.at,
                };
                self.freezes.insert(freeze.name.clone(), declared);
            }
            Happened::FreezeEnded { freeze, .. } => {
                self.freezes.remove(freeze);
            }
            // These are of one release and stand in its own room.
            Happened::Presented { .. }
            | Happened::ReachConfirmed { .. }
            | Happened::ItemAnswered { .. }
            | Happened::ItemAssigned { .. }
            | Happened::ItemLinked { .. }
            | Happened::WaiverAsked { .. }
            | Happened::WaiverApproved { .. }
            | Happened::AssessmentCorrected { .. }
            | Happened::PollOpened { .. }
            | Happened::Voted { .. }
            | Happened::Recycled { .. }
            | Happened::Overridden { .. }
            | Happened::FreezeOverridden { .. }
            | Happened::Approved { .. }
            | Happened::RunStarted { .. }
            | Happened::HeadSigned { .. }
            | Happened::RunEnded { .. } => {}
        }
    }

    /// Lists the people that have a key, by name.
    pub fn people(&self) -> &BTreeMap<String, PublicKey> {
        &self.keys
    }

    /// Lists the freezes that were not ended, by name.
    pub fn freezes(&self) -> &BTreeMap<String, Declared> {
        &self.freezes
    }

    /// Tells what was settled about names that people claim.
    pub fn claimed_names(&self) -> Option<ClaimedNames> {
        self.claimed
    }

    /// Whether a person is who they say: the name is theirs, or nobody's yet.
    ///
    /// # Errors
    /// Where the name belongs to another key.
    pub fn recognise(&self, person: &Person) -> Result<Acquaintance, NotThem> {
        match self.keys.get(&person.name) {
            None => Ok(Acquaintance::New),
            Some(key) if *key == person.key => Ok(Acquaintance::Known),
            Some(key) => Err(NotThem::OtherKey {
                name: person.name.clone(),
                known: key.short().into(),
                given: person.key.short().into(),
            }),
        }
    }

    /// Gives the freezes that hold a release now, each with its sentence.
    pub fn holding(&self, agenda: &Agenda, now: Timestamp) -> Vec<(&Freeze, String)> {
        let freezes = self.freezes.values().map(|declared| &declared.freeze);
        freezes
            .filter(|freeze| freeze.concerns(&agenda.environment, &agenda.services))
            .filter_map(|freeze| Some((freeze, freeze.holds(now)?)))
            .collect()
    }
}

/// Whether somebody was here before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Acquaintance {
    /// The name is nobody's yet; its first use binds it.
    New,
    /// The name is theirs.
    Known,
}

//! `people`: whose key is whose, and whether names may be claimed.

use gantry_readiness::{
    entry::PublicKey,
    event::{ClaimedNames, Happened},
    house,
};
use serde::{Deserialize, Serialize};

use crate::{
    app::{App, Caller},
    command::{Access, Command},
    error::ApiError,
    readiness::desk::Desk,
};

/// Lists the people of a workspace, or settles whether names may be claimed.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct People {
    /// The new rule for names that callers claim; without it people are listed.
    #[serde(default)]
    pub claimed_names: Option<ClaimedNames>,
}

/// The people of a workspace.
#[derive(Clone, Debug, Serialize)]
pub struct Known {
    /// Their names and public keys.
    pub people: Vec<PersonView>,
    /// What was settled about names that callers claim; votes take none until then.
    pub claimed_names: Option<ClaimedNames>,
}

/// A person.
#[derive(Clone, Debug, Serialize)]
pub struct PersonView {
    /// The name.
    pub name: String,
    /// The public ed25519 key.
    pub key: PublicKey,
}

impl Command for People {
    const NAME: &'static str = "people";
    const ACCESS: Access = Access::Operate;
    const ABOUT: &'static str =
        "Lists people and their public keys; settles whether names may be claimed.";
    type Answer = Known;

    async fn execute(self, app: &App, caller: &Caller) -> Result<Known, ApiError> {
        let desk = Desk::open(app, caller)?;
        if let Some(rule) = self.claimed_names {
            let writer = desk.writer().await?;
            let settled = [Happened::ClaimedNamesSettled { rule }];
            desk.record(house::ROOM, &writer, &settled).await?;
        }
        let house = desk.house().await?.state;
        let people = house.people().iter();
        Ok(Known {
            people: people
                .map(|(name, key)| PersonView {
                    name: name.clone(),
                    key: key.clone(),
                })
                .collect(),
            claimed_names: house.claimed_names(),
        })
    }
}

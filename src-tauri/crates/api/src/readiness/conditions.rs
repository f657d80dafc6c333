//! Conditions of votes while a run is under way.
//!
//! Who voted "go as long as this holds" is asked for by the run itself from then on: a condition
//! that no longer holds stops what goes forward, as a freeze does, and never what goes back.

use std::collections::BTreeMap;

use gantry_engine::drive::World;
use gantry_model::{plan::Plan, release::people::Item};
use gantry_readiness::{agenda::CONDITIONS, event::TestResult, preparation::Preparation};

use super::{
    before::Found,
    desk::Desk,
    look::{self, reach_digest, reach_with_conditions},
};
use crate::{app::App, error::ApiError, follow};

/// So many looks in a row without an answer count as a condition that does not hold: one lost
/// answer must not stop a release, and silence is never a go.
const BLIND_LOOKS: u32 = 3;

/// What is remembered from look to look.
#[derive(Default)]
pub(super) struct Conditions {
    world: Option<World>,
    blind: BTreeMap<String, u32>,
}

impl Conditions {
    /// Looks at the conditions of the votes that count, and gives a sentence for each that does
    /// not hold, by its place.
    ///
    /// # Errors
    /// `workspace`, `unreachable`.
    pub(super) async fn broken(
        &mut self,
        (app, desk): (&App, &Desk<'_>),
        plan: &Plan,
    ) -> Result<BTreeMap<String, String>, ApiError> {
        let preparation = desk.preparation(&plan.release).await?.state;
        let items = automatic(plan, &preparation);
        if items.is_empty() {
            return Ok(BTreeMap::new());
        }
        let world = match self.world.take() {
            Some(world) => world,
            None => follow::world(app, plan).await?,
        };
        let found = look::all(&world, plan, &items).await;
        self.world = Some(world);
        let mut broken = BTreeMap::new();
        for ((place, item), found) in items.iter().zip(found) {
            if self.holds(place, &found) {
                continue;
            }
            let role = item.owner.as_deref().unwrap_or("somebody");
            let (item, why) = (&item.item, &found.1);
            let sentence = format!("{role} said go only as long as: {item}; {why}");
            broken.insert(place.clone(), sentence);
        }
        Ok(broken)
    }

    fn holds(&mut self, place: &str, (result, _): &Found) -> bool {
        let blind = self.blind.entry(place.to_owned()).or_default();
        match result {
            TestResult::Pass => {
                *blind = 0;
                true
            }
            TestResult::Fail => false,
            TestResult::NotTested => {
                *blind += 1;
                *blind < BLIND_LOOKS
            }
        }
    }
}

/// Lists the conditions that look at themselves, where a person confirmed what they may reach.
fn automatic(plan: &Plan, preparation: &Preparation) -> Vec<(String, Item)> {
    let presented = preparation.presented.as_ref();
    let known = presented.is_some_and(|presented| presented.plan == plan.digest);
    if !known || !preparation.has_conditions() {
        return Vec::new();
    }
    let reach = reach_digest(&reach_with_conditions(plan, preparation));
    if !preparation.is_confirmed(reach) {
        return Vec::new();
    }
    let items = preparation.items().into_iter();
    let conditions = items.filter(|(place, item)| {
        let listed = place.split_once('/').map(|(list, _)| list);
        listed == Some(CONDITIONS) && item.required && item.check.is_some()
    });
    conditions.collect()
}

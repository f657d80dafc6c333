//! The same seed gives the same bytes.

use gantry_simulation::world::Settings;
use gantry_testkit::scenario::{Roughness, Scenario};

use super::{
    rig::{Rig, run},
    seeds::{every, seeds},
};

/// How many seeds are played twice.
const SEEDS: u64 = 250;

fn journal(seed: u64) -> String {
    let scenario = Scenario::of(seed, Roughness::default()).unwrap();
    let settings = Settings {
        seed,
        faults: scenario.faults.clone(),
        ..Settings::default()
    };
    let rig = Rig::new(&scenario.release, settings);
    run(async {
        drop(rig.play(&scenario).await);
        rig.story().await
    })
}

#[test]
fn the_same_seed_writes_the_same_journal() {
    every(seeds(SEEDS), |seed| match journal(seed) == journal(seed) {
        true => Ok(()),
        false => Err(format!("seed {seed} gave two journals")),
    });
}

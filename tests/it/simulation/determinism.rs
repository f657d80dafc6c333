//! The same seed gives the same bytes.

use gantry_simulation::world::Settings;
use gantry_testkit::scenario::{Roughness, Scenario};

use super::rig::{Rig, run};

fn journal(seed: u64) -> String {
    let scenario = Scenario::of(seed, Roughness::default()).unwrap();
    let settings = Settings {
        seed,
        faults: scenario.faults.clone(),
        ..Settings::default()
    };
    let rig = Rig::new(&scenario.release, settings);
    run(async {
        drop(rig.go(&scenario.orders).await);
        rig.story().await
    })
}

#[test]
fn the_same_seed_writes_the_same_journal() {
    for seed in 0..60 {
        assert_eq!(journal(seed), journal(seed), "seed {seed}");
    }
}

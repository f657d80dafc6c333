//! A snapshot tells what the whole journal tells, wherever it was taken.

use std::sync::Arc;

use gantry_engine::{
    fold::{fold, fold_on},
    status::status,
};
use gantry_model::run::Run;
use gantry_port::journal::Journal;
use gantry_simulation::world::Settings;
use gantry_testkit::scenario::{Roughness, Scenario};

use super::{
    rig::{Rig, run},
    seeds::{every, seeds},
};

/// How many runs are looked at, and at how many places of each.
const SEEDS: u64 = 200;
const PLACES: usize = 12;

#[test]
fn a_run_taken_up_from_a_snapshot_stands_as_one_that_was_folded() {
    every(seeds(SEEDS), |seed| {
        let scenario = Scenario::of(seed, Roughness::default()).unwrap();
        let settings = Settings {
            seed,
            faults: scenario.faults.clone(),
            ..Settings::default()
        };
        let rig = Rig::new(&scenario.release, settings);
        let entries = run(async {
            drop(rig.play(&scenario).await);
            rig.journal.read(&rig.run_id(), 0).await
        });
        let entries = entries.map_err(|error| format!("seed {seed}: {error}"))?;
        let whole = fold(Arc::clone(&rig.plan), &entries).unwrap();
        for at in (1..=entries.len()).step_by(entries.len().div_ceil(PLACES).max(1)) {
            let (before, after) = entries.split_at(at);
            let there = fold(Arc::clone(&rig.plan), before).unwrap();
            let text = there.to_snapshot().unwrap();
            let again = Run::from_snapshot(Arc::clone(&rig.plan), &text).unwrap();
            let on = fold_on(again.clone(), after).unwrap();
            if again != there || on != whole || status(&on) != status(&whole) {
                return Err(format!("seed {seed}: another run after entry {at}"));
            }
        }
        Ok(())
    });
}

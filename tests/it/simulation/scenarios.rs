//! Thousands of random releases under random faults and random operators.

use gantry_engine::standing::Standing;
use gantry_simulation::world::Settings;
use gantry_testkit::scenario::{Roughness, Scenario};

use super::rig::{Rig, run};

/// How many scenarios an ordinary test run plays.
const SEEDS: u64 = 60;

fn number(name: &str) -> Option<u64> {
    #[expect(
        clippy::disallowed_methods,
        reason = "a test is told its seeds from outside"
    )]
    std::env::var(name).ok()?.parse().ok()
}

/// Plays one scenario and tells what is wrong with it.
async fn play(scenario: &Scenario) -> Result<(), String> {
    let settings = Settings {
        seed: scenario.seed,
        faults: scenario.faults.clone(),
        ..Settings::default()
    };
    let rig = Rig::new(&scenario.release, settings);
    let ended = rig.go(&scenario.orders).await;
    let mut wrong: Vec<String> = rig
        .violations(scenario.platform)
        .await
        .iter()
        .map(ToString::to_string)
        .collect();
    match ended {
        Ok(Standing::Ended(_)) => {}
        Ok(Standing::WaitsForPerson(what)) => wrong.push(format!("it never ended: {what}")),
        Err(error) => wrong.push(format!("the driver stopped: {error:?}")),
    }
    if wrong.is_empty() {
        return Ok(());
    }
    wrong.truncate(5);
    let story = match number("GANTRY_SEED") {
        Some(_) => rig.story().await,
        None => String::new(),
    };
    let (sentence, replay) = (scenario.sentence(&rig.plan), scenario.replay());
    Err(format!(
        "{story}\n{sentence}\n  {}\n  {replay}",
        wrong.join("\n  ")
    ))
}

#[test]
fn no_simulation_breaks_an_invariant() {
    let seeds = match number("GANTRY_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("GANTRY_SEEDS").unwrap_or(SEEDS),
    };
    let mut failures = Vec::new();
    for seed in seeds {
        let scenario = Scenario::of(seed, Roughness::default()).unwrap();
        failures.extend(run(play(&scenario)).err());
    }
    let count = failures.len();
    failures.truncate(5);
    assert!(
        failures.is_empty(),
        "{count} scenarios failed:\n{}",
        failures.join("\n")
    );
}

//! The driver dies again and again in the middle of real releases, and each time is followed up.

use std::time::Duration;

use gantry_tests::graph::Dice;

use super::OneService;

/// Kills in each release; what is left after them runs to its end.
const KILLS: usize = 10;

const CANARY: &str = "{ canary: { steps: [25%, 100%], bake: 1s } }";
const BLUE_GREEN: &str = "{ blue-green: { bake: 1s } }";

#[test]
fn a_canary_whose_driver_dies_ten_times_still_arrives() {
    let Some(service) = OneService::set("arriving") else {
        return;
    };
    service.deploy_first();
    let file = service.write("good", "1.1", CANARY, "");
    follow(&service, "good", &file, &mut Dice::new(11), 0);
    let scene = service.look();
    assert_eq!(
        (scene.count("1.1", "running"), scene.count("1.0", "exited")),
        (2, 2)
    );
    assert_eq!(
        (scene.containers.len(), scene.servers.len()),
        (4, 2),
        "{scene:?}"
    );
    assert!(scene.share("1.1") > 0.999, "{scene:?}");
}

#[test]
fn a_bad_canary_whose_driver_dies_ten_times_is_taken_back() {
    taken_back("returning", CANARY, 12);
}

#[test]
fn a_bad_blue_green_whose_driver_dies_ten_times_is_taken_back() {
    taken_back("greening", BLUE_GREEN, 13);
}

fn taken_back(name: &'static str, strategy: &str, seed: u64) {
    let Some(service) = OneService::set(name) else {
        return;
    };
    let before = service.deploy_first();
    let ids = service.ids();
    let file = service.write("bad", "1.1", strategy, &service.failing_task());
    follow(&service, "bad", &file, &mut Dice::new(seed), 3);
    assert_eq!((service.look(), service.ids()), (before, ids));
}

/// Starts the release, kills its driver at random moments, and resumes it each time.
fn follow(service: &OneService, release: &str, file: &str, dice: &mut Dice, status: i32) {
    let mut process = service.place.start(&["run", file, "--yes", "--json"]);
    // Before its first event there is no run that could be resumed.
    assert!(process.line().is_some());
    for _ in 0..KILLS {
        process.pass(Duration::from_millis(dice.below(900)));
        process.kill();
        process = service.place.start(&["resume", release, "--json"]);
    }
    process.end().exits(status);
    service.verified(release);
}

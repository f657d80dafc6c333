//! A canary of real containers: the share that customers meet, and a version that falls ill.

use std::time::{Duration, Instant};

use gantry_xtask::shop::{Answers, Scene};

use super::{OneService, one_service::told};

/// Requests a step: more than the 2,000 that are asked for, in two seconds.
const RATE: u32 = 1_300;

const CANARY: &str = "{ canary: { steps: [5%, 25%, 50%, 100%], bake: 8s } }";

#[test]
fn customers_meet_the_new_version_as_often_as_haproxy_was_told() {
    let Some(service) = OneService::set("measured") else {
        return;
    };
    service.deploy_first();
    let file = service.write("better", "1.1", CANARY, "");
    let mut run = service.place.start(&["run", &file, "--yes", "--json"]);
    for (step, asked) in [(500, 0.05), (2_500, 0.25), (5_000, 0.5), (10_000, 1.0)] {
        run.until("step-succeeded", &format!("measured/shift-{step}"));
        let before = service.look();
        let customers = service.customers(RATE);
        std::thread::sleep(Duration::from_millis(2_000));
        let answers = told(customers);
        // Retiring the old version after the last step takes its servers away, not its share.
        assert!((service.look().share("1.1") - before.share("1.1")).abs() < 1e-9);
        is_as_told(asked, &before, &answers);
    }
    run.end().exits(0);
    service.verified("better");
}

/// The weight is within 0.4 points of what was asked, the measure within 4 standard errors of it.
#[track_caller]
fn is_as_told(asked: f64, scene: &Scene, answers: &Answers) {
    let given = scene.share("1.1");
    assert!((given - asked).abs() < 0.004, "{asked}: given {given}");
    assert!(answers.sent >= 2_000, "{} requests", answers.sent);
    let measured = answers.of("1.1") as f64 / answers.sent as f64;
    let error = (given * (1.0 - given) / answers.sent as f64).sqrt();
    assert!(
        (measured - given).abs() <= 4.0 * error,
        "{asked}: given {given}, measured {measured} of {}",
        answers.sent
    );
    assert_eq!(answers.failed_apart_from("-") + answers.failed_at("-"), 0);
}

#[test]
fn a_version_that_falls_ill_at_a_quarter_is_gone_within_a_check() {
    let Some(service) = OneService::set("ill") else {
        return;
    };
    let before = service.deploy_first();
    let strategy = "{ canary: { steps: [5%, 25%, 100%], bake: 3s } }";
    let file = service.write("worse", "1.1", strategy, "");
    let customers = service.customers(100);
    let mut run = service.place.start(&["run", &file, "--yes", "--json"]);
    run.until("step-succeeded", "ill/shift-2500");
    run.until("step-started", "ill/bake-2500");
    fall_ill(&service);
    let since = Instant::now();
    while service.look().share("1.1") > 0.0 {
        assert!(since.elapsed() < Duration::from_secs(3), "still served");
        std::thread::sleep(Duration::from_millis(10));
    }
    run.end().exits(3);
    let answers = told(customers);
    assert_eq!(answers.failed_apart_from("1.1"), 0, "{answers:?}");
    assert!(answers.of("1.1") > 0, "it was tried");
    assert_eq!(service.look(), before);
    service.verified("worse");
}

/// Tells every instance of 1.1 to say that it is ill.
fn fall_ill(service: &OneService) {
    for address in service.addresses("1.1") {
        let url = format!("http://{address}:8080/fault?healthy=false");
        let status = std::process::Command::new(gantry_xtask::fixture::binary().unwrap())
            .args(["healthcheck", &url])
            .status();
        assert!(status.unwrap().success(), "{url}");
    }
}

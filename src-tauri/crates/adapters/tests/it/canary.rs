//! A canary of real containers behind a real HAProxy, with real requests.

use gantry_adapters::router::haproxy::Haproxy;
use gantry_model::{
    operation::Direction,
    platform::{Arm, InstanceState, RouteState},
    release::connection,
};
use gantry_port::{router::Router, workload::Workload};
use gantry_testkit::haproxy::{Haproxy as Running, Load, ask};

use crate::{
    containers::{Place, template},
    platform::{self, clock, forward},
};

const BACKEND: [&str; 2] = ["balance random(1)", "option httpchk GET /healthz"];

fn router(running: &Running) -> Haproxy {
    let settings = connection::Haproxy {
        socket: running.socket().display().to_string(),
    };
    Haproxy::new(&settings, clock())
}

async fn arm(place: &Place, version: &str, percent: &str) -> Arm {
    let all = place.instances().await.into_iter();
    let mine = all.filter(|instance| instance.version.as_str() == version);
    Arm {
        version: version.parse().unwrap(),
        addresses: mine.filter_map(|instance| instance.address).collect(),
        share: percent.parse().unwrap(),
    }
}

fn given(state: &RouteState, arm: &Arm) -> f64 {
    let theirs = state.servers.iter();
    let theirs = theirs.filter(|server| arm.addresses.contains(&server.address));
    theirs.map(|server| server.commanded.fraction()).sum()
}

#[tokio::test]
async fn a_canary_gets_the_share_it_was_given_and_goes_without_a_failed_request() {
    let Some(place) = Place::start("canary").await else {
        return;
    };
    let running = Running::start(&BACKEND).unwrap();
    let router = router(&running);
    place.scale("1", 3).await;
    place.until(InstanceState::Running).await;
    let all = [arm(&place, "1", "100%").await];
    router.route(&forward(), "web", &all).await.unwrap();
    let load = Load::start(running.address());
    place.scale("2", 2).await;
    place.until(InstanceState::Running).await;

    let requests = 2_000_u32;
    for (new, old) in [("5%", "95%"), ("25%", "75%"), ("50%", "50%")] {
        let arms = [arm(&place, "1", old).await, arm(&place, "2", new).await];
        let state = router.route(&forward(), "web", &arms).await.unwrap();
        let given = given(&state, &arms[1]);
        assert!(
            (given - arms[1].share.fraction()).abs() <= 0.004,
            "{new}: {given}"
        );
        let address = running.address();
        let asked = tokio::task::spawn_blocking(move || ask(address, requests));
        let tally = asked.await.unwrap();
        assert_eq!(tally.failures, Vec::<String>::new());
        let measured = tally.of("fixture 2 ok\n") as f64 / f64::from(requests);
        let error = (given * (1.0 - given) / f64::from(requests)).sqrt();
        assert!(
            (measured - given).abs() <= 4.0 * error,
            "{given} measured {measured}"
        );
    }

    let back = platform::call(Direction::Undo, std::time::Duration::from_secs(30));
    let state = router.route(&back, "web", &all).await.unwrap();
    assert_eq!(state.servers.len(), 3, "{state:?}");
    place
        .docker
        .remove(&back, &place.revision("2"))
        .await
        .unwrap();
    let tally = load.stop();
    assert_eq!(tally.failures, Vec::<String>::new());
    let left = place.instances().await;
    assert!(left.iter().all(|instance| instance.version.as_str() == "1"));
    place.clean().await;
}

#[tokio::test]
async fn a_version_that_is_not_well_never_gets_a_request() {
    let Some(place) = Place::start("ill canary").await else {
        return;
    };
    let running = Running::start(&BACKEND).unwrap();
    let router = router(&running);
    place.scale("1", 1).await;
    place.until(InstanceState::Running).await;
    let all = [arm(&place, "1", "100%").await];
    router.route(&forward(), "web", &all).await.unwrap();
    let mut ill = template(&place.image("2"));
    ill.env.insert("UNHEALTHY".into(), "1".parse().unwrap());
    let (call, revision) = (forward(), place.revision("2"));
    let scaled = place.docker.scale(&call, &revision, Some(&ill), 1).await;
    scaled.unwrap();
    let arms = [arm(&place, "1", "50%").await, arm(&place, "2", "50%").await];
    let short = platform::call(Direction::Do, std::time::Duration::from_secs(4));
    let fault = router.route(&short, "web", &arms).await.unwrap_err();
    assert!(fault.message.contains("L7STS"), "{fault}");
    let state = router.observe("web").await.unwrap();
    assert!((given(&state, &arms[0]) - 1.0).abs() < f64::EPSILON);
    place.clean().await;
}

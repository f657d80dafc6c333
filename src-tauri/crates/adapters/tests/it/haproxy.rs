//! The router adapter against a real HAProxy with real requests.

use std::time::Duration;

use gantry_adapters::router::haproxy::Haproxy;
use gantry_model::{
    operation::Direction,
    platform::{Arm, RouteState},
    release::connection,
    unit::Weight,
};
use gantry_port::{
    fault::{Fault, FaultKind},
    router::Router,
};
use gantry_testkit::haproxy::{Haproxy as Running, Load, Origin, ask};

use crate::platform::{call, clock, forward, skip};

const CHECKED: &str = "option httpchk GET /healthz";

struct Place {
    running: Running,
    router: Haproxy,
}

impl Place {
    /// Starts HAProxy with these lines in its backend, if there is one on this machine.
    fn start(test: &str, backend: &[&str]) -> Option<Self> {
        let running = match Running::start(backend) {
            Ok(running) => running,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                skip(test, "haproxy is not installed");
                return None;
            }
            Err(error) => panic!("{error}"),
        };
        let settings = connection::Haproxy {
            socket: running.socket().display().to_string(),
        };
        let router = Haproxy::new(&settings, clock());
        Some(Self { running, router })
    }

    async fn route(&self, arms: &[Arm]) -> Result<RouteState, Fault> {
        self.router.route(&forward(), "web", arms).await
    }

    async fn state(&self) -> RouteState {
        self.router.observe("web").await.unwrap()
    }

    async fn ask(&self, requests: u32) -> gantry_testkit::haproxy::Tally {
        let address = self.running.address();
        tokio::task::spawn_blocking(move || ask(address, requests))
            .await
            .unwrap()
    }
}

fn origin(name: &str) -> Origin {
    Origin::start(name).unwrap()
}

fn arm(version: &str, origins: &[&Origin], percent: &str) -> Arm {
    Arm {
        version: version.parse().unwrap(),
        addresses: origins.iter().map(|origin| origin.address()).collect(),
        share: percent.parse().unwrap(),
    }
}

fn commanded(state: &RouteState, origins: &[&Origin]) -> f64 {
    let addresses: Vec<String> = origins.iter().map(|origin| origin.address()).collect();
    let theirs = state
        .servers
        .iter()
        .filter(|server| addresses.contains(&server.address));
    theirs.map(|server| server.commanded.fraction()).sum()
}

fn static_server(origin: &Origin) -> String {
    format!("server old1 {} check inter 200ms", origin.address())
}

#[tokio::test]
async fn the_measured_split_is_the_commanded_one_within_four_standard_errors() {
    let (old, new, newer) = (origin("old"), origin("new"), origin("new"));
    let server = static_server(&old);
    let Some(place) = Place::start("haproxy split", &["balance random(1)", CHECKED, &server])
    else {
        return;
    };
    let requests = 2_000;
    for (percent, rest) in [
        ("0%", "100%"),
        ("5%", "95%"),
        ("25%", "75%"),
        ("50%", "50%"),
        ("100%", "0%"),
    ] {
        let new = [&new, &newer];
        let state = place
            .route(&[arm("1", &[&old], rest), arm("2", &new, percent)])
            .await
            .unwrap();
        let given = commanded(&state, &new);
        let asked = percent.parse::<Weight>().unwrap().fraction();
        assert!(
            (given - asked).abs() <= 0.004,
            "asked {asked}, gave {given}"
        );

        let before = counted(&place.state().await, &new);
        let tally = place.ask(requests).await;
        assert_eq!(tally.failures, Vec::<String>::new());
        let measured = tally.of("new") as f64 / f64::from(requests);
        let error = (given * (1.0 - given) / f64::from(requests)).sqrt();
        assert!(
            (measured - given).abs() <= 4.0 * error,
            "gave {given}, measured {measured} of {requests}"
        );
        let after = counted(&place.state().await, &new);
        assert_eq!(
            after - before,
            tally.of("new"),
            "HAProxy counts what the origins answered"
        );
    }
}

fn counted(state: &RouteState, origins: &[&Origin]) -> u64 {
    let addresses: Vec<String> = origins.iter().map(|origin| origin.address()).collect();
    let theirs = state
        .servers
        .iter()
        .filter(|server| addresses.contains(&server.address));
    theirs.map(|server| server.requests).sum()
}

#[tokio::test]
async fn no_request_fails_while_servers_come_share_and_go() {
    let (old, new) = (origin("old"), origin("new"));
    let server = static_server(&old);
    let Some(place) = Place::start(
        "haproxy under load",
        &["balance random(1)", CHECKED, &server],
    ) else {
        return;
    };
    let loads: Vec<Load> = (0..3)
        .map(|_| Load::start(place.running.address()))
        .collect();
    for (percent, rest) in [
        ("0%", "100%"),
        ("25%", "75%"),
        ("100%", "0%"),
        ("50%", "50%"),
    ] {
        place
            .route(&[arm("1", &[&old], rest), arm("2", &[&new], percent)])
            .await
            .unwrap();
    }
    let only_new = place.route(&[arm("2", &[&new], "100%")]).await.unwrap();
    assert_eq!(only_new.servers.len(), 1, "{only_new:?}");
    let only_old = place.route(&[arm("1", &[&old], "100%")]).await.unwrap();
    assert_eq!(
        only_old.servers.first().unwrap().name,
        "old1",
        "the configuration's own server is back"
    );
    assert_eq!(only_old.servers.len(), 1);
    for load in loads {
        let tally = load.stop();
        assert_eq!(tally.failures, Vec::<String>::new());
        assert!(tally.of("old") > 0 && tally.of("new") > 0);
    }
}

#[tokio::test]
async fn a_new_server_that_is_not_well_gets_nothing_and_the_shares_stay() {
    let (old, new) = (origin("old"), origin("new"));
    new.fall_ill();
    let server = static_server(&old);
    let Some(place) = Place::start("haproxy ill", &["balance random(1)", CHECKED, &server]) else {
        return;
    };
    let arms = [arm("1", &[&old], "50%"), arm("2", &[&new], "50%")];
    let short = call(Direction::Do, Duration::from_secs(4));
    let fault = place.router.route(&short, "web", &arms).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Refused);
    assert!(fault.message.contains("keeps its shares"), "{fault}");
    let tally = place.ask(50).await;
    assert_eq!((tally.of("old"), tally.failures.len()), (50, 0));
    let back = [arm("1", &[&old], "100%"), arm("2", &[&new], "0%")];
    let undo = call(Direction::Undo, Duration::from_secs(20));
    let state = place.router.route(&undo, "web", &back).await.unwrap();
    assert!((commanded(&state, &[&old]) - 1.0).abs() < f64::EPSILON);
}

#[tokio::test]
async fn rolling_back_does_not_wait_for_the_last_of_the_old_servers() {
    let (old, sick, new) = (origin("old"), origin("old"), origin("new"));
    let server = static_server(&new);
    let Some(place) = Place::start("haproxy undo", &["balance random(1)", CHECKED, &server]) else {
        return;
    };
    sick.fall_ill();
    let undo = call(Direction::Undo, Duration::from_secs(30));
    let arms = [arm("1", &[&old, &sick], "100%")];
    place.router.route(&undo, "web", &arms).await.unwrap();
    let tally = place.ask(100).await;
    assert_eq!((tally.of("old"), tally.failures.len()), (100, 0));
}

#[tokio::test]
async fn stating_the_same_again_changes_nothing() {
    let (old, new) = (origin("old"), origin("new"));
    let server = static_server(&old);
    let Some(place) = Place::start("haproxy again", &["balance random(1)", CHECKED, &server])
    else {
        return;
    };
    let arms = [arm("1", &[&old], "75%"), arm("2", &[&new], "25%")];
    let first = place.route(&arms).await.unwrap();
    assert_eq!(place.route(&arms).await.unwrap(), first);
    assert_eq!(place.state().await, first);
}

#[tokio::test]
async fn declared_slots_are_used_and_given_back() {
    let (old, new) = (origin("old"), origin("new"));
    let server = static_server(&old);
    let template = "server-template slot 2 127.0.0.1:1 check inter 200ms disabled";
    let lines = ["balance random(1)", CHECKED, &server, template];
    let Some(place) = Place::start("haproxy slots", &lines) else {
        return;
    };
    assert_eq!(
        place.state().await.servers.len(),
        1,
        "free slots are no servers"
    );
    let state = place
        .route(&[arm("1", &[&old], "50%"), arm("2", &[&new], "50%")])
        .await
        .unwrap();
    assert!(
        state.servers.iter().any(|server| server.name == "slot1"),
        "{state:?}"
    );
    place.route(&[arm("1", &[&old], "100%")]).await.unwrap();
    let again = place.route(&[arm("2", &[&new], "100%")]).await.unwrap();
    assert_eq!(again.servers.first().unwrap().name, "slot1");
    assert_eq!(place.ask(20).await.of("new"), 20);
}

#[tokio::test]
async fn requests_under_way_end_before_their_server_goes() {
    let (old, new) = (origin("old"), origin("new"));
    let server = static_server(&old);
    let Some(place) = Place::start("haproxy drain", &["balance random(1)", CHECKED, &server])
    else {
        return;
    };
    old.slow_down(Duration::from_secs(2));
    let request = in_flight(&place).await;
    let state = place.route(&[arm("2", &[&new], "100%")]).await.unwrap();
    assert_eq!(state.servers.len(), 1);
    let tally = request.await.unwrap();
    assert_eq!((tally.of("old"), tally.failures.len()), (1, 0));
}

#[tokio::test]
async fn a_request_that_does_not_end_is_ended_with_the_call_s_time() {
    let (old, new) = (origin("old"), origin("new"));
    let server = static_server(&old);
    let Some(place) = Place::start(
        "haproxy drain end",
        &["balance random(1)", CHECKED, &server],
    ) else {
        return;
    };
    old.slow_down(Duration::from_secs(25));
    let request = in_flight(&place).await;
    let short = call(Direction::Do, Duration::from_secs(5));
    let arms = [arm("2", &[&new], "100%")];
    let state = place.router.route(&short, "web", &arms).await.unwrap();
    assert_eq!(state.servers.len(), 1);
    assert_eq!(request.await.unwrap().failures.len(), 1);
}

/// Sends one request and comes back when HAProxy has it under way.
async fn in_flight(place: &Place) -> tokio::task::JoinHandle<gantry_testkit::haproxy::Tally> {
    let address = place.running.address();
    let request = tokio::task::spawn_blocking(move || ask(address, 1));
    while place
        .state()
        .await
        .servers
        .iter()
        .all(|server| server.active == 0)
    {
        tokio::task::yield_now().await;
    }
    request
}

#[tokio::test]
async fn the_algorithm_is_told() {
    let old = origin("old");
    let server = static_server(&old);
    for algorithm in ["random", "roundrobin", "leastconn"] {
        let balance = format!("balance {algorithm}");
        let Some(place) = Place::start("haproxy algorithm", &[&balance, &server]) else {
            return;
        };
        assert_eq!(place.state().await.algorithm, algorithm);
    }
}

#[tokio::test]
async fn what_cannot_be_is_refused_before_anything_changes() {
    let (old, new) = (origin("old"), origin("new"));
    let server = static_server(&old);
    let Some(place) = Place::start("haproxy refusals", &["balance random(1)", &server]) else {
        return;
    };
    let before = place.state().await;
    let named = Arm {
        addresses: vec!["new.example:80".into()],
        ..arm("2", &[], "100%")
    };
    for (backend, arms, words) in [
        ("nope", vec![arm("1", &[&old], "100%")], "No such proxy"),
        ("web;show info", vec![], "no name of a HAProxy backend"),
        ("web", vec![arm("1", &[&old], "50%")], "add up to 50 %"),
        ("web", vec![arm("2", &[], "100%")], "no instance"),
        (
            "web",
            vec![arm("1", &[&new], "50%"), arm("2", &[&new], "50%")],
            "more than once",
        ),
        ("web", vec![named], "no address"),
    ] {
        let fault = place
            .router
            .route(&forward(), backend, &arms)
            .await
            .unwrap_err();
        assert_eq!(fault.kind, FaultKind::Refused, "{fault}");
        assert!(fault.message.contains(words), "{fault}");
    }
    assert_eq!(place.state().await, before);
}

#[tokio::test]
async fn where_servers_cannot_be_added_the_advice_says_what_to_do() {
    let (old, new) = (origin("old"), origin("new"));
    let server = static_server(&old);
    let Some(place) = Place::start("haproxy static", &["balance source", &server]) else {
        return;
    };
    let fault = place.route(&[arm("2", &[&new], "100%")]).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Refused);
    assert!(fault.message.contains("server-template"), "{fault}");
    assert_eq!(place.ask(5).await.of("old"), 5);
}

#[tokio::test]
async fn no_arms_take_everything_out() {
    let old = origin("old");
    let server = static_server(&old);
    let Some(place) = Place::start("haproxy empty", &["balance random(1)", &server]) else {
        return;
    };
    assert_eq!(place.route(&[]).await.unwrap().servers, []);
}

#[tokio::test]
async fn a_server_for_the_worst_day_is_left_alone() {
    let (old, sorry) = (origin("old"), origin("sorry"));
    let server = static_server(&old);
    let backup = format!("server sorry {} backup", sorry.address());
    let Some(place) = Place::start("haproxy backup", &["balance random(1)", &server, &backup])
    else {
        return;
    };
    assert_eq!(place.state().await.servers.len(), 1);
    place.route(&[arm("1", &[&old], "100%")]).await.unwrap();
    place.route(&[]).await.unwrap();
    let tally = place.ask(5).await;
    assert_eq!((tally.of("sorry"), tally.failures.len()), (5, 0));
}

//! The workload adapter against a real Docker daemon: so many instances, whatever happens.

use std::time::Duration;

use gantry_adapters::probe::Prober;
use gantry_model::{operation::Direction, platform::InstanceState, unit::Span};
use gantry_port::{
    fault::FaultKind,
    probe::{Probe, ProbeTarget},
    workload::Workload,
};

use crate::{
    containers::{Place, ids, template},
    platform::{call, clock, forward},
};

#[tokio::test]
async fn two_versions_live_side_by_side_and_are_known_apart() {
    let Some(place) = Place::start("side by side").await else {
        return;
    };
    place.scale("1", 2).await;
    let new = place.scale("2", 1).await;
    let new = new.first().unwrap();
    assert_eq!(new.version.as_str(), "2");
    assert_eq!(new.made_by.as_deref(), Some(forward().key.as_str()));
    let all = place.until(InstanceState::Running).await;
    assert_eq!(all.len(), 3);
    for instance in &all {
        let address = instance.address.as_deref().unwrap();
        let target = ProbeTarget::Http {
            url: format!("http://{address}/healthz"),
            status: 200,
        };
        let prober = Prober::new([]).unwrap();
        let answer = prober.probe(&target, Span::from_secs(5)).await.unwrap();
        assert!(answer.healthy, "reached past the router: {}", answer.detail);
    }
    place.clean().await;
}

#[tokio::test]
async fn scaling_states_what_shall_be() {
    let Some(place) = Place::start("stating").await else {
        return;
    };
    let three = place.scale("1", 3).await;
    assert_eq!(
        ids(&place.scale("1", 3).await),
        ids(&three),
        "again is no change"
    );
    let one = place.scale("1", 1).await;
    assert_eq!(one.len(), 1);
    assert_eq!(
        place.instances().await.len(),
        3,
        "surplus ones are stopped and kept"
    );
    let revision = place.revision("1");
    let none = place
        .docker
        .scale(&forward(), &revision, None, 0)
        .await
        .unwrap();
    assert_eq!(none, []);
    place.until(InstanceState::Stopped).await;
    let back = place
        .docker
        .scale(&forward(), &revision, None, 3)
        .await
        .unwrap();
    assert_eq!(
        ids(&back),
        ids(&three),
        "the same ones start without a template"
    );
    let fault = place
        .docker
        .scale(&forward(), &revision, None, 4)
        .await
        .unwrap_err();
    assert_eq!(fault.kind, FaultKind::Refused, "{fault}");
    place.clean().await;
    place.docker.remove(&forward(), &revision).await.unwrap();
}

#[tokio::test]
async fn a_container_that_was_created_and_not_started_is_completed() {
    let Some(place) = Place::start("half made").await else {
        return;
    };
    let first = place.scale("1", 1).await;
    let id = first.first().unwrap().id.clone();
    let made = place.daemon.inspect_container(&id, None).await.unwrap();
    place.clean().await;
    let options = bollard::query_parameters::CreateContainerOptions {
        name: Some(made.name.unwrap().trim_start_matches('/').to_owned()),
        ..Default::default()
    };
    let config = made.config.unwrap();
    let body = bollard::models::ContainerCreateBody {
        image: config.image,
        labels: config.labels,
        env: config.env,
        ..Default::default()
    };
    let created = place
        .daemon
        .create_container(Some(options), body)
        .await
        .unwrap();
    let now = place.scale("1", 1).await;
    assert_eq!(ids(&now), [created.id.as_str()]);
    assert_eq!(place.instances().await.len(), 1);
    place.clean().await;
}

#[tokio::test]
async fn secrets_reach_the_container_and_a_missing_one_stops_before_anything_is_made() {
    let Some(place) = Place::start("secrets").await else {
        return;
    };
    let made = place.scale("1", 1).await;
    let id = &made.first().unwrap().id;
    let container = place.daemon.inspect_container(id, None).await.unwrap();
    let environment = container.config.unwrap().env.unwrap();
    assert!(environment.contains(&"TOKEN=a-hunter2".to_owned()));
    let mut lacking = template(&place.image("2"));
    lacking
        .env
        .insert("X".into(), "${secret:nobody}".parse().unwrap());
    let scaled = place
        .docker
        .scale(&forward(), &place.revision("2"), Some(&lacking), 1)
        .await;
    let fault = scaled.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Refused);
    assert!(fault.message.contains("GANTRY_SECRET_NOBODY"), "{fault}");
    assert_eq!(place.instances().await.len(), 1);
    place.clean().await;
}

#[tokio::test]
async fn an_ill_version_and_one_that_cannot_start_are_told() {
    let Some(place) = Place::start("ill").await else {
        return;
    };
    let mut ill = template(&place.image("1"));
    ill.env.insert("UNHEALTHY".into(), "1".parse().unwrap());
    place
        .docker
        .scale(&forward(), &place.revision("1"), Some(&ill), 1)
        .await
        .unwrap();
    place.until(InstanceState::Unhealthy).await;
    place.clean().await;

    let mut network = template(&place.image("1"));
    network.network = Some("nowhere".into());
    let scaled = place
        .docker
        .scale(&forward(), &place.revision("1"), Some(&network), 1)
        .await;
    let fault = scaled.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Refused);
    assert!(
        fault.message.contains("nowhere"),
        "the daemon's own sentence: {fault}"
    );
    place.clean().await;

    let mut crashing = template(&place.image("1"));
    crashing
        .env
        .insert("CRASH_AFTER".into(), "0.1".parse().unwrap());
    place
        .docker
        .scale(&forward(), &place.revision("1"), Some(&crashing), 1)
        .await
        .unwrap();
    let last = until_crashed(&place).await;
    assert!(matches!(
        last,
        InstanceState::Failed | InstanceState::Unhealthy
    ));
    let revision = place.revision("1");
    let none = place.docker.scale(&forward(), &revision, None, 0).await;
    assert_eq!(none.unwrap(), []);
    let id = place.instances().await.first().unwrap().id.clone();
    let container = place.daemon.inspect_container(&id, None).await.unwrap();
    assert_eq!(container.state.unwrap().restarting, Some(false));
    place.until(InstanceState::Stopped).await;
    place.clean().await;
}

async fn until_crashed(place: &Place) -> InstanceState {
    for _ in 0..200 {
        let state = place.instances().await.first().unwrap().state;
        if matches!(state, InstanceState::Failed | InstanceState::Unhealthy) {
            return state;
        }
        clock().wait(Span::from_millis(50)).await;
    }
    panic!("a crash loop was never noticed");
}

#[tokio::test]
async fn a_network_of_the_platform_is_joined() {
    let Some(place) = Place::start("networked").await else {
        return;
    };
    let request = bollard::models::NetworkCreateRequest {
        name: "shop".into(),
        ..Default::default()
    };
    place.daemon.create_network(request).await.unwrap();
    let mut template = template(&place.image("1"));
    template.network = Some("shop".into());
    let made = place
        .docker
        .scale(&forward(), &place.revision("1"), Some(&template), 1)
        .await;
    let address = made.unwrap().first().unwrap().address.clone().unwrap();
    assert!(
        address.starts_with("172.31."),
        "{address} is of the network's own range"
    );
    place.clean().await;
    place.daemon.remove_network("shop").await.unwrap();
}

#[tokio::test]
async fn a_process_that_does_not_end_is_ended_within_the_call_s_time() {
    let Some(place) = Place::start("stubborn").await else {
        return;
    };
    place.scale("1", 1).await;
    let short = call(Direction::Do, Duration::from_secs(5));
    let none = place
        .docker
        .scale(&short, &place.revision("1"), None, 0)
        .await
        .unwrap();
    assert_eq!(none, []);
    place.clean().await;
}

#[tokio::test]
async fn a_call_that_is_cut_off_anywhere_is_completed_by_the_next() {
    let Some(place) = Place::start("cut off").await else {
        return;
    };
    let template = template(&place.image("1"));
    let revision = place.revision("1");
    let call = forward();
    for millis in [5, 15, 30, 60, 120, 240] {
        let cut = place.docker.scale(&call, &revision, Some(&template), 3);
        let _cut_off = tokio::time::timeout(Duration::from_millis(millis), cut).await;
        assert_eq!(
            place.scale("1", 3).await.len(),
            3,
            "cut off after {millis} ms"
        );
        assert_eq!(
            place.instances().await.len(),
            3,
            "cut off after {millis} ms"
        );
        let cut = place.docker.remove(&call, &revision);
        let _cut_off = tokio::time::timeout(Duration::from_millis(millis), cut).await;
        place.clean().await;
    }
}

#[tokio::test]
async fn two_at_once_make_no_more_than_one_would() {
    let Some(place) = Place::start("at once").await else {
        return;
    };
    let (one, two) = tokio::join!(place.scale("1", 3), place.scale("1", 3));
    assert!(one.len() <= 3 && two.len() <= 3);
    assert_eq!(place.instances().await.len(), 3);
    place.clean().await;
}

//! The workload adapter against a real Docker daemon: whose a container is, and of which image.

use gantry_model::platform::{InstanceState, Template};
use gantry_port::{fault::FaultKind, ports::Call, workload::Workload};

use crate::{
    containers::{Place, ids, template},
    platform::forward,
};

fn with_epoch(epoch: u64) -> Call {
    Call { epoch, ..forward() }
}

#[tokio::test]
async fn a_name_that_a_stranger_holds_is_passed_over() {
    let Some(place) = Place::start("stranger").await else {
        return;
    };
    let name = format!("{}-1-test-1", place.service);
    let options = bollard::query_parameters::CreateContainerOptions {
        name: Some(name.clone()),
        ..Default::default()
    };
    let body = bollard::models::ContainerCreateBody {
        image: Some(place.image("1")),
        ..Default::default()
    };
    let stranger = place
        .daemon
        .create_container(Some(options), body)
        .await
        .unwrap();
    let mine = place.scale("1", 1).await;
    assert_ne!(ids(&mine), [stranger.id.as_str()]);
    place.clean().await;
    place
        .daemon
        .remove_container(&stranger.id, None)
        .await
        .unwrap();
}

#[tokio::test]
async fn the_pinned_image_is_the_only_one_that_runs() {
    let Some(place) = Place::start("pinned").await else {
        return;
    };
    let mut template = template(&place.image("1"));
    let digest = place.docker.pin(&template).await.unwrap();
    template.digest = Some(digest.clone());
    assert_eq!(place.docker.pin(&template).await.unwrap(), digest);

    let binary = std::env::var("GANTRY_FIXTURE").unwrap();
    place.import(&binary, "1", &["ENV MOVED=1"]).await;
    assert_eq!(
        place.docker.pin(&template).await.unwrap(),
        digest,
        "the image is still here"
    );
    let revision = place.revision("1");
    let made = place
        .docker
        .scale(&forward(), &revision, Some(&template), 1)
        .await
        .unwrap();
    assert_eq!(
        made.first().unwrap().digest.as_deref(),
        Some(digest.as_str())
    );

    let moved = Template {
        digest: None,
        ..template.clone()
    };
    let other = place.docker.pin(&moved).await.unwrap();
    assert_ne!(other, digest);
    let moved = Template {
        digest: Some(other),
        ..moved
    };
    let fault = place
        .docker
        .scale(&forward(), &revision, Some(&moved), 2)
        .await
        .unwrap_err();
    assert_eq!(fault.kind, FaultKind::Conflict, "{fault}");
    place
        .docker
        .scale(&forward(), &revision, None, 0)
        .await
        .unwrap();
    let made = place
        .docker
        .scale(&forward(), &revision, Some(&moved), 1)
        .await
        .unwrap();
    assert_eq!(made.first().unwrap().digest, moved.digest);
    assert_eq!(
        place.instances().await.len(),
        1,
        "the stopped one of the other image is gone"
    );

    template.digest = Some(format!("sha256:{}", "0".repeat(64)));
    let fault = place.docker.pin(&template).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Refused, "{fault}");
    place.clean().await;
}

#[tokio::test]
async fn what_compose_made_is_found_stopped_and_brought_back() {
    let Some(place) = Place::start("composed").await else {
        return;
    };
    let labels = [
        ("com.docker.compose.service", place.service.as_str()),
        ("com.docker.compose.project", "shop"),
    ];
    let body = bollard::models::ContainerCreateBody {
        image: Some(place.image("1")),
        env: Some(vec!["HOST=0.0.0.0".into()]),
        exposed_ports: Some(vec!["8080/tcp".into()]),
        labels: Some(
            labels
                .iter()
                .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
                .collect(),
        ),
        ..Default::default()
    };
    let old = place.daemon.create_container(None, body).await.unwrap();
    place.daemon.start_container(&old.id, None).await.unwrap();
    let found = place.until(InstanceState::Running).await;
    let only = found.first().unwrap();
    assert_eq!(
        (only.version.as_str(), only.made_by.as_deref()),
        ("1", None)
    );
    assert!(only.address.as_deref().unwrap().ends_with(":8080"));

    let revision = place.revision("1");
    place
        .docker
        .scale(&forward(), &revision, None, 0)
        .await
        .unwrap();
    assert_eq!(place.until(InstanceState::Stopped).await.len(), 1);
    let back = place
        .docker
        .scale(&forward(), &revision, None, 1)
        .await
        .unwrap();
    assert_eq!(ids(&back), [old.id.as_str()]);
    place.clean().await;
}

#[tokio::test]
async fn an_older_driver_of_the_same_run_is_refused() {
    let Some(place) = Place::start("fenced").await else {
        return;
    };
    let template = template(&place.image("1"));
    let revision = place.revision("1");
    place
        .docker
        .scale(&with_epoch(7), &revision, Some(&template), 1)
        .await
        .unwrap();
    let fault = place
        .docker
        .scale(&with_epoch(6), &revision, None, 0)
        .await
        .unwrap_err();
    assert_eq!(fault.kind, FaultKind::Conflict, "{fault}");
    let fault = place
        .docker
        .remove(&with_epoch(6), &revision)
        .await
        .unwrap_err();
    assert_eq!(fault.kind, FaultKind::Conflict, "{fault}");
    place
        .docker
        .remove(&with_epoch(8), &revision)
        .await
        .unwrap();
}

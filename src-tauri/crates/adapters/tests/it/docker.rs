//! The workload adapter against a real Docker daemon.

use std::{process::Command, sync::Arc, time::Duration};

use async_trait::async_trait;
use bollard::query_parameters::CreateImageOptions;
use futures_util::StreamExt;
use gantry_adapters::{probe::Prober, workload::docker::Docker};
use gantry_model::{
    id::SecretName,
    operation::Direction,
    platform::{Instance, InstanceState, Revision, Template},
    release::connection,
    secret::Secret,
    unit::Span,
};
use gantry_port::{
    fault::FaultKind,
    ports::Call,
    probe::{Probe, ProbeTarget},
    secret::{MissingSecret, Secrets, variable},
    workload::Workload,
};

use crate::platform::{call, clock, forward, revision, skip};

/// The secrets of the tests: one is set.
struct Fixed;

#[async_trait]
impl Secrets for Fixed {
    async fn get(&self, name: &SecretName) -> Result<Secret<String>, MissingSecret> {
        match name.as_str() {
            "token" => Ok(Secret::new("hunter2".into())),
            _ => Err(MissingSecret {
                name: name.clone(),
                variable: variable(name),
            }),
        }
    }
}

pub(crate) fn adapter(host: &str) -> Docker {
    let settings = connection::Docker {
        host: Some(host.to_owned()),
    };
    Docker::connect(&settings, None, Arc::new(Fixed), clock()).unwrap()
}

pub(crate) fn template(image: &str) -> Template {
    Template {
        image: image.to_owned(),
        digest: None,
        port: Some(8080),
        env: [
            ("TOKEN".to_owned(), "a-${secret:token}".parse().unwrap()),
            ("HOST".to_owned(), "0.0.0.0".parse().unwrap()),
        ]
        .into(),
        command: None,
        network: None,
    }
}

/// A service of this test alone, on a real daemon.
pub(crate) struct Place {
    pub(crate) docker: Docker,
    daemon: bollard::Docker,
    service: String,
}

impl Place {
    pub(crate) async fn start(test: &str) -> Option<Self> {
        let Ok(host) = std::env::var("DOCKER_HOST") else {
            skip(test, "no Docker daemon: run it by `cargo xtask sandbox`");
            return None;
        };
        let Ok(binary) = std::env::var("GANTRY_FIXTURE") else {
            skip(test, "no fixture: run it by `cargo xtask sandbox`");
            return None;
        };
        let daemon = bollard::Docker::connect_with_host(&host).unwrap();
        let place = Self {
            docker: adapter(&host),
            daemon: daemon.negotiate_version().await.unwrap(),
            service: test.replace(' ', "-"),
        };
        for version in ["1", "2"] {
            place.import(&binary, version, &[]).await;
        }
        Some(place)
    }

    pub(crate) fn image(&self, version: &str) -> String {
        format!("test/{}:{version}", self.service)
    }

    pub(crate) fn revision(&self, version: &str) -> Revision {
        revision(&self.service, version)
    }

    /// Makes an image of the fixture; other `more` lines make another image.
    async fn import(&self, binary: &str, version: &str, more: &[&str]) {
        let lines = [
            "ENTRYPOINT [\"/gantry-fixture\"]",
            "HEALTHCHECK --interval=200ms --timeout=2s --retries=2 \
             CMD [\"/gantry-fixture\", \"healthcheck\", \"http://127.0.0.1:8080/healthz\"]",
        ];
        let version_line = format!("ENV VERSION={version}");
        let lines = lines
            .iter()
            .chain(more)
            .copied()
            .chain([version_line.as_str()]);
        let options = CreateImageOptions {
            from_src: Some("-".into()),
            repo: Some(format!("test/{}", self.service)),
            tag: Some(version.into()),
            changes: lines.map(str::to_owned).collect(),
            ..Default::default()
        };
        let archive = bollard::body_full(archive(binary).into());
        let mut progress = self.daemon.create_image(Some(options), Some(archive), None);
        while let Some(step) = progress.next().await {
            step.unwrap();
        }
    }

    pub(crate) async fn scale(&self, version: &str, replicas: u32) -> Vec<Instance> {
        let template = template(&self.image(version));
        let revision = self.revision(version);
        let call = forward();
        let scaled = self
            .docker
            .scale(&call, &revision, Some(&template), replicas);
        scaled.await.unwrap()
    }

    pub(crate) async fn instances(&self) -> Vec<Instance> {
        self.docker.instances(&self.revision("1")).await.unwrap()
    }

    pub(crate) async fn until(&self, state: InstanceState) -> Vec<Instance> {
        for _ in 0..300 {
            let now = self.instances().await;
            if now.iter().all(|instance| instance.state == state) {
                return now;
            }
            clock().wait(Span::from_millis(100)).await;
        }
        panic!("never {state:?}: {:?}", self.instances().await);
    }

    pub(crate) async fn clean(&self) {
        for version in ["1", "2"] {
            let removed = self
                .docker
                .remove(&forward(), &self.revision(version))
                .await;
            removed.unwrap();
        }
        assert_eq!(self.instances().await, []);
    }
}

fn archive(binary: &str) -> Vec<u8> {
    let folder = std::path::Path::new(binary).parent().unwrap();
    let mut tar = Command::new("tar");
    tar.args([
        "--create",
        "--owner=0",
        "--group=0",
        "--mode=755",
        "--directory",
    ]);
    let output = tar.arg(folder).arg("gantry-fixture").output().unwrap();
    assert!(output.status.success());
    output.stdout
}

fn ids(instances: &[Instance]) -> Vec<&str> {
    instances
        .iter()
        .map(|instance| instance.id.as_str())
        .collect()
}

fn with_epoch(epoch: u64) -> Call {
    Call { epoch, ..forward() }
}

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

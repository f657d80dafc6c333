//! A service on a real Docker daemon, for one test alone.

use std::{process::Command, sync::Arc};

use async_trait::async_trait;
use bollard::query_parameters::CreateImageOptions;
use futures_util::StreamExt;
use gantry_adapters::workload::docker::Docker;
use gantry_model::{
    id::SecretName,
    platform::{Instance, InstanceState, Revision, Template},
    release::connection,
    secret::Secret,
    unit::Span,
};
use gantry_port::{
    secret::{MissingSecret, Secrets, variable},
    workload::Workload,
};

use crate::platform::{clock, forward, revision, skip};

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
    pub(crate) daemon: bollard::Docker,
    pub(crate) service: String,
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
    pub(crate) async fn import(&self, binary: &str, version: &str, more: &[&str]) {
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

pub(crate) fn ids(instances: &[Instance]) -> Vec<&str> {
    instances
        .iter()
        .map(|instance| instance.id.as_str())
        .collect()
}

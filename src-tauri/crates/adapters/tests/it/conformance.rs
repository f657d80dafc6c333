//! The suites that the simulated platform passes too.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use gantry_adapters::router::haproxy::Haproxy;
use gantry_model::{
    platform::{Revision, Template},
    release::connection,
};
use gantry_port::{ports::Call, router::Router, workload::Workload};
use gantry_testkit::{
    conformance::{self, Broken},
    haproxy::{Haproxy as Running, Origin},
};

use crate::{
    containers::{Place, adapter, template},
    platform::{clock, skip},
};

fn call(word: &str) -> Result<Call, Broken> {
    conformance::call(word, chrono::Utc::now() + Duration::from_secs(60))
}

struct Containers(Place);

#[async_trait]
impl conformance::workload::Environment for Containers {
    fn port(&self) -> Arc<dyn Workload> {
        Arc::new(adapter(&std::env::var("DOCKER_HOST").unwrap()))
    }

    fn revision(&self, version: &str) -> Revision {
        self.0.revision(version)
    }

    fn template(&self, version: &str) -> Template {
        template(&self.0.image(version))
    }

    fn call(&self, word: &str) -> Result<Call, Broken> {
        call(word)
    }
}

#[tokio::test]
async fn docker_keeps_the_promises_of_a_workload_platform() {
    let Some(place) = Place::start("conformance").await else {
        return;
    };
    conformance::workload::suite(&Containers(place))
        .await
        .unwrap();
}

struct Balancer {
    running: Running,
    origins: [Origin; 3],
}

#[async_trait]
impl conformance::router::Environment for Balancer {
    fn port(&self) -> Arc<dyn Router> {
        let settings = connection::Haproxy {
            socket: self.running.socket().display().to_string(),
        };
        Arc::new(Haproxy::new(&settings, clock()))
    }

    fn backend(&self) -> String {
        "web".to_owned()
    }

    fn addresses(&self) -> [String; 3] {
        [0, 1, 2].map(|at| self.origins[at].address())
    }

    fn call(&self, word: &str) -> Result<Call, Broken> {
        call(word)
    }
}

#[tokio::test]
async fn haproxy_keeps_the_promises_of_a_router() {
    let running = match Running::start(&["balance random(1)", "option httpchk GET /healthz"]) {
        Ok(running) => running,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return skip("haproxy conformance", "haproxy is not installed");
        }
        Err(error) => panic!("{error}"),
    };
    let origins = ["a", "b", "c"].map(|name| Origin::start(name).unwrap());
    let balancer = Balancer { running, origins };
    conformance::router::suite(&balancer).await.unwrap();
}

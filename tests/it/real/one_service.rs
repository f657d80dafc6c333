//! One service behind HAProxy, and the release files that change it.

use gantry_tests::{answer::Answer, place::Place};
use gantry_xtask::{
    docker::{Body, Engine, encoded},
    fixture::{self, Image},
    haproxy::{Backend, Haproxy},
    real_platform,
    shop::{Answers, Customers, Scene},
};
use serde_json::Value;

/// A service that nobody else uses: its images 1.0, 1.1 and 1.2, its backend, its workspace.
pub(super) struct OneService {
    pub(super) name: &'static str,
    pub(super) place: Place,
    pub(super) engine: Engine,
    pub(super) haproxy: Haproxy,
    pub(super) backend: Backend,
}

impl OneService {
    /// Sets the stage, or gives nothing where there is no platform. The name is the test's own.
    pub(super) fn set(name: &'static str) -> Option<Self> {
        let engine = real_platform::docker(name)?;
        let place = Place::new();
        let binary = fixture::binary().unwrap();
        for version in ["1.0", "1.1", "1.2"] {
            let image = Image::new(&format!("real/{name}"), version);
            image.import(&engine, &binary).unwrap();
        }
        let backend = Backend::new(name).unwrap();
        let socket = place.path("haproxy.sock");
        let backends = std::slice::from_ref(&backend);
        let haproxy = Haproxy::start(place.folder(), &socket, backends).unwrap();
        Some(Self {
            name,
            place,
            engine,
            haproxy,
            backend,
        })
    }

    /// Writes `ID.yaml`: the service goes to a version, two instances of it, and more nodes may follow.
    pub(super) fn write(&self, id: &str, version: &str, strategy: &str, more: &str) -> String {
        let name = self.name;
        let file = format!("{id}.yaml");
        let text = format!(
            "gantry: 1
release: {id}
environment: real
connections:
  local: {{ docker: {{}} }}
  edge: {{ haproxy: {{ socket: ./haproxy.sock }} }}
defaults:
  health: {{ http: {{ path: /healthz, status: 200 }}, within: 30s, consecutive: 1, every: 200ms }}
  timeout: 60s
nodes:
  {name}:
    kind: app
    version: {{ to: \"{version}\" }}
    workload: {{ connection: local, image: \"real/{name}:{{{{version}}}}\", port: 8080, replicas: 2 }}
    router: {{ connection: edge, backend: {name} }}
    strategy: {strategy}
{more}"
        );
        self.place.write(&file, text);
        file
    }

    /// A task after the service that fails, and with it the release.
    pub(super) fn failing_task(&self) -> String {
        self.place.script("fail", "exit 1\n");
        self.place.script("undo", "exit 0\n");
        let name = self.name;
        format!(
            "  last: {{ kind: task, needs: [{name}], run: {{ exec: [./fail], undo: [./undo] }} }}\n"
        )
    }

    /// Brings up the first version.
    #[track_caller]
    pub(super) fn deploy_first(&self) -> Scene {
        let file = self.write("first", "1.0", "recreate", "");
        self.run(&file).exits(0);
        self.look()
    }

    #[track_caller]
    pub(super) fn run(&self, file: &str) -> Answer {
        self.place.gantry(&["run", file, "--yes"])
    }

    /// Looks at containers and servers without the code under test.
    pub(super) fn look(&self) -> Scene {
        Scene::take(&self.engine, &self.haproxy, self.name).unwrap()
    }

    /// Lets customers come until they are sent away.
    pub(super) fn customers(&self, rate: u32) -> Customers {
        Customers::come(&fixture::binary().unwrap(), &[(&self.backend, rate)]).unwrap()
    }

    /// Demands that the record is whole.
    #[track_caller]
    pub(super) fn verified(&self, release: &str) {
        crate::exec::verified(&self.place, release);
    }

    /// Lists the ids of its containers.
    pub(super) fn ids(&self) -> Vec<String> {
        let rows = self.containers();
        let ids = rows.as_array().unwrap().iter();
        let mut ids: Vec<String> = ids.map(|row| row["Id"].as_str().unwrap().into()).collect();
        ids.sort();
        ids
    }

    /// Lists the addresses at which a version runs.
    pub(super) fn addresses(&self, version: &str) -> Vec<String> {
        let rows = self.containers();
        let ours = rows.as_array().unwrap().iter();
        let ours = ours.filter(|row| row["Labels"]["gantry.version"] == version);
        ours.filter_map(|row| {
            let address = &row["NetworkSettings"]["Networks"]["bridge"]["IPAddress"];
            address.as_str().map(str::to_owned)
        })
        .collect()
    }

    fn containers(&self) -> Value {
        let filter = format!("{{\"label\":[\"gantry.service={}\"]}}", self.name);
        let path = format!("/containers/json?all=1&filters={}", encoded(&filter));
        self.engine.json("GET", &path, Body::Empty).unwrap()
    }
}

impl Drop for OneService {
    fn drop(&mut self) {
        for id in self.ids() {
            let path = format!("/containers/{id}?force=1");
            drop(self.engine.request("DELETE", &path, Body::Empty));
        }
    }
}

/// Gives what customers of the only service were told.
pub(super) fn told(customers: Customers) -> Answers {
    let (_, answers) = customers.leave().unwrap().pop().unwrap();
    answers
}

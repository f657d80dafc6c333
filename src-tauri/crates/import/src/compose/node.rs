//! Services to nodes.

use std::collections::{BTreeMap, BTreeSet};

use gantry_model::id::NodeId;

use super::{
    ComposeFile, Options, Router,
    health::Health,
    image::{Image, Keeps},
    name,
    notes::{Notes, Topic},
    project::Project,
    secret::{Kept, kept},
    service::{Condition, HostPort, Service},
};

/// A node, ready to be written.
pub(super) struct Node {
    pub(super) id: NodeId,
    pub(super) needs: Vec<String>,
    pub(super) work: Work,
}

/// What a node does.
pub(super) enum Work {
    /// A program that serves.
    App(Box<App>),
    /// A service that runs once: the words of the command that runs it.
    Task(Vec<String>),
}

/// A program that serves.
pub(super) struct App {
    pub(super) image: String,
    pub(super) version: String,
    pub(super) port: Option<u16>,
    pub(super) replicas: Option<u32>,
    pub(super) environment: Vec<(String, String)>,
    pub(super) command: Option<Vec<String>>,
    pub(super) network: Option<String>,
    pub(super) health: Option<Health>,
    pub(super) strategy: Strategy,
    pub(super) route: Route,
}

/// The strategy that is written down.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Strategy {
    Recreate,
    Rolling,
    /// None: the planner recommends one.
    Recommended,
}

/// Whether a router sends it traffic.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Route {
    None,
    Routed,
}

pub(super) fn all(
    project: &Project,
    files: &[ComposeFile<'_>],
    options: &Options,
    notes: &mut Notes,
) -> Vec<Node> {
    let names = project.services.iter().map(|service| service.name.as_str());
    let ids = name::ids(names, notes);
    let completed = |(name, condition): &(String, Condition)| {
        (*condition == Condition::Completed).then(|| name.clone())
    };
    let services = project.services.iter();
    let once: BTreeSet<String> = services
        .flat_map(|s| s.needs.iter().filter_map(completed))
        .collect();
    let mut maker = Maker {
        ids,
        once,
        files,
        options,
        notes,
    };
    let nodes = project
        .services
        .iter()
        .filter_map(|service| maker.node(service));
    nodes.collect()
}

struct Maker<'m> {
    ids: BTreeMap<String, NodeId>,
    /// Services that others wait for to end.
    once: BTreeSet<String>,
    files: &'m [ComposeFile<'m>],
    options: &'m Options,
    notes: &'m mut Notes,
}

impl Maker<'_> {
    fn node(&mut self, service: &Service) -> Option<Node> {
        let id = self.ids.get(&service.name)?.clone();
        let needs = service
            .needs
            .iter()
            .filter_map(|need| self.need(service, need));
        let needs = needs.collect();
        let work = if self.once.contains(&service.name) {
            self.notes.add(Topic::OneShot, id.as_str());
            Work::Task(self.run_once(&service.name))
        } else {
            Work::App(Box::new(self.app(&id, service)))
        };
        Some(Node { id, needs, work })
    }

    fn need(&mut self, service: &Service, need: &(String, Condition)) -> Option<String> {
        let (name, condition) = need;
        let Some(id) = self.ids.get(name) else {
            let missing = format!("{} of {}", name.escape_debug(), service.name.escape_debug());
            self.notes.add(Topic::MissingNeed, missing);
            return None;
        };
        if self.once.contains(name) {
            return Some(id.to_string());
        }
        if *condition == Condition::Started {
            self.notes.add(Topic::Started, id.as_str());
        }
        Some(format!("{id}:live"))
    }

    fn run_once(&self, service: &str) -> Vec<String> {
        let named = self.files.iter().flat_map(|file| ["-f", file.name]);
        let words = ["docker", "compose"].into_iter().chain(named);
        let words = words.chain(["run", "--rm", "--no-deps", service]);
        words.map(str::to_owned).collect()
    }

    fn app(&mut self, id: &NodeId, service: &Service) -> App {
        let image = Image::of(&service.name, service.image.as_deref(), self.notes);
        let has_port = !service.ports.inside.is_empty();
        let route = match (&self.options.router, image.keeps) {
            (Router::Haproxy { .. }, Keeps::Nothing) if has_port => Route::Routed,
            (Router::Haproxy { .. } | Router::None, _) => Route::None,
        };
        App {
            port: service.ports.inside.first().copied(),
            replicas: service.replicas,
            environment: self.environment(id, service),
            command: service.command.clone(),
            network: service.network.clone(),
            health: service.health.clone(),
            strategy: self.strategy(id, service, image.keeps, route),
            route,
            image: image.template,
            version: image.version,
        }
    }

    fn strategy(&mut self, id: &NodeId, service: &Service, keeps: Keeps, route: Route) -> Strategy {
        match (keeps, service.ports.host, route) {
            (Keeps::Data, _, _) => Strategy::Recreate,
            (Keeps::Nothing, _, Route::Routed) => Strategy::Recommended,
            (Keeps::Nothing, HostPort::Fixed, Route::None) => {
                self.notes.add(Topic::Outage, id.as_str());
                Strategy::Recreate
            }
            (Keeps::Nothing, HostPort::Free, Route::None) => Strategy::Rolling,
        }
    }

    fn environment(&mut self, id: &NodeId, service: &Service) -> Vec<(String, String)> {
        let mut environment = Vec::new();
        for (key, value) in &service.environment {
            let value = match kept(id.as_str(), key, value) {
                Kept::Value => value.clone(),
                Kept::Reference(name) => {
                    self.notes.add(Topic::Secret, &name);
                    format!("${{secret:{name}}}")
                }
            };
            environment.push((key.clone(), value));
        }
        environment
    }
}

//! One Compose service, in words of types.

use super::{
    Variables,
    health::Health,
    notes::{Notes, Topic},
    tree::Tree,
};

/// Keys that are read here, or that change nothing about a release.
const READ: [&str; 26] = [
    "image",
    "build",
    "environment",
    "command",
    "depends_on",
    "ports",
    "expose",
    "deploy",
    "scale",
    "healthcheck",
    "profiles",
    "networks",
    "restart",
    "container_name",
    "logging",
    "labels",
    "stop_grace_period",
    "stop_signal",
    "pull_policy",
    "platform",
    "hostname",
    "init",
    "attach",
    "develop",
    "tty",
    "stdin_open",
];

/// A service of a Compose project.
pub(super) struct Service {
    pub(super) name: String,
    pub(super) image: Option<String>,
    pub(super) environment: Vec<(String, String)>,
    pub(super) command: Option<Vec<String>>,
    pub(super) needs: Vec<(String, Condition)>,
    pub(super) ports: Ports,
    pub(super) replicas: Option<u32>,
    pub(super) health: Option<Health>,
    pub(super) network: Option<String>,
}

/// What services look at beyond themselves.
#[derive(Clone, Copy)]
pub(super) struct Whole<'p> {
    /// The merged project.
    pub(super) tree: &'p Tree,
    pub(super) variables: &'p Variables,
}

/// What of another service must have happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Condition {
    Started,
    Healthy,
    Completed,
}

/// The ports that a service listens on inside of its container.
#[derive(Default)]
pub(super) struct Ports {
    pub(super) inside: Vec<u16>,
    pub(super) host: HostPort,
}

/// Whether a port of the host is taken, so that two of the service cannot run side by side.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum HostPort {
    #[default]
    Free,
    Fixed,
}

impl Service {
    pub(super) fn of(name: &str, tree: &Tree, whole: Whole<'_>, notes: &mut Notes) -> Self {
        note_the_rest(name, tree, notes);
        let ports = ports(tree);
        if ports.inside.len() > 1 {
            notes.add(Topic::Ports, name.escape_debug().to_string());
        }
        Self {
            name: name.to_owned(),
            image: tree.text_of("image").map(str::to_owned),
            environment: environment(tree, whole.variables),
            command: tree.get("command").and_then(command),
            needs: needs(tree),
            replicas: replicas(tree),
            health: tree
                .get("healthcheck")
                .map(|check| Health::of(name, check, notes)),
            network: network(name, tree, whole.tree, notes),
            ports,
        }
    }
}

fn note_the_rest(name: &str, tree: &Tree, notes: &mut Notes) {
    let name = name.escape_debug().to_string();
    for (key, value) in tree.entries() {
        let topic = match key.as_str() {
            "volumes" | "secrets" | "configs" | "volumes_from" => Topic::Volumes,
            "env_file" => Topic::EnvironmentFile,
            "entrypoint" => Topic::Entrypoint,
            "extends" => Topic::Extends,
            key if READ.contains(&key) || key.starts_with("x-") || *value == Tree::Null => continue,
            key => {
                notes.add(Topic::Unread, key.escape_debug().to_string());
                continue;
            }
        };
        notes.add(topic, &name);
    }
}

/// Gives what is set; a name without a value takes the variable of that name, as with Compose.
fn environment(tree: &Tree, variables: &Variables) -> Vec<(String, String)> {
    let entries = tree.get("environment").map_or(&[][..], Tree::entries);
    let set = entries.iter().filter_map(|(key, value)| {
        let value = value
            .text()
            .or_else(|| variables.get(key).map(String::as_str));
        Some((key.clone(), value?.to_owned()))
    });
    set.collect()
}

fn command(tree: &Tree) -> Option<Vec<String>> {
    match tree.text() {
        Some(line) => shlex::split(line),
        None => Some(
            tree.items()
                .iter()
                .filter_map(Tree::text)
                .map(str::to_owned)
                .collect(),
        ),
    }
    .filter(|words| !words.is_empty())
}

fn needs(tree: &Tree) -> Vec<(String, Condition)> {
    let entries = tree.get("depends_on").map_or(&[][..], Tree::entries);
    let need = |(name, how): &(String, Tree)| {
        let condition = match how.text_of("condition") {
            Some("service_healthy") => Condition::Healthy,
            Some("service_completed_successfully") => Condition::Completed,
            Some(_) | None => Condition::Started,
        };
        (name.clone(), condition)
    };
    entries.iter().map(need).collect()
}

fn replicas(tree: &Tree) -> Option<u32> {
    let deploy = tree
        .get("deploy")
        .and_then(|deploy| deploy.text_of("replicas"));
    let written = deploy.or(tree.text_of("scale"))?;
    written
        .parse()
        .ok()
        .filter(|count| (1..=1000).contains(count))
}

fn ports(tree: &Tree) -> Ports {
    let mut ports = Ports::default();
    for port in tree.get("ports").map_or(&[][..], Tree::items) {
        let (inside, host) = match port.text() {
            Some(text) => short_port(text),
            None => (
                port.text_of("target")
                    .and_then(first_port)
                    .filter(|_| is_tcp(port)),
                port.text_of("published")
                    .map_or(HostPort::Free, |_| HostPort::Fixed),
            ),
        };
        ports.inside.extend(inside);
        if host == HostPort::Fixed {
            ports.host = host;
        }
    }
    let exposed = tree.get("expose").map(Tree::texts).unwrap_or_default();
    if ports.inside.is_empty() {
        ports
            .inside
            .extend(exposed.into_iter().filter_map(|text| short_port(text).0));
    }
    ports.inside.dedup();
    ports
}

fn is_tcp(port: &Tree) -> bool {
    port.text_of("protocol")
        .is_none_or(|protocol| protocol == "tcp")
}

/// Reads `8080`, `80:8080`, `127.0.0.1:80:8080/tcp` and ranges.
fn short_port(text: &str) -> (Option<u16>, HostPort) {
    let (address, protocol) = text.split_once('/').unwrap_or((text, "tcp"));
    let (outside, inside) = address.rsplit_once(':').unwrap_or(("", address));
    let has_host_port = outside
        .rsplit(':')
        .next()
        .is_some_and(|port| !port.is_empty());
    let host = if has_host_port {
        HostPort::Fixed
    } else {
        HostPort::Free
    };
    let inside = first_port(inside).filter(|_| protocol == "tcp");
    (inside, host)
}

fn first_port(text: &str) -> Option<u16> {
    text.split('-')
        .next()?
        .trim()
        .parse()
        .ok()
        .filter(|port| *port > 0)
}

/// Finds the name that the platform knows a service's network by, where the files tell it.
fn network(name: &str, tree: &Tree, project: &Tree, notes: &mut Notes) -> Option<String> {
    let joined = tree.get("networks").map_or(&[][..], Tree::entries);
    if joined.len() > 1 {
        notes.add(Topic::Network, name.escape_debug().to_string());
    }
    let key = joined.first().map_or("default", |(key, _)| key.as_str());
    let declared = project
        .get("networks")
        .and_then(|networks| networks.get(key));
    let named = declared
        .and_then(|network| network.text_of("name"))
        .map(str::to_owned);
    named.or_else(|| {
        project
            .text_of("name")
            .map(|project| format!("{project}_{key}"))
    })
}

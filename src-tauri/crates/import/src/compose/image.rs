//! Images and the versions in them.

use gantry_model::id::Version;

use super::notes::{Notes, Topic};

/// Products that hold data or messages and are not ours to shift traffic between.
const STATEFUL: [&str; 30] = [
    "postgres",
    "postgresql",
    "postgis",
    "timescaledb",
    "mysql",
    "mariadb",
    "mongo",
    "mongodb",
    "redis",
    "valkey",
    "keydb",
    "memcached",
    "kafka",
    "zookeeper",
    "rabbitmq",
    "nats",
    "activemq",
    "pulsar",
    "elasticsearch",
    "opensearch",
    "solr",
    "minio",
    "etcd",
    "cassandra",
    "scylla",
    "clickhouse",
    "influxdb",
    "neo4j",
    "cockroach",
    "vault",
];

/// Tags that name something else tomorrow.
const MOVING: [&str; 7] = [
    "latest", "main", "master", "edge", "nightly", "stable", "dev",
];

/// An image with the place of its version.
pub(super) struct Image {
    /// The image, its tag written `{{version}}`.
    pub(super) template: String,
    pub(super) version: String,
    pub(super) keeps: Keeps,
}

/// Whether a service keeps something between requests.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Keeps {
    Nothing,
    Data,
}

impl Image {
    pub(super) fn of(service: &str, image: Option<&str>, notes: &mut Notes) -> Self {
        let shown = service.escape_debug().to_string();
        let Some(image) = image.filter(|image| !image.is_empty()) else {
            notes.add(Topic::Unbuilt, &shown);
            return Self {
                template: format!("{}:{{{{version}}}}", super::name::slug_text(service)),
                version: "0.0.0".to_owned(),
                keeps: keeps(service, ""),
            };
        };
        let keeps = keeps(service, image);
        if keeps == Keeps::Data {
            notes.add(Topic::Stateful, &shown);
        }
        let (template, version) = match image.split_once('@') {
            Some((name, digest)) => {
                notes.add(Topic::Pinned, &shown);
                (image.to_owned(), version_of_pinned(name, digest))
            }
            None => tagged(image, &shown, notes),
        };
        Self {
            template,
            version,
            keeps,
        }
    }
}

/// Splits an image at its tag; a colon before a slash belongs to the registry's port.
fn split_tag(image: &str) -> (&str, &str) {
    match image.rsplit_once(':') {
        Some((path, tag)) if !tag.contains('/') => (path, tag),
        Some(_) | None => (image, ""),
    }
}

fn version_of_pinned(name: &str, digest: &str) -> String {
    let (_, tag) = split_tag(name);
    let hash = digest.rsplit(':').next().unwrap_or_default();
    let short: String = hash.chars().take(12).collect();
    label(if tag.is_empty() { &short } else { tag })
}

/// Puts `{{version}}` in the place of a tag that can be a version.
fn tagged(image: &str, shown: &str, notes: &mut Notes) -> (String, String) {
    let (path, tag) = split_tag(image);
    let tag = if tag.is_empty() { "latest" } else { tag };
    let is_moving = |part: &str| MOVING.contains(&part);
    if tag.split(['-', '_']).any(is_moving) {
        notes.add(Topic::MovingTag, shown);
    }
    let version = label(tag);
    let template = if version == tag {
        format!("{path}:{{{{version}}}}")
    } else {
        image.to_owned()
    };
    (template, version)
}

/// Makes a version of a tag; what cannot be one is called by its readable part.
fn label(tag: &str) -> String {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let cut: String = tag.chars().filter(|c| fits(*c)).take(100).collect();
    let cut = cut.trim_start_matches(['-', '_', '.']);
    match cut.parse::<Version>() {
        Ok(_) => cut.to_owned(),
        Err(_) => "0.0.0".to_owned(),
    }
}

fn keeps(service: &str, image: &str) -> Keeps {
    let last = image.split('@').next().unwrap_or_default();
    let last = last.rsplit('/').next().unwrap_or_default();
    let (name, tag) = last.split_once(':').unwrap_or((last, ""));
    let is_known = |word: &str| {
        let word = word.to_ascii_lowercase();
        STATEFUL.contains(&word.as_str())
    };
    // `demo:latest-kafka` is a Kafka, and so is a service of that name that Compose builds.
    let is_named = is_known(service) || is_known(name);
    let is_tagged = tag.rsplit('-').next().is_some_and(is_known);
    if is_named || is_tagged {
        Keeps::Data
    } else {
        Keeps::Nothing
    }
}

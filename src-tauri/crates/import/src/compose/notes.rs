//! What a person should look at, gathered by topic so that twenty services make one sentence.

use std::collections::{BTreeMap, BTreeSet};

/// A topic; the order here is the order of the notes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Topic {
    Renamed,
    Secret,
    UnsetVariable,
    MovingTag,
    Unbuilt,
    Pinned,
    OneShot,
    Stateful,
    Started,
    MissingNeed,
    Outage,
    NoHealth,
    Ports,
    Network,
    Volumes,
    EnvironmentFile,
    Entrypoint,
    Extends,
    Include,
    Unread,
    Profiles,
}

/// Things by topic.
#[derive(Default)]
pub(super) struct Notes {
    things: BTreeMap<Topic, BTreeSet<String>>,
}

impl Notes {
    pub(super) fn add(&mut self, topic: Topic, thing: impl Into<String>) {
        self.things.entry(topic).or_default().insert(thing.into());
    }

    pub(super) fn sentences(&self) -> Vec<String> {
        let sentence = |(topic, things): (&Topic, &BTreeSet<String>)| {
            let things: Vec<&str> = things.iter().map(String::as_str).collect();
            format!("{}: {}", words(*topic), things.join(", "))
        };
        self.things.iter().map(sentence).collect()
    }
}

fn words(topic: Topic) -> &'static str {
    match topic {
        Topic::Renamed => "Renamed to fit the alphabet of node ids",
        Topic::Secret => {
            "Looked like secrets and were made references; set GANTRY_SECRET_… or the keychain"
        }
        Topic::UnsetVariable => "Variables that are not set and were taken as empty",
        Topic::MovingTag => "Images by a tag that moves; write a version that stays",
        Topic::Unbuilt => {
            "Built by Compose and without an image; name the image that your build pushes"
        }
        Topic::Pinned => "Images by digest; the version is only a name here",
        Topic::OneShot => {
            "Run once and end, so they became tasks that call Docker Compose; say how each is undone"
        }
        Topic::Stateful => {
            "Hold data or messages, so they are stopped before the new one starts; look at their backups"
        }
        Topic::Started => "`service_started` became `live`, which waits for health as well",
        Topic::MissingNeed => "Needed, but not imported",
        Topic::Outage => {
            "Publish a fixed port of the host, so old and new cannot run side by side and are down in between"
        }
        Topic::NoHealth => {
            "Health checks that run inside of the container and were left to the platform"
        }
        Topic::Ports => "Listen on several ports, of which the first was taken",
        Topic::Network => "Join several networks, of which the first was taken",
        Topic::Volumes => {
            "Mount files or volumes, which a workload cannot yet; bring them into the image or name them elsewhere"
        }
        Topic::EnvironmentFile => "Read an `env_file`, which was not looked at",
        Topic::Entrypoint => "Have their own entry point, which was left out",
        Topic::Extends => {
            "Extend other services, which was not looked at; write out what they share"
        }
        Topic::Include => "Include other files, which were not looked at; name them too",
        Topic::Unread => "Settings of Compose with no counterpart, left out",
        Topic::Profiles => "Belong to profiles that were not asked for and were left out",
    }
}

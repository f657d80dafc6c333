//! The merged project: its name and the services that are taken.

use gantry_model::id::ReleaseId;

use super::{
    Options, Variables,
    name::slug_text,
    notes::{Notes, Topic},
    service::{Service, Whole},
    tree::Tree,
};

/// Keys at the top of a project that are read here, or that say nothing about a release.
const READ: [&str; 4] = ["name", "services", "networks", "version"];

/// A Compose project.
pub(super) struct Project {
    /// The id of the release, in the alphabet of ids.
    pub(super) release: String,
    pub(super) services: Vec<Service>,
}

impl Project {
    pub(super) fn of(
        tree: &Tree,
        variables: &Variables,
        options: &Options,
        notes: &mut Notes,
    ) -> Self {
        note_the_rest(tree, notes);
        let services = tree.get("services").map_or(&[][..], Tree::entries);
        let (taken, left): (Vec<_>, Vec<_>) = services
            .iter()
            .partition(|(_, service)| is_in_profile(service, options));
        for (name, _) in left {
            notes.add(Topic::Profiles, name.escape_debug().to_string());
        }
        let whole = Whole { tree, variables };
        let service = |(name, service): &(String, Tree)| Service::of(name, service, whole, notes);
        Self {
            release: release(tree, options),
            services: taken.into_iter().map(service).collect(),
        }
    }
}

fn release(tree: &Tree, options: &Options) -> String {
    let networks = tree.get("networks");
    let default_network = networks.and_then(|networks| networks.get("default")?.text_of("name"));
    let asked = options.release.as_deref();
    let name = asked.or(tree.text_of("name")).or(default_network);
    let cut: String = slug_text(name.unwrap_or_default())
        .chars()
        .take(63)
        .collect();
    let cut = cut.trim_end_matches(['-', '.']);
    match cut.parse::<ReleaseId>() {
        Ok(_) => cut.to_owned(),
        Err(_) => "imported".to_owned(),
    }
}

/// Takes a service of no profile, or of one that was asked for.
fn is_in_profile(service: &Tree, options: &Options) -> bool {
    let profiles = service.get("profiles").map(Tree::texts).unwrap_or_default();
    let asked = |profile: &&str| {
        options
            .profiles
            .iter()
            .any(|asked| asked == profile || asked == "*")
    };
    profiles.is_empty() || profiles.iter().any(asked)
}

fn note_the_rest(tree: &Tree, notes: &mut Notes) {
    for (key, _) in tree.entries() {
        match key.as_str() {
            "include" => notes.add(Topic::Include, "the project"),
            "volumes" | "secrets" | "configs" => {}
            key if READ.contains(&key) || key.starts_with("x-") => {}
            key => notes.add(Topic::Unread, key.escape_debug().to_string()),
        }
    }
}

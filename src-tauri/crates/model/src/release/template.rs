//! What a release takes from another file where it says nothing itself.

use std::{collections::BTreeMap, fmt::Display};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Release, node::Kind, people::GoNoGo};
use crate::id::EnvironmentName;

/// A file with what many releases have in common, pinned by its hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Template {
    /// The file; a relative one lies beside the release file. It is a release file without nodes:
    /// `nodes: {}`.
    pub file: String,
    /// The hash of its bytes, `sha256:` and 64 hexadecimal digits: another template is another
    /// release.
    pub hash: String,
}

/// For which releases an item is asked; for all where nothing is said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Only {
    /// Those that go to one of these environments.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub environments: Vec<EnvironmentName>,
    /// Those that change something of one of these kinds.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<Kind>,
}

impl Only {
    /// Whether it is asked for a release that goes there and changes things of these kinds.
    pub fn concerns(&self, environment: &EnvironmentName, kinds: &[Kind]) -> bool {
        let there = self.environments.is_empty() || self.environments.contains(environment);
        let of_kind = self.kinds.is_empty() || self.kinds.iter().any(|kind| kinds.contains(kind));
        there && of_kind
    }
}

/// What became of the parts of a template, by their words in a release file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filled {
    /// What the release took.
    pub taken: Vec<String>,
    /// What the release says otherwise.
    pub replaced: Vec<String>,
}

impl Release {
    /// Takes from a template what this release does not say itself, and tells what it took.
    ///
    /// Lists, metrics and connections are taken one by one, by their names; everything else as a
    /// whole.
    pub fn fill(&mut self, template: Self) -> Filled {
        let mut filled = Filled::default();
        let lists = (&mut self.checklists.0, template.checklists.0);
        filled.by_name("checklists", lists);
        filled.by_name("metrics", (&mut self.metrics, template.metrics));
        filled.by_name("connections", (&mut self.connections, template.connections));
        filled.list("triggers", (&mut self.triggers, template.triggers));
        filled.list("silences", (&mut self.silences, template.silences));
        filled.list("success", (&mut self.success, template.success));
        filled.list(
            "stakeholders",
            (&mut self.stakeholders, template.stakeholders),
        );
        let (own, defaults) = (&mut self.defaults, template.defaults);
        filled.option("defaults/health", (&mut own.health, defaults.health));
        filled.option("defaults/judge", (&mut own.judge, defaults.judge));
        let says = self.go_no_go != GoNoGo::default();
        if template.go_no_go != GoNoGo::default() && filled.note("go-no-go".into(), says) {
            self.go_no_go = template.go_no_go;
        }
        let says = !self.notify.is_default();
        if !template.notify.is_default() && filled.note("notify".into(), says) {
            self.notify = template.notify;
        }
        filled
    }
}

impl Filled {
    /// Notes a part, and says whether it is taken.
    fn note(&mut self, part: String, said: bool) -> bool {
        if said {
            self.replaced.push(part);
        } else {
            self.taken.push(part);
        }
        !said
    }

    fn by_name<K: Ord + Display, V: PartialEq>(
        &mut self,
        part: &str,
        (own, template): (&mut BTreeMap<K, V>, BTreeMap<K, V>),
    ) {
        for (name, value) in template {
            let said = own.contains_key(&name);
            let same = own.get(&name) == Some(&value);
            if !same && self.note(format!("{part}/{name}"), said) {
                own.insert(name, value);
            }
        }
    }

    fn list<V>(&mut self, part: &str, (own, template): (&mut Vec<V>, Vec<V>)) {
        if !template.is_empty() && self.note(part.into(), !own.is_empty()) {
            *own = template;
        }
    }

    fn option<V>(&mut self, part: &str, (own, template): (&mut Option<V>, Option<V>)) {
        if template.is_some() && self.note(part.into(), own.is_some()) {
            *own = template;
        }
    }
}

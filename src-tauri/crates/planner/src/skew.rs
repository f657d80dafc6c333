//! Which versions can meet on the way, forward and backward, and whether they may.
//!
//! A consumer says by `compatible` what its new version can live beside. From the moment it is
//! staged it can meet every version of a provider that may still, or already, be there: the old
//! one too, unless an edge makes the consumer wait until the provider is live. The same edge
//! keeps them apart in a rollback, which goes backward along the executed edges; where there is
//! no edge, either may go first in both directions.

mod database;
mod order;

use gantry_model::{
    id::{ServiceName, Version},
    plan::{Finding, SkewPair},
    release::node::Kind,
};

use crate::{
    assemble::Assembled, known::Directory, needs::Compiled, place::Place, requirement::Requirement,
    settled::Deployment,
};
use order::{Awaited, Walk};

/// Checks every declared pair; unsafe ones become findings too.
pub(crate) fn pairs(plan: &Assembled<'_>, found: &mut Vec<Finding>) -> Vec<SkewPair> {
    let directory = Directory::of(plan.nodes.iter().map(|node| node.settled));
    let walk = Walk::new(plan);
    let mut pairs = Vec::new();
    let declare = |node: &&(&Compiled<'_>, u32)| !node.0.settled.node.compatible.is_empty();
    let nodes: Vec<(&Compiled<'_>, u32)> = plan.nodes.iter().zip(0_u32..).collect();
    for (consumer, at) in nodes.iter().filter(declare) {
        let Some(awaited) = walk.awaited([*at]) else {
            found.push(unchecked(consumer));
            break;
        };
        for (name, text) in &consumer.settled.node.compatible {
            let side = Side {
                plan,
                consumer,
                at: *at,
                directory: &directory,
                walk: &walk,
                awaited: &awaited,
                name,
                text,
                place: consumer.settled.place.at("compatible").at(name),
            };
            let pairs = &mut pairs;
            side.check(&mut Sink { pairs, found });
        }
    }
    pairs
}

/// Says that the release was too large to look at every pair.
fn unchecked(first: &Compiled<'_>) -> Finding {
    let id = first.settled.id;
    let message =
        format!("From `{id}` on nobody checked which versions can meet: the graph is too large.");
    let hint = "make several releases of it";
    first
        .settled
        .place
        .at("compatible")
        .warning("skew-not-checked", message, hint)
}

/// Where pairs and findings go.
struct Sink<'s> {
    pairs: &'s mut Vec<SkewPair>,
    found: &'s mut Vec<Finding>,
}

/// One line of one node's `compatible`.
struct Side<'p> {
    plan: &'p Assembled<'p>,
    consumer: &'p Compiled<'p>,
    at: u32,
    directory: &'p Directory<'p>,
    walk: &'p Walk<'p>,
    awaited: &'p Awaited,
    name: &'p ServiceName,
    text: &'p str,
    place: Place,
}

/// Two versions that meet.
struct Meeting {
    version: Option<Version>,
    when: String,
    hint: String,
}

impl Side<'_> {
    fn check(&self, sink: &mut Sink<'_>) {
        let providers = self.providers();
        if providers.is_empty() {
            self.check_neighbour(sink);
        }
        for (provider, at) in providers {
            if provider.settled.node.kind == Kind::Database
                && Requirement::parse(self.text).is_none()
            {
                database::check(self, (provider, at), sink);
            } else {
                self.check_node((provider, at), sink);
            }
        }
    }

    /// The node of that id, or else the nodes of that service that have a version.
    fn providers(&self) -> Vec<(&Compiled<'_>, u32)> {
        let called = self.directory.called(self.name).iter().copied();
        let others = called.filter(|at| *at != self.at);
        let nodes = others.filter_map(|at| Some((self.plan.nodes.get(at as usize)?, at)));
        let by_version = Requirement::parse(self.text).is_some();
        let tells = |node: &Compiled<'_>| match by_version {
            true => node.settled.node.version.is_some(),
            false => node.settled.node.kind == Kind::Database,
        };
        nodes.filter(|(node, _)| tells(node)).collect()
    }

    /// A service that this release leaves as it is.
    fn check_neighbour(&self, sink: &mut Sink<'_>) {
        // A node that was left out by its condition is no neighbour: nothing is known of it.
        let Some(version) = self.plan.release.services.get(self.name) else {
            return;
        };
        let meeting = Meeting {
            version: Some(version.clone()),
            when: format!(
                "as soon as `{}` is staged: this release leaves `{}` as it is",
                self.id(),
                self.name
            ),
            hint: format!(
                "release `{}` first, or widen what `{}` can live beside",
                self.name,
                self.id()
            ),
        };
        self.judge(meeting, sink);
    }

    fn check_node(&self, (provider, at): (&Compiled<'_>, u32), sink: &mut Sink<'_>) {
        let change = provider.settled.node.version.as_ref();
        let Some(change) = change else {
            return;
        };
        self.judge(
            Meeting {
                version: Some(change.to.clone()),
                when: "once both are live".into(),
                hint: format!(
                    "choose versions of `{}` and `{}` that go together",
                    self.id(),
                    self.name
                ),
            },
            sink,
        );
        if provider.settled.deployment == Deployment::First || self.waits_until_live(provider, at) {
            return;
        }
        let (when, hint) = self.why_they_meet(provider, at);
        let version = provider.settled.old_version.clone();
        self.judge(
            Meeting {
                version,
                when,
                hint,
            },
            sink,
        );
    }

    /// Whether the old version of the provider is out of use before this node starts.
    fn waits_until_live(&self, provider: &Compiled<'_>, at: u32) -> bool {
        let live = "live"
            .parse()
            .ok()
            .and_then(|live| provider.reaching(&live));
        self.awaited.step(at) >= Some(live.unwrap_or(provider.done()))
    }

    fn why_they_meet(&self, provider: &Compiled<'_>, at: u32) -> (String, String) {
        let (id, other) = (self.id(), provider.settled.id);
        if self.awaited.step(at).is_some() {
            let when = format!(
                "`{id}` starts while the old `{other}` still serves, and stays until it serves again"
            );
            return (when, format!("let `{id}` need `{other}` or `{other}:live`"));
        }
        if self.is_needed_by(at) {
            let when =
                format!("`{other}` needs `{id}`, so that `{id}` is live first, and goes back last");
            return (
                when,
                format!("turn the need round, or widen what `{id}` can live beside"),
            );
        }
        let when = format!(
            "nothing orders `{id}` and `{other}`: either may be live first, and either may go back first"
        );
        (when, format!("add `{other}` to the needs of `{id}`"))
    }

    fn is_needed_by(&self, other: u32) -> bool {
        let awaited = self.walk.awaited([other]);
        awaited.is_some_and(|awaited| awaited.step(self.at).is_some())
    }

    fn id(&self) -> &str {
        self.consumer.settled.id.as_str()
    }

    /// Compares, and records what came of it.
    fn judge(&self, meeting: Meeting, sink: &mut Sink<'_>) {
        let Some(requirement) = Requirement::parse(self.text) else {
            return;
        };
        let version = meeting.version.as_ref();
        match version.and_then(|version| requirement.met_by(version)) {
            Some(ok) => {
                let other = version.map_or(String::new(), |version| version.to_string());
                self.record((other, meeting.when, ok), meeting.hint, sink);
            }
            None => sink.found.push(self.unclear(&meeting)),
        }
    }

    fn unclear(&self, meeting: &Meeting) -> Finding {
        let other = match &meeting.version {
            Some(version) => format!("version {version}, which cannot be compared"),
            None => "an old version that nobody named".to_owned(),
        };
        let message = format!(
            "`{}` can meet {other}, of `{}`; it asks for {}: {}.",
            self.id(),
            self.name,
            self.text,
            meeting.when
        );
        let hint = format!("give the version of `{}` as three numbers", self.name);
        self.place.warning("skew-unknown", message, hint)
    }

    /// Records a pair; `(version or milestone of the provider, when they meet, whether they may)`.
    fn record(&self, (other, when, ok): (String, String, bool), hint: String, sink: &mut Sink<'_>) {
        let change = self.consumer.settled.node.version.as_ref();
        let own = change.map_or("new".to_owned(), |change| change.to.to_string());
        self.record_pair(((own, other), when, ok), hint, sink);
    }

    fn record_pair(
        &self,
        (pair, when, ok): ((String, String), String, bool),
        hint: String,
        sink: &mut Sink<'_>,
    ) {
        if !ok {
            let message = format!(
                "`{}` {} can meet `{}` {}, but asks for {}: {when}.",
                self.id(),
                pair.0,
                self.name,
                pair.1,
                self.text
            );
            sink.found
                .push(self.place.error("skew-unsafe", message, hint));
        }
        let consumer = self.id().to_owned();
        let provider = self.name.to_string();
        sink.pairs.push(SkewPair {
            consumer,
            provider,
            pair,
            when,
            ok,
        });
    }
}

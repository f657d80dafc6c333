//! Nodes: the parts that their kind needs, and none that it would ignore.

use gantry_model::{
    id::{Milestone, ServiceName},
    plan::Finding,
    release::node::{Kind, Node, Workload},
};

use super::{
    Use, connection,
    strategy::{at_least_one, replicas},
    text,
};
use crate::{
    kind_word,
    known::Known,
    place::Place,
    requirement::{EXPECTED, Requirement},
    settled::Settled,
};

/// Checks the parts of a node.
pub(super) fn check(known: &Known<'_>, settled: &Settled<'_>, found: &mut Vec<Finding>) {
    let (node, place) = (settled.node, &settled.place);
    found.extend(
        parts(node)
            .into_iter()
            .filter_map(|part| part.check(settled)),
    );
    let serves = matches!(node.kind, Kind::App | Kind::Config);
    if node.health.is_some() && !serves {
        found.push(unused(settled, "health"));
    }
    if node.judge.is_some() && !serves && node.kind != Kind::Flag {
        found.push(unused(settled, "judge"));
    }
    if let Some(workload) = &node.workload {
        check_workload(known, (node, workload), &place.at("workload"), found);
    }
    if let Some(route) = &node.router {
        let place = place.at("router").at("connection");
        connection(known, &route.connection, (&place, Use::Router), found);
    }
    let purpose = if node.kind == Kind::Flag {
        Use::Flag
    } else {
        Use::Database
    };
    if let Some(name) = &node.connection {
        connection(known, name, (&place.at("connection"), purpose), found);
    }
    if let Some(health) = &node.health {
        let place = place.at("health");
        found.extend(at_least_one(health.consecutive, &place.at("consecutive")));
        let arguments = health.exec.iter();
        found.extend(arguments.flat_map(|exec| text::check_arguments(exec, &place.at("exec"))));
    }
    compatible(known, settled, found);
}

fn check_workload(
    known: &Known<'_>,
    (node, workload): (&Node, &Workload),
    place: &Place,
    found: &mut Vec<Finding>,
) {
    let purpose = (&place.at("connection"), Use::Workload);
    connection(known, &workload.connection, purpose, found);
    let image = place.at("image");
    let has_version = node.version.is_some();
    found.extend(text::check_placeholders(
        &workload.image,
        &image,
        has_version,
    ));
    if workload.image.trim().is_empty() {
        let hint = "for example `shop/web:{{version}}`";
        found.push(image.error("empty-image", "The image has no name.".into(), hint));
    }
    found.extend(replicas(workload.replicas, &place.at("replicas")));
}

/// A part of a node and what its kind says about it.
struct Part {
    key: &'static str,
    given: bool,
    rule: Rule,
    hint: &'static str,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Rule {
    Needed,
    Welcome,
    DoesNotFit,
}

impl Part {
    fn check(self, settled: &Settled<'_>) -> Option<Finding> {
        let (id, kind, key) = (settled.id, kind_word(settled.node.kind), self.key);
        match (self.rule, self.given) {
            (Rule::Needed, false) => {
                let message = format!("`{id}` has the kind {kind} and no `{key}`.");
                Some(settled.place.error("missing-part", message, self.hint))
            }
            (Rule::DoesNotFit, true) => {
                let message = format!("`{key}` means nothing to `{id}`, whose kind is {kind}.");
                let place = settled.place.at(key);
                Some(place.error("part-does-not-fit", message, format!("take `{key}` away")))
            }
            (Rule::Needed, true) | (Rule::Welcome, _) | (Rule::DoesNotFit, false) => None,
        }
    }
}

fn parts(node: &Node) -> Vec<Part> {
    use Rule::{DoesNotFit, Needed, Welcome};
    let rules: [(&'static str, bool, [Rule; 4], &'static str); 7] = [
        // key, given, [app and config, database, flag, task], hint
        (
            "workload",
            node.workload.is_some(),
            [Needed, DoesNotFit, DoesNotFit, DoesNotFit],
            "add `workload: { connection, image }`",
        ),
        (
            "version",
            node.version.is_some(),
            [Needed, Welcome, Welcome, Welcome],
            "add `version: { from, to }`, or `version` with the new one alone",
        ),
        (
            "router",
            node.router.is_some(),
            [Welcome, DoesNotFit, DoesNotFit, DoesNotFit],
            "",
        ),
        (
            "connection",
            node.connection.is_some(),
            [DoesNotFit, Needed, Needed, DoesNotFit],
            "add `connection` with a name from `connections`",
        ),
        (
            "flag",
            node.flag.is_some(),
            [DoesNotFit, DoesNotFit, Needed, DoesNotFit],
            "add `flag: { name }`",
        ),
        (
            "strategy",
            node.strategy.is_some(),
            [Welcome, Needed, Welcome, Welcome],
            "add `strategy: { expand-contract: { expand: FILE } }`",
        ),
        // What a task runs is checked with its forms.
        (
            "run",
            node.run.is_some(),
            [DoesNotFit, DoesNotFit, DoesNotFit, Welcome],
            "",
        ),
    ];
    let column = match node.kind {
        Kind::App | Kind::Config => 0,
        Kind::Database => 1,
        Kind::Flag => 2,
        Kind::Task => 3,
    };
    let part = |(key, given, rules, hint): (_, _, [Rule; 4], _)| Part {
        key,
        given,
        rule: rules.get(column).copied().unwrap_or(Welcome),
        hint,
    };
    rules.into_iter().map(part).collect()
}

fn unused(settled: &Settled<'_>, key: &str) -> Finding {
    let kind = kind_word(settled.node.kind);
    let message = format!(
        "`{key}` of `{}` is never looked at, since its kind is {kind}.",
        settled.id
    );
    settled
        .place
        .at(key)
        .warning("part-not-used", message, format!("take `{key}` away"))
}

/// Checks that everything it declares to live beside is there and can be compared.
fn compatible(known: &Known<'_>, settled: &Settled<'_>, found: &mut Vec<Finding>) {
    for (name, text) in &settled.node.compatible {
        let place = settled.place.at("compatible").at(name);
        let providers = known.directory.called(name).iter();
        let mut providers = providers.filter_map(|at| known.nodes.get(*at as usize));
        let is_database = |other: &Settled<'_>| other.node.kind == Kind::Database;
        let nobody = known.directory.called(name).is_empty();
        let database = providers.any(is_database);
        if nobody && !known.release.services.contains_key(name) {
            found.push(unknown_provider(known, name, &place));
        } else if Requirement::parse(text).is_none() && !(database && is_milestone(text)) {
            let message = format!("`{text}` is not a version requirement.");
            let hint = match database {
                true => "write `expanded`, `backfilled` or `verified`, or a version requirement",
                false => EXPECTED,
            };
            found.push(place.error("bad-requirement", message, hint));
        }
    }
}

fn is_milestone(text: &str) -> bool {
    ["expanded", "backfilled", "verified", "done"].contains(&text)
        && text.parse::<Milestone>().is_ok()
}

fn unknown_provider(known: &Known<'_>, name: &ServiceName, place: &Place) -> Finding {
    let services = known.release.services.keys().map(ServiceName::as_str);
    let ids = known.nodes.iter().map(|node| node.id.as_str());
    let message = format!("Neither a service nor a node is called `{name}`.");
    place.error(
        "unknown-service",
        message,
        known.nearest(name.as_str(), services.chain(ids)),
    )
}

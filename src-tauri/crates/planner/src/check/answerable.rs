//! Queries that nobody could ever fill: a place of theirs has no value where the metric is asked for.

use gantry_model::{
    id::{MetricName, ServiceName},
    plan::Finding,
    release::{
        check::{Check, Trigger},
        connection::Connection,
        metric::Metric,
        node::Kind,
    },
};

use super::{source::PLACES, text};
use crate::{known::Known, place::Place, settled::Settled};

/// What has a value wherever a metric is asked for.
const ALWAYS: [&str; 2] = ["environment", "interval"];

/// Checks that the metric of a criterion or a checklist can be read: of the service that it names,
/// or of any of the release, since it is read of each that it can be read of.
pub(super) fn check(known: &Known<'_>, check: &Check, place: &Place) -> Vec<Finding> {
    let Some(name) = &check.metric else {
        return Vec::new();
    };
    let whose: Vec<Option<&ServiceName>> = match &check.of {
        Some(of) => vec![Some(of)],
        None => {
            let all = known.nodes.iter().map(|node| Some(&node.service));
            std::iter::once(None).chain(all).collect()
        }
    };
    let values = whose.into_iter().map(|of| of_service(known, of));
    let asked = (name, check.of.as_ref());
    unfilled(known, asked, values.collect(), &place.at("metric"))
}

/// Checks that the metric of a trigger of the whole release can be read without a node.
pub(super) fn trigger(known: &Known<'_>, trigger: &Trigger, place: &Place) -> Vec<Finding> {
    let Some(name) = &trigger.metric else {
        return Vec::new();
    };
    let of = trigger.of.as_ref();
    let mut values = of_service(known, of);
    // Its plan knows the versions of neighbours.
    if of.is_some_and(|of| known.release.services.contains_key(of)) {
        values.push("version");
    }
    unfilled(known, (name, of), vec![values], &place.at("metric"))
}

/// Lists the places of a metric's queries that have no value, in the best of some cases.
fn unfilled(
    known: &Known<'_>,
    (name, of): (&MetricName, Option<&ServiceName>),
    cases: Vec<Vec<&'static str>>,
    place: &Place,
) -> Vec<Finding> {
    let Some(metric) = known.release.metrics.get(name) else {
        return Vec::new();
    };
    let needed: Vec<&str> = texts(known, metric)
        .flat_map(text::placeholders)
        // What nobody knows at all is said where it stands.
        .filter(|needed| PLACES.contains(needed))
        .collect();
    let lacking = cases.into_iter().map(|has| {
        let missing = needed
            .iter()
            .copied()
            .filter(|needed| !has.contains(needed));
        (missing.collect::<Vec<_>>(), has)
    });
    let Some((mut missing, has)) = lacking.min_by_key(|(missing, _)| missing.len()) else {
        return Vec::new();
    };
    missing.sort_unstable();
    missing.dedup();
    let said = missing.into_iter().map(|missing| {
        let nobody = || "no service is named here".to_owned();
        let why = of.map_or_else(nobody, |of| format!("`{of}` has none"));
        let message =
            format!("`{name}` could never be read: it asks for `{{{{{missing}}}}}`, and {why}.");
        place.error("metric-unanswerable", message, hint(of, &has))
    });
    said.collect()
}

fn hint(of: Option<&ServiceName>, has: &[&str]) -> String {
    let known: Vec<String> = has.iter().map(|name| format!("`{{{{{name}}}}}`")).collect();
    let known = known.join(", ");
    match of {
        None => format!("name a service with `of`; without one there are {known}"),
        Some(_) => format!("there are {known} here; use another metric, or another `of`"),
    }
}

/// Gives everything of a metric that has places: its queries, and the address where those are asked.
fn texts<'a>(known: &Known<'a>, metric: &'a Metric) -> impl Iterator<Item = &'a str> {
    let queries = [&metric.bad, &metric.total, &metric.query];
    let source = metric.source.as_ref();
    let json = source.and_then(|name| match known.release.connections.get(name) {
        Some(Connection::JsonHttp(json)) => Some(json),
        _ => None,
    });
    let address = json.map(|json| json.url.as_str());
    let body = json.and_then(|json| json.body.as_ref());
    let queries = queries.into_iter().flatten().map(String::as_str);
    queries.chain(address).chain(body.map(|body| body.as_str()))
}

/// Gives what has a value where a service is asked about, or nobody in particular.
fn of_service(known: &Known<'_>, of: Option<&ServiceName>) -> Vec<&'static str> {
    let mut has = ALWAYS.to_vec();
    let Some(service) = of else {
        return has;
    };
    has.push("service");
    let own = known.directory.of_service(service).iter();
    let mut own = own
        .filter_map(|at| known.nodes.get(*at as usize))
        .peekable();
    let first = own.peek().copied();
    // Of several nodes the one with versions is asked about, as it is when the metric is read.
    let node = own.find(|node| node.node.version.is_some()).or(first);
    has.extend(node.into_iter().flat_map(of_node));
    has
}

fn of_node(node: &Settled<'_>) -> impl Iterator<Item = &'static str> {
    let flag = (node.node.kind == Kind::Flag).then_some("variant");
    let version = node.node.version.is_some().then_some("version");
    ["node", "arm"].into_iter().chain(flag).chain(version)
}

//! Sources of metrics and alerts: their questions can be asked.

use gantry_model::{
    plan::Finding,
    release::{
        check::Trigger,
        connection::{AskingMethod, Connection, JsonHttp},
        metric::Metric,
    },
};

use super::text;
use crate::{
    known::{Known, nearest},
    place::Place,
};

/// What a query may have a place for.
pub(super) const PLACES: [&str; 7] = [
    "service",
    "version",
    "environment",
    "node",
    "arm",
    "variant",
    "interval",
];

/// Checks the queries of a metric.
pub(super) fn check_metric(metric: &Metric, place: &Place, found: &mut Vec<Finding>) {
    let queries = [
        ("bad", &metric.bad),
        ("total", &metric.total),
        ("query", &metric.query),
    ];
    for (key, query) in queries {
        if let Some(query) = query {
            found.extend(unknown_places(query, &place.at(key)));
        }
    }
}

/// Checks the connections that are more than an address.
pub(super) fn check_connections(known: &Known<'_>, found: &mut Vec<Finding>) {
    for (name, connection) in &known.release.connections {
        if let Connection::JsonHttp(json) = connection {
            let place = Place::top("connections").at(name).at("json-http");
            check_json(json, &place, found);
        }
    }
}

fn check_json(json: &JsonHttp, place: &Place, found: &mut Vec<Finding>) {
    let url = json.url.as_str();
    found.extend(unknown_places(url, &place.at("url")));
    if host(url).contains("{{") {
        let message = format!("`{url}` would ask another host for each value.");
        let hint = "write the host out, values belong into path and query";
        found.push(place.at("url").error("place-in-host", message, hint));
    }
    if let Some(body) = &json.body {
        let place = place.at("body");
        found.extend(unknown_places(body.as_str(), &place));
        if json.method == AskingMethod::Get {
            let message = "A body is sent with POST alone.".to_owned();
            found.push(place.error("body-without-post", message, "add `method: POST`"));
        }
    }
}

/// Gives everything before the path.
fn host(url: &str) -> &str {
    let begin = url.find("://").map_or(0, |at| at + 3);
    let rest = url.get(begin..).unwrap_or_default();
    let length = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    url.get(..begin + length).unwrap_or(url)
}

fn unknown_places(text: &str, place: &Place) -> Vec<Finding> {
    let unknown = text::placeholders(text).filter(|name| !PLACES.contains(name));
    unknown
        .map(|name| {
            let message = format!("`{{{{{name}}}}}` is not a placeholder that is known here.");
            let hint = nearest(name, PLACES.into_iter());
            place.error("unknown-placeholder", message, hint)
        })
        .collect()
}

/// Checks that somebody tells about the alert that a trigger watches.
pub(super) fn check_alert(known: &Known<'_>, trigger: &Trigger, place: &Place) -> Option<Finding> {
    let mut connections = known.release.connections.values();
    let told = connections.any(|connection| {
        matches!(
            connection,
            Connection::Alertmanager(_) | Connection::Simulated(_)
        )
    });
    let message = "This trigger watches an alert, and no connection tells about alerts.".to_owned();
    let hint = "add a connection, for example `alerts: { alertmanager: { url: \"http://127.0.0.1:9093\" } }`";
    let deaf = !trigger.alert.is_empty() && !told;
    deaf.then(|| place.at("alert").error("no-alert-source", message, hint))
}

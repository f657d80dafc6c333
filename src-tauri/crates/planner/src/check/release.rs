//! What stands around the nodes: policy, window, metrics, people.

use std::collections::BTreeSet;

use gantry_model::{
    plan::Finding,
    release::{
        Window,
        check::{Check, Criterion},
        metric::{Metric, MetricKind},
        people::{Checklist, Item},
    },
    unit::Span,
};
use gantry_readiness::calendar;

use super::{Use, answerable, connection, item, judge, source, strategy::at_least_one, text};
use crate::{known::Known, place::Place};

/// Checks everything that is not inside a node.
pub(super) fn check(known: &Known<'_>, found: &mut Vec<Finding>) {
    if known.release.nodes.is_empty() {
        let message = "The release has no nodes.".to_owned();
        found.push(Place::top("nodes").error("no-nodes", message, "add at least one change"));
    }
    policy(known, found);
    if let Some(window) = &known.release.window {
        check_window(window, found);
    }
    defaults(known, found);
    source::check_connections(known, found);
    metrics(known, found);
    for (number, trigger) in known.release.triggers.iter().enumerate() {
        let place = Place::top("triggers").at(number);
        judge::check_trigger(known, trigger, &place, found);
        found.extend(answerable::trigger(known, trigger, &place));
        found.extend(judge::check_scope(known, trigger, &place));
    }
    silences(known, found);
    people(known, found);
}

fn policy(known: &Known<'_>, found: &mut Vec<Finding>) {
    let place = Place::top("policy");
    found.extend(at_least_one(
        known.release.policy.max_parallel,
        &place.at("max-parallel"),
    ));
    for (gate, count) in &known.release.policy.approvals.gates {
        found.extend(at_least_one(*count, &place.at("approvals").at(gate)));
    }
}

fn check_window(window: &Window, found: &mut Vec<Finding>) {
    let place = Place::top("window");
    let times = [
        ("opens", &window.opens, calendar::opens(window)),
        ("closes", &window.closes, calendar::closes(window)),
    ];
    let read = times.map(|(key, text, instant)| {
        if instant.is_none() {
            let message = format!("`{text}` is not a time.");
            let hint = "write `2026-12-01T20:00:00`, or RFC 3339 with an offset";
            found.push(place.at(key).error("bad-time", message, hint));
        }
        instant
    });
    if let [Some(opens), Some(closes)] = read
        && closes <= opens
    {
        let message = format!(
            "The window closes ({}) before it opens ({}).",
            window.closes, window.opens
        );
        let hint = "let it close after it opens";
        found.push(
            place
                .at("closes")
                .error("window-closes-first", message, hint),
        );
    }
}

fn defaults(known: &Known<'_>, found: &mut Vec<Finding>) {
    let place = Place::top("defaults");
    if let Some(judge) = &known.release.defaults.judge {
        judge::check_judge(known, judge, &place.at("judge"), found);
    }
    if let Some(health) = &known.release.defaults.health {
        let place = place.at("health");
        found.extend(at_least_one(health.consecutive, &place.at("consecutive")));
        let arguments = health.exec.iter();
        found.extend(arguments.flat_map(|exec| text::check_arguments(exec, &place.at("exec"))));
    }
}

fn metrics(known: &Known<'_>, found: &mut Vec<Finding>) {
    for (name, metric) in &known.release.metrics {
        let place = Place::top("metrics").at(name);
        if let Some(source) = &metric.source {
            connection(known, source, (&place.at("source"), Use::Metrics), found);
        }
        if !has_its_queries(metric) {
            let message = format!("`{name}` does not say what is asked for.");
            let hint = "a ratio has `bad` and `total`, every other kind has `query`";
            found.push(place.error("metric-form", message, hint));
        }
        source::check_metric(metric, &place, found);
        let limits = [
            ("never-above", &metric.never_above),
            ("never-below", &metric.never_below),
            ("tolerate", &metric.tolerate),
        ];
        for (key, limit) in limits {
            let limit = limit.as_deref();
            found.extend(limit.and_then(|limit| text::check_threshold(limit, &place.at(key))));
        }
    }
}

fn silences(known: &Known<'_>, found: &mut Vec<Finding>) {
    for (number, silence) in known.release.silences.iter().enumerate() {
        let place = Place::top("silences").at(number);
        let named = (&place.at("connection"), Use::Alerts);
        connection(known, &silence.connection, named, found);
        if silence.labels.is_empty() {
            let message = "A silence without labels would silence everything.".to_owned();
            let hint = "name the labels of the alerts in `match`, such as `{ service: orders }`";
            found.push(place.at("match").error("silence-form", message, hint));
        }
        if silence.lasting == Span::ZERO {
            let message = "A silence of no length silences nothing.".to_owned();
            let hint = "say for how long at most, such as `for: 4h`; it ends with the release";
            found.push(place.at("for").error("silence-form", message, hint));
        }
    }
}

fn has_its_queries(metric: &Metric) -> bool {
    match metric.kind {
        MetricKind::Ratio => metric.bad.is_some() && metric.total.is_some(),
        MetricKind::Latency | MetricKind::Gauge => metric.query.is_some(),
    }
}

fn people(known: &Known<'_>, found: &mut Vec<Finding>) {
    criteria(known, &known.release.success, &Place::top("success"), found);
    for (number, criterion) in known.release.success.iter().enumerate() {
        let place = Place::top("success").at(number).at("check");
        found.extend(item::check_success(criterion, &place));
    }
    let place = Place::top("go-no-go").at("criteria");
    criteria(known, &known.release.go_no_go.criteria, &place, found);
    for (name, list) in &known.release.checklists.0 {
        let items: &[Item] = match list {
            Checklist::Items(items) => items,
            // A list that Gantry brings needs no checking.
            Checklist::Named(_) => &[],
        };
        for (number, item) in items.iter().enumerate() {
            let place = Place::top("checklists").at(name).at(number).at("check");
            found.extend(
                item.check
                    .iter()
                    .flat_map(|check| looks(known, check, &place)),
            );
        }
    }
}

fn criteria(known: &Known<'_>, criteria: &[Criterion], place: &Place, found: &mut Vec<Finding>) {
    let mut ids = BTreeSet::new();
    for (number, criterion) in criteria.iter().enumerate() {
        if !ids.insert(&criterion.id) {
            let message = format!("Two criteria are called `{}`.", criterion.id);
            let hint = "give each an id of its own, since answers name it";
            let place = place.at(number).at("id");
            found.push(place.error("duplicate-criterion", message, hint));
        }
        let place = place.at(number).at("check");
        found.extend(
            criterion
                .check
                .iter()
                .flat_map(|check| looks(known, check, &place)),
        );
    }
}

fn looks(known: &Known<'_>, check: &Check, place: &Place) -> Vec<Finding> {
    let arguments = check.exec.iter();
    let mut found: Vec<Finding> = arguments
        .flat_map(|exec| text::check_arguments(exec, &place.at("exec")))
        .collect();
    let metric = check.metric.as_ref();
    found.extend(metric.and_then(|name| judge::unknown_metric(known, name, &place.at("metric"))));
    if check.metric.is_some() && check.below.is_none() && check.above.is_none() {
        let message = "A metric without `above` or `below` says nothing.".to_owned();
        found.push(place.error("check-form", message, "add `above` or `below`"));
    }
    found.extend(check.of.as_ref().and_then(|of| {
        let place = place.at("of");
        let message = "`of` says whose metric is looked at, and there is none.".to_owned();
        match check.metric {
            Some(_) => judge::unknown_service(known, of, &place),
            None => Some(place.error("check-form", message, "add `metric`, or take `of` away")),
        }
    }));
    found.extend(answerable::check(known, check, place));
    found.extend(item::check(known, check, place));
    found
}

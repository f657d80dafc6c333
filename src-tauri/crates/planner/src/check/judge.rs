//! Judges and triggers: the metrics and services that they name are there.

use gantry_model::{
    id::{MetricName, ServiceName},
    plan::Finding,
    release::{
        check::{Judge, Reaction, Trigger},
        connection::Connection,
    },
    unit::Span,
};

use super::{Use, connection, source, text};
use crate::{known::Known, place::Place, settled::Settled};

/// Shorter buckets hold too little, and nothing is scraped so often.
const SHORTEST: Span = Span::from_secs(1);
/// Longer buckets would make a bake of ten buckets longer than anybody waits.
const LONGEST: Span = Span::from_secs(3600);
/// The lengths below a minute that CloudWatch counts in, in milliseconds.
const SHORT_PERIODS: [u64; 5] = [1_000, 5_000, 10_000, 20_000, 30_000];

/// Checks the judge and the triggers of a node.
pub(super) fn check(known: &Known<'_>, settled: &Settled<'_>, found: &mut Vec<Finding>) {
    if let Some(judge) = &settled.node.judge {
        check_judge(known, judge, &settled.place.at("judge"), found);
    }
    for (number, trigger) in settled.node.triggers.iter().enumerate() {
        let place = settled.place.at("triggers").at(number);
        check_trigger(known, trigger, &place, found);
    }
}

/// Checks that a judge's source and metrics are there.
pub(super) fn check_judge(
    known: &Known<'_>,
    judge: &Judge,
    place: &Place,
    found: &mut Vec<Finding>,
) {
    connection(
        known,
        &judge.source,
        (&place.at("source"), Use::Metrics),
        found,
    );
    found.extend(check_bucket(known, judge, &place.at("bucket")));
    for (number, name) in judge.metrics.iter().enumerate() {
        found.extend(unknown_metric(known, name, &place.at("metrics").at(number)));
    }
}

/// Checks that buckets are of a length that can be judged, and that the source can count in.
fn check_bucket(known: &Known<'_>, judge: &Judge, place: &Place) -> Option<Finding> {
    let bucket = judge.bucket;
    let error = |message, hint| Some(place.error("bad-bucket", message, hint));
    if bucket < SHORTEST || bucket > LONGEST {
        let message = format!("Buckets of {bucket} cannot be judged.");
        return error(message, "write a length from 1s to 1h, such as `60s`");
    }
    let millis = bucket.as_millis();
    let minutes = millis.is_multiple_of(60_000);
    match known.release.connections.get(&judge.source)? {
        Connection::CloudWatch(_) if !minutes && !SHORT_PERIODS.contains(&millis) => {
            let message = format!("CloudWatch has no buckets of {bucket}.");
            error(message, "write 1s, 5s, 10s, 20s, 30s or whole minutes")
        }
        Connection::Datadog(_) if !millis.is_multiple_of(1000) => {
            let message = format!("Datadog has no buckets of {bucket}.");
            error(message, "write whole seconds")
        }
        _ => None,
    }
}

/// Checks that a metric is there.
pub(super) fn unknown_metric(
    known: &Known<'_>,
    name: &MetricName,
    place: &Place,
) -> Option<Finding> {
    let all = known.release.metrics.keys().map(MetricName::as_str);
    let message = format!("No metric `{name}` stands under `metrics`.");
    let missing = !known.release.metrics.contains_key(name);
    missing.then(|| place.error("unknown-metric", message, known.nearest(name.as_str(), all)))
}

/// Checks that a trigger can trip.
pub(super) fn check_trigger(
    known: &Known<'_>,
    trigger: &Trigger,
    place: &Place,
    found: &mut Vec<Finding>,
) {
    if trigger.metric.is_some() != trigger.alert.is_empty() {
        let message = "A trigger watches either a metric or an alert.".to_owned();
        let hint = "for example `{ metric: error-rate, above: 5% }`";
        found.push(place.error("trigger-form", message, hint));
    }
    if trigger.metric.is_some() && trigger.above.is_none() && trigger.below.is_none() {
        let message = "A metric without `above` or `below` never trips.".to_owned();
        found.push(place.error("trigger-form", message, "add `above` or `below`"));
    }
    found.extend(source::check_alert(known, trigger, place));
    if let Some(name) = &trigger.metric {
        found.extend(unknown_metric(known, name, &place.at("metric")));
    }
    for (key, threshold) in [("above", &trigger.above), ("below", &trigger.below)] {
        let threshold = threshold.as_deref();
        found.extend(threshold.and_then(|t| text::check_threshold(t, &place.at(key))));
    }
    if let Some(service) = &trigger.of {
        found.extend(unknown_service(known, service, &place.at("of")));
    }
}

/// Checks that a service is one of the release or a neighbour.
pub(super) fn unknown_service(
    known: &Known<'_>,
    service: &ServiceName,
    place: &Place,
) -> Option<Finding> {
    let neighbours = known.release.services.keys();
    let own = known.nodes.iter().map(|node| &node.service);
    let all = neighbours.chain(own).map(ServiceName::as_str);
    let missing = !known.has_service(service);
    let message = format!("No service is called `{service}`.");
    missing.then(|| {
        place.error(
            "unknown-service",
            message,
            known.nearest(service.as_str(), all),
        )
    })
}

/// Checks that a trigger of the whole release names the node it rolls back.
pub(super) fn check_scope(known: &Known<'_>, trigger: &Trigger, place: &Place) -> Option<Finding> {
    let named = trigger.of.as_ref();
    let names_a_node = named.is_some_and(|of| known.directory.has_service(of));
    let lost = trigger.then == Reaction::RollbackNode && !names_a_node;
    let message = "This trigger shall roll a node back, but says nowhere which.".to_owned();
    let hint = "name a service of this release with `of`, or move the trigger into the node";
    lost.then(|| place.at("then").error("trigger-form", message, hint))
}

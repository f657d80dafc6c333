//! Looking at triggers and success criteria that ask for metrics or alerts.

use futures_util::future::join_all;
use gantry_model::{
    id::RunId,
    measure::Level,
    operation::{Sample, SampleHealth},
    plan::{Plan, PlannedTrigger},
    release::{
        check::{Check, Trigger},
        metric::{Metric, MetricKind},
    },
    time::Timestamp,
    unit::Span,
};
use gantry_port::{
    alerts::Alert,
    platform::{Sight, SightState},
    ports::Ports,
};

use crate::{
    criterion::sample,
    measure::{self, Ask, limit},
    silence,
};

/// Over which time a metric is read where nobody said.
const BUCKET: Span = Span::from_secs(60);

/// Takes one look at what a trigger watches.
pub(crate) async fn look(
    ports: &Ports,
    (run, plan): (&RunId, &Plan),
    planned: &PlannedTrigger,
    now: Timestamp,
) -> Sight {
    match planned.trigger.metric {
        Some(_) => metric(ports, plan, planned, now).await,
        None => alert(ports, run, &planned.trigger).await,
    }
}

async fn metric(ports: &Ports, plan: &Plan, planned: &PlannedTrigger, now: Timestamp) -> Sight {
    let trigger = &planned.trigger;
    let Some((name, metric)) = trigger
        .metric
        .as_ref()
        .and_then(|name| Some((name, plan.metrics.get(name)?)))
    else {
        return Sight::nothing("the release has no such metric");
    };
    let node = planned.node.and_then(|node| plan.nodes.get(node.at()));
    let service = match (&trigger.of, node) {
        (Some(service), _) => Some(service.as_str()),
        (None, node) => node.map(|node| node.service.as_str()),
    };
    let judge = node.and_then(|node| node.judge.as_ref());
    let own = planned.source.as_ref().or(judge.map(|judge| &judge.source));
    let ask = Ask {
        name,
        metric,
        source: own.or_else(|| measure::guessed_source(plan, ports, name)),
        values: measure::of_service(plan, service, planned.version.as_ref()),
        bucket: bucket(trigger, judge.map(|judge| judge.bucket)),
    };
    let of = service.map_or(String::new(), |service| format!(" of {service}"));
    match measure::now(ports, &ask, now).await {
        Ok(level) => compared(&format!("{name}{of}"), metric, trigger, &level),
        Err(fault) => Sight::nothing(format!("{name}{of} could not be read: {fault}")),
    }
}

/// A trigger that trips after less than a bucket looks at shorter ones.
fn bucket(trigger: &Trigger, judged: Option<Span>) -> Span {
    let usual = judged.unwrap_or(BUCKET);
    let bucket = match trigger.lasting {
        Span::ZERO => usual,
        lasting => usual.min(lasting),
    };
    bucket.max(Span::from_secs(1))
}

fn compared(what: &str, metric: &Metric, trigger: &Trigger, level: &Level) -> Sight {
    let Some(value) = level.number() else {
        let why = match level {
            Level::Nothing { nothing } => nothing.as_str(),
            Level::Share { .. } | Level::Value { .. } => "no requests came",
        };
        return Sight::nothing(format!("{what}: {why}"));
    };
    let sides = [("above", &trigger.above), ("below", &trigger.below)];
    let crossed = sides.into_iter().find_map(|(side, text)| {
        let text = text.as_deref()?;
        let bound = limit(text)?;
        let over = match side {
            "above" => value > bound,
            _ => value < bound,
        };
        over.then(|| format!("{side} {text}"))
    });
    let shown = shown(metric, level, value);
    let (state, summary) = match crossed {
        Some(limit) => (SightState::Over, format!("{what} is {shown}, {limit}")),
        None => (SightState::Quiet, format!("{what} is {shown}")),
    };
    Sight {
        state,
        value: Some(value),
        summary,
    }
}

/// Writes a level as people read it.
fn shown(metric: &Metric, level: &Level, value: f64) -> String {
    match (metric.kind, level) {
        (MetricKind::Ratio, Level::Share { of, .. }) => {
            format!("{:.2} % of {of:.0}", value * 100.0)
        }
        (MetricKind::Ratio | MetricKind::Latency | MetricKind::Gauge, _) => {
            let text = format!("{value:.4}");
            let short = text.trim_end_matches('0').trim_end_matches('.');
            short.to_owned()
        }
    }
}

async fn alert(ports: &Ports, run: &RunId, trigger: &Trigger) -> Sight {
    let labels = || {
        let all = trigger.alert.iter();
        let all: Vec<String> = all.map(|(name, value)| format!("{name}={value}")).collect();
        all.join(", ")
    };
    if ports.alerts.is_empty() {
        return Sight::nothing("no connection knows alerts");
    }
    let mut firing: Vec<Alert> = Vec::new();
    for (name, source) in &ports.alerts {
        match source.firing(&trigger.alert, measure::PATIENCE).await {
            Ok(alerts) => firing.extend(alerts),
            Err(fault) => {
                return Sight::nothing(format!("alerts of `{name}` could not be read: {fault}"));
            }
        }
    }
    let heard = firing.iter().find(|alert| is_heard(run, alert));
    let (state, summary) = match heard {
        Some(alert) => {
            let said = alert.summary.as_ref();
            let said = said.map_or(String::new(), |said| format!(": {said}"));
            let text = format!("alert {} fires since {}{said}", labels(), alert.since);
            (SightState::Over, text)
        }
        None => (
            SightState::Quiet,
            format!("no alert with {} fires", labels()),
        ),
    };
    Sight {
        state,
        value: None,
        summary,
    }
}

/// Somebody who silenced an alert knows of it: it is known not to be this release's. What the run
/// silenced itself it did for people alone.
fn is_heard(run: &RunId, alert: &Alert) -> bool {
    let own = |comment: &String| silence::is_own(run, comment);
    let by_itself = !alert.silenced_by.is_empty() && alert.silenced_by.iter().all(own);
    !alert.silenced || by_itself
}

/// Looks at a criterion that asks for a metric; `None` where it asks for something else.
pub(crate) async fn criterion(
    ports: &Ports,
    plan: &Plan,
    check: &Check,
    now: Timestamp,
) -> Option<Sample> {
    let name = check.metric.as_ref()?;
    let Some(metric) = plan.metrics.get(name) else {
        return Some(sample(
            SampleHealth::NoData,
            format!("the release has no metric `{name}`"),
        ));
    };
    let looks = whose(plan, metric, check).into_iter().map(|of| {
        let ask = Ask {
            name,
            metric,
            source: measure::guessed_source(plan, ports, name),
            values: measure::of_service(plan, of, None),
            bucket: BUCKET,
        };
        one(ports, check, (ask, of), now)
    });
    Some(worst(join_all(looks).await))
}

/// Names the services that a criterion looks at: the one that it names, or each that has a value for
/// every place of the queries; nobody in particular where they ask about none.
fn whose<'a>(plan: &'a Plan, metric: &Metric, check: &'a Check) -> Vec<Option<&'a str>> {
    if let Some(of) = &check.of {
        return vec![Some(of.as_str())];
    }
    let mut services: Vec<Option<&str>> = Vec::new();
    for service in plan.nodes.iter().map(|node| Some(node.service.as_str())) {
        if !services.contains(&service) {
            services.push(service);
        }
    }
    if let [only] = services.as_slice() {
        return vec![*only];
    }
    let filled = |of| measure::is_filled(metric, &measure::of_service(plan, of, None));
    services.retain(|of| filled(*of));
    match filled(None) || services.is_empty() {
        true => vec![None],
        false => services,
    }
}

/// Looks at one service, or at nobody in particular.
async fn one(
    ports: &Ports,
    check: &Check,
    (ask, of): (Ask<'_>, Option<&str>),
    now: Timestamp,
) -> Sample {
    let bounds = Trigger {
        metric: Some(ask.name.clone()),
        alert: Default::default(),
        of: None,
        // What must hold is the contrary of what would trip.
        above: check.below.clone(),
        below: check.above.clone(),
        lasting: Span::ZERO,
        then: Default::default(),
    };
    let of = of.map_or(String::new(), |service| format!(" of {service}"));
    let what = format!("{}{of}", ask.name);
    match measure::now(ports, &ask, now).await {
        Ok(level) => {
            let sight = compared(&what, ask.metric, &bounds, &level);
            let health = match sight.state {
                SightState::Quiet => SampleHealth::Healthy,
                SightState::Over => SampleHealth::Unhealthy,
                SightState::Nothing => SampleHealth::NoData,
            };
            sample(health, sight.summary)
        }
        Err(fault) => sample(
            SampleHealth::NoData,
            format!("{what} could not be read: {fault}"),
        ),
    }
}

/// Puts looks together: what does not hold of one service does not hold, and what is not known of
/// one is not known.
fn worst(looks: Vec<Sample>) -> Sample {
    let of = |health| looks.iter().filter(move |look| look.health == health);
    let health = [SampleHealth::Unhealthy, SampleHealth::NoData]
        .into_iter()
        .find(|health| of(*health).next().is_some());
    let health = health.unwrap_or(SampleHealth::Healthy);
    let said: Vec<&str> = of(health).map(|look| look.summary.as_str()).collect();
    sample(health, said.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alert_that_only_the_run_itself_silenced_is_heard() {
        let run = RunId::new("shop".parse().unwrap(), 1);
        let own = "release shop is under way (service=orders)";
        let heard = |by: &[&str]| {
            let alert = Alert {
                labels: Default::default(),
                since: Timestamp::UNIX_EPOCH,
                summary: None,
                silenced: !by.is_empty(),
                silenced_by: by.iter().map(ToString::to_string).collect(),
            };
            is_heard(&run, &alert)
        };
        assert!(heard(&[]) && heard(&[own]) && heard(&[own, own]));
        assert!(!heard(&["the disk is replaced"]) && !heard(&[own, ""]));
        assert!(!heard(&["release shop#2 is under way (service=orders)"]));
    }

    #[test]
    fn limits_are_read_as_people_write_them() {
        assert_eq!(limit("5%"), Some(0.05));
        assert_eq!(limit("0.05"), Some(0.05));
        assert_eq!(limit("300ms"), Some(0.3));
        assert_eq!(limit("2s"), Some(2.0));
        assert_eq!(limit("much"), None);
    }
}

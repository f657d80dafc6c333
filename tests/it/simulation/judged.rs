//! Judged bakes through the real performer: what simulated sources say decides a run.

use std::collections::BTreeMap;

use gantry_model::{
    event::{Happened, JudgedStanding, RollbackTrigger, RunEvent},
    measure::Bucket,
    unit::Span,
};
use gantry_simulation::{
    signal::{Firing, Incident, SignalFault, SignalFaultKind, Signals},
    world::Settings,
};
use gantry_testkit::draft::Draft;
use serde_json::{Value, json};

use super::rig::{Rig, run};

fn draft(strategy: Value) -> Draft {
    let query =
        |what: &str| format!("{what}{{service='{{{{service}}}}',version='{{{{version}}}}'}}");
    Draft::new("judged")
        .with(
            "metrics",
            json!({
                "errors": {
                    "kind": "ratio", "bad": query("bad"), "total": query("total"),
                    "tolerate": "0.5%", "never-above": "20%"
                },
                "latency": { "kind": "latency", "query": query("p99"), "tolerate": "10%" }
            }),
        )
        .with(
            "defaults",
            json!({ "judge": { "source": "sim", "metrics": ["errors", "latency"] } }),
        )
        .app("orders", &[], strategy)
}

fn canary() -> Draft {
    draft(json!({ "canary": { "steps": ["25%", "50%", "100%"], "bake": "15m" } }))
}

async fn events(draft: Draft, signals: Signals) -> (Vec<RunEvent>, Rig) {
    let settings = Settings {
        signals,
        ..Settings::default()
    };
    let rig = Rig::new(&draft.release().unwrap(), settings);
    rig.go(&[]).await.unwrap();
    let entries = rig.entries().await;
    let events = entries
        .iter()
        .map(|entry| RunEvent::from_body(&entry.event.body).unwrap());
    (events.collect(), rig)
}

fn standings(events: &[RunEvent]) -> Vec<JudgedStanding> {
    let judged = events.iter().filter_map(|event| match &event.what {
        Happened::BakeJudged(judged) => Some(judged.standing),
        _ => None,
    });
    judged.collect()
}

fn rollbacks(events: &[RunEvent]) -> Vec<RollbackTrigger> {
    let turns = events.iter().filter_map(|event| match &event.what {
        Happened::RollbackStarted(turn) => Some(turn.trigger),
        _ => None,
    });
    turns.collect()
}

#[test]
fn a_good_canary_is_promoted_by_its_metrics() {
    run(async {
        let (events, rig) = events(canary(), Signals::default()).await;
        let story = rig.story().await;
        assert!(rollbacks(&events).is_empty(), "{story}");
        let standings = standings(&events);
        assert!(!standings.contains(&JudgedStanding::Fail), "{story}");
        assert_eq!(standings.last(), Some(&JudgedStanding::Pass), "{story}");
    });
}

#[test]
fn a_canary_that_fails_one_request_in_fifty_goes_back_by_its_metrics() {
    run(async {
        let signals = Signals {
            harm: 20.0,
            ..Signals::default()
        };
        let (events, rig) = events(canary(), signals).await;
        assert_eq!(
            rollbacks(&events),
            [RollbackTrigger::Judge],
            "{}",
            rig.story().await
        );
    });
}

#[test]
fn a_slow_blue_green_goes_back_compared_with_the_time_before_its_shift() {
    run(async {
        let signals = Signals {
            slower: 2.0,
            ..Signals::default()
        };
        let blue_green = draft(json!({ "blue-green": { "bake": "30m" } }));
        let (events, rig) = events(blue_green, signals).await;
        assert_eq!(
            rollbacks(&events),
            [RollbackTrigger::Judge],
            "{}",
            rig.story().await
        );
    });
}

#[test]
fn an_incident_of_both_versions_rolls_nothing_back() {
    run(async {
        let signals = Signals {
            incidents: vec![Incident {
                from: Span::from_secs(300),
                until: Span::from_secs(900),
                factor: 60.0,
            }],
            ..Signals::default()
        };
        let (events, rig) = events(canary(), signals).await;
        assert!(rollbacks(&events).is_empty(), "{}", rig.story().await);
    });
}

#[test]
fn no_kind_of_nothing_is_a_pass() {
    let kinds = [
        SignalFaultKind::Unavailable,
        SignalFaultKind::Garbled,
        SignalFaultKind::NoSeries,
        SignalFaultKind::Gap,
        SignalFaultKind::NotANumber,
        SignalFaultKind::Stale,
        SignalFaultKind::CounterReset,
        SignalFaultKind::Several,
        SignalFaultKind::Late(Span::from_secs(3600)),
    ];
    for kind in kinds {
        run(async move {
            let signals = Signals {
                faults: vec![SignalFault {
                    from: Span::ZERO,
                    until: Span::from_millis(u64::MAX),
                    side: None,
                    kind,
                }],
                ..Signals::default()
            };
            let (events, rig) = events(canary(), signals).await;
            let story = rig.story().await;
            assert!(
                !standings(&events).contains(&JudgedStanding::Pass),
                "{kind:?}\n{story}"
            );
        });
    }
}

#[test]
fn an_alert_rolls_the_release_back() {
    run(async {
        let labels = BTreeMap::from([("severity".to_owned(), "page".to_owned())]);
        let signals = Signals {
            alerts: vec![Firing {
                labels,
                from: Span::from_secs(400),
                until: Span::from_secs(4000),
            }],
            ..Signals::default()
        };
        let trigger = json!([{ "alert": { "severity": "page" }, "then": "rollback-release" }]);
        let (events, rig) = events(canary().with("triggers", trigger), signals).await;
        assert_eq!(
            rollbacks(&events),
            [RollbackTrigger::Alert],
            "{}",
            rig.story().await
        );
    });
}

#[test]
fn a_silence_of_the_run_does_not_deafen_its_own_trigger() {
    run(async {
        let labels = BTreeMap::from([("severity".to_owned(), "page".to_owned())]);
        let signals = Signals {
            alerts: vec![Firing {
                labels,
                from: Span::from_secs(400),
                until: Span::from_secs(4000),
            }],
            ..Signals::default()
        };
        let draft = canary()
            .with(
                "silences",
                json!([{ "connection": "sim", "match": { "severity": "page" } }]),
            )
            .with(
                "triggers",
                json!([{ "alert": { "severity": "page" }, "then": "rollback-release" }]),
            );
        let (events, rig) = events(draft, signals).await;
        let story = rig.story().await;
        assert_eq!(rig.world.silences().len(), 1, "{story}");
        assert_eq!(rollbacks(&events), [RollbackTrigger::Alert], "{story}");
    });
}

#[test]
fn the_first_bucket_of_a_node_brings_what_its_latency_was_before() {
    run(async {
        let (events, _) = events(canary(), Signals::default()).await;
        let buckets = events.iter().filter_map(|event| match &event.what {
            Happened::BakeMeasured { bucket, .. } => Some(bucket),
            _ => None,
        });
        let before = |name: &str, bucket: &Bucket| {
            let reading = bucket.reading(&name.parse().unwrap()).unwrap();
            reading.before.len()
        };
        let known: Vec<(usize, usize)> = buckets
            .map(|bucket| (before("errors", bucket), before("latency", bucket)))
            .collect();
        assert_eq!(known[0], (0, 60));
        assert!(known[1..].iter().all(|known| *known == (0, 0)), "{known:?}");
    });
}

#[test]
fn silences_are_over_when_the_run_is() {
    run(async {
        let silence = json!([{ "connection": "sim", "match": { "service": "orders" } }]);
        let (_, rig) = events(canary().with("silences", silence), Signals::default()).await;
        let silences = rig.world.silences();
        assert_eq!(silences.len(), 1);
        let now = gantry_port::clock::Clock::now(&*rig.world.clock());
        assert!(silences.iter().all(|silence| silence.until <= now));
    });
}

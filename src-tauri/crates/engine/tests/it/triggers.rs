//! Triggers: a metric of another service, or an alert, stops or rolls back the release.

use std::sync::Arc;

use gantry_engine::standing::Standing;
use gantry_model::{
    command::Command,
    event::{Happened, Outcome, RunEvent},
    operation::Direction,
    plan::{NodeIndex, Plan, PlannedTrigger},
    release::check::{Reaction, Trigger},
    unit::Span,
};

use crate::{
    plans::{Node, plan},
    stage::{Stage, order},
};

fn watched(node: Option<NodeIndex>, lasting: Span, then: Reaction) -> Arc<Plan> {
    let mut plan = plan(&[Node::canary("orders", &[]), Node::task("z", &[0])]);
    plan.triggers.push(PlannedTrigger {
        node,
        trigger: Trigger {
            metric: Some("errors".parse().unwrap()),
            alert: Default::default(),
            of: Some("checkout".parse().unwrap()),
            above: Some("5%".into()),
            below: None,
            lasting,
            then,
        },
        then,
        source: None,
        version: None,
    });
    Arc::new(plan)
}

/// The other service is over its limit from the fortieth second on, for so long.
fn stage(plan: Arc<Plan>, lasts: u64) -> Stage {
    let stage = Stage::new(plan);
    let from = Span::from_secs(40);
    let until = Span::from_secs(40 + lasts);
    stage.platform.signals.lock().unwrap().over = Some((from, until));
    stage
}

#[test]
fn another_services_metric_rolls_the_release_back_with_the_looks_that_showed_it() {
    let plan = watched(None, Span::from_secs(20), Reaction::RollbackRelease);
    let stage = stage(plan, 1000);
    assert_eq!(stage.outcome(), Outcome::RolledBack, "{}", stage.story());
    let lines = stage.journal.lines();
    let trip = lines
        .iter()
        .find_map(|line| match RunEvent::from_body(line).unwrap().what {
            Happened::TriggerTripped(trip) => Some(trip),
            _ => None,
        });
    let trip = trip.unwrap();
    assert!(trip.samples.len() >= 4, "{trip:?}");
    assert!(
        stage.story().contains(r#""trigger":"metric""#),
        "{}",
        stage.story()
    );
}

#[test]
fn what_is_over_for_less_than_it_must_trips_nothing() {
    let plan = watched(None, Span::from_secs(40), Reaction::RollbackRelease);
    let stage = stage(plan, 30);
    assert_eq!(stage.outcome(), Outcome::Succeeded, "{}", stage.story());
    assert_eq!(stage.count("trigger-tripped"), 0);
}

#[test]
fn what_cannot_be_seen_trips_nothing() {
    let plan = watched(None, Span::ZERO, Reaction::RollbackRelease);
    let stage = stage(plan, 1000);
    stage.platform.signals.lock().unwrap().blind = true;
    assert_eq!(stage.outcome(), Outcome::Succeeded, "{}", stage.story());
}

#[test]
fn a_trigger_may_roll_one_node_back() {
    let plan = watched(Some(NodeIndex(0)), Span::ZERO, Reaction::RollbackNode);
    let stage = stage(plan, 1000);
    stage.go();
    assert_eq!(stage.count("rollback-started"), 1, "{}", stage.story());
    assert!(
        order(&stage, Direction::Undo)
            .iter()
            .any(|id| id.starts_with("orders/"))
    );
}

#[test]
fn a_trigger_may_hold_and_can_trip_again_once_it_was_quiet() {
    let plan = watched(None, Span::ZERO, Reaction::Hold);
    let stage = stage(plan, 20);
    let Some(Standing::WaitsForPerson(sentence)) = stage.go() else {
        panic!("{}", stage.story())
    };
    assert!(sentence.contains("trigger"), "{sentence}");
    let standing = stage.accepted("bob", Command::Resume { node: None });
    assert_eq!(
        standing,
        Standing::Ended(Outcome::Succeeded),
        "{}",
        stage.story()
    );
    assert_eq!(stage.count("trigger-tripped"), 1);
    assert_eq!(stage.count("trigger-cleared"), 1);
}

#[test]
fn a_trigger_may_only_tell() {
    let plan = watched(None, Span::ZERO, Reaction::Notify);
    let stage = stage(plan, 1000);
    assert_eq!(stage.outcome(), Outcome::Succeeded, "{}", stage.story());
    assert_eq!(stage.count("trigger-tripped"), 1);
}

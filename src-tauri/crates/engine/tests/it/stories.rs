//! What a run does, story by story.

use gantry_engine::{explain::explain, standing::Standing};
use gantry_model::{
    command::{Answer, Command},
    event::Outcome,
    operation::{Direction, SampleHealth},
    release::OnFailure,
    unit::Span,
};

use crate::{
    fakes::Act,
    plans::{Node, shop},
    stage::{Stage, order, order_contains, stage, three},
};

#[test]
fn a_release_of_canaries_succeeds_and_retires_the_old_version_last() {
    let stage = Stage::new(shop());
    assert_eq!(stage.outcome(), Outcome::Succeeded, "{}", stage.story());
    stage.assert_nothing_twice();
    let forward = order(&stage, Direction::Do);
    assert_eq!(forward.len(), 1 + 2 * 4 + 1);
    assert!(order(&stage, Direction::Undo).is_empty());
    assert!(stage.count("bake-sampled") < 40, "the journal is flooded");
}

#[test]
fn a_failing_step_undoes_everything_in_reverse() {
    let stage = stage(&three());
    stage.platform.script("c/run/do", &[Act::RefuseTouched]);
    assert_eq!(stage.outcome(), Outcome::RolledBack, "{}", stage.story());
    assert_eq!(order(&stage, Direction::Undo), ["c/run", "b/run", "a/run"]);
    assert!(stage.platform.state.lock().unwrap().standing.is_empty());
}

#[test]
fn a_step_that_was_never_sent_is_not_undone() {
    let stage = stage(&three());
    stage.platform.script("c/run/do", &[Act::Unsent]);
    assert_eq!(stage.outcome(), Outcome::RolledBack, "{}", stage.story());
    assert_eq!(order(&stage, Direction::Undo), ["b/run", "a/run"]);
}

#[test]
fn a_failed_preflight_ends_the_run_and_changes_nothing() {
    let stage = stage(&three());
    stage.platform.script("b/preflight/do", &[Act::Refuse]);
    stage.platform.script("c/preflight/do", &[Act::Refuse]);
    assert_eq!(stage.outcome(), Outcome::Failed, "{}", stage.story());
    assert_eq!(
        stage.count("preflight-failed"),
        2,
        "all problems are collected"
    );
    assert!(stage.platform.state.lock().unwrap().order.is_empty());
}

#[test]
fn definite_failures_are_repeated_as_often_as_the_step_says_with_new_keys() {
    let mut nodes = three();
    nodes[0].retry = 2;
    let stage = stage(&nodes);
    stage.platform.script(
        "a/run/do",
        &[Act::Refuse, Act::RefuseTouched, Act::Apply(Span::ZERO)],
    );
    assert_eq!(stage.outcome(), Outcome::Succeeded, "{}", stage.story());
    stage.assert_nothing_twice();
    assert!(stage.story().contains(r#""round":3"#));
}

#[test]
fn busy_answers_are_repeated_under_the_same_key() {
    let stage = stage(&three());
    stage
        .platform
        .script("a/run/do", &[Act::Busy, Act::Busy, Act::Apply(Span::ZERO)]);
    assert_eq!(stage.outcome(), Outcome::Succeeded, "{}", stage.story());
    assert_eq!(stage.count("step-retried"), 2);
    assert!(!stage.story().contains(r#""round":2"#));
}

#[test]
fn a_lost_reply_is_observed_before_anything_is_repeated() {
    let stage = stage(&three());
    stage.platform.script("a/run/do", &[Act::LoseReply]);
    stage.platform.script(
        "b/run/do",
        &[Act::LoseRequest, Act::LoseRequest, Act::Apply(Span::ZERO)],
    );
    stage.platform.script("c/run/do", &[Act::Hang]);
    assert_eq!(stage.outcome(), Outcome::Succeeded, "{}", stage.story());
    stage.assert_nothing_twice();
    assert_eq!(stage.count("step-lost"), 4);
}

#[test]
fn a_step_nobody_can_tell_about_waits_for_a_person() {
    let stage = stage(&three());
    stage.platform.script("b/run/do", &[Act::LoseReply]);
    stage
        .platform
        .state
        .lock()
        .unwrap()
        .unknowable
        .insert("b/run".into());
    let Some(Standing::WaitsForPerson(sentence)) = stage.go() else {
        panic!("{}", stage.story())
    };
    assert!(sentence.contains("resolve"), "{sentence}");
    let wrong = Command::Resolve {
        node: "a".parse().unwrap(),
        step: None,
        answer: Answer::Applied,
        reason: "x".into(),
    };
    stage.refused("bob", wrong);
    let applied = Command::Resolve {
        node: "b".parse().unwrap(),
        step: None,
        answer: Answer::Applied,
        reason: "I looked".into(),
    };
    assert_eq!(
        stage.accepted("bob", applied),
        Standing::Ended(Outcome::Succeeded)
    );
    stage.assert_nothing_twice();
}

#[test]
fn an_unwell_canary_goes_back_in_one_shift_while_the_other_never_climbs_down() {
    let stage = Stage::new(shop());
    stage
        .platform
        .state
        .lock()
        .unwrap()
        .looks
        .insert("web/bake-500".into(), SampleHealth::Unhealthy);
    assert_eq!(stage.outcome(), Outcome::RolledBack, "{}", stage.story());
    let undone = order(&stage, Direction::Undo);
    let shifts = undone.iter().filter(|id| id.ends_with("/traffic")).count();
    assert_eq!(shifts, 2, "{undone:?}");
    assert!(!order(&stage, Direction::Do).contains(&"orders/shift-10000".to_owned()));
    assert!(stage.story().contains(r#""trigger":"health""#));
    let standing = stage.platform.state.lock().unwrap().standing.clone();
    assert_eq!(
        standing.into_iter().collect::<Vec<_>>(),
        ["db/expand"],
        "an expansion stays"
    );
}

#[test]
fn a_guardrail_trips_at_once() {
    let stage = Stage::new(shop());
    stage
        .platform
        .state
        .lock()
        .unwrap()
        .looks
        .insert("web/bake-500".into(), SampleHealth::Tripped);
    assert_eq!(stage.outcome(), Outcome::RolledBack);
    assert!(stage.story().contains(r#""trigger":"guardrail""#));
}

#[test]
fn no_data_is_never_a_pass() {
    let stage = stage(&[Node::canary("web", &[])]);
    stage
        .platform
        .state
        .lock()
        .unwrap()
        .looks
        .insert("web/bake-500".into(), SampleHealth::NoData);
    let clock = stage.clock.clone();
    // A watch that sees nothing goes on for ever: a person ends it in the second hour.
    let order = Command::Abort {
        reason: Some("nothing to see".into()),
    };
    let letter = serde_json::to_string(&gantry_model::command::Order {
        by: gantry_model::command::Actor::named("bob"),
        command: order,
    });
    let outcome = stage.go_with_letter(Span::from_secs(3600), letter.unwrap());
    assert_eq!(
        outcome,
        Some(Standing::Ended(Outcome::Cancelled)),
        "{}",
        stage.story()
    );
    assert!(stage.count("bake-extended") >= 4);
    assert!(
        stage.story().contains(r#""reason":"no-data""#),
        "{}",
        stage.story()
    );
    assert!(!order_contains(&stage, "web/shift-10000"));
    drop(clock);
}

#[test]
fn policies_decide_what_a_failure_undoes() {
    for (policy, outcome, undone) in [
        (
            OnFailure::RollbackNode,
            Outcome::PartlyRolledBack,
            vec!["bad/run"],
        ),
        (OnFailure::Continue, Outcome::Failed, vec![]),
    ] {
        let mut bad = Node::task("bad", &[]);
        bad.on_failure = policy;
        let stage = stage(&[bad, Node::task("top", &[0]), Node::task("other", &[])]);
        stage.platform.script("bad/run/do", &[Act::RefuseTouched]);
        assert_eq!(stage.outcome(), outcome, "{}", stage.story());
        assert_eq!(order(&stage, Direction::Undo), undone);
        assert!(order_contains(&stage, "other/run"), "the rest goes on");
        assert!(!order_contains(&stage, "top/run"));
    }
}

#[test]
fn a_hold_on_failure_waits_for_a_person_who_may_retry() {
    let mut nodes = three();
    nodes[1].on_failure = OnFailure::Hold;
    let stage = stage(&nodes);
    stage
        .platform
        .script("b/run/do", &[Act::Refuse, Act::Apply(Span::ZERO)]);
    let Some(Standing::WaitsForPerson(sentence)) = stage.go() else {
        panic!("{}", stage.story())
    };
    assert!(sentence.contains("retry"), "{sentence}");
    let run = stage.folded();
    assert!(explain(&run, run.plan().node(&"b".parse().unwrap()).unwrap()).contains("failed"));
    let retry = Command::Retry {
        node: "b".parse().unwrap(),
    };
    assert_eq!(
        stage.accepted("bob", retry),
        Standing::Ended(Outcome::Succeeded)
    );
}

#[test]
fn the_widest_policy_wins_when_several_fail() {
    let mut hold = Node::task("hold", &[]);
    hold.on_failure = OnFailure::Hold;
    let mut node = Node::task("node", &[]);
    node.on_failure = OnFailure::RollbackNode;
    let stage = stage(&[hold, node]);
    stage.platform.script("hold/run/do", &[Act::RefuseTouched]);
    stage.platform.script("node/run/do", &[Act::RefuseTouched]);
    assert!(
        matches!(stage.go(), Some(Standing::WaitsForPerson(_))),
        "{}",
        stage.story()
    );
    assert!(order(&stage, Direction::Undo).is_empty());
    let standing = stage.accepted("bob", Command::Resume { node: None });
    assert_eq!(
        standing,
        Standing::Ended(Outcome::PartlyRolledBack),
        "{}",
        stage.story()
    );
    assert_eq!(order(&stage, Direction::Undo), ["node/run"]);
}

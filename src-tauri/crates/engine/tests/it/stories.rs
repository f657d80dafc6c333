//! What a run does, story by story.

use gantry_engine::{
    explain::explain,
    standing::Standing,
    status::{NodeState, status},
};
use gantry_model::{
    command::{Answer, Command},
    event::Outcome,
    operation::{Direction, SampleHealth},
    release::{Approvals, OnFailure, Policy, task::OnDeadline},
    unit::Span,
};

use crate::{
    fakes::Act,
    plans::{Node, plan, plan_with, shop, shop_nodes},
    stage::Stage,
};

fn stage(nodes: &[Node]) -> Stage {
    Stage::new(plan(nodes).into())
}

fn order(stage: &Stage, direction: Direction) -> Vec<String> {
    let state = stage.platform.state.lock().unwrap();
    let all = state.order.iter().filter(|(_, way)| *way == direction);
    all.map(|(id, _)| id.clone()).collect()
}

fn three() -> Vec<Node> {
    vec![
        Node::task("a", &[]),
        Node::task("b", &[0]),
        Node::task("c", &[1]),
    ]
}

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

fn order_contains(stage: &Stage, step: &str) -> bool {
    order(stage, Direction::Do).iter().any(|id| id == step)
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

#[test]
fn a_failing_undo_is_repeated_five_times_then_stuck_while_other_branches_go_on() {
    let stage = stage(&[
        Node::task("a", &[]),
        Node::task("b", &[]),
        Node::task("bad", &[0, 1]),
    ]);
    stage.platform.script("bad/run/do", &[Act::RefuseTouched]);
    stage.platform.script("a/run/undo", &[Act::Refuse]);
    let Some(Standing::WaitsForPerson(sentence)) = stage.go() else {
        panic!("{}", stage.story())
    };
    assert!(sentence.contains("stuck"), "{sentence}");
    assert_eq!(stage.count("undo-failed"), 4);
    assert_eq!(stage.count("undo-stuck"), 1);
    assert_eq!(order(&stage, Direction::Undo), ["bad/run", "b/run"]);
    let state = status(&stage.folded());
    assert_eq!(
        state
            .nodes
            .iter()
            .filter(|node| node.state == NodeState::Stuck)
            .count(),
        1
    );
    let by_hand = Command::Resolve {
        node: "a".parse().unwrap(),
        step: None,
        answer: Answer::DoneByHand,
        reason: "did it".into(),
    };
    assert_eq!(
        stage.accepted("bob", by_hand),
        Standing::Ended(Outcome::RolledBack)
    );
}

#[test]
fn an_accepted_stuck_undo_leaves_the_node_changed() {
    let stage = stage(&three());
    stage.platform.script("c/run/do", &[Act::RefuseTouched]);
    stage.platform.script("a/run/undo", &[Act::Conflict]);
    assert!(matches!(stage.go(), Some(Standing::WaitsForPerson(_))));
    assert_eq!(
        stage.count("undo-failed"),
        0,
        "somebody else's change is never retried"
    );
    let accept = Command::Resolve {
        node: "a".parse().unwrap(),
        step: None,
        answer: Answer::Accepted,
        reason: "fine".into(),
    };
    assert_eq!(
        stage.accepted("bob", accept),
        Standing::Ended(Outcome::PartlyRolledBack)
    );
    assert!(stage.story().contains(r#""changed":["a"]"#));
}

#[test]
fn the_start_waits_for_approval_by_somebody_else() {
    let mut approvals = Approvals {
        not_the_author: true,
        ..Approvals::default()
    };
    approvals.gates.insert("start".parse().unwrap(), 2);
    let policy = Policy {
        approvals,
        ..Policy::default()
    };
    let stage = Stage::new(plan_with(&three(), policy).into());
    let Some(Standing::WaitsForPerson(sentence)) = stage.go() else {
        panic!("{}", stage.story())
    };
    assert!(sentence.contains("approve"), "{sentence}");
    assert!(stage.platform.state.lock().unwrap().order.is_empty());
    let yes = || Command::Approve {
        gate: None,
        node: None,
        note: None,
    };
    assert!(stage.refused("ann", yes()).contains("started this release"));
    assert!(matches!(
        stage.accepted("bob", yes()),
        Standing::WaitsForPerson(_)
    ));
    assert!(
        matches!(stage.accepted("bob", yes()), Standing::WaitsForPerson(_)),
        "bob counts once"
    );
    assert_eq!(
        stage.accepted("eve", yes()),
        Standing::Ended(Outcome::Succeeded)
    );
}

#[test]
fn a_contraction_waits_for_its_gate_and_cannot_be_undone() {
    let stage = stage(&[Node::database("db", &[]), Node::task("top", &[0])]);
    stage
        .platform
        .script("top/run/do", &[Act::Apply(Span::from_secs(60))]);
    assert!(
        matches!(stage.go(), Some(Standing::WaitsForPerson(_))),
        "{}",
        stage.story()
    );
    assert!(order_contains(&stage, "top/run"));
    let yes = Command::Approve {
        gate: Some("contract".parse().unwrap()),
        node: None,
        note: None,
    };
    assert_eq!(
        stage.accepted("bob", yes),
        Standing::Ended(Outcome::Succeeded)
    );
    let back = Command::Rollback {
        node: None,
        reason: None,
    };
    let standing = stage.accepted("bob", back);
    assert_eq!(
        standing,
        Standing::Ended(Outcome::PartlyRolledBack),
        "{}",
        stage.story()
    );
    assert!(stage.story().contains(r#""reason":"irreversible""#));
    assert_eq!(order(&stage, Direction::Undo), ["top/run"]);
}

#[test]
fn an_abort_undoes_what_is_under_way_and_leaves_what_is_done() {
    let stage = stage(&[Node::task("a", &[]), Node::canary("web", &[0])]);
    let abort = Command::Abort { reason: None };
    let letter = letter("bob", abort);
    let standing = stage.go_with_letter(Span::from_secs(20), letter);
    assert_eq!(
        standing,
        Some(Standing::Ended(Outcome::Cancelled)),
        "{}",
        stage.story()
    );
    assert_eq!(
        order(&stage, Direction::Undo),
        ["web/traffic", "web/verify-old", "web/remove-new"]
    );
    assert!(stage.story().contains(r#""changed":["a"]"#));
}

fn letter(by: &str, command: Command) -> String {
    let by = gantry_model::command::Actor::named(by);
    serde_json::to_string(&gantry_model::command::Order { by, command }).unwrap()
}

#[test]
fn a_held_canary_stays_where_it_is_is_watched_and_goes_on() {
    let stage = stage(&[Node::canary("web", &[])]);
    let hold = letter(
        "bob",
        Command::Hold {
            node: None,
            reason: None,
        },
    );
    let resume = letter("bob", Command::Resume { node: None });
    let letters = [(Span::from_secs(10), hold), (Span::from_secs(600), resume)];
    let standing = stage.go_with_letters(letters.into());
    assert_eq!(
        standing,
        Some(Standing::Ended(Outcome::Succeeded)),
        "{}",
        stage.story()
    );
    let story = stage.story();
    let resumed = story.find("\"resumed\"").unwrap();
    let shifted = story.find("web/shift-10000").unwrap();
    assert!(shifted > resumed, "only promotion waits\n{story}");
}

#[test]
fn triggers_stay_armed_while_a_run_is_held() {
    let stage = stage(&[Node::canary("web", &[])]);
    let hold = letter(
        "bob",
        Command::Hold {
            node: None,
            reason: None,
        },
    );
    let platform = stage.platform.clone();
    stage.journal.on_letter(Box::new(move || {
        let looks = &mut platform.state.lock().unwrap().looks;
        looks.insert("web/bake-500".into(), SampleHealth::Tripped);
    }));
    let standing = stage.go_with_letter(Span::from_secs(10), hold);
    assert_eq!(
        standing,
        Some(Standing::Ended(Outcome::RolledBack)),
        "{}",
        stage.story()
    );
}

#[test]
fn a_manual_step_and_a_manual_undo_wait_until_somebody_says_done() {
    let mut hand = Node::task("bank", &[]);
    hand.manual = true;
    hand.undo_by_hand = true;
    let stage = stage(&[hand, Node::task("top", &[0])]);
    stage.platform.script("top/run/do", &[Act::RefuseTouched]);
    assert!(
        matches!(stage.go(), Some(Standing::WaitsForPerson(_))),
        "{}",
        stage.story()
    );
    let done = || Command::Done {
        node: "bank".parse().unwrap(),
        note: Some("called".into()),
    };
    assert!(matches!(
        stage.accepted("bob", done()),
        Standing::WaitsForPerson(_)
    ));
    assert_eq!(
        stage.accepted("bob", done()),
        Standing::Ended(Outcome::RolledBack),
        "{}",
        stage.story()
    );
    stage.refused("bob", done());
}

#[test]
fn a_manual_step_whose_deadline_fails_it_rolls_back_by_itself() {
    let mut hand = Node::task("bank", &[0]);
    hand.manual = true;
    hand.on_deadline = OnDeadline::Fail;
    let stage = stage(&[Node::task("a", &[]), hand]);
    assert_eq!(stage.outcome(), Outcome::RolledBack, "{}", stage.story());
    assert!(stage.story().contains(r#""cause":"deadline""#));
}

#[test]
fn a_skipped_step_lets_others_go_on_and_health_is_never_skipped() {
    let mut nodes = three();
    nodes[1].on_failure = OnFailure::Hold;
    let stage = stage(&nodes);
    stage.platform.script("b/run/do", &[Act::Refuse]);
    assert!(matches!(stage.go(), Some(Standing::WaitsForPerson(_))));
    let skip = |node: &str, step: Option<&str>, reason: &str| Command::Skip {
        node: node.parse().unwrap(),
        step: step.map(|step| step.parse().unwrap()),
        reason: reason.into(),
    };
    assert!(
        stage
            .refused("bob", skip("b", None, " "))
            .contains("say why")
    );
    assert!(
        stage
            .refused("bob", skip("c", Some("c/preflight"), "x"))
            .contains("never skipped")
    );
    assert!(
        stage
            .refused("bob", skip("c", None, "x"))
            .contains("name the step")
    );
    let standing = stage.accepted("bob", skip("b", None, "not needed"));
    assert_eq!(
        standing,
        Standing::Ended(Outcome::Succeeded),
        "{}",
        stage.story()
    );
}

#[test]
fn max_parallel_counts_what_acts_in_both_directions() {
    let policy = Policy {
        max_parallel: 3,
        ..Policy::default()
    };
    let mut nodes: Vec<Node> = (0..20)
        .map(|at| Node::task(&format!("n{at:02}"), &[]))
        .collect();
    nodes.push(Node::task("z", &(0..20).collect::<Vec<_>>()));
    let stage = Stage::new(plan_with(&nodes, policy).into());
    stage.platform.state.lock().unwrap().takes = Span::from_secs(1);
    stage.platform.script("z/run/do", &[Act::RefuseTouched]);
    assert_eq!(stage.outcome(), Outcome::RolledBack, "{}", stage.story());
    let state = stage.platform.state.lock().unwrap();
    // Preflights look and change nothing; they are counted apart.
    assert!(state.most_acting <= 3, "{} at once", state.most_acting);
}

#[test]
fn a_clock_that_jumps_neither_shortens_a_bake_nor_skips_its_verdict() {
    for jump in [-86_400_000, 86_400_000] {
        let stage = stage(&[Node::canary("web", &[])]);
        let clock = stage.clock.clone();
        stage.journal.on_letter(Box::new(move || clock.jump(jump)));
        let note = letter(
            "bob",
            Command::Note {
                text: "the clock jumps".into(),
            },
        );
        let standing = stage.go_with_letter(Span::from_secs(10), note);
        assert_eq!(
            standing,
            Some(Standing::Ended(Outcome::Succeeded)),
            "{}",
            stage.story()
        );
        assert_eq!(stage.count("clock-jumped"), 1);
        let awake = gantry_port::clock::Clock::elapsed(&*stage.clock);
        // Bake 60 s, soak 30 s, keep 20 s.
        assert!(
            awake >= Span::from_secs(109) && awake <= Span::from_secs(125),
            "{awake}"
        );
    }
}

#[test]
fn a_release_that_is_rolled_back_by_a_person_while_idle_touches_nothing() {
    let stage = Stage::new(shop());
    assert_eq!(stage.outcome(), Outcome::Succeeded);
    let before = stage.journal.lines().len();
    let ended = stage.accepted("bob", Command::Abort { reason: None });
    assert_eq!(ended, Standing::Ended(Outcome::Succeeded));
    assert_eq!(
        stage.journal.lines().len(),
        before + 1,
        "only the command is recorded"
    );
    let back = stage.accepted(
        "bob",
        Command::Rollback {
            node: None,
            reason: None,
        },
    );
    assert_eq!(
        back,
        Standing::Ended(Outcome::RolledBack),
        "{}",
        stage.story()
    );
    let lines = stage.journal.lines().len();
    let again = stage.accepted(
        "bob",
        Command::Rollback {
            node: None,
            reason: None,
        },
    );
    assert_eq!(again, Standing::Ended(Outcome::RolledBack));
    assert_eq!(
        stage.journal.lines().len(),
        lines + 1,
        "a second one has nothing to do"
    );
    stage.assert_nothing_twice();
}

#[test]
fn a_rollback_of_one_node_takes_what_stands_on_it_along() {
    let mut nodes = shop_nodes();
    let mut gate = Node::database("zgate", &[3]);
    gate.steps.drain(..2);
    nodes.push(gate);
    let stage = stage(&nodes);
    assert!(
        matches!(stage.go(), Some(Standing::WaitsForPerson(_))),
        "{}",
        stage.story()
    );
    let back = Command::Rollback {
        node: Some("web".parse().unwrap()),
        reason: None,
    };
    let standing = stage.accepted("bob", back);
    assert_eq!(
        standing,
        Standing::Ended(Outcome::PartlyRolledBack),
        "{}",
        stage.story()
    );
    let undone = order(&stage, Direction::Undo);
    let place = |id: &str| undone.iter().position(|other| other == id);
    assert!(place("warm/run") < place("web/traffic"), "{undone:?}");
    assert!(
        !undone.iter().any(|id| id.starts_with("orders/")),
        "{undone:?}"
    );
}

#[test]
fn a_closed_window_holds_forward_steps_and_the_run_waits_for_it() {
    let mut plan = plan(&three());
    plan.window = Some(gantry_model::release::Window {
        opens: "2026-12-01T20:00:00".into(),
        closes: "2026-12-01T21:00:00".into(),
        timezone: "UTC".parse().unwrap(),
        on_close: gantry_model::release::OnClose::Hold,
    });
    let stage = Stage::new(plan.into());
    assert_eq!(stage.outcome(), Outcome::Succeeded, "{}", stage.story());
    let story = stage.story();
    assert!(story.contains(r#""reason":"window""#), "{story}");
    assert!(
        story.contains(r#""at":"2026-12-01T20:00:00Z","kind":"step-started""#),
        "{story}"
    );
}

#[test]
fn a_window_that_closes_holds_a_canary_or_rolls_it_back() {
    use gantry_model::release::OnClose;
    for on_close in [OnClose::Hold, OnClose::Rollback] {
        let mut plan = plan(&[Node::canary("web", &[])]);
        plan.window = Some(gantry_model::release::Window {
            opens: "2026-12-01T18:00:00".into(),
            closes: "2026-12-01T19:00:30".into(),
            timezone: "UTC".parse().unwrap(),
            on_close,
        });
        let stage = Stage::new(plan.into());
        let abort = letter("bob", Command::Abort { reason: None });
        let standing = stage.go_with_letter(Span::from_secs(600), abort);
        let outcome = match on_close {
            OnClose::Hold => Outcome::Cancelled,
            OnClose::Rollback => Outcome::RolledBack,
        };
        assert_eq!(
            standing,
            Some(Standing::Ended(outcome)),
            "{}",
            stage.story()
        );
        assert!(!order_contains(&stage, "web/shift-10000"));
    }
}

#[test]
fn a_call_that_may_be_cancelled_is_asked_to_stop_when_the_direction_turns() {
    let mut slow = Node::task("slow", &[]);
    slow.cancel = true;
    let stage = stage(&[slow, Node::task("bad", &[])]);
    stage
        .platform
        .script("slow/run/do", &[Act::Apply(Span::from_secs(500))]);
    stage.platform.script("bad/run/do", &[Act::Refuse]);
    assert_eq!(stage.outcome(), Outcome::RolledBack, "{}", stage.story());
    assert_eq!(stage.count("step-cancelled"), 1);
    let awake = gantry_port::clock::Clock::elapsed(&*stage.clock);
    assert!(awake < Span::from_secs(10), "{awake}");
}

#[test]
fn a_call_that_may_not_be_cancelled_is_awaited_before_it_is_undone() {
    let stage = stage(&[Node::task("slow", &[]), Node::task("bad", &[])]);
    stage
        .platform
        .script("slow/run/do", &[Act::Apply(Span::from_secs(500))]);
    stage.platform.script("bad/run/do", &[Act::Refuse]);
    assert_eq!(stage.outcome(), Outcome::RolledBack, "{}", stage.story());
    let awake = gantry_port::clock::Clock::elapsed(&*stage.clock);
    assert!(awake >= Span::from_secs(500), "{awake}");
}

#[test]
fn a_command_without_a_driver_is_ruled_on_at_once_and_resume_carries_it_out() {
    let stage = stage(&three());
    stage.journal.crash(crate::fakes::Crash::After(4));
    assert_eq!(stage.go(), None);
    let ruled = stage.steer(
        "bob",
        Command::Rollback {
            node: None,
            reason: None,
        },
    );
    assert_eq!(ruled.ruling, gantry_model::event::RulingWord::Accepted);
    assert_eq!(
        stage.resume(),
        Some(Standing::Ended(Outcome::RolledBack)),
        "{}",
        stage.story()
    );
    stage.assert_nothing_twice();
    assert!(stage.platform.state.lock().unwrap().standing.is_empty());
}

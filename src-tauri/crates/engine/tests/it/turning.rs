//! Time, windows, holds and turning round.

use gantry_engine::standing::Standing;
use gantry_model::{
    command::{Command, Remark},
    event::Outcome,
    operation::Direction,
    release::{OnFailure, Policy},
    rollback::Guard,
    unit::Span,
};

use crate::{
    fakes::{Act, Crash},
    plans::{Node, plan, plan_with, shop, shop_nodes},
    stage::{Stage, letter, order, order_contains, stage, three},
};

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
                remark: Remark::default(),
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
fn a_clock_set_back_while_nobody_drove_puts_nothing_off() {
    let nodes = [Node::canary("web", &[])];
    let whole = stage(&nodes);
    whole.go();
    for at in 2..whole.journal.commits() {
        let stage = stage(&nodes);
        stage.journal.crash(Crash::After(at));
        assert_eq!(stage.go(), None);
        stage.clock.jump(-2 * 86_400_000);
        let standing = stage.resume();
        assert_eq!(
            standing,
            Some(Standing::Ended(Outcome::Succeeded)),
            "crashed after {at}\n{}",
            stage.story()
        );
        assert_eq!(stage.count("clock-jumped"), 1, "crashed after {at}");
        let awake = gantry_port::clock::Clock::elapsed(&*stage.clock);
        // Bake 60 s, soak 30 s, keep 20 s; what was under way at the crash may be done once more.
        assert!(awake <= Span::from_secs(240), "{awake} after {at}");
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
    let undone = order(&stage, Direction::Undo);
    assert!(
        undone.contains(&"slow/run".into()),
        "touched, so undone: {undone:?}"
    );
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

#[test]
fn only_a_run_that_had_ended_looks_first_whether_others_changed_what_it_left() {
    let back = || Command::Rollback {
        node: None,
        reason: None,
    };
    let stage = Stage::new(shop());
    assert_eq!(stage.outcome(), Outcome::Succeeded);
    stage.platform.script("web/restage/undo", &[Act::Conflict]);
    let standing = stage.accepted("bob", back());
    assert!(
        matches!(standing, Standing::WaitsForPerson(_)),
        "{standing:?}"
    );
    assert_eq!(stage.count("undo-stuck"), 1, "{}", stage.story());
    assert_eq!(stage.count("undo-failed"), 0, "it is never asked twice");
    let run = stage.folded();
    for node in ["web", "orders", "warm"] {
        let mut of_node = run
            .undos()
            .filter(|(_, undo)| run.planned_node(undo.action.node).id.as_str() == node);
        assert_eq!(
            of_node.next().unwrap().1.action.guard,
            Guard::AsLeft,
            "{node}"
        );
        assert!(
            of_node.all(|(_, undo)| undo.action.guard == Guard::None),
            "{node}"
        );
    }
    let undone = order(&stage, Direction::Undo);
    assert!(
        undone.iter().any(|id| id.starts_with("orders/")),
        "{undone:?}"
    );
    assert!(
        !undone.iter().any(|id| id.starts_with("web/")),
        "{undone:?}"
    );

    let stage = self::stage(&three());
    stage.platform.script("c/run/do", &[Act::RefuseTouched]);
    assert_eq!(stage.outcome(), Outcome::RolledBack);
    assert!(
        !stage.story().contains("as-left"),
        "the claims were never let go"
    );
}

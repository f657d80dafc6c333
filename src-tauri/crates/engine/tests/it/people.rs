//! What people do to a run, and what waits for them.

use gantry_engine::{
    standing::Standing,
    status::{NodeState, status},
};
use gantry_model::{
    command::{Answer, Command},
    event::Outcome,
    operation::{Direction, SampleHealth},
    release::{Approvals, Policy, task::OnDeadline},
    unit::Span,
};

use crate::{
    fakes::Act,
    plans::{Node, plan_with},
    stage::{Stage, letter, order, order_contains, stage, three},
};

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
fn a_freeze_stops_what_goes_forward() {
    let stage = stage(&[Node::canary("web", &[])]);
    let reason = "freeze advent".to_owned();
    let freeze = letter("a freeze", Command::Freeze { reason });
    let rollback = letter(
        "bob",
        Command::Rollback {
            node: None,
            reason: None,
        },
    );
    let letters = vec![
        (Span::from_secs(10), freeze),
        (Span::from_secs(86_400), rollback),
    ];
    let standing = stage.go_with_letters(letters);
    assert_eq!(standing, Some(Standing::Ended(Outcome::RolledBack)));
    assert_eq!(stage.count("held"), 1, "{}", stage.story());
    assert!(!stage.story().contains("web/shift-10000"));
}

#[test]
fn a_freeze_never_stops_a_rollback() {
    let stage = stage(&[Node::task("a", &[]), Node::task("bad", &[0])]);
    stage.platform.script("bad/run/do", &[Act::RefuseTouched]);
    stage.platform.script("a/run/undo", &[Act::Refuse]);
    let stuck = stage.go();
    assert!(matches!(stuck, Some(Standing::WaitsForPerson(_))));
    let reason = "freeze advent".to_owned();
    stage.accepted("a freeze", Command::Freeze { reason });
    assert_eq!(stage.count("held"), 0, "{}", stage.story());
    let by_hand = Command::Resolve {
        node: "a".parse().unwrap(),
        step: None,
        answer: Answer::DoneByHand,
        reason: "did it".into(),
    };
    let standing = stage.accepted("bob", by_hand);
    assert_eq!(standing, Standing::Ended(Outcome::RolledBack));
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

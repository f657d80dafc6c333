//! Votes: conditions, delegates, deadlines, quorum, new rounds.

use gantry_model::release::people::{OnSilence, PollStage};
use gantry_readiness::{
    event::{TestResult, Vote},
    poll::{self, Decision},
    request::Request,
    stage::Stage,
};

use crate::given::{World, agenda, position};

fn stand(world: &World, stage: &Stage) -> poll::Stand {
    let agenda = &world.preparation.presented.as_ref().unwrap().agenda;
    poll::stand(agenda, &world.preparation, stage, world.now).unwrap()
}

#[test]
fn positions_stand_in_the_order_of_the_file() {
    let mut world = World::with(agenda());
    world.vote("bob", "support", Vote::Go).unwrap();
    let roles: Vec<String> = stand(&world, &Stage::Start)
        .positions
        .into_iter()
        .map(|position| position.role)
        .collect();
    assert_eq!(roles, ["QA", "Support"]);
}

#[test]
fn only_the_voters_of_a_position_may_vote_for_it() {
    let mut world = World::with(agenda());
    let refusal = world.vote("bob", "QA", Vote::Go).unwrap_err();
    assert_eq!(refusal.to_string(), "bob may not vote for QA: only ann may");
    let refusal = world.vote("bob", "Legal", Vote::Go).unwrap_err();
    assert!(
        refusal.to_string().contains("it has: QA, Support"),
        "{refusal}"
    );
}

#[test]
fn a_condition_counts_as_go_while_it_holds() {
    let mut world = World::with(agenda());
    world.all_go();
    let condition = Vote::Condition {
        item: "the queue is empty".into(),
        check: None,
    };
    world.vote("ann", "QA", condition).unwrap();
    assert!(!world.may_start());
    world
        .tick("carl", "conditions/QA", TestResult::Pass)
        .unwrap();
    assert!(world.may_start(), "{:?}", world.reasons(&Stage::Start));
    world
        .tick("carl", "conditions/QA", TestResult::Fail)
        .unwrap();
    assert!(!world.may_start());
    let crossing = Stage::Crossing("orders-db/contract".parse().unwrap());
    assert!(
        !world.reasons(&crossing).is_empty(),
        "it is asked again before every gate"
    );
}

#[test]
fn a_delegate_votes_and_until_then_nobody_has() {
    let mut world = World::with(agenda());
    world.all_go();
    assert!(world.vote("eve", "QA", Vote::Go).is_err());
    world
        .vote("ann", "QA", Vote::Delegated { to: "eve".into() })
        .unwrap();
    assert_eq!(
        world.reasons(&Stage::Start),
        ["QA has delegated its vote to eve, who has not voted"]
    );
    world.vote("eve", "QA", Vote::Go).unwrap();
    assert!(world.may_start());
    assert!(
        world
            .vote("ann", "QA", Vote::Delegated { to: "ann".into() })
            .is_err()
    );
}

#[test]
fn a_deadline_holds_and_takes_late_votes() {
    let mut world = World::with(agenda());
    world.tick("carl", "backup", TestResult::Pass).unwrap();
    world.vote("ann", "QA", Vote::Go).unwrap();
    assert_eq!(stand(&world, &Stage::Start).decision, Decision::Open);
    world.pass(3600);
    assert_eq!(stand(&world, &Stage::Start).decision, Decision::Held);
    world.vote("bob", "Support", Vote::Go).unwrap();
    assert!(world.may_start());
}

#[test]
fn a_deadline_that_means_no_go_ends_the_poll_until_a_new_round() {
    let mut asked = agenda();
    asked.poll.as_mut().unwrap().on_deadline = OnSilence::NoGo;
    let mut world = World::with(asked);
    world.tick("carl", "backup", TestResult::Pass).unwrap();
    world.vote("ann", "QA", Vote::Go).unwrap();
    world.pass(3600);
    assert_eq!(stand(&world, &Stage::Start).decision, Decision::NoGo);
    assert!(world.vote("bob", "Support", Vote::Go).is_err());
    let recycle = Request::Recycle {
        stage: None,
        reason: "Support was ill".into(),
    };
    world.ask("dana", recycle).unwrap();
    assert!(
        !world.preparation.votes.values().any(|_| true),
        "all votes are void"
    );
    world.all_go();
    assert!(world.may_start());
}

#[test]
fn a_quorum_counts_different_people() {
    let mut asked = agenda();
    let poll = asked.poll.as_mut().unwrap();
    poll.quorum = Some(2);
    poll.positions.push(position("Legal", "ann"));
    let mut world = World::with(asked);
    world.tick("carl", "backup", TestResult::Pass).unwrap();
    world.vote("ann", "QA", Vote::Go).unwrap();
    world.vote("ann", "Legal", Vote::Go).unwrap();
    assert_eq!(
        world.reasons(&Stage::Start),
        ["1 of 2 different people said go"]
    );
    world.vote("bob", "Support", Vote::Go).unwrap();
    assert!(world.may_start());
}

#[test]
fn an_advisory_no_go_is_heard_and_holds_nothing() {
    let mut asked = agenda();
    asked.poll.as_mut().unwrap().positions[1].advisory = true;
    let mut world = World::with(asked);
    world.tick("carl", "backup", TestResult::Pass).unwrap();
    world.vote("ann", "QA", Vote::Go).unwrap();
    world.vote("bob", "Support", Vote::NoGo).unwrap();
    assert!(world.may_start());
    assert_eq!(
        stand(&world, &Stage::Start).positions[1].sentence,
        "Support says no-go (bob)"
    );
}

#[test]
fn the_start_needs_the_poll_about_readiness_too() {
    let mut asked = agenda();
    asked.poll.as_mut().unwrap().at = vec![PollStage::Readiness, PollStage::Start];
    let mut world = World::with(asked);
    world.all_go();
    // The first votes went to the first poll.
    assert_eq!(
        world.reasons(&Stage::Start),
        ["QA has not voted", "Support has not voted"]
    );
    assert!(world.reasons(&Stage::Readiness).is_empty());
    world.all_go();
    assert!(world.may_start());
}
